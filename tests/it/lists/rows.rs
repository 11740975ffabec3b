//! Rows for every list of the API document, one more at a time, and who reads them.

use entity::{import, import_fault};
use sea_orm::{ActiveModelTrait, EntityTrait, Set};
use serde_json::{Value, json};
use tests::{Operation, World};
use uuid::Uuid;

use crate::it::accesses::written;
use crate::it::imports::send;
use crate::it::kinds::{Kind, Writing};
use crate::it::rows;

/// Who sees the most of a list.
pub(super) fn reader(operation: &Operation) -> &'static str {
    match operation.id.as_str() {
        "list_organizations" => "ada",
        _ => "claire",
    }
}

/// What tells the items of a list apart.
pub(super) fn key(operation: &Operation, item: &Value) -> String {
    let name = match operation.id.as_str() {
        "list_import_faults" => "line",
        "list_accesses" | "list_audit_events" | "list_booklet_accesses" => "sequence",
        "list_milestones" => "booklet_id",
        _ => "id",
    };
    item[name].to_string()
}

/// The list of samira's booklet, or of the organization.
pub(super) fn path(world: &World, operation: &Operation) -> String {
    operation.fill(&[world.booklet_id("samira").to_string()])
}

/// Makes one more row of this list.
pub(super) async fn make(world: &World, operation: &Operation, n: usize) {
    let at = path(world, operation);
    let days = -(i64::try_from(n).unwrap() % 3);
    let day = world.day(days);
    let post = async |name: &str, path: &str, body: Value| {
        world.as_(name).post(path, body).await.expect(201)
    };
    match operation.id.as_str() {
        "list_booklets" | "list_milestones" => {
            let body = json!({ "candidate_id": world.candidate_id("samira"), "tutor_id": world.user_id("tom"), "opened_on": day });
            post("claire", "/v1/booklets", body).await;
        }
        "list_candidates" => {
            let body = json!({ "given_name": "Alix", "family_name": format!("Roy {n}") });
            post("claire", &at, body).await;
        }
        "list_users" => {
            tutor(world).await;
        }
        "list_my_sessions" => {
            rows::session(world, "claire").await;
        }
        "list_organizations" => {
            post("ada", &at, json!({ "name": format!("Organisme {n}") })).await;
        }
        "list_service_accounts" => {
            post(
                "claire",
                &at,
                json!({ "name": "CRM", "scopes": ["booklets:read"] }),
            )
            .await;
        }
        "list_identity_providers" => {
            let issuer = format!("https://8.8.8.8/{n}");
            let body = json!({ "name": "Connexion", "issuer": issuer, "audience": "livret" });
            post("claire", &at, body).await;
        }
        "list_webhooks" => {
            let body = json!({ "url": "https://crm.horizon.example/livret", "topics": ["*"] });
            post("claire", &at, body).await;
        }
        "list_webhook_deliveries" => {
            // Named as the booklet is, which the path of a list names.
            let id = world.booklet_id("samira");
            if n == 0 {
                rows::webhook(world, "horizon", id).await;
            }
            let ping = format!("/v1/webhooks/{id}/ping");
            world.as_("claire").act(&ping).await.expect(201);
        }
        "list_contract_templates" => {
            let body = json!({ "name": "Contrat", "preamble": "Nous", "candidate_commitments": ["Je"], "tutor_commitments": ["Je"] });
            post("claire", &at, body).await;
        }
        "list_pledges" => {
            post("claire", &at, json!({ "name": "Charte", "body": "Nous" })).await;
        }
        "list_plan_templates" => {
            post("claire", &at, json!({ "name": "Plan", "rows": [] })).await;
        }
        "list_useful_addresses" => {
            let body = json!({ "category": "cep", "name": "CEP", "missions": "Conseiller" });
            post("claire", &at, body).await;
        }
        "list_booklet_members" => {
            let user = tutor(world).await;
            let body = json!({ "user_id": user, "kind": "observer", "starts_on": day });
            post("claire", &at, body).await;
        }
        "list_contracts" => contract(world, &at).await,
        "list_sheet_items" => {
            let at = world.booklet("samira", "action-sheets");
            let sheet = post("tom", &at, json!({ "appointment_on": day })).await;
            let at = format!("/v1/action-sheets/{}/items", sheet["id"].as_str().unwrap());
            post("tom", &at, json!({ "kind": "task", "label": "Lire" })).await;
        }
        "list_break_glass" => {
            let reason = "Signalement 118 : à la demande de la candidate.";
            let minutes = 5 + i64::try_from(n).unwrap() % 3;
            let opening = json!({ "reason": reason, "minutes": minutes });
            let opening = post("ada", &at, opening).await;
            // Few may be open at once.
            let end = format!("/v1/break-glass/{}/end", opening["id"].as_str().unwrap());
            world.as_("ada").act(&end).await.expect(200);
        }
        "list_accesses" | "list_booklet_accesses" => {
            let booklet = world.booklet("samira", "");
            world.as_("tom").get(&booklet).await.expect(200);
            written(world).await;
        }
        "list_imports" => {
            import(world).await;
        }
        "list_import_faults" => fault(world, n).await,
        id => {
            let kind = match id {
                "list_agenda" => Kind::named("appointment"),
                "list_audit_events" => Kind::named("follow_up"),
                _ => Kind::of(operation),
            };
            let writing = kind.and_then(|kind| Some((kind, kind.writing.as_ref()?)));
            let (kind, writing) = writing.unwrap_or_else(|| panic!("no case for a row of {id}"));
            let body = (writing.body)(world, days);
            post(writing.by(), &world.booklet("samira", kind.list), body).await;
        }
    }
}

