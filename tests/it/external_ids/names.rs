//! Names in addresses and in filters: any text, exact, and an organization's own.

use serde_json::json;

use super::{NAMED, at, body, id, put, reference};
use crate::it::security::access_log::lines;
use crate::world;

/// As the other system writes it, and as an address holds it.
const WRITTEN: [(&str, &str); 10] = [
    ("A/1", "A%2F1"),
    ("é 2", "%C3%A9%202"),
    ("%2F", "%252F"),
    ("...", "..."),
    ("a.b.", "a.b."),
    ("1+1", "1+1"),
    ("1 1", "1%201"),
    ("?q=1&b#c", "%3Fq=1&b%23c"),
    ("{id}", "%7Bid%7D"),
    ("日本\"\\'", "%E6%97%A5%E6%9C%AC%22%5C%27"),
];

#[tokio::test]
async fn any_text_is_a_name() {
    let world = world().await;
    let crm = world.as_("crm");
    let mut ids = Vec::new();
    for (name, encoded) in WRITTEN {
        let path = at("candidates", encoded);
        let made = put(&crm, &path, body(&world, "candidates"))
            .await
            .expect(201);
        assert_eq!(made["external_references"], json!([reference("crm", name)]));
        // One person under many names: whoever makes them is told so.
        let mut made = made;
        made.as_object_mut().unwrap().remove("similar");
        assert_eq!(crm.get(&path).await.expect(200), made, "{name}");
        let page = format!(
            "/v1/candidates?external_id={}",
            encoded
                .replace('+', "%2B")
                .replace('&', "%26")
                .replace('=', "%3D")
        );
        assert_eq!(
            crm.get(&page).await.expect(200)["items"],
            json!([made]),
            "{page}"
        );
        ids.push(id(&made));
    }
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), WRITTEN.len());
}

#[tokio::test]
async fn a_name_is_the_same_however_its_accents_are_composed() {
    let world = world().await;
    let crm = world.as_("crm");
    let composed = at("candidates", "%C3%A9");
    let made = put(&crm, &composed, body(&world, "candidates"))
        .await
        .expect(201);
    for same in ["e%CC%81", "%20%C3%A9%20"] {
        let path = at("candidates", same);
        assert_eq!(crm.get(&path).await.expect(200), made);
        assert_eq!(put(&crm, &path, json!({})).await.expect(200), made);
        let page = crm.get(&format!("/v1/candidates?external_id={same}")).await;
        assert_eq!(page.expect(200)["items"], json!([made]));
    }
    for other in ["E", "%C3%89", "e"] {
        let path = at("candidates", other);
        crm.get(&path).await.refused(404, "not_found");
    }
}

#[tokio::test]
async fn what_cannot_be_a_name_is_refused() {
    let world = world().await;
    let crm = world.as_("crm");
    let (longest, long) = ("é".repeat(120), "é".repeat(121));
    for (collection, _) in NAMED {
        for name in [&*long, "%20", "a%00b", "%FF", "%EF%BF%BD"] {
            let path = at(collection, name);
            crm.get(&path).await.refused(400, "malformed_path");
            put(&crm, &path, json!({}))
                .await
                .refused(400, "malformed_path");
        }
        let system = format!("/v1/{collection}/external/{}/1", "s".repeat(41));
        crm.get(&system).await.refused(400, "malformed_path");
    }
    let path = at("candidates", &longest);
    put(&crm, &path, body(&world, "candidates"))
        .await
        .expect(201);
}

#[tokio::test]
async fn what_looks_like_another_address_is_a_name_all_the_same() {
    let world = world().await;
    let crm = world.as_("crm");
    for (system, name) in [
        ("stages", "jury"),
        ("plan", "actions"),
        ("external", "external"),
    ] {
        let path = format!("/v1/booklets/external/{system}/{name}");
        crm.get(&path).await.refused(404, "not_found");
        let made = put(&crm, &path, body(&world, "booklets")).await.expect(201);
        assert_eq!(crm.get(&path).await.expect(200), made);
    }
}

