//! A read of one object or one page costs at most two round trips to the database,
//! authentication included. The views of a whole booklet have constants of their own.

use entity::values::Role;
use serde_json::json;
use tests::{Operation, World};

use super::access::objects::{self, Target};
use crate::it::imports::send;
use crate::it::kinds;
use crate::world;

/// The booklet, one query per kind of page, and one for the names.
const MILESTONES: u64 = 10;
/// The same with every page's own companions: names, signatures, items, references.
const FULL: u64 = 19;

#[tokio::test]
async fn a_read_costs_at_most_two_round_trips() {
    let world = world().await;
    fill(&world).await;
    let mut read = 0;
    for operation in Operation::all() {
        let is_whole = [
            "export_organization",
            "get_milestones",
            "list_milestones",
            "search",
            "get_full_booklet",
            "stream_changes",
            "stream_my_news",
        ]
        .contains(&&*operation.id);
        if operation.method != reqwest::Method::GET || is_whole {
            continue;
        }
        for path in paths(&world, &operation).await {
            // Whoever reads the feed first gives places in it.
            world.as_("claire").get("/v1/changes").await.expect(200);
            let spent = cost(&world, &path).await;
            assert!(
                spent <= most(&operation),
                "{path} costs {spent} round trips"
            );
            read += 1;
        }
    }
    assert!(read > 40, "only {read} addresses were read");
}

#[tokio::test]
async fn a_whole_booklet_costs_the_same_however_much_it_holds() {
    let world = world().await;
    for _ in 0..2 {
        fill(&world).await;
        assert_eq!(
            cost(&world, &world.booklet("samira", "milestones")).await,
            MILESTONES
        );
        let full = cost(&world, &world.booklet("samira", "full")).await;
        assert_eq!(full, FULL, "FULL rises by one query with each new section");
    }
}

/// Who takes a file away or waits for changes is looked up first.
fn most(operation: &Operation) -> u64 {
    let is_of_the_feed = operation.path.starts_with("/v1/changes");
    if is_of_the_feed { 3 } else { 2 }
}

/// The least of some times: who reads is looked up beforehand every few seconds.
async fn cost(world: &World, path: &str) -> u64 {
    let mut least = u64::MAX;
    for _ in 0..3 {
        let before = world.state.db.statements();
        let answer = world.as_("claire").get(path).await;
        assert_eq!(answer.status, 200, "{path}");
        least = least.min(world.state.db.statements() - before);
    }
    least
}

/// The list itself, and the first object it shows.
async fn paths(world: &World, operation: &Operation) -> Vec<String> {
    let collection = operation.collection();
    if collection.is_empty() {
        return vec![operation.path.clone()];
    }
    if operation.is_by_external_id() {
        let role = Role::Coordinator;
        let named = objects::object(world, operation, role, Target::Own).await;
        return vec![operation.fill(&named)];
    }
    let list = match collection.as_str() {
        "sessions" => "/v1/me/sessions".to_owned(),
        "booklets" => {
            return vec![
                operation.fill(&[world.booklet_id("samira").to_string(), "jury".to_owned()]),
            ];
        }
        "exports" => return vec![operation.fill(&["contracts".to_owned()])],
        "problems" => return vec![operation.fill(&["invalid".to_owned()])],
        "templates" => return vec![operation.fill(&["candidates".to_owned()])],
        "vae-stages" => return vec![operation.fill(&["jury".to_owned()])],
        "contract-templates" | "pledges" | "plan-templates" | "useful-addresses" | "users"
        | "candidates" | "organizations" | "identity-providers" | "service-accounts"
        | "imports" | "webhooks" => {
            format!("/v1/{collection}")
        }
        "webhook-deliveries" => {
            let webhooks = world.as_("claire").get("/v1/webhooks").await.expect(200);
            let id = webhooks["items"][0]["id"].as_str().unwrap();
            format!("/v1/webhooks/{id}/deliveries")
        }
        "api-keys" => {
            let accounts = world.as_("claire").get("/v1/service-accounts").await;
            let id = accounts.expect(200)["items"][0]["id"].clone();
            format!("/v1/service-accounts/{}/api-keys", id.as_str().unwrap())
        }
        "booklet-members" => world.booklet("samira", "members"),
        page => world.booklet("samira", page),
    };
    let page = world.as_("claire").get(&list).await.expect(200);
    let first = page["items"][0]["id"]
        .as_str()
        .unwrap_or_else(|| panic!("{list} is empty: its entry in kinds.rs writes nothing"));
    let path = operation.fill(&[first.to_owned()]);
    // A draft has nothing to prove yet.
    if operation.id == "get_contract_proof" {
        Vec::new()
    } else {
        vec![path]
    }
}

/// One page of each kind in samira's booklet.
async fn fill(world: &World) {
    let claire = world.as_("claire");
    let at = |page: &str| world.booklet("samira", page);
    let account = json!({ "name": "CRM", "scopes": ["booklets:read"] });
    let account = claire.post("/v1/service-accounts", account).await;
    let account = account.expect(201)["id"].clone();
    let keys = format!(
        "/v1/service-accounts/{}/api-keys",
        account.as_str().unwrap()
    );
    claire.post(&keys, json!({ "name": "A" })).await.expect(201);
    let file = "given_name,family_name\n";
    send(world, "claire", "", file).await.expect(201);
    let reason = json!({ "reason": "Signalement 118 : à la demande de la candidate." });
    let ada = world.as_("ada");
    ada.post(&at("break-glass"), reason).await.expect(201);
    let provider =
        json!({ "name": "Connexion", "issuer": "https://8.8.8.8", "audience": "livret" });
    let provider = claire.post("/v1/identity-providers", provider).await;
    assert!([201, 409].contains(&provider.status));
    let webhook = json!({ "url": "https://crm.horizon.example/livret", "topics": ["*"] });
    let webhook = claire.post("/v1/webhooks", webhook).await.expect(201);
    let ping = format!("/v1/webhooks/{}/ping", webhook["id"].as_str().unwrap());
    claire.act(&ping).await.expect(201);
    for (kind, writing) in kinds::written() {
        let writer = world.as_(writing.by());
        let made = writer.post(&at(kind.list), (writing.body)(world, 0)).await;
        // One contract at a time.
        assert!(made.status == 201 || made.status == 409 && kind.row == "contract");
        if kind.row == "action_sheet" {
            let items = format!(
                "/v1/action-sheets/{}/items",
                made.body["id"].as_str().unwrap()
            );
            let item = json!({ "kind": "task", "label": "Lire" });
            writer.post(&items, item).await.expect(201);
        }
    }
}
