//! PUT under another system's name: once it makes, then it changes, and nothing is lost.

use reqwest::Method;
use serde_json::{Value, json};

use super::{NAMED, at, body, change, id, put, reference, trail};
use crate::it::rows::{close_booklet, everything};
use crate::world;

#[tokio::test]
async fn what_has_no_such_name_is_made_and_then_changed() {
    for (collection, resource) in NAMED {
        let world = world().await;
        let crm = world.as_("crm");
        let path = at(collection, "X-1");
        crm.get(&path).await.refused(404, "not_found");
        let mut body = body(&world, collection);
        let made = put(&crm, &path, body.clone()).await;
        let location = made.header("location").unwrap().to_owned();
        assert_eq!(made.header("etag"), Some("\"1\""));
        let made = made.expect(201);
        assert_eq!(location, format!("/v1/{collection}/{}", id(&made)));
        assert_eq!(
            made["external_references"],
            json!([reference("crm", "X-1")])
        );
        for address in [&path, &location] {
            assert_eq!(crm.get(address).await.expect(200), made, "{address}");
        }
        let created = trail(&world).await;
        assert_eq!(created.last().unwrap().0, format!("{resource}.created"));

        let again = put(&crm, &path, body.clone()).await;
        assert_eq!(again.header("etag"), Some("\"1\""));
        assert_eq!(again.expect(200), made, "{collection}");
        assert_eq!(trail(&world).await, created, "{collection}");

        let (field, value) = change(&world, collection);
        body[field] = value.clone();
        let changed = put(&crm, &path, body).await;
        assert_eq!(changed.header("etag"), Some("\"2\""));
        let changed = changed.expect(200);
        assert_eq!((id(&changed), &changed[field]), (id(&made), &value));
        let told = trail(&world).await.pop().unwrap();
        assert_eq!(
            told,
            (format!("{resource}.updated"), vec![field.to_owned()])
        );
        assert_eq!(crm.get(&path).await.expect(200), changed);
    }
}

#[tokio::test]
async fn a_new_object_needs_what_a_post_needs() {
    for (collection, missing) in [
        ("candidates", &["/family_name", "/given_name"][..]),
        ("booklets", &["/candidate_id", "/tutor_id"]),
        ("users", &["/email", "/family_name", "/given_name", "/role"]),
        ("useful-addresses", &["/category", "/missions", "/name"]),
    ] {
        let world = world().await;
        let crm = world.as_("crm");
        let before = everything(&world).await;
        let mut faults = put(&crm, &at(collection, "X-1"), json!({})).await.faults();
        faults.sort();
        let expected = missing
            .iter()
            .map(|at| ((*at).to_owned(), "required".to_owned()));
        assert_eq!(faults, expected.collect::<Vec<_>>());
        assert_eq!(everything(&world).await, before);
        put(&crm, &at(collection, "X-1"), body(&world, collection))
            .await
            .expect(201);
        put(&crm, &at(collection, "X-1"), json!({}))
            .await
            .expect(200);
    }
}

#[tokio::test]
async fn what_a_put_leaves_out_stays_and_null_erases() {
    let world = world().await;
    let (crm, tom) = (world.as_("crm"), world.as_("tom"));
    let path = format!("/v1/candidates/{}", world.candidate_id("samira"));
    let name = json!({ "external_references": [reference("crm", "C-1")] });
    world.as_("claire").patch(&path, name).await.expect(200);
    let typed = json!({ "accessibility_needs": "Gros caractères.", "phone": "+33612345678" });
    tom.patch(&path, typed).await.expect(200);
    let pushed = json!({ "given_name": "Samira", "family_name": "Haddad", "email": "S@h.example" });
    let changed = put(&crm, &at("candidates", "C-1"), pushed)
        .await
        .expect(200);
    assert_eq!(changed["family_name"], "Haddad");
    assert_eq!(changed["email"], "s@h.example");
    assert_eq!(changed["accessibility_needs"], "Gros caractères.");
    assert_eq!(changed["phone"], "+33612345678");
    assert_eq!(changed["user_id"], world.user_id("samira").to_string());
    let erased = put(&crm, &at("candidates", "C-1"), json!({ "phone": null }))
        .await
        .expect(200);
    assert_eq!(erased["phone"], Value::Null);
    let faults = put(
        &crm,
        &at("candidates", "C-1"),
        json!({ "given_name": null }),
    )
    .await
    .faults();
    assert_eq!(faults, [("/given_name".to_owned(), "required".to_owned())]);
}

#[tokio::test]
async fn what_has_a_default_when_it_is_made_stays_when_it_is_null() {
    let world = world().await;
    let crm = world.as_("crm");
    let mut new = body(&world, "booklets");
    new["purpose"] = json!("Le mien.");
    new["opened_on"] = json!("2026-11-02");
    let path = at("booklets", "B-1");
    let made = put(&crm, &path, new).await.expect(201);
    let nulls = json!({ "purpose": null, "opened_on": null });
    assert_eq!(put(&crm, &path, nulls).await.expect(200), made);
    let mut new = body(&world, "users");
    new["locale"] = json!("en");
    let made = put(&crm, &at("users", "U-1"), new).await.expect(201);
    let null = put(&crm, &at("users", "U-1"), json!({ "locale": null })).await;
    assert_eq!(null.expect(200), made);
}

