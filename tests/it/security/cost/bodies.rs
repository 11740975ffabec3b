//! Bodies made to be told of at length: what is wrong is told within bounds, in little time.

use std::time::Duration;

use serde_json::{Value, json};
use tests::{Answer, World};

use super::{bounded, timed};
use crate::world;

/// What a mebibyte takes a debug build that shares its machine; the attack took a release build
/// as long alone.
const PROMPT: Duration = Duration::from_secs(5);

async fn log_in(world: &World, body: &str) -> Answer {
    let json = [("content-type", "application/json")];
    let request = world.anonymous();
    let request = request.post_bytes("/v1/auth/login", body.as_bytes(), &json);
    let (answer, took) = timed(request).await;
    assert!(took < PROMPT, "{took:?}");
    bounded(&answer);
    answer
}

/// Its pointers were written out for every element: half a megabyte, a quarter of a million times.
#[tokio::test]
async fn a_long_name_over_a_long_list_costs_no_more_than_it_says() {
    let world = world().await;
    let (name, list) = ("k".repeat(900_000), "0,".repeat(40_000));
    let body = format!("{{\"{name}\":[{list}0]}}");
    let faults = log_in(&world, &body).await.faults();
    assert_eq!(faults.len(), 3);
    let (unknown, code) = &faults[0].clone();
    assert!(code == "unknown_field" || code == "required");
    assert!(unknown.len() <= 500);
}

/// Each of them is six bytes in JSON, and each fault told the whole name.
#[tokio::test]
async fn control_characters_do_not_grow_on_their_way_back() {
    let world = world().await;
    let name = "\\u0001".repeat(1000);
    let texts = "\"\\u0000\",".repeat(2000);
    let body = format!("{{\"{name}\":[{texts}0]}}");
    let answer = log_in(&world, &body).await;
    let problem = answer.expect(422);
    let faults = problem["errors"].as_array().unwrap();
    assert!((1..=100).contains(&faults.len()));
    assert_eq!(faults[0]["code"], "nul_character");
}

/// A list that is too long is at fault as a list: its elements were judged one by one before.
#[tokio::test]
async fn sizes_are_looked_at_before_shapes() {
    let world = world().await;
    let claire = world.as_("claire");
    let body = json!({ "name": "Plan", "rows": vec![Value::Null; 49_000] });
    let (answer, took) = timed(claire.post("/v1/plan-templates", body)).await;
    assert!(took < PROMPT, "{took:?}");
    bounded(&answer);
    let faults = answer.faults();
    assert!(
        faults.contains(&("/rows".to_owned(), "max_items".to_owned())),
        "{faults:?}"
    );
    assert!(faults.len() <= 100);
}

/// A value takes two bytes in a body and a hundred in memory; an object of one field six hundred.
#[tokio::test]
async fn a_body_of_very_many_values_is_too_large() {
    let world = world().await;
    for one in ["0,", "{\"a\":0},", "[[]],"] {
        let body = format!("{{\"email\":[{}0]}}", one.repeat(1_000_000 / one.len()));
        log_in(&world, &body)
            .await
            .refused(413, "payload_too_large");
    }
    // Commas in a text are none.
    let text = ",[{".repeat(100_000);
    let body = json!({ "email": "a@b.example", "password": text }).to_string();
    let faults = log_in(&world, &body).await.faults();
    assert_eq!(faults, [("/password".to_owned(), "max_length".to_owned())]);
}

#[tokio::test]
async fn many_unknown_fields_are_a_hundred_faults() {
    let world = world().await;
    let fields = (0..40_000).map(|n| (format!("f{n}"), json!(0)));
    let body = Value::Object(fields.collect()).to_string();
    assert_eq!(log_in(&world, &body).await.faults().len(), 100);
}

#[tokio::test]
async fn nesting_ends_where_it_is_told_to() {
    let world = world().await;
    for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
        let body = format!("{}0{}", open.repeat(40_000), close.repeat(40_000));
        log_in(&world, &body).await.refused(400, "malformed_json");
    }
}
