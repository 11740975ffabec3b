//! Objects to play the operations on: standing ones that nobody may touch, and fresh ones for
//! those who may, since they change or delete them.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use entity::values::Role;
use reqwest::Method;
use serde_json::{Value, json};
use tests::{Operation, World};

use super::opened;
use crate::it::{imports, rows};

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
        "" | "exports" | "vae-stages" => &[Target::Own],
        "organizations"
        | "identity-providers"
        | "service-accounts"
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
    let [coordinator, tutor, candidate] = people(target);
    if let Some(collection) = collection.strip_suffix("/external") {
        return Box::pin(named(world, collection, role, target)).await;
    }
    let shared = if role == Role::Admin && target == Target::Own {
        "ada"
    } else {
        coordinator
    };
    let new = async |name: &str, path: &str, body: Value| {
        let made = world.as_(name).post(path, body).await.expect(201);
        made["id"].as_str().unwrap().to_owned()
    };
    let id = match collection.as_str() {
        "" => return Vec::new(),
        "exports" => return vec!["contracts".to_owned()],
        "vae-stages" => return vec![stage(world).await],
        "organizations" => organization(world, operation, target).await,
        "users" => user(world, role, target).await,
        "sessions" => session(world, role, target).await,
        "candidates" => person(world, operation, coordinator, candidate).await,
        "service-accounts" => {
            let body = json!({ "name": "CRM", "scopes": ["booklets:read"] });
            new(coordinator, "/v1/service-accounts", body).await
        }
        "identity-providers" => {
            let body = json!({ "name": "Connexion", "issuer": format!("https://8.8.8.8/{}", letters()), "audience": "livret" });
            new(coordinator, "/v1/identity-providers", body).await
        }
        "webhooks" => new(coordinator, "/v1/webhooks", webhook()).await,
        "webhook-deliveries" => {
            let webhook = new(coordinator, "/v1/webhooks", webhook()).await;
            let ping = format!("/v1/webhooks/{webhook}/ping");
            let made = world.as_(coordinator).act(&ping).await.expect(201);
            made["id"].as_str().unwrap().to_owned()
        }
        "contract-templates" => {
            let body = json!({ "name": "Contrat", "preamble": "Nous", "candidate_commitments": ["Je"], "tutor_commitments": ["Je"] });
            new(shared, "/v1/contract-templates", body).await
        }
        "pledges" => {
            new(
                shared,
                "/v1/pledges",
                json!({ "name": "Charte", "body": "Nous" }),
            )
            .await
        }
        "plan-templates" => {
            new(
                shared,
                "/v1/plan-templates",
                json!({ "name": "Plan", "rows": [] }),
            )
            .await
        }
        "useful-addresses" => {
            let body = json!({ "category": "cep", "name": "CEP", "missions": "Conseiller" });
            new(shared, "/v1/useful-addresses", body).await
        }
        "imports" => {
            // A service account sees its own.
            let sender = match (role, target) {
                (Role::Integration, Target::Own) => "crm",
                _ => coordinator,
            };
            let sent = imports::send(world, sender, "", "given_name,family_name\nA\n").await;
            sent.expect(201)["id"].as_str().unwrap().to_owned()
        }
        page => {
            let booklet = booklet(world, target).await;
            if operation.id == "list_break_glass" {
                opened::past(world, &booklet, target).await;
            }
            if page != "booklets" {
                let author = if role == Role::Candidate {
                    candidate
                } else {
                    tutor
                };
                let at = format!("/v1/booklets/{booklet}/{page}");
                match page {
                    "booklet-members" => {
                        let user = world.user_id(match target {
                            Target::OtherOrganization => "raoul",
                            _ => "theo",
                        });
                        let at = format!("/v1/booklets/{booklet}/members");
                        new(
                            coordinator,
                            &at,
                            json!({ "user_id": user, "kind": "observer" }),
                        )
                        .await
                    }
                    "break-glass" => opened::past(world, &booklet, target).await,
                    "contracts" => new(tutor, &at, json!({ "ends_on": world.day(100) })).await,
                    "objectives" => {
                        let body = json!({ "kind": "working", "statement": "Lire" });
                        new(candidate, &at, body).await
                    }
                    "plan-steps" => {
                        let body = json!({ "objective": "Lire", "label": "Lire", "activity": "workshop", "grouping": "either" });
                        new(tutor, &at, body).await
                    }
                    "appointments" => {
                        let body = json!({ "starts_at": "2026-12-01T09:00:00Z", "ends_at": "2026-12-01T10:00:00Z", "kind": "interview", "mode": "phone" });
                        new(tutor, &at, body).await
                    }
                    "action-sheets" => {
                        new(tutor, &at, json!({ "appointment_on": world.day(0) })).await
                    }
                    "sheet-items" => {
                        let at = format!("/v1/booklets/{booklet}/action-sheets");
                        let sheet =
                            new(tutor, &at, json!({ "appointment_on": world.day(0) })).await;
                        let at = format!("/v1/action-sheets/{sheet}/items");
                        new(
                            tutor,
                            &at,
                            json!({ "kind": "task", "label": "Lire", "owner": "candidate" }),
                        )
                        .await
                    }
                    "completed-actions" => {
                        let body = json!({ "done_on": world.day(0), "description": "Lu" });
                        new(author, &at, body).await
                    }
                    "follow-ups" => {
                        let body = json!({ "contacted_on": world.day(0), "contact_mode": "sms", "comment": "Oui" });
                        new(tutor, &at, body).await
                    }
                    "notes" => {
                        new(
                            author,
                            &at,
                            json!({ "body": "Note", "visibility": "shared" }),
                        )
                        .await
                    }
                    "personal-contacts" => {
                        new(
                            candidate,
                            &at,
                            json!({ "category": "cep", "name": "Mme Roux" }),
                        )
                        .await
                    }
                    other => panic!("{}: no case for an object of {other}", operation.id),
                }
            } else {
                booklet
            }
        }
    };
    // `…/stages/{code}` names a stage besides its booklet.
    vec![id, "jury".to_owned()]
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

