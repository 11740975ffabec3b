//! Every operation that names an object, tried by everybody who has no business with it (OWASP API1
//! and API5): another candidate, a tutor whose membership has ended, the people of another
//! organization, nobody known.

use api::foundation::policy::{self, Reach};
use entity::values::Role;
use reqwest::Method;
use serde_json::{Value, json};
use tests::{Answer, Operation, World};

use crate::it::access::objects::{self, Target};
use crate::it::rows::everything;
use crate::world;

/// None of them has anything to do with samira, tom, or their organization's booklets.
const STRANGERS: [&str; 5] = ["nadia", "tina", "remi", "rose", "rita"];

#[tokio::test]
async fn strangers_cannot_tell_what_exists_and_change_nothing() {
    let world = world().await;
    let mut targets = Vec::new();
    for operation in Operation::all() {
        // An export's address names a table, a template's a kind of file, which are nobody's.
        let names_object = operation.path.contains('{')
            && operation.collection() != "exports"
            && operation.id != "get_import_template";
        if operation.policy().is_some() && names_object {
            let role = Role::Coordinator;
            let values = objects::object(&world, &operation, role, Target::Own).await;
            targets.push((operation, values));
        }
    }
    let booklets = end_memberships(&world, "tina").await;
    assert!(booklets > 50, "{booklets}");

    let before = everything(&world).await;
    let mut attacks = 0;
    for (operation, values) in &targets {
        let path = operation.fill(values);
        let nothing = operation.fill(&[api::kit::new_id().to_string(), "jury".to_owned()]);
        for name in STRANGERS {
            let Some(status) = refusal(&world, operation, name) else {
                continue;
            };
            let there = attack(&world, operation, name, &path).await;
            assert_eq!(there.status, status, "{} as {name} on {path}", operation.id);
            let nowhere = attack(&world, operation, name, &nothing).await;
            assert_eq!(said(there), said(nowhere), "{} as {name}", operation.id);
            attacks += 1;
        }
        let nobody = world.anonymous();
        let answer = nobody
            .send(operation.method.clone(), &path, operation.example(), &ANY)
            .await;
        assert_eq!(answer.status, 401, "{}", operation.id);
    }
    assert!(attacks > 500, "{attacks}");
    assert!(everything(&world).await == before, "something has changed");
}

/// Makes somebody a substitute on all the organization's booklets whose time is over.
async fn end_memberships(world: &World, name: &str) -> usize {
    let claire = world.as_("claire");
    let mut next = Some("/v1/booklets?limit=100".to_owned());
    let mut count = 0;
    while let Some(page) = next {
        let answer = claire.get(&page).await.expect(200);
        for booklet in answer["items"].as_array().unwrap() {
            if booklet["tutor_id"] == json!(world.user_id(name)) {
                continue;
            }
            let members = format!("/v1/booklets/{}/members", booklet["id"].as_str().unwrap());
            let ended = json!({
                "user_id": world.user_id(name), "kind": "substitute",
                "starts_on": world.day(-30), "ends_on": world.day(0),
            });
            claire.post(&members, ended).await.expect(201);
            count += 1;
        }
        let cursor = answer["next"].as_str();
        next = cursor.map(|cursor| format!("/v1/booklets?limit=100&after={cursor}"));
    }
    count
}

/// What the table promises this person; nothing where they may.
fn refusal(world: &World, operation: &Operation, name: &str) -> Option<u16> {
    let role = world.people().users[name].role;
    let (resource, action) = operation.policy()?;
    // What another calls so is another object: one's own is made.
    if operation.is_upsert() && policy::reach(resource, action, role) != Reach::Nothing {
        return None;
    }
    let is_colleague = ["nadia", "tina"].contains(&name);
    match policy::reach(resource, action, role) {
        Reach::Nothing | Reach::Opened => Some(403),
        // The stages of the VAE and the like are everybody's.
        Reach::Organization if is_colleague || operation.collection() == "vae-stages" => None,
        Reach::Own | Reach::Assigned | Reach::Organization => Some(404),
        Reach::Everything => None,
    }
}

/// Any version, changed or not.
const ANY: [(&str, &str); 2] = [("if-match", "*"), ("if-none-match", "*")];

async fn attack(world: &World, operation: &Operation, name: &str, path: &str) -> Answer {
    let headers = if operation.method == Method::GET {
        &ANY[1..]
    } else {
        &ANY[..1]
    };
    let body = objects::body(world, operation, name).or_else(|| operation.example());
    let stranger = world.as_(name);
    stranger
        .send(operation.method.clone(), path, body, headers)
        .await
}

/// All that an answer tells, but for its own name.
fn said(answer: Answer) -> (u16, Value) {
    let mut body = answer.body;
    if let Some(problem) = body.as_object_mut() {
        problem.remove("request_id");
    }
    (answer.status, body)
}
