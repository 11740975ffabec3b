//! What a PUT under another system's name refuses: what belongs to somebody else, or is given once.

use serde_json::{Value, json};
use tests::World;

use super::{NAMED, at, body, id, put, reference};
use crate::it::rows::everything;
use crate::world;

fn told(problem: &Value) -> Vec<(&str, &str)> {
    let faults = problem["errors"].as_array().unwrap().iter();
    faults
        .map(|fault| {
            (
                fault["pointer"].as_str().unwrap(),
                fault["code"].as_str().unwrap(),
            )
        })
        .collect()
}

#[tokio::test]
async fn a_name_of_another_object_is_refused() {
    for (collection, _) in NAMED {
        let world = world().await;
        let crm = world.as_("crm");
        let mut new = body(&world, collection);
        new["external_references"] = json!([reference("paie", "1")]);
        put(&crm, &at(collection, "X-1"), new.clone())
            .await
            .expect(201);
        if collection == "users" {
            new["email"] = json!("other@horizon.example");
        }
        let before = everything(&world).await;
        let taken = put(&crm, &at(collection, "X-2"), new.clone()).await;
        taken.refused(409, "external_reference_taken");
        assert_eq!(everything(&world).await, before, "{collection}");
        new.as_object_mut().unwrap().remove("external_references");
        put(&crm, &at(collection, "X-2"), new).await.expect(201);
        let taken = json!({ "external_references": [reference("paie", "1")] });
        let taken = put(&crm, &at(collection, "X-2"), taken).await;
        taken.refused(409, "external_reference_taken");
    }
}

#[tokio::test]
async fn an_address_of_another_account_is_refused_and_says_what_to_do() {
    let world = world().await;
    let crm = world.as_("crm");
    let mut new = body(&world, "users");
    new["email"] = json!("tom@livret.example");
    let taken = put(&crm, &at("users", "U-1"), new.clone()).await;
    let detail = taken.refused(409, "email_taken")["detail"].to_string();
    assert!(detail.contains("external_references"), "{detail}");
    // As it says.
    let tom = format!("/v1/users/{}", world.user_id("tom"));
    let name = json!({ "external_references": [reference("crm", "U-1")] });
    crm.patch(&tom, name).await.expect(200);
    let changed = put(&crm, &at("users", "U-1"), new).await.expect(200);
    assert_eq!(id(&changed), world.user_id("tom"));
}

#[tokio::test]
async fn what_is_given_once_would_make_another_object() {
    let world = world().await;
    let crm = world.as_("crm");
    put(&crm, &at("booklets", "1"), body(&world, "booklets"))
        .await
        .expect(201);
    put(&crm, &at("users", "1"), body(&world, "users"))
        .await
        .expect(201);
    let karim = json!(world.candidate_id("karim"));
    for (collection, field, value) in [
        ("booklets", "candidate_id", karim),
        ("booklets", "opened_on", json!("2026-01-05")),
        ("users", "role", json!("candidate")),
    ] {
        let other = put(&crm, &at(collection, "1"), json!({ field: value })).await;
        let problem = other.refused(409, "external_reference_taken");
        assert_eq!(told(&problem), [(&*format!("/{field}"), "given_once")]);
    }
}

async fn named(world: &World, name: &str) -> String {
    let user = format!("/v1/users/{}", world.user_id(name));
    let reference = json!({ "external_references": [reference("crm", name)] });
    world
        .as_("claire")
        .patch(&user, reference)
        .await
        .expect(200);
    at("users", name)
}

#[tokio::test]
async fn a_program_reaches_candidates_and_tutors_alone() {
    let world = world().await;
    let crm = world.as_("crm");
    for name in ["claire", "paul", "vera"] {
        let path = named(&world, name).await;
        crm.get(&path).await.refused(404, "not_found");
        let before = everything(&world).await;
        for body in [json!({ "phone": "+33612345678" }), body(&world, "users")] {
            let taken = put(&crm, &path, body).await;
            taken.refused(409, "external_reference_taken");
        }
        assert_eq!(everything(&world).await, before);
        world.as_("claire").get(&path).await.expect(200);
    }
    for role in ["coordinator", "prescriber", "validator"] {
        let mut new = body(&world, "users");
        new["role"] = json!(role);
        put(&crm, &at("users", "new"), new)
            .await
            .refused(403, "forbidden");
    }
}

#[tokio::test]
async fn no_program_moves_the_address_of_an_active_account() {
    let world = world().await;
    let crm = world.as_("crm");
    let path = named(&world, "tom").await;
    let moved = || json!({ "email": "tom@ailleurs.example" });
    let refused = put(&crm, &path, moved()).await.faults();
    assert_eq!(refused, [("/email".to_owned(), "not_allowed".to_owned())]);
    let same = json!({ "email": "TOM@livret.example", "phone": "+33612345678" });
    put(&crm, &path, same).await.expect(200);
    let claire = world.as_("claire");
    put(&claire, &path, moved()).await.expect(200);
    // Of one who is invited, it is still to be found out.
    put(&crm, &at("users", "new"), body(&world, "users"))
        .await
        .expect(201);
    put(
        &crm,
        &at("users", "new"),
        json!({ "email": "ines@autre.example" }),
    )
    .await
    .expect(200);
}

#[tokio::test]
async fn nobody_but_who_keeps_the_organization_puts_under_a_name() {
    let world = world().await;
    for (collection, _) in NAMED {
        for name in ["tom", "samira", "paul", "vera", "ada"] {
            let refused = put(&world.as_(name), &at(collection, "X-1"), json!({})).await;
            refused.refused(403, "forbidden");
        }
        let (claire, path) = (world.as_("claire"), at(collection, "X-1"));
        put(&claire, &path, body(&world, collection))
            .await
            .expect(201);
    }
}
