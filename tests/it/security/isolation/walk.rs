//! Every id in a body and in a filter of every operation, fed with the ids of others.

use api::foundation::policy;
use reqwest::Method;
use serde_json::{Value, json};
use tests::{Answer, Operation, World};

use super::strangers::{Strangers, made};
use crate::it::access::objects::{self, Target};
use crate::it::kinds::{Kind, Writing};
use crate::it::rows::everything;
use crate::it::walks::Case;
use crate::world;

/// A request that would do, but for the id that it is fed with.
struct Bait {
    name: &'static str,
    path: String,
    body: Value,
}

/// What else these operations need to get as far as the id.
async fn bait(world: &World, operation: &Operation) -> Bait {
    let (name, path) = match operation.id.as_str() {
        // As whoever assigns people and names accounts.
        "create_user" | "create_booklet" | "update_booklet" | "create_candidate"
        | "update_candidate" | "merge_candidate" => {
            let case = Case::of(world, operation).await;
            ("claire", case.path)
        }
        // Under a name that is free.
        _ if operation.is_upsert() => {
            let name = ["crm".to_owned(), api::kit::new_id().to_string()];
            ("claire", operation.fill(&name))
        }
        "create_booklet_member" => ("claire", world.booklet("karim", "members")),
        _ => {
            let role = entity::values::Role::Tutor;
            let values = objects::object(world, operation, role, Target::Own).await;
            let writing = Kind::of(operation).and_then(|kind| kind.writing.as_ref());
            (writing.map_or("tom", Writing::by), operation.fill(&values))
        }
    };
    let mut body = match operation.method {
        Method::PATCH => json!({}),
        _ => operation.example().unwrap(),
    };
    for field in ids_of(operation) {
        body.as_object_mut()
            .unwrap()
            .remove(field.trim_matches('/'));
    }
    match operation.id.as_str() {
        "create_booklet" | "upsert_booklet" => {
            body["candidate_id"] = json!(world.candidate_id("samira"));
            body["tutor_id"] = json!(world.user_id("tom"));
        }
        "create_user" | "upsert_user" => {
            body["email"] = json!(format!("{}@livret.example", api::kit::new_id()));
        }
        _ => {}
    }
    if let Some(body) = body.as_object_mut() {
        body.remove("external_references");
    }
    Bait { name, path, body }
}

/// The fields of an operation's body that hold ids, or lists of them.
fn ids_of(operation: &Operation) -> Vec<String> {
    let content = operation.description["requestBody"]["content"].as_object();
    let mut found = Vec::new();
    if let Some(media) = content.and_then(|content| content.values().next()) {
        collect(&media["schema"], "", &mut found);
    }
    found
}

fn collect(schema: &'static Value, at: &str, found: &mut Vec<String>) {
    let schema = match schema["$ref"].as_str() {
        Some(name) => tests::declared()
            .pointer(name.trim_start_matches('#'))
            .unwrap(),
        None => schema,
    };
    if schema["format"] == "uuid" {
        found.push(at.to_owned());
    }
    for keyword in ["allOf", "oneOf", "anyOf"] {
        for part in schema[keyword].as_array().into_iter().flatten() {
            collect(part, at, found);
        }
    }
    if schema["items"].is_object() {
        collect(&schema["items"], at, found);
    }
    for (name, property) in schema["properties"].as_object().into_iter().flatten() {
        collect(property, &format!("{at}/{name}"), found);
    }
}

/// The body with this id, alone or as the only one of a list.
fn fed(body: &Value, field: &str, id: &str) -> Value {
    let mut body = body.clone();
    body[field] = match field {
        "ids" | "targeted_objective_ids" | "achieved_objective_ids" => json!([id]),
        _ => json!(id),
    };
    body
}

/// Status and body, but for what names the request.
fn told(answer: Answer) -> (u16, Value) {
    let mut body = answer.body;
    if let Some(body) = body.as_object_mut() {
        body.remove("request_id");
    }
    (answer.status, body)
}

#[tokio::test]
async fn every_id_in_a_body_that_is_another_s_is_one_that_nobody_has() {
    let world = world().await;
    let strangers = Strangers::settled(&world).await;
    let mut tried = 0;
    for operation in Operation::all() {
        for pointer in ids_of(&operation) {
            let field = pointer.trim_start_matches('/');
            let bait = bait(&world, &operation).await;
            let before = everything(&world).await;
            let send = async |id: &str| {
                let body = Some(fed(&bait.body, field, id));
                let any = [("if-match", "*")];
                let headers = match operation.method {
                    Method::POST | Method::PUT if !operation.documents(428) => &[][..],
                    _ => &any[..],
                };
                let client = world.as_(bait.name);
                let method = operation.method.clone();
                told(client.send(method, &bait.path, body, headers).await)
            };
            let nobodys = send(&api::kit::new_id().to_string()).await;
            assert_eq!(nobodys.0, 422, "{} {field}: {}", operation.id, nobodys.1);
            let codes: Vec<&str> = nobodys.1["errors"]
                .as_array()
                .unwrap()
                .iter()
                .filter(|fault| fault["pointer"].as_str().unwrap().starts_with(&pointer))
                .map(|fault| fault["code"].as_str().unwrap())
                .collect();
            let expected = match operation.id.as_str() {
                // Only the platform's admin names an organization.
                "create_user" | "upsert_user" => "not_allowed",
                _ => "unknown_reference",
            };
            assert!(
                codes.contains(&expected),
                "{} {field}: {codes:?}",
                operation.id
            );
            for id in strangers.of(field) {
                assert_eq!(send(id).await, nobodys, "{} {field} {id}", operation.id);
                tried += 1;
            }
            let after = everything(&world).await;
            assert!(
                before == after,
                "{} {field} changed something",
                operation.id
            );
        }
    }
    assert!(tried >= 40, "only {tried} ids were tried");
}

