//! What travels about service accounts.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use entity::service_account;
use entity::values::Texts;
use sea_orm::Set;
use serde::{Deserialize, Serialize};
use strum::Display;
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

use crate::kit::Meta;

/// What a service account may do, within what the role `integration` may.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Display,
    strum::EnumIter,
    strum::EnumString,
    Serialize,
    Deserialize,
    ToSchema,
)]
#[schema(as = Scope)]
pub(crate) enum AccountScope {
    #[serde(rename = "booklets:read")]
    #[strum(serialize = "booklets:read")]
    BookletsRead,
    #[serde(rename = "booklets:write")]
    #[strum(serialize = "booklets:write")]
    BookletsWrite,
    #[serde(rename = "candidates:read")]
    #[strum(serialize = "candidates:read")]
    CandidatesRead,
    #[serde(rename = "candidates:write")]
    #[strum(serialize = "candidates:write")]
    CandidatesWrite,
    #[serde(rename = "directory:read")]
    #[strum(serialize = "directory:read")]
    DirectoryRead,
    #[serde(rename = "directory:write")]
    #[strum(serialize = "directory:write")]
    DirectoryWrite,
    #[serde(rename = "appointments:read")]
    #[strum(serialize = "appointments:read")]
    AppointmentsRead,
    #[serde(rename = "appointments:write")]
    #[strum(serialize = "appointments:write")]
    AppointmentsWrite,
    #[serde(rename = "follow-ups:read")]
    #[strum(serialize = "follow-ups:read")]
    FollowUpsRead,
    #[serde(rename = "follow-ups:write")]
    #[strum(serialize = "follow-ups:write")]
    FollowUpsWrite,
    #[serde(rename = "users:read")]
    #[strum(serialize = "users:read")]
    UsersRead,
    #[serde(rename = "users:write")]
    #[strum(serialize = "users:write")]
    UsersWrite,
    #[serde(rename = "events:read")]
    #[strum(serialize = "events:read")]
    EventsRead,
}

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
    #[schema(value_type = Vec<AccountScope>)]
    scopes: Vec<String>,
    /// Its name at `POST /oauth/token`.
    #[schema(max_length = 64)]
    client_id: String,
    /// Until when it works (UTC).
    expires_at: DateTime<Utc>,
    /// When it was revoked (UTC).
    revoked_at: Option<DateTime<Utc>>,
    /// When it last got a token (UTC).
    last_used_at: Option<DateTime<Utc>>,
}

impl From<service_account::Model> for ServiceAccount {
    fn from(row: service_account::Model) -> Self {
        Self {
            meta: (&row).into(),
            organization_id: row.organization_id,
            name: row.name,
            scopes: row.scopes.0,
            client_id: row.client_id,
            expires_at: row.expires_at,
            revoked_at: row.revoked_at,
            last_used_at: row.last_used_at,
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
pub(crate) struct NewServiceAccount {
    /// What it is called.
    #[schema(min_length = 1, max_length = 200)]
    pub(super) name: String,
    /// What it may do.
    #[schema(min_items = 1, max_items = 20)]
    pub(super) scopes: BTreeSet<AccountScope>,
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
    scopes: BTreeSet<AccountScope>,
}

/// Scopes as they are stored.
pub(super) fn texts(scopes: &BTreeSet<AccountScope>) -> Texts {
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

#[cfg(test)]
mod tests {
    use std::str::FromStr;

    use strum::IntoEnumIterator;

    use super::*;
    use crate::policy::{self, Action, Resource};

    #[test]
    fn every_scope_that_the_table_asks_for_can_be_given() {
        for resource in Resource::iter() {
            for action in Action::iter() {
                if let Some(scope) = policy::scope(resource, action) {
                    assert!(AccountScope::from_str(&scope).is_ok(), "{scope}");
                }
            }
        }
    }
}
