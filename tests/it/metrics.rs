//! Each figure that is told moves when what it counts happens.

use std::sync::atomic::Ordering;

use api::program::metrics::text;
use serde_json::json;
use tests::World;

use crate::it::imports::{send, went};
use crate::it::security::chain::extend;
use crate::it::webhooks::{local, webhook_to};
use crate::world_with;

/// A figure as it is told, by its name and labels; nothing when it is not.
async fn figure(world: &World, name: &str) -> Option<f64> {
    let text = text(&world.state).await.unwrap();
    let line = text.lines().find_map(|line| line.strip_prefix(name))?;
    line.trim().parse().ok()
}

async fn of(world: &World, name: &str) -> f64 {
    figure(world, name).await.unwrap_or_default()
}

#[tokio::test]
async fn each_figure_moves_when_what_it_counts_happens() {
    const READ: &str = r#"livret_request_seconds_count{operation="get_me",status="2xx"}"#;
    const REFUSED: &str = r#"livret_request_seconds_count{operation="get_me",status="4xx"}"#;
    const PROBLEM: &str = r#"livret_problems_total{code="unauthenticated"}"#;
    const EVENTS: &str = r#"livret_waiting{of="events"}"#;
    const LINES: &str = r#"livret_waiting{of="access_lines"}"#;
    const MAILS: &str = r#"livret_waiting{of="mails"}"#;
    const DELIVERIES: &str = r#"livret_waiting{of="webhook_deliveries"}"#;
    const IMPORTS: &str = r#"livret_waiting{of="imports"}"#;
    let world = world_with(local).await;
    extend(&world).await;
    let before = of(&world, "livret_statements_total").await;
    let (claire, nobody) = (world.as_("claire"), world.anonymous());
    claire.get("/v1/me").await.expect(200);
    nobody.get("/v1/me").await.expect(401);
    assert_eq!(of(&world, READ).await, 1.0);
    assert_eq!(of(&world, REFUSED).await, 1.0);
    assert_eq!(of(&world, PROBLEM).await, 1.0);
    assert!(of(&world, "livret_statements_total").await > before);
    assert!(of(&world, LINES).await > 0.0);
    assert_eq!(of(&world, EVENTS).await, 0.0);
    let lea = json!({ "email": "lea@livret.example", "given_name": "Léa", "family_name": "Fontaine", "role": "tutor" });
    let lea = claire.post("/v1/users", lea).await.expect(201);
    assert!(of(&world, EVENTS).await > 0.0);
    let invitation = format!("/v1/users/{}/invitation", lea["id"].as_str().unwrap());
    claire.act(&invitation).await.expect(200);
    assert_eq!(of(&world, MAILS).await, 1.0);
    extend(&world).await;
    assert_eq!(of(&world, EVENTS).await, 0.0);
    let webhook = webhook_to(&world, "http://127.0.0.1:1/").await;
    assert_eq!(figure(&world, DELIVERIES).await, Some(0.0));
    let ping = format!("/v1/webhooks/{}/ping", webhook["id"].as_str().unwrap());
    claire.act(&ping).await.expect(201);
    assert_eq!(of(&world, DELIVERIES).await, 1.0);
    let file = "external_id,given_name,family_name\nC-1,Ana,Diaz\n";
    let sent = send(&world, "claire", "", file).await;
    assert_eq!(of(&world, IMPORTS).await, 1.0);
    went(&world, sent).await;
    assert_eq!(figure(&world, IMPORTS).await, Some(0.0));
    let idle = of(&world, r#"livret_connections{pool="readers",state="idle"}"#).await;
    assert!(idle > 0.0);
    assert_eq!(of(&world, "livret_ready").await, 1.0);
    world.state.ready.store(false, Ordering::Relaxed);
    assert_eq!(figure(&world, "livret_ready").await, Some(0.0));
}
