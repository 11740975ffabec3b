//! Objects to play the operations on: standing ones that nobody may touch, and fresh ones for
//! those who may, since they change or delete them.

mod accounts;
mod pages;
mod programs;

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use entity::values::Role;
use reqwest::Method;
use serde_json::{Value, json};
use tests::{Operation, World};

/// Whose the object is, seen from the person who asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Target {
    /// Their booklet, their organization, themselves; or there is nothing to name.
    Own,
    /// Another booklet, or somebody else, of their organization.
    OtherBooklet,
    /// Another organization, or a booklet of it.
    OtherOrganization,
}

/// Values of the path's parameters, by collection and target.
pub(super) type Standing = HashMap<(String, Target), Vec<String>>;

/// The targets that make a difference for a collection.
pub(super) fn targets(collection: &str) -> &'static [Target] {
    match collection {
        "" | "exports" | "templates" | "vae-stages" => &[Target::Own],
        "organizations"
        | "identity-providers"
        | "service-accounts"
        | "api-keys"
        | "contract-templates"
        | "pledges"
        | "plan-templates"
        | "useful-addresses"
        | "useful-addresses/external"
        | "imports"
        | "webhooks"
        | "webhook-deliveries" => &[Target::Own, Target::OtherOrganization],
        _ => &[Target::Own, Target::OtherBooklet, Target::OtherOrganization],
    }
}

/// One object of each collection and target.
pub(super) async fn standing(world: &World) -> Standing {
    let mut standing = Standing::new();
    for operation in Operation::all() {
        let collection = operation.collection();
        // Everybody reads the catalogue of problems.
        if collection == "problems" {
            continue;
        }
        for target in targets(&collection) {
            if let Entry::Vacant(place) = standing.entry((collection.clone(), *target)) {
                place.insert(object(world, &operation, Role::Coordinator, *target).await);
            }
        }
    }
    standing
}

/// The people around a target: coordinator, tutor, candidate.
fn people(target: Target) -> [&'static str; 3] {
    match target {
        Target::Own => ["claire", "tom", "samira"],
        Target::OtherBooklet => ["claire", "tina", "nadia"],
        Target::OtherOrganization => ["rose", "remi", "rita"],
    }
}

/// A new object for this role to play the operation on.
pub(crate) async fn object(
    world: &World,
    operation: &Operation,
    role: Role,
    target: Target,
) -> Vec<String> {
    let collection = operation.collection();
    if let Some(collection) = collection.strip_suffix("/external") {
        return Box::pin(named(world, collection, role, target)).await;
    }
    let id = match collection.as_str() {
        "" => return Vec::new(),
        "exports" => return vec!["contracts".to_owned()],
        "templates" => return vec!["candidates".to_owned()],
        "vae-stages" => return vec![stage(world).await],
        "organizations" => accounts::organization(world, operation, target).await,
        "users" => accounts::user(world, role, target).await,
        "sessions" => accounts::session(world, role, target).await,
        "candidates" => accounts::candidate(world, operation, target).await,
        "service-accounts" | "identity-providers" | "webhooks" | "webhook-deliveries" => {
            programs::program(world, &collection, target).await
        }
        "api-keys" => programs::api_key(world, target).await,
        "imports" => programs::import(world, role, target).await,
        "contract-templates" | "pledges" | "plan-templates" | "useful-addresses" => {
            text(world, &collection, role, target).await
        }
        _ => pages::page(world, operation, role, target).await,
    };
    // `…/stages/{code}` names a stage besides its booklet.
    vec![id, "jury".to_owned()]
}

/// Writes it, as this person; its id.
async fn made(world: &World, name: &str, path: &str, body: Value) -> String {
    let made = world.as_(name).post(path, body).await.expect(201);
    made["id"].as_str().unwrap().to_owned()
}

/// An object that the other system calls by our own id.
async fn named(world: &World, collection: &str, role: Role, target: Target) -> Vec<String> {
    let path = format!("/v1/{collection}/{{id}}");
    let read = |one: &Operation| one.path == path && one.method == Method::GET;
    let read = Operation::all().into_iter().find(read).unwrap();
    // What is shared by all has no names, nor has the admin.
    let role = match role {
        Role::Admin => Role::Coordinator,
        other => other,
    };
    let id = object(world, &read, role, target).await.swap_remove(0);
    let [coordinator, ..] = people(target);
    let name = json!({ "external_references": [{ "system": "crm", "external_id": id }] });
    let at = read.fill(std::slice::from_ref(&id));
    world.as_(coordinator).patch(&at, name).await.expect(200);
    vec!["crm".to_owned(), id]
}

/// What an organization writes for its own use, and the admin for that of all.
async fn text(world: &World, collection: &str, role: Role, target: Target) -> String {
    let [coordinator, ..] = people(target);
    let author = if role == Role::Admin && target == Target::Own {
        "ada"
    } else {
        coordinator
    };
    let body = match collection {
        "contract-templates" => {
            json!({ "name": "Contrat", "preamble": "Nous", "candidate_commitments": ["Je"], "tutor_commitments": ["Je"] })
        }
        "pledges" => json!({ "name": "Charte", "body": "Nous" }),
        "plan-templates" => json!({ "name": "Plan", "rows": [] }),
        _ => json!({ "category": "cep", "name": "CEP", "missions": "Conseiller" }),
    };
    made(world, author, &format!("/v1/{collection}"), body).await
}

async fn stage(world: &World) -> String {
    let code = format!("stage_{}", letters());
    let body = json!({ "code": code, "label": "Étape", "description": "Une étape", "position": 6 });
    world
        .as_("ada")
        .post("/v1/vae-stages", body)
        .await
        .expect(201);
    code
}

/// A word that is not yet taken.
fn letters() -> String {
    let id = api::kit::new_id().simple().to_string();
    id.chars()
        .map(|digit| char::from(b'a' + u8::try_from(digit.to_digit(16).unwrap()).unwrap()))
        .collect()
}

/// The body of this role, where the API document's example is another's.
pub(crate) fn body(world: &World, operation: &Operation, name: &str) -> Option<Value> {
    match (operation.id.as_str(), name) {
        ("create_user", "ada") => Some(json!({
            "email": format!("{}@livret.example", letters()), "given_name": "A", "family_name": "B",
            "role": "coordinator", "organization_id": world.organization_id("horizon"),
        })),
        ("create_objective" | "update_objective", "claire" | "tom" | "tina" | "remi") => {
            Some(json!({ "kind": "working", "statement": "Écrire" }))
        }
        ("update_appointment", "samira" | "nadia" | "rita") => {
            Some(json!({ "state": "cancelled" }))
        }
        ("sign_contract", "claire" | "rose") => {
            Some(json!({ "place": "Lyon", "party": "tutor", "method": "paper" }))
        }
        _ => None,
    }
}
