//! Which keys a caller reaches.

use entity::api_key;
use sea_orm::sea_query::Condition;
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder};
use uuid::Uuid;

use crate::kit::scope::of_organizations;
use crate::kit::{Ctx, Result, Scoped};

impl Scoped for api_key::Entity {
    fn scope(ctx: &Ctx) -> Condition {
        of_organizations::<Self>(ctx)
    }
}

/// The keys of an account, newest first.
///
/// # Errors
/// 401 when the caller is not who they say; 503 when the database does not answer.
pub(super) async fn of_account(ctx: &Ctx, account: Uuid) -> Result<Vec<api_key::Model>> {
    let keys = ctx
        .select::<api_key::Entity>()
        .filter(api_key::Column::ServiceAccountId.eq(account))
        .order_by_desc(api_key::Column::Id);
    ctx.all(keys).await
}