#[tokio::test]
async fn each_organization_gives_its_own_names() {
    let world = world().await;
    let (claire, rose) = (world.as_("claire"), world.as_("rose"));
    for (collection, _) in NAMED {
        let path = at(collection, "X-1");
        let ours = put(&claire, &path, body(&world, collection))
            .await
            .expect(201);
        rose.get(&path).await.refused(404, "not_found");
        let theirs = match collection {
            "booklets" => {
                json!({ "candidate_id": world.candidate_id("rita"), "tutor_id": world.user_id("remi") })
            }
            "users" => {
                json!({ "email": "alix@rivage.example", "given_name": "A", "family_name": "B", "role": "tutor" })
            }
            _ => body(&world, collection),
        };
        let theirs = put(&rose, &path, theirs).await.expect(201);
        assert_ne!(id(&ours), id(&theirs));
        assert_eq!(claire.get(&path).await.expect(200), ours);
        assert_eq!(rose.get(&path).await.expect(200), theirs);
    }
}

#[tokio::test]
async fn a_filter_finds_exactly_what_has_both() {
    let world = world().await;
    let crm = world.as_("crm");
    for (collection, _) in NAMED {
        let mut new = body(&world, collection);
        new["external_references"] = json!([reference("paie", "2")]);
        let made = put(&crm, &at(collection, "1"), new).await.expect(201);
        let found = async |filter: &str| {
            let page = crm.get(&format!("/v1/{collection}?{filter}")).await;
            page.expect(200)["items"].clone()
        };
        for right in [
            "external_system=crm&external_id=1",
            "external_system=paie&external_id=2",
        ] {
            assert_eq!(found(right).await, json!([made]), "{collection} {right}");
        }
        // Each name is one: a system of the one and an id of the other are none.
        for wrong in [
            "external_system=crm&external_id=2",
            "external_system=CRM&external_id=1",
            "external_system=crm&external_id=%25",
            "external_system=cr&external_id=1",
        ] {
            assert_eq!(found(wrong).await, json!([]), "{collection} {wrong}");
        }
    }
}

#[tokio::test]
async fn who_reads_by_a_name_is_written_down_as_who_reads_by_the_id() {
    let world = world().await;
    let crm = world.as_("crm");
    let path = at("booklets", "X-1");
    let made = put(&crm, &path, body(&world, "booklets")).await.expect(201);
    let before = lines(&world).await.len();
    crm.get(&path).await.expect(200);
    crm.get(&at("booklets", "X-2")).await.expect(404);
    // A PUT that changes nothing shows the booklet, and leaves no event.
    put(&crm, &path, json!({})).await.expect(200);
    let lines = lines(&world).await.split_off(before);
    let told = lines.iter().map(|line| {
        (
            &*line.operation,
            &*line.kind,
            &*line.outcome,
            line.resource_id,
            line.booklet_id,
        )
    });
    let seen = Some(id(&made));
    let get = "get_booklet_by_external_id";
    assert_eq!(
        told.collect::<Vec<_>>(),
        [
            (get, "read", "ok", seen, seen),
            (get, "read", "refused", None, None),
            ("upsert_booklet", "read", "ok", seen, seen),
        ]
    );
    assert!(!format!("{lines:?}").contains("X-1"));
}

#[tokio::test]
async fn tutors_find_nobody_by_a_name_that_they_do_not_see() {
    let world = world().await;
    put(
        &world.as_("crm"),
        &at("users", "X-1"),
        body(&world, "users"),
    )
    .await
    .expect(201);
    let tom = world.as_("tom");
    tom.get(&at("users", "X-1")).await.refused(404, "not_found");
    world
        .as_("claire")
        .get(&at("users", "X-1"))
        .await
        .expect(200);
}
