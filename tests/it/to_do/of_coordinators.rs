//! What waits for coordinators alone: files and receivers of webhooks.

use entity::values::{DisabledReason, WebhookState};
use entity::webhook;
use sea_orm::prelude::Uuid;
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveEnum, ColumnTrait, EntityTrait, QueryFilter};

use super::*;
use crate::it::imports::{send, went};
use crate::it::rows;

#[tokio::test]
async fn imports_and_webhooks_wait_for_coordinators() {
    let world = world().await;
    let claire = world.as_("claire");
    let file = "given_name,family_name\nAlix,Roy\n";
    let import = went(&world, send(&world, "claire", "", file).await).await;
    let line = lines(&claire, "waiting_for=me&kind=import_to_apply")
        .await
        .remove(0);
    assert_eq!(
        (&line["resource_id"], &line["action"]),
        (&import["id"], &json!("apply_import"))
    );
    assert_eq!(
        (&line["booklet_id"], &line["candidate"]),
        (&Value::Null, &Value::Null)
    );
    claire
        .post(&format!("{}/cancel", path(&import, "imports")), json!({}))
        .await
        .expect(200);

    let (asked, failed) = (api::kit::new_id(), api::kit::new_id());
    for (id, reason) in [
        (asked, DisabledReason::Asked),
        (failed, DisabledReason::Failing),
    ] {
        rows::webhook(&world, "horizon", id).await;
        disable(&world, id, reason).await;
    }
    let lines = lines(&claire, "waiting_for=coordinator").await;
    assert_eq!(lines.len(), 1);
    assert_eq!(
        (&lines[0]["kind"], &lines[0]["resource_id"]),
        (&json!("webhook_disabled"), &json!(failed))
    );
    for other in ["tom", "samira", "crm", "rose"] {
        let other = super::lines(&world.as_(other), "waiting_for=coordinator").await;
        assert!(other.is_empty(), "{other:?}");
    }
}

async fn disable(world: &World, id: Uuid, reason: DisabledReason) {
    webhook::Entity::update_many()
        .col_expr(
            webhook::Column::State,
            Expr::value(WebhookState::Disabled.to_value()),
        )
        .col_expr(
            webhook::Column::DisabledReason,
            Expr::value(reason.to_value()),
        )
        .col_expr(webhook::Column::DisabledAt, Expr::value(world.clock.now()))
        .filter(webhook::Column::Id.eq(id))
        .exec(world.state.db.writer())
        .await
        .unwrap();
}
