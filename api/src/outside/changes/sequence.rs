//! How far the feed of an organization goes, and its sequence numbers, given by whoever reads. Elsewhere this is called a
//! sequencer. See ADR 16.

use entity::{event, feed};
use sea_orm::sea_query::{Expr, Query};
use sea_orm::{ColumnTrait, DbErr, QuerySelect};
use uuid::Uuid;

use crate::foundation::state::State;
use crate::foundation::unscoped;
use crate::trust::chain::{Chain, Chainer, End};

/// How far the feed of an organization goes. One statement.
///
/// # Errors
/// When the database does not answer.
pub(super) async fn end(state: &State, organization_id: Uuid) -> Result<End, DbErr> {
    let waiting = Query::select()
        .expr(Expr::val(1))
        .from(event::Entity)
        .and_where(event::Column::OrganizationId.eq(organization_id))
        .and_where(event::Column::Position.is_null())
        .to_owned();
    let found: Option<(i64, bool)> = unscoped::row::<feed::Entity>(organization_id)
        .select_only()
        .column(feed::Column::LastPosition)
        .expr(Expr::exists(waiting))
        .into_tuple()
        .one(state.db.reader())
        .await?;
    // A feed that nobody has read yet.
    let (last, is_more) = found.unwrap_or((0, true));
    Ok(End {
        last,
        placed: 0,
        is_more,
    })
}

/// Gives their numbers to the committed events of an organization that have none.
///
/// # Errors
/// When the database does not answer, or others keep the feed locked for too long.
pub async fn assign_numbers(state: &State, organization_id: Uuid) -> Result<End, DbErr> {
    let turn = state.db.turn_of(organization_id).await?;
    // Of many who are woken at once the first one does it for all.
    let before = match turn.was_waited_for() {
        true => Some(end(state, organization_id).await?),
        false => None,
    };
    let reached = match before {
        Some(end) if !end.is_more => end,
        _ => {
            let chain = Chain::of(Some(organization_id));
            Chainer::of(state).place(&state.db, chain).await?
        }
    };
    turn.went_well();
    Ok(reached)
}
