//! Which identity providers a caller reaches, and who trusts the issuer of a token.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use entity::identity_provider::{Column, Entity, Model};
use entity::values::{Role, UserState};
use entity::{organization, user};
use sea_orm::sea_query::Condition;
use sea_orm::{
    ColumnTrait, EntityTrait, FromQueryResult, JoinType, QueryFilter, QuerySelect, RelationDef,
};
use uuid::Uuid;

use crate::foundation::outbound::{check_field, malformed};
use crate::foundation::unscoped;
use crate::kit::ctx::timezone;
use crate::kit::scope::of_organizations;
use crate::kit::{Call, Ctx, Listed, Result, Scoped, Sorts};

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

/// Refuses an issuer that the service will not call.
///
/// # Errors
/// 422 at `/issuer`.
pub(super) async fn check_issuer(ctx: &Ctx, issuer: &str) -> Result<()> {
    // What is discovered is below it.
    if issuer.contains('?') {
        return Err(malformed("/issuer"));
    }
    let slot = ctx.state.lookups.enter(ctx.organization_id()?)?;
    check_field(ctx.state.outbound.targets(), "/issuer", issuer, slot).await
}

/// The providers of this issuer that organizations trust for one of these audiences.
pub(super) async fn trusting(
    call: &Call,
    issuer: &str,
    audiences: &[String],
) -> Result<Vec<Model>> {
    Ok(unscoped::rows::<Entity>()
        .filter(Column::Issuer.eq(issuer))
        .filter(Column::Audience.is_in(audiences))
        .filter(Column::Enabled.eq(true))
        .all(call.state.db.reader())
        .await?)
}

/// Somebody whom a provider of their organization named.
#[derive(FromQueryResult)]
pub(super) struct Person {
    pub(super) id: Uuid,
    pub(super) role: Role,
    pub(super) organization_id: Uuid,
    pub(super) signed_out_at: Option<DateTime<Utc>>,
    timezone: String,
}

impl Person {
    pub(super) fn timezone(&self) -> Tz {
        timezone(Some(self.timezone.clone()))
    }
}

/// The active users of these organizations with these e-mail addresses: one, unless providers
/// disagree. The platform's admin is of none.
pub(super) async fn named(call: &Call, emails: &[(Uuid, String)]) -> Result<Vec<Person>> {
    let organizations: RelationDef = user::Entity::belongs_to(organization::Entity)
        .from(user::Column::OrganizationId)
        .to(organization::Column::Id)
        .into();
    let of_one = emails.iter().map(|(organization, email)| {
        Condition::all()
            .add(user::Column::OrganizationId.eq(*organization))
            .add(user::Column::Email.eq(email))
    });
    Ok(unscoped::rows::<user::Entity>()
        .select_only()
        .columns([
            user::Column::Id,
            user::Column::Role,
            user::Column::OrganizationId,
            user::Column::SignedOutAt,
        ])
        .column(organization::Column::Timezone)
        .join(JoinType::InnerJoin, organizations)
        .filter(user::Column::State.eq(UserState::Active))
        .filter(of_one.fold(Condition::any(), Condition::add))
        .into_model::<Person>()
        .all(call.state.db.reader())
        .await?)
}
