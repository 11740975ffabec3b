//! The event trail of a booklet over HTTP.

use actix_web::get;
use entity::event;
use sea_orm::sea_query::Condition;
use sea_orm::{ColumnTrait, QueryFilter};
use utoipa_actix_web::service_config::ServiceConfig;

use super::dto::AuditEvent;
use crate::kit::{BookletPage, Ctx, Id, Page, Paging, Result};

pub(crate) fn routes(api: &mut ServiceConfig) {
    api.service(list_audit_events);
}

impl BookletPage for event::Entity {
    /// What happened to a private note is for its author's eyes.
    fn narrow(ctx: &Ctx) -> Condition {
        Condition::any()
            .add(event::Column::PrivateTo.is_null())
            .add(event::Column::PrivateTo.eq(ctx.actor.id))
    }
}

/// List the changes of a booklet
///
/// Every change of the booklet and its pages, newest first: who, as what, what, when. Names of
/// fields, never contents.
#[utoipa::path(
    tag = "01 Booklets",
    extensions(("x-policy" = json!("audit.read"))),
    params(Paging),
    responses((status = 200, description = "A page of changes", body = Page<AuditEvent>))
)]
#[get("/v1/booklets/{id}/audit")]
async fn list_audit_events(ctx: Ctx, id: Id, paging: Paging) -> Result<Page<AuditEvent>> {
    let query = ctx
        .select::<event::Entity>()
        .filter(event::Column::BookletId.eq(*id));
    let db = ctx.state.db.reader();
    let page = paging
        .fetch_by(db, query, ("sequence", "at"), |row| row.sequence)
        .await?;
    Ok(ctx.in_booklet(*id, page).await?.map(AuditEvent::from))
}