/// Takes a row of this list away, where that is done.
pub(super) async fn remove(world: &World, operation: &Operation, item: &Value) -> bool {
    let collection = match operation.id.as_str() {
        "list_agenda" => "appointments",
        "list_booklet_members" => "booklet-members",
        _ => operation.path.rsplit('/').next().unwrap(),
    };
    let template = format!("/v1/{collection}/{{id}}");
    let deletes = |other: &Operation| other.path == template && other.method == "DELETE";
    // A service account is revoked, and stays in the list.
    if collection == "service-accounts" || !Operation::all().iter().any(deletes) {
        return false;
    }
    let writing = Kind::of(operation).and_then(|kind| kind.writing.as_ref());
    let name = writing.map_or_else(|| reader(operation), Writing::by);
    let at = format!("/v1/{collection}/{}", item["id"].as_str().unwrap());
    world.as_(name).delete(&at).await.expect(204);
    true
}

async fn tutor(world: &World) -> String {
    let body = json!({ "email": format!("{}@livret.example", api::kit::new_id()), "given_name": "A", "family_name": "B", "role": "tutor" });
    let made = world
        .as_("claire")
        .post("/v1/users", body)
        .await
        .expect(201);
    made["id"].as_str().unwrap().to_owned()
}

/// An import that is over: a few may wait.
async fn import(world: &World) -> Uuid {
    let file = "given_name,family_name\n";
    let made = send(world, "claire", "", file).await.expect(201);
    let id = made["id"].as_str().unwrap();
    let cancel = format!("/v1/imports/{id}/cancel");
    let claire = world.as_("claire");
    claire.post(&cancel, json!({})).await.expect(200);
    id.parse().unwrap()
}

/// A fault in a line of the import that has the id of samira's booklet.
async fn fault(world: &World, n: usize) {
    let (id, db) = (world.booklet_id("samira"), world.state.db.writer());
    if by_id(world, id).await.is_none() {
        let made = import(world).await;
        let mut import: import::ActiveModel = by_id(world, made).await.unwrap().into();
        import.id = Set(id);
        import.reset_all().insert(db).await.unwrap();
    }
    let fault = import_fault::ActiveModel {
        id: Set(api::kit::new_id()),
        organization_id: Set(world.organization_id("horizon")),
        import_id: Set(id),
        line: Set(i32::try_from(n).unwrap()),
        column_number: Set(Some(1)),
        column_name: Set(Some("given_name".to_owned())),
        pointer: Set("/given_name".to_owned()),
        code: Set("required".to_owned()),
        params: Set("{}".to_owned()),
        created_at: Set(world.clock.now()),
    };
    fault.insert(db).await.unwrap();
}

#[expect(clippy::disallowed_methods, reason = "whoever's it is")]
async fn by_id(world: &World, id: Uuid) -> Option<import::Model> {
    let found = import::Entity::find_by_id(id);
    found.one(world.state.db.reader()).await.unwrap()
}

/// A contract that was signed and terminated, so that there may be another.
async fn contract(world: &World, at: &str) {
    let (claire, tom, samira) = (world.as_("claire"), world.as_("tom"), world.as_("samira"));
    let made = tom
        .post(at, json!({ "ends_on": world.day(100) }))
        .await
        .expect(201);
    let at = format!("/v1/contracts/{}", made["id"].as_str().unwrap());
    tom.act(&format!("{at}/propose")).await.expect(200);
    for party in [&tom, &samira] {
        let signature = json!({ "place": "Lyon" });
        party
            .sign(&format!("{at}/signatures"), signature)
            .await
            .expect(200);
    }
    let end = json!({ "reason": "Déménagement" });
    claire
        .post(&format!("{at}/terminate"), end)
        .await
        .expect(200);
}
