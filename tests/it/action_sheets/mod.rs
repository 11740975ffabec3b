//! § 08: one sheet per appointment, submitted by one party and locked by the other.

mod carry_over;
mod locking;
mod rights;
mod writing;

use std::collections::BTreeSet;

use entity::objective;
use entity::values::{ObjectiveKind, ObjectiveState};
use futures_util::future::join_all;
use reqwest::Method;
use sea_orm::prelude::Uuid;
use sea_orm::{ActiveModelTrait, Set};
use serde_json::{Value, json};
use tests::{Client, World};

use super::sheet_items::{item, settle};
use crate::world;

/// Starts a sheet in this candidate's booklet and gives its address.
pub(crate) async fn sheet(world: &World, tutor: &Client, candidate: &str, day: &str) -> String {
    let path = world.booklet(candidate, "action-sheets");
    let body = json!({ "appointment_on": day });
    let sheet = tutor.post(&path, body).await.expect(201);
    format!("/v1/action-sheets/{}", sheet["id"].as_str().unwrap())
}

/// Submitted by the tutor, validated by the candidate.
pub(crate) async fn lock(tutor: &Client, candidate: &Client, sheet: &str) -> Value {
    tutor.act(&format!("{sheet}/submit")).await.expect(200);
    candidate
        .act(&format!("{sheet}/validate"))
        .await
        .expect(200)
}

async fn objective(world: &World, candidate: &str) -> Uuid {
    let id = api::kit::new_id();
    let row = objective::ActiveModel {
        id: Set(id),
        organization_id: Set(world.organization_id("horizon")),
        booklet_id: Set(world.booklet_id(candidate)),
        kind: Set(ObjectiveKind::Working),
        statement: Set("Réunir les justificatifs".to_owned()),
        due_on: Set(None),
        state: Set(ObjectiveState::Active),
        achieved_on: Set(None),
        position: Set(1),
        version: Set(1),
        created_at: Set(world.clock.now()),
        updated_at: Set(world.clock.now()),
    };
    let txn = world.state.db.begin().await.unwrap();
    row.insert(&txn).await.unwrap();
    txn.commit().await.unwrap();
    id
}

async fn labels_of_actions(client: &Client, path: &str) -> Vec<String> {
    let list = client.get(path).await.expect(200);
    let items = list["items"].as_array().unwrap().iter();
    items
        .map(|action| action["description"].as_str().unwrap().to_owned())
        .collect()
}
