//! Which service accounts a caller reaches.

use entity::service_account;
use sea_orm::sea_query::Condition;

use crate::kit::scope::of_organizations;
use crate::kit::{Ctx, Listed, Scoped, Sorts};

impl Scoped for service_account::Entity {
    fn scope(ctx: &Ctx) -> Condition {
        of_organizations::<Self>(ctx)
    }
}

impl Listed for service_account::Entity {
    type Entity = Self;
    const SORTS: Sorts<Self> = &[
        ("created_at", service_account::Column::CreatedAt),
        ("updated_at", service_account::Column::UpdatedAt),
        ("expires_at", service_account::Column::ExpiresAt),
    ];
}
