//! The rows that an attacker of Horizon knows the ids of: Rivage's, and those of another booklet of
//! Horizon.

use std::collections::BTreeMap;

use reqwest::Method;
use serde_json::{Value, json};
use tests::World;

/// Ids by what they are of.
pub(super) struct Strangers(BTreeMap<String, Vec<String>>);

impl Strangers {
    pub(super) async fn settled(world: &World) -> Self {
        let mut ids = BTreeMap::new();
        let rivage = booklet_pages(world, "rita", ["remi", "rita"]).await;
        let horizon = booklet_pages(world, "nadia", ["tina", "nadia"]).await;
        for (kind, id) in rivage.into_iter().chain(horizon) {
            ids.entry(kind).or_insert_with(Vec::new).push(id);
        }
        for (kind, id) in organization_rows(world).await {
            ids.entry(kind).or_insert_with(Vec::new).push(id);
        }
        Self(ids)
    }

    /// The ids to put into a field or a filter of this name.
    pub(super) fn of(&self, field: &str) -> &[String] {
        let kind = match field {
            "achieved_objective_ids" | "targeted_objective_ids" => "objective",
            "ids" => "plan_step",
            "actor_id" => "user",
            "from" => "candidate",
            other => other.strip_suffix("_id").unwrap(),
        };
        let found = self.0.get(kind);
        found.unwrap_or_else(|| panic!("nothing for {field}"))
    }
}

/// One of each kind of page in this booklet.
async fn booklet_pages(
    world: &World,
    candidate: &str,
    [tutor, account]: [&str; 2],
) -> Vec<(String, String)> {
    let mut ids = Vec::new();
    for (kind, name, page, body) in [
        (
            "objective",
            account,
            "objectives",
            json!({ "kind": "working", "statement": "Lire" }),
        ),
        (
            "plan_step",
            tutor,
            "plan-steps",
            json!({ "objective": "Lire", "label": "Lire", "activity": "workshop", "grouping": "either" }),
        ),
        (
            "appointment",
            tutor,
            "appointments",
            json!({ "starts_at": "2026-12-01T09:00:00Z", "ends_at": "2026-12-01T10:00:00Z", "kind": "interview", "mode": "phone" }),
        ),
        (
            "sheet",
            tutor,
            "action-sheets",
            json!({ "appointment_on": world.day(0) }),
        ),
    ] {
        let at = world.booklet(candidate, page);
        ids.push((kind.to_owned(), made(world, name, &at, body).await));
    }
    ids
}

/// Rivage's own people, texts and addresses.
async fn organization_rows(world: &World) -> Vec<(String, String)> {
    let text = |text: &str| text.to_owned();
    let mut ids = vec![
        (text("candidate"), world.candidate_id("rita").to_string()),
        (text("tutor"), world.user_id("raoul").to_string()),
        (text("author"), world.user_id("remi").to_string()),
        (
            text("organization"),
            world.organization_id("rivage").to_string(),
        ),
        // As a candidate's account, and as a booklet's member.
        (text("booklet"), world.booklet_id("rita").to_string()),
        (text("user"), world.user_id("rita").to_string()),
        (text("user"), world.user_id("raoul").to_string()),
    ];
    for role in ["prescriber", "validator"] {
        let body = json!({ "email": format!("{role}@rivage.example"), "given_name": "A", "family_name": "B", "role": role });
        ids.push((text(role), made(world, "rose", "/v1/users", body).await));
    }
    for (kind, path, body) in [
        (
            "useful_address",
            "/v1/useful-addresses",
            json!({ "category": "cep", "name": "CEP", "missions": "Conseiller" }),
        ),
        (
            "template",
            "/v1/contract-templates",
            json!({ "name": "Contrat", "preamble": "Nous", "candidate_commitments": ["Je"], "tutor_commitments": ["Je"] }),
        ),
        (
            "template",
            "/v1/plan-templates",
            json!({ "name": "Plan", "rows": [] }),
        ),
        (
            "pledge",
            "/v1/pledges",
            json!({ "name": "Charte", "body": "Nous" }),
        ),
    ] {
        ids.push((text(kind), made(world, "rose", path, body).await));
    }
    ids
}

/// The id of what this request makes.
pub(super) async fn made(world: &World, name: &str, path: &str, body: Value) -> String {
    let answer = world
        .as_(name)
        .send(Method::POST, path, Some(body), &[])
        .await;
    answer.expect(201)["id"].as_str().unwrap().to_owned()
}
