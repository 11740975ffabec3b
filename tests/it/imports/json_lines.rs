//! JSON Lines: one object a line, the body of a POST.

use serde_json::json;

use super::{JSON_LINES, candidate, counts, faults, send_as, went};
use crate::it::candidates::account;
use crate::world;

#[tokio::test]
async fn each_line_is_the_body_of_a_post() {
    let world = world().await;
    let file = [
        json!({"external_id": "C-1", "given_name": "Inès", "family_name": "Roy", "preferred_channel": "sms"}),
        json!({"given_name": "Paul", "family_name": "Roy", "external_references": [{"system": "crm", "external_id": "C-2"}]}),
        json!({"given_name": "Eve", "family_name": "Roy", "external_id": "C-3", "external_references": [{"system": "lms", "external_id": "77"}]}),
    ]
    .map(|line| line.to_string())
    .join("\n");
    let query = "resource=candidates&system=crm&apply=all_or_nothing";
    for expected in [[3, 0, 0, 0], [0, 0, 3, 0]] {
        let import = went(&world, send_as(&world, query, JSON_LINES, &file).await).await;
        assert_eq!(counts(&import), ("done", expected));
    }
    assert_eq!(candidate(&world, "C-1").await["preferred_channel"], "sms");
    assert_eq!(candidate(&world, "C-2").await["given_name"], "Paul");
    let eve = candidate(&world, "C-3").await;
    assert_eq!(eve["external_references"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn null_erases_and_what_is_absent_stays() {
    let world = world().await;
    let query = "resource=candidates&apply=all_or_nothing";
    for line in [
        r#"{"external_system":"crm","external_id":"C-1","given_name":"Inès","family_name":"Roy","email":"ines@courriel.example","phone":"+33612345678"}"#,
        r#"{"external_system":"crm","external_id":"C-1","phone":null}"#,
    ] {
        let sent = send_as(&world, query, JSON_LINES, line).await;
        assert_eq!(went(&world, sent).await["state"], "done");
    }
    let ines = candidate(&world, "C-1").await;
    assert_eq!(ines["email"], "ines@courriel.example");
    assert_eq!(ines["phone"], json!(null));
}

#[tokio::test]
async fn lines_that_are_no_objects_and_fields_that_are_none_are_reported() {
    let world = world().await;
    let file = "[1]\n{\"given_name\":\n\n{\"given_name\":\"A\",\"family_name\":\"B\",\"state\":1}\n\
        {\"external_id\":7,\"given_name\":\"A\",\"family_name\":\"B\"}\n\
        {\"external_id\":\"C-1\",\"given_name\":\"A\",\"family_name\":\"B\"}";
    let import = went(
        &world,
        send_as(&world, "resource=candidates", JSON_LINES, file).await,
    )
    .await;
    let text = |text: &str| text.to_owned();
    assert_eq!(
        faults(&world, &import).await,
        [
            (1, json!(null), text(""), text("not_an_object")),
            (2, json!(null), text(""), text("not_an_object")),
            (4, json!(null), text("/state"), text("unknown_field")),
            (5, json!(null), text("/external_id"), text("type")),
            (6, json!(null), text("/external_system"), text("required")),
        ]
    );
}

#[tokio::test]
async fn what_two_rows_claim_is_the_first_ones() {
    let world = world().await;
    let account = account(&world.as_("claire"), "eve@horizon.example").await;
    let row = |number: u8, more: serde_json::Value| {
        let mut row = json!({ "external_id": format!("C-{number}"), "given_name": "Eve", "family_name": "Roy" });
        let fields = more.as_object().unwrap().clone();
        row.as_object_mut().unwrap().extend(fields);
        row.to_string()
    };
    let named = json!({ "external_references": [{ "system": "lms", "external_id": "77" }] });
    let linked = json!({ "user_id": account });
    let file = [
        row(1, named.clone()),
        row(2, named),
        row(3, linked.clone()),
        row(4, linked),
    ]
    .join("\n");
    let sent = send_as(&world, "resource=candidates&system=crm", JSON_LINES, &file).await;
    let import = went(&world, sent).await;
    assert_eq!(counts(&import), ("ready", [2, 0, 0, 2]));
    let found = faults(&world, &import).await;
    let found: Vec<_> = found
        .iter()
        .map(|(line, _, pointer, code)| (*line, pointer.as_str(), code.as_str()))
        .collect();
    let taken = "/external_references/1/external_id";
    assert_eq!(found, [(2, taken, "taken"), (4, "/user_id", "taken")]);
}
