//! Which service accounts a caller reaches.

use entity::values::MailKind;
use entity::{service_account, user};
use sea_orm::sea_query::Condition;
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder, QuerySelect};

use crate::kit::scope::of_organizations;
use crate::kit::{Ctx, Listed, Result, Scoped, Sorts, Tx};
use crate::people::mail::outbox::tell_coordinators;

/// How many programs are named in a mail.
const NAMED: u64 = 20;

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

/// Tells the coordinators which programs outlive this user, who made them.
pub(crate) async fn tell_of_programs(tx: &Tx, maker: &user::Model) -> Result<()> {
    use service_account::Column;
    let Some(organization_id) = maker.organization_id else {
        return Ok(());
    };
    let names: Vec<String> = tx
        .all_of::<service_account::Entity>()
        .select_only()
        .column(Column::Name)
        .filter(Column::OrganizationId.eq(organization_id))
        .filter(Column::CreatedBy.eq(maker.id))
        .filter(Column::RevokedAt.is_null())
        .filter(Column::ExpiresAt.gt(tx.now))
        .order_by_desc(Column::Id)
        .limit(NAMED)
        .into_tuple()
        .all(tx.db())
        .await?;
    if names.is_empty() {
        return Ok(());
    }
    let names = names.join(", ");
    let said = (MailKind::ServiceAccountNotice, names.as_str());
    tell_coordinators(tx.db(), (&tx.state, tx.now), organization_id, said).await
}
