//! § 08: the rendez-vous that action sheets are about.

mod course;
mod fields;
mod reach;

use serde_json::{Value, json};
use tests::World;

use super::rows;
use crate::world;

fn rendez_vous() -> Value {
    json!({
        "starts_at": "2026-11-03T09:00:00+01:00", "ends_at": "2026-11-03T10:30:00+01:00",
        "kind": "interview", "mode": "on_site", "place": "Salle 2",
    })
}

async fn make(world: &World) -> Value {
    world
        .as_("tom")
        .post(&world.booklet("samira", "appointments"), rendez_vous())
        .await
        .expect(201)
}

fn item(appointment: &Value) -> String {
    format!("/v1/appointments/{}", appointment["id"].as_str().unwrap())
}
