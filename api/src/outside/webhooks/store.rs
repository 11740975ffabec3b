//! Which webhooks a caller reaches.

use entity::webhook::{Column, Entity};
use sea_orm::sea_query::Condition;
use sea_orm::{ColumnTrait, PaginatorTrait, QueryFilter};
use uuid::Uuid;

use super::rules::MOST;
use crate::kit::scope::of_organizations;
use crate::kit::{Code, Ctx, Listed, Problem, Result, Scoped, Sorts, Tx};

impl Scoped for Entity {
    fn scope(ctx: &Ctx) -> Condition {
        of_organizations::<Self>(ctx)
    }
}

impl Listed for Entity {
    type Entity = Self;
    const SORTS: Sorts<Self> = &[
        ("created_at", Column::CreatedAt),
        ("updated_at", Column::UpdatedAt),
    ];
}

/// Whether there is room for one more.
///
/// # Errors
/// 409 when there is none.
pub(super) async fn room_for_one(tx: &Tx, organization_id: Uuid) -> Result<()> {
    let there = tx
        .all_of::<Entity>()
        .filter(Column::OrganizationId.eq(organization_id))
        .count(tx.db())
        .await?;
    if there < MOST {
        Ok(())
    } else {
        Err(Problem::new(Code::TooManyWebhooks))
    }
}