async fn booklet(world: &World, target: Target) -> String {
    let [coordinator, tutor, candidate] = people(target);
    let mut body =
        json!({ "candidate_id": world.candidate_id(candidate), "tutor_id": world.user_id(tutor) });
    if target == Target::Own {
        body["prescriber_id"] = json!(world.user_id("paul"));
        body["validator_id"] = json!(world.user_id("vera"));
    }
    let made = world
        .as_(coordinator)
        .post("/v1/booklets", body)
        .await
        .expect(201);
    made["id"].as_str().unwrap().to_owned()
}

fn webhook() -> Value {
    json!({ "url": "https://crm.horizon.example/livret", "topics": ["*"] })
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

/// Only the admin deletes one, and so gets one of no use.
async fn organization(world: &World, operation: &Operation, target: Target) -> String {
    if operation.id == "delete_organization" && target == Target::Own {
        let made = world
            .as_("ada")
            .post("/v1/organizations", json!({ "name": "Vide" }))
            .await
            .expect(201);
        return made["id"].as_str().unwrap().to_owned();
    }
    let name = if target == Target::Own {
        "horizon"
    } else {
        "rivage"
    };
    world.organization_id(name).to_string()
}

/// Those who reach nobody but themselves name themselves.
async fn user(world: &World, role: Role, target: Target) -> String {
    let own = match role {
        Role::Candidate => Some("samira"),
        Role::Prescriber => Some("paul"),
        Role::Validator => Some("vera"),
        _ => None,
    };
    if let (Target::Own, Some(own)) = (target, own) {
        return world.user_id(own).to_string();
    }
    let home = if target == Target::OtherOrganization {
        "rivage"
    } else {
        "horizon"
    };
    let mut body = json!({ "email": format!("{}@livret.example", letters()), "given_name": "A", "family_name": "B", "role": "tutor" });
    let maker = if role == Role::Admin {
        body["role"] = json!("coordinator");
        body["organization_id"] = json!(world.organization_id(home));
        "ada"
    } else if home == "rivage" {
        "rose"
    } else {
        "claire"
    };
    let made = world.as_(maker).post("/v1/users", body).await.expect(201);
    made["id"].as_str().unwrap().to_owned()
}

/// A second session of this role's person, or one of somebody else.
async fn session(world: &World, role: Role, target: Target) -> String {
    let [coordinator, ..] = people(target);
    let own = super::CAST.iter().find(|(cast, _)| *cast == role);
    let name = match own {
        Some((_, name)) if target == Target::Own && role != Role::Integration => name,
        _ if target == Target::OtherBooklet => "theo",
        _ => coordinator,
    };
    rows::session(world, name).await.to_string()
}

/// A candidate to delete is one of no use.
async fn person(
    world: &World,
    operation: &Operation,
    coordinator: &str,
    candidate: &str,
) -> String {
    if operation.id != "delete_candidate" {
        return world.candidate_id(candidate).to_string();
    }
    let body = json!({ "given_name": "Alix", "family_name": "Roy" });
    let made = world
        .as_(coordinator)
        .post("/v1/candidates", body)
        .await
        .expect(201);
    made["id"].as_str().unwrap().to_owned()
}

/// A word that is not yet taken.
fn letters() -> String {
    let id = api::kit::new_id().simple().to_string();
    id.chars()
        .map(|digit| char::from(b'a' + u8::try_from(digit.to_digit(16).unwrap()).unwrap()))
        .collect()
}

/// The body of this role, where the contract's example is another's.
pub(crate) fn body(world: &World, operation: &Operation, name: &str) -> Option<Value> {
    match (operation.id.as_str(), name) {
        ("create_user", "ada") => Some(json!({
            "email": format!("{}@livret.example", letters()), "given_name": "A", "family_name": "B",
            "role": "coordinator", "organization_id": world.organization_id("horizon"),
        })),
        ("create_objective" | "update_objective", "tom" | "tina" | "remi") => {
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
