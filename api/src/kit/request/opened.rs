//! Break-glass: the booklets that a platform admin has opened, which are all they reach of content.

use chrono::{DateTime, Utc};
use entity::break_glass::{self, Column};
use sea_orm::sea_query::{Condition, Query, SelectStatement};
use sea_orm::{ColumnTrait, QueryFilter, QuerySelect};
use uuid::Uuid;

use crate::foundation::operations::Operation;
use crate::foundation::unscoped;
use crate::kit::ctx::Actor;
use crate::kit::{Call, Code, Problem, Result};

/// Refuses an admin for whom nothing is open now, before anything is looked up. What they read is
/// noted with its booklet, so lists across booklets are for those who have one booklet open.
///
/// # Errors
/// 403.
pub(in crate::kit) async fn require_any(
    call: &Call,
    actor: &Actor,
    operation: &Operation,
) -> Result<()> {
    // What decides on the right itself.
    let open: Vec<Uuid> = unscoped::rows::<break_glass::Entity>()
        .select_only()
        .column(Column::BookletId)
        .distinct()
        .filter(open_now(actor.id, call.now))
        .into_tuple()
        .all(call.state.db.reader())
        .await?;
    match open.as_slice() {
        [only] => call.traces.booklet(Some(*only)),
        [_, _, ..] if operation.path.contains("{id}") => {}
        _ => return Err(Problem::new(Code::Forbidden)),
    }
    Ok(())
}

/// The booklets open to this admin now.
pub(in crate::kit) fn booklets_open_now(admin_id: Uuid, now: DateTime<Utc>) -> SelectStatement {
    booklets(open_now(admin_id, now))
}

/// The booklets that this admin ever opened.
pub(in crate::kit) fn booklets_ever_opened(admin_id: Uuid) -> SelectStatement {
    booklets(Condition::all().add(Column::AdminId.eq(admin_id)))
}

fn open_now(admin_id: Uuid, now: DateTime<Utc>) -> Condition {
    Condition::all()
        .add(Column::AdminId.eq(admin_id))
        .add(Column::ExpiresAt.gt(now))
        .add(Column::EndedAt.is_null())
}

fn booklets(which: Condition) -> SelectStatement {
    Query::select()
        .column(Column::BookletId)
        .from(break_glass::Entity)
        .cond_where(which)
        .to_owned()
}
