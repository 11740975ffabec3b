//! The mails to somebody.

use entity::mail;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use crate::kit::{Ctx, Result};

/// How many are told of.
const MOST: u64 = 50;

#[expect(clippy::disallowed_methods, reason = "of a user within reach")]
pub(super) async fn mails_to(ctx: &Ctx, user_id: Uuid) -> Result<Vec<mail::Model>> {
    Ok(mail::Entity::find()
        .filter(mail::Column::UserId.eq(user_id))
        .order_by_desc(mail::Column::Id)
        .limit(MOST)
        .all(ctx.state.db.reader())
        .await?)
}
