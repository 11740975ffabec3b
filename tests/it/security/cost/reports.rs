//! The report of an import is of the size of its file.

use entity::import_fault;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, Set};
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

/// Each file has its report for ninety days, and there may be any number of files.
#[tokio::test]
#[expect(clippy::disallowed_methods, reason = "a test counts what is kept")]
async fn the_reports_of_an_organization_are_bounded_together() {
    let world = world().await;
    let db = world.state.db.writer();
    let [oldest, later] = [(); 2].map(|()| api::kit::new_id());
    for (import_id, count) in [(oldest, 100), (later, 100_000)] {
        for from in (0..count).step_by(1_000) {
            let faults = (from..count.min(from + 1_000)).map(|line| import_fault::ActiveModel {
                id: Set(api::kit::new_id()),
                organization_id: Set(world.organization_id("horizon")),
                import_id: Set(import_id),
                line: Set(line),
                column_number: Set(None),
                column_name: Set(None),
                pointer: Set(String::new()),
                code: Set("encoding".to_owned()),
                params: Set("{}".to_owned()),
                created_at: Set(world.clock.now()),
            });
            let faults = import_fault::Entity::insert_many(faults);
            faults.exec_without_returning(db).await.unwrap();
        }
    }
    send(&world, "claire", "", "given_name,family_name\nA,B\n")
        .await
        .expect(201);
    let of = |import_id| {
        let column = import_fault::Column::ImportId;
        import_fault::Entity::find()
            .filter(column.eq(import_id))
            .count(db)
    };
    assert_eq!(of(oldest).await.unwrap(), 0);
    assert_eq!(of(later).await.unwrap(), 100_000);
}
