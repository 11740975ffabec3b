//! The report of an import is of the size of its file.

use entity::import_fault;
use sea_orm::EntityTrait;
use serde_json::json;

use crate::it::imports::{JSON_LINES, send, send_as, went};
use crate::world;

/// Kilobytes came back as a hundred megabytes, and were kept for ninety days.
#[tokio::test]
#[expect(clippy::disallowed_methods, reason = "a test counts what is kept")]
async fn a_report_does_not_multiply_its_file() {
    let world = world().await;
    let name = "k".repeat(20_000);
    let line = json!({ name: vec!["\0"; 2000] }).to_string();
    let file = format!("{line}\n{line}\n");
    let sent = send_as(&world, "resource=candidates", JSON_LINES, &file).await;
    let import = went(&world, sent).await;
    assert_eq!(import["faults_total"], 200);
    let db = world.state.db.reader();
    let kept = import_fault::Entity::find().all(db).await.unwrap();
    let size: usize = kept.iter().map(|row| row.pointer.len()).sum();
    assert!(kept.len() == 200 && size <= 200 * 200, "{size} bytes");
}

#[tokio::test]
async fn a_header_names_a_thousand_columns_at_most() {
    let world = world().await;
    let header: String = (0..1001).map(|number| format!("c{number},")).collect();
    let answer = send(&world, "claire", "", format!("{header}\n")).await;
    let faults = answer.faults();
    assert_eq!(faults, [(String::new(), "max_items".to_owned())]);
}

#[tokio::test]
async fn a_line_of_very_many_values_is_too_large() {
    let world = world().await;
    let line = format!("{{\"given_name\":[{}0]}}\n", "0,".repeat(400_000));
    let answer = send_as(&world, "resource=candidates", JSON_LINES, &line).await;
    answer.refused(413, "payload_too_large");
}
