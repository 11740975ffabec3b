//! Whether a caller is still who they were when their request began: a body may be held back for half a
//! minute, and a session ends meanwhile.

use chrono::TimeDelta;
use entity::values::UserState;
use entity::{session, user};
use sea_orm::{ColumnTrait, PaginatorTrait, QueryFilter};

use crate::foundation::database::Transaction;
use crate::foundation::unscoped;
use crate::kit::{Code, Ctx, Problem, Result};

/// Within this time of its beginning, a request is as it began.
const PROMPT: TimeDelta = TimeDelta::seconds(2);

/// Looks again, within the transaction of a request that took its time, whether session and person
/// are there. Programs and other providers' tokens have no session, and are not looked for.
///
/// # Errors
/// 401 when they are not.
pub(in crate::kit) async fn demand(txn: &Transaction, ctx: &Ctx) -> Result<()> {
    let (Some(session_id), now) = (ctx.actor.session_id, ctx.state.clock.now()) else {
        return Ok(());
    };
    if now - ctx.now < PROMPT {
        return Ok(());
    }
    // The caller themselves.
    let live = unscoped::row::<session::Entity>(session_id)
        .filter(session::Column::RevokedAt.is_null())
        .filter(session::Column::ExpiresAt.gt(now));
    let same = unscoped::row::<user::Entity>(ctx.actor.id)
        .filter(user::Column::State.eq(UserState::Active))
        .filter(user::Column::Role.eq(ctx.actor.role));
    if live.count(txn).await? == 1 && same.count(txn).await? == 1 {
        Ok(())
    } else {
        Err(Problem::new(Code::Unauthenticated))
    }
}
