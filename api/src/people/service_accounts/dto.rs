//! What travels about service accounts.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use entity::service_account;
use entity::values::Texts;
use sea_orm::Set;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

use crate::foundation::scope::Scope;
use crate::kit::Meta;
use crate::people::auth::expires_soon;
use crate::people::names::{Signed, Someone};

/// The identity of another system. It gets access tokens at `POST /oauth/token`.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ServiceAccount {
    #[serde(flatten)]
    meta: Meta,
    /// The organization.
    organization_id: Uuid,
    /// What it is called.
    name: String,
    /// What it may do.
    #[schema(value_type = Vec<Scope>)]
    scopes: Vec<String>,
    /// Its name at `POST /oauth/token`.
    #[schema(max_length = 64)]
    client_id: String,
    /// Its secrets without their texts: the present one and, after a rotation, the one before.
    #[schema(min_items = 1, max_items = 2)]
    secrets: Vec<SecretTerm>,
    /// Whether the present secret works for less than 30 days more: give it another with
    /// `POST /v1/service-accounts/{id}/rotate`. It comes with time and, like `last_used_at`, does
    /// not raise the version.
    #[schema(example = false)]
    secret_expires_soon: bool,
    /// Until when it works (UTC).
    expires_at: DateTime<Utc>,
    /// When it was revoked (UTC).
    revoked_at: Option<DateTime<Utc>>,
    /// When it last got a token (UTC).
    last_used_at: Option<DateTime<Utc>>,
    /// The user who made it; null for one from before this was noted.
    created_by: Option<Uuid>,
    /// Who that is; absent when they are gone.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, value_type = Someone)]
    creator: Option<Someone>,
}

impl Signed for ServiceAccount {
    fn by(&self) -> Option<Uuid> {
        self.created_by
    }

    fn sign(&mut self, who: Someone) {
        self.creator = Some(who);
    }
}

/// Until when a secret works.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SecretTerm {
    /// Whether it is the one before the present one.
    is_former: bool,
    /// Until when it works (UTC).
    expires_at: DateTime<Utc>,
}

impl ServiceAccount {
    /// As it is at this instant.
    pub(super) fn at(row: service_account::Model, now: DateTime<Utc>) -> Self {
        let present = SecretTerm {
            is_former: false,
            expires_at: row.expires_at,
        };
        let former = row.former_secret_expires_at.map(|until| SecretTerm {
            is_former: true,
            expires_at: until.min(row.expires_at),
        });
        Self {
            meta: (&row).into(),
            organization_id: row.organization_id,
            name: row.name,
            scopes: row.scopes.0,
            client_id: row.client_id,
            secrets: [present].into_iter().chain(former).collect(),
            secret_expires_soon: expires_soon(row.expires_at, now),
            expires_at: row.expires_at,
            revoked_at: row.revoked_at,
            last_used_at: row.last_used_at,
            created_by: row.created_by,
            creator: None,
        }
    }
}

/// A service account with its secret, which is shown this once.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ServiceAccountSecret {
    #[serde(flatten)]
    pub(super) account: ServiceAccount,
    /// For `POST /oauth/token`. Keep it safe: it cannot be shown again.
    #[schema(required = false, max_length = 200, extensions(("x-secret" = json!(true))))]
    pub(super) secret: String,
}

/// A service account to make.
#[derive(Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"name": "CRM", "scopes": ["booklets:read", "candidates:read", "candidates:write"]}))]
pub(crate) struct ServiceAccountInput {
    /// What it is called.
    #[schema(min_length = 1, max_length = 200)]
    pub(super) name: String,
    /// What it may do.
    #[schema(min_items = 1, max_items = 20)]
    pub(super) scopes: BTreeSet<Scope>,
    /// Until when it works (UTC): two years at most. Default: one year.
    #[serde(default)]
    pub(super) expires_at: Option<DateTime<Utc>>,
}

/// What may change about a service account.
#[derive(Debug, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"scopes": ["booklets:read"]}))]
pub(crate) struct ServiceAccountEdit {
    /// What it is called.
    #[schema(min_length = 1, max_length = 200)]
    name: String,
    /// What it may do, from the next request on; the list is replaced whole.
    #[schema(min_items = 1, max_items = 20)]
    scopes: BTreeSet<Scope>,
}

/// How a service account's secret is to be replaced.
#[derive(Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"overlap_hours": 24}))]
pub(crate) struct SecretRotation {
    /// For how many hours the present secret still works beside the new one; 0: no more at once.
    #[serde(default = "a_day")]
    #[schema(required = false, minimum = 0, maximum = 168, default = 24)]
    pub(super) overlap_hours: u32,
    /// Until when the account works from now on (UTC): two years at most. Default: as before.
    #[serde(default)]
    pub(super) expires_at: Option<DateTime<Utc>>,
}

fn a_day() -> u32 {
    24
}

/// Scopes as they are stored.
pub(super) fn texts(scopes: &BTreeSet<Scope>) -> Texts {
    Texts(scopes.iter().map(ToString::to_string).collect())
}

impl From<&service_account::Model> for ServiceAccountEdit {
    fn from(row: &service_account::Model) -> Self {
        Self {
            name: row.name.clone(),
            scopes: row
                .scopes
                .0
                .iter()
                .filter_map(|scope| scope.parse().ok())
                .collect(),
        }
    }
}

impl From<ServiceAccountEdit> for service_account::ActiveModel {
    fn from(edit: ServiceAccountEdit) -> Self {
        Self {
            name: Set(edit.name),
            scopes: Set(texts(&edit.scopes)),
            ..Default::default()
        }
    }
}
