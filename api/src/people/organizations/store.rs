//! Which organizations a caller reaches, and whether one is still needed.

use entity::{candidate, organization};
use sea_orm::sea_query::Condition;
use sea_orm::{ColumnTrait, QueryFilter};

use crate::foundation::policy::Reach;
use crate::kit::scope::nowhere;
use crate::kit::{Code, Ctx, Listed, Problem, Result, Scoped, Sorts, Tx};

impl Scoped for organization::Entity {
    fn scope(ctx: &Ctx) -> Condition {
        match (ctx.permit.reach, ctx.actor.organization_id) {
            (Reach::Everything, _) => Condition::all(),
            (Reach::Organization, Some(own)) => {
                Condition::all().add(organization::Column::Id.eq(own))
            }
            _ => nowhere(),
        }
    }
}

impl Listed for organization::Entity {
    type Entity = Self;
    const SORTS: Sorts<Self> = &[
        ("created_at", organization::Column::CreatedAt),
        ("updated_at", organization::Column::UpdatedAt),
    ];
}

/// Refuses while the organization accompanies anybody: everything in it would go with it.
pub(super) async fn has_no_candidates(tx: &Tx, organization: &organization::Model) -> Result<()> {
    let candidate = tx
        .all_of::<candidate::Entity>()
        .filter(candidate::Column::OrganizationId.eq(organization.id))
        .one(tx.db())
        .await?;
    match candidate {
        Some(_) => Err(Problem::new(Code::InUse)),
        None => Ok(()),
    }
}