#[tokio::test]
async fn every_filter_by_an_id_that_is_another_s_finds_what_nobody_s_finds() {
    let world = world().await;
    let strangers = Strangers::settled(&world).await;
    let note = json!({ "body": "Note", "visibility": "shared" });
    made(&world, "remi", &world.booklet("rita", "notes"), note).await;
    crate::it::accesses::written(&world).await;
    let mut tried = 0;
    for operation in Operation::all() {
        let query = operation.query().into_iter();
        for parameter in query.filter(|parameter| parameter["schema"]["format"] == "uuid") {
            let name = parameter["name"].as_str().unwrap();
            let path = match operation.id.as_str() {
                "export_dataset" => operation.fill(&["notes".to_owned()]),
                _ => operation.fill(&[world.booklet_id("samira").to_string()]),
            };
            let lines = if operation.takes("format") {
                "&format=jsonl"
            } else {
                ""
            };
            for id in strangers.of(name) {
                for reader in readers(&world, &operation) {
                    let at = format!("{path}?{name}={id}{lines}");
                    let found = world.as_(reader).get(&at).await;
                    assert_eq!(found.status, 200, "{reader} {at}");
                    let body = &found.body;
                    let is_empty = found.bytes.is_empty()
                        || body["items"] == json!([])
                        || body["total"] == json!(0);
                    assert!(is_empty, "{reader} {at}");
                    tried += 1;
                }
            }
        }
    }
    assert!(tried >= 12, "only {tried} filters were tried");
}

/// Those of Horizon whose role may call it at all.
fn readers(world: &World, operation: &Operation) -> Vec<&'static str> {
    let (resource, action) = operation.policy().unwrap();
    let mut readers = vec!["claire", "tom", "samira"];
    readers.retain(|name| {
        let role = world.people().users[name].role;
        policy::reach(resource, action, role) != policy::Reach::Nothing
    });
    readers
}

#[tokio::test]
async fn what_another_organization_calls_its_rows_is_neither_found_nor_taken() {
    let world = world().await;
    let reference = json!([{ "system": "crm", "external_id": "X-1" }]);
    let mut made = 0;
    for operation in Operation::all() {
        let has = |name: &str| operation.query().iter().any(|one| one["name"] == name);
        if !has("external_id") {
            continue;
        }
        let collection = operation.path.clone();
        let body = |home: &str| {
            let names: [&str; 2] = match home {
                "rivage" => ["rita", "remi"],
                _ => ["samira", "tom"],
            };
            let mut body = match collection.as_str() {
                "/v1/booklets" => {
                    json!({ "candidate_id": world.candidate_id(names[0]), "tutor_id": world.user_id(names[1]) })
                }
                "/v1/candidates" => json!({ "given_name": "Alix", "family_name": home }),
                "/v1/users" => {
                    json!({ "email": format!("alix@{home}.example"), "given_name": "A", "family_name": "B", "role": "tutor" })
                }
                _ => json!({ "category": "cep", "name": home, "missions": "Conseiller" }),
            };
            body["external_references"] = reference.clone();
            body
        };
        let at = format!("{collection}?external_system=crm&external_id=X-1");
        let rose = world.as_("rose");
        rose.post(&collection, body("rivage")).await.expect(201);
        for name in ["claire", "crm"] {
            let found = world.as_(name).get(&at).await.expect(200);
            assert_eq!(found["items"], json!([]), "{name} {at}");
        }
        let claire = world.as_("claire");
        claire.post(&collection, body("horizon")).await.expect(201);
        for client in [&claire, &rose] {
            let found = client.get(&at).await.expect(200);
            assert_eq!(found["items"].as_array().unwrap().len(), 1, "{at}");
        }
        made += 1;
    }
    assert_eq!(made, 4);
}

#[tokio::test]
async fn a_cursor_of_another_organization_leads_to_one_s_own_rows() {
    let world = world().await;
    for family_name in ["Aubert", "Zola"] {
        for name in ["claire", "rose"] {
            let body = json!({ "given_name": "Alix", "family_name": family_name });
            world
                .as_(name)
                .post("/v1/candidates", body)
                .await
                .expect(201);
        }
    }
    for sort in ["name", "-name", "created_at", "-created_at"] {
        let list = format!("/v1/candidates?limit=1&sort={sort}");
        let first = world.as_("rose").get(&list).await.expect(200);
        let list = format!("/v1/candidates?limit=100&sort={sort}");
        let after = format!("{list}&after={}", first["next"].as_str().unwrap());
        let theirs = world.as_("rose").get(&list).await.expect(200);
        let ours = world.as_("claire").get(&after).await.expect(200);
        for row in theirs["items"].as_array().unwrap() {
            assert!(
                !ours.to_string().contains(row["id"].as_str().unwrap()),
                "{sort}"
            );
        }
    }
}
