//! The organization, its people, its programs, and what others call them.

use entity::{
    candidate, external_reference, identity_provider, organization, service_account, user,
};
use sea_orm::sea_query::Condition;

use crate::kit::scope::in_organization;
use crate::kit::{Ctx, Scoped};
use crate::outside::exports::dataset::Exported;

impl Exported for organization::Entity {
    const NAME: &'static str = "organizations";
    const ABOUT: &'static str = "The organization itself: one row.";
    const SCHEMA: Option<&'static str> = Some("Organization");
    const CHANGED: Option<Self::Column> = Some(organization::Column::UpdatedAt);
    const COLUMNS: &'static [Self::Column] = {
        use organization::Column::*;
        &[
            Id,
            Name,
            Siret,
            Address,
            Phone,
            Email,
            Timezone,
            Locale,
            RetentionMonths,
            Version,
            CreatedAt,
            UpdatedAt,
            NoContactWeeks,
        ]
    };
}

impl Exported for user::Entity {
    const NAME: &'static str = "users";
    const ABOUT: &'static str = "A person who can sign in. Without password.";
    const SCHEMA: Option<&'static str> = Some("User");
    const CHANGED: Option<Self::Column> = Some(user::Column::UpdatedAt);
    const BEFORE_KEY: Option<Self::Column> = Some(user::Column::CreatedAt);
    const COLUMNS: &'static [Self::Column] = {
        use user::Column::*;
        &[
            Id,
            GivenName,
            FamilyName,
            Role,
            State,
            Email,
            Phone,
            Locale,
            LastLoginAt,
            Version,
            CreatedAt,
            UpdatedAt,
        ]
    };
}

impl Exported for service_account::Entity {
    const NAME: &'static str = "service_accounts";
    const ABOUT: &'static str = "A program that calls the API. Without secret.";
    const SCHEMA: Option<&'static str> = Some("ServiceAccount");
    const CHANGED: Option<Self::Column> = Some(service_account::Column::UpdatedAt);
    const COLUMNS: &'static [Self::Column] = {
        use service_account::Column::*;
        &[
            Id, Name, Scopes, ClientId, ExpiresAt, RevokedAt, LastUsedAt, Version, CreatedAt,
            UpdatedAt, CreatedBy,
        ]
    };
}

impl Exported for identity_provider::Entity {
    const NAME: &'static str = "identity_providers";
    const ABOUT: &'static str = "An OpenID provider whose tokens the organization trusts.";
    const SCHEMA: Option<&'static str> = Some("IdentityProvider");
    const CHANGED: Option<Self::Column> = Some(identity_provider::Column::UpdatedAt);
    const COLUMNS: &'static [Self::Column] = {
        use identity_provider::Column::*;
        &[
            Id,
            Name,
            Issuer,
            Audience,
            EmailClaim,
            RequireVerifiedEmail,
            Enabled,
            Version,
            CreatedAt,
            UpdatedAt,
        ]
    };
}

impl Exported for candidate::Entity {
    const NAME: &'static str = "candidates";
    const ABOUT: &'static str = "A candidate, with or without account.";
    const SCHEMA: Option<&'static str> = Some("Candidate");
    const CHANGED: Option<Self::Column> = Some(candidate::Column::UpdatedAt);
    const BEFORE_KEY: Option<Self::Column> = Some(candidate::Column::CreatedAt);
    const COLUMNS: &'static [Self::Column] = {
        use candidate::Column::*;
        &[
            Id,
            UserId,
            GivenName,
            FamilyName,
            BirthDate,
            Email,
            Phone,
            PreferredChannel,
            AccessibilityNeeds,
            Version,
            CreatedAt,
            UpdatedAt,
        ]
    };
}

impl Exported for external_reference::Entity {
    const NAME: &'static str = "external_references";
    const ABOUT: &'static str = "What another system calls a candidate, a booklet, a user or an address: \
        `resource_type` says which, `resource_id` is its id.";
    const SCHEMA: Option<&'static str> = Some("ExternalReference");
    const CHANGED: Option<Self::Column> = Some(external_reference::Column::CreatedAt);
    const COLUMNS: &'static [Self::Column] = {
        use external_reference::Column::*;
        &[Id, ResourceType, ResourceId, System, ExternalId, CreatedAt]
    };
}

impl Scoped for external_reference::Entity {
    fn scope(ctx: &Ctx) -> Condition {
        in_organization::<Self>(ctx)
    }
}