#[tokio::test]
async fn names_are_added_and_none_is_lost() {
    for (collection, _) in NAMED {
        let world = world().await;
        let crm = world.as_("crm");
        let path = at(collection, "X-1");
        let mut new = body(&world, collection);
        new["external_references"] = json!([reference("paie", "7/A")]);
        let made = put(&crm, &path, new).await.expect(201);
        let both = json!([reference("crm", "X-1"), reference("paie", "7/A")]);
        assert_eq!(made["external_references"], both);
        let other = format!("/v1/{collection}/external/paie/7%2FA");
        for none in [json!({}), json!({ "external_references": [] })] {
            assert_eq!(put(&crm, &other, none).await.expect(200), made);
        }
        let many: Vec<_> = (0..18).map(|n| reference("n", &n.to_string())).collect();
        let full = put(&crm, &path, json!({ "external_references": many })).await;
        let full = full.expect(200);
        assert_eq!(full["external_references"].as_array().unwrap().len(), 20);
        let more = json!({ "external_references": [reference("o", "1")] });
        let faults = put(&crm, &path, more).await.faults();
        assert_eq!(
            faults,
            [("/external_references".to_owned(), "max_items".to_owned())]
        );
        assert_eq!(crm.get(&other).await.expect(200), full);
    }
}

#[tokio::test]
async fn a_version_is_honoured_and_not_needed() {
    for (collection, _) in NAMED {
        let world = world().await;
        let crm = world.as_("crm");
        let path = at(collection, "X-1");
        let new = body(&world, collection);
        let send = async |header: (&str, &str)| {
            let body = Some(new.clone());
            crm.send(Method::PUT, &path, body, &[header]).await
        };
        for absent in ["*", "\"1\""] {
            send(("if-match", absent)).await.refused(412, "stale");
        }
        send(("if-none-match", "*")).await.expect(201);
        for there in ["*", "\"1\"", "\"7\", \"1\""] {
            send(("if-none-match", there)).await.refused(412, "stale");
        }
        send(("if-match", "\"2\"")).await.refused(412, "stale");
        for present in [
            ("if-match", "*"),
            ("if-match", "\"1\""),
            ("if-none-match", "\"2\""),
        ] {
            send(present).await.expect(200);
        }
    }
}

#[tokio::test]
async fn a_put_is_rehearsed() {
    for (collection, _) in NAMED {
        let world = world().await;
        let crm = world.as_("crm");
        let path = at(collection, "X-1");
        let new = body(&world, collection);
        let rehearse = async |status: u16| {
            let before = everything(&world).await;
            let dry_run = [("prefer", "dry-run")];
            let body = Some(new.clone());
            let answer = crm.send(Method::PUT, &path, body, &dry_run).await;
            assert_eq!(answer.header("preference-applied"), Some("dry-run"));
            answer.expect(status);
            assert_eq!(everything(&world).await, before, "{collection}");
        };
        rehearse(201).await;
        crm.get(&path).await.refused(404, "not_found");
        put(&crm, &path, new.clone()).await.expect(201);
        rehearse(200).await;
    }
}

#[tokio::test]
async fn a_closed_booklet_is_put_as_it_is_and_not_otherwise() {
    let world = world().await;
    let crm = world.as_("crm");
    let at_samiras = world.booklet("samira", "");
    let name = json!({ "external_references": [reference("crm", "L-1")] });
    world
        .as_("claire")
        .patch(&at_samiras, name)
        .await
        .expect(200);
    close_booklet(&world, "samira").await;
    let path = at("booklets", "L-1");
    let same = put(&crm, &path, body(&world, "booklets")).await.expect(200);
    assert_eq!(same["state"], "closed");
    let other = json!({ "purpose": "Autre chose." });
    put(&crm, &path, other).await.refused(409, "booklet_closed");
}

#[tokio::test]
async fn a_booklet_changes_hands_as_by_its_id() {
    let world = world().await;
    let crm = world.as_("crm");
    let path = at("booklets", "L-1");
    let made = put(&crm, &path, body(&world, "booklets")).await.expect(201);
    let tina = json!({ "tutor_id": world.user_id("tina") });
    put(&crm, &path, tina.clone()).await.expect(200);
    put(&crm, &path, tina).await.expect(200);
    let members = format!("/v1/booklets/{}/members", id(&made));
    let members = world.as_("claire").get(&members).await.expect(200);
    let people: Vec<_> = members["items"].as_array().unwrap().iter().collect();
    let ended = |name: &str| {
        let user = json!(world.user_id(name));
        let mut of_user = people
            .iter()
            .filter(|member| member["user"]["id"] == user || member["user_id"] == user);
        let member = of_user.next().unwrap();
        assert!(of_user.next().is_none());
        !member["ends_on"].is_null()
    };
    assert!(ended("tom") && !ended("tina"));
}
