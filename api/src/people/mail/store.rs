//! The mails to somebody.

use entity::mail;
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use crate::foundation::unscoped;
use crate::kit::{Ctx, Result};

/// How many are told of.
const MOST: u64 = 50;

pub(super) async fn mails_to(ctx: &Ctx, user_id: Uuid) -> Result<Vec<mail::Model>> {
    // Of a user within reach.
    Ok(unscoped::rows::<mail::Entity>()
        .filter(mail::Column::UserId.eq(user_id))
        .order_by_desc(mail::Column::Id)
        .limit(MOST)
        .all(ctx.state.db.reader())
        .await?)
}
