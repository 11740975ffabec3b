//! What travels about API keys.

use chrono::{DateTime, Utc};
use entity::api_key;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

use crate::kit::Meta;
use crate::people::names::{Signed, Someone};

/// A key of a service account, without its text.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ApiKey {
    #[serde(flatten)]
    meta: Meta,
    /// The service account that whoever sends the key is.
    service_account_id: Uuid,
    /// Where it is used, or what for.
    #[schema(max_length = 200)]
    name: String,
    /// How the key begins, to know it again.
    #[schema(min_length = 8, max_length = 8, example = "lvk_exem")]
    beginning: String,
    /// Until when it works (UTC), if its service account works so long.
    expires_at: DateTime<Utc>,
    /// When it was last used (UTC), to the hour. It does not raise the version.
    last_used_at: Option<DateTime<Utc>>,
    /// The user who made it; null once they are gone.
    created_by: Option<Uuid>,
    /// Who that is; absent once they are gone.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, value_type = Someone)]
    creator: Option<Someone>,
}

impl Signed for ApiKey {
    fn by(&self) -> Option<Uuid> {
        self.created_by
    }

    fn sign(&mut self, who: Someone) {
        self.creator = Some(who);
    }
}

impl From<api_key::Model> for ApiKey {
    fn from(row: api_key::Model) -> Self {
        Self {
            meta: (&row).into(),
            service_account_id: row.service_account_id,
            name: row.name,
            beginning: row.beginning,
            expires_at: row.expires_at,
            last_used_at: row.last_used_at,
            created_by: row.created_by,
            creator: None,
        }
    }
}

/// A key of a service account with its text, which is shown this once.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ApiKeySecret {
    #[serde(flatten)]
    pub(super) shown: ApiKey,
    /// For the header `Authorization: Bearer`. Keep it safe: it cannot be shown again.
    #[schema(required = false, max_length = 200, extensions(("x-secret" = json!(true))))]
    pub(super) key: String,
}

/// A key to make.
#[derive(Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"name": "Power Automate"}))]
pub(crate) struct ApiKeyInput {
    /// Where it is used, or what for.
    #[schema(min_length = 1, max_length = 200)]
    pub(super) name: String,
    /// Until when it works (UTC): two years at most. Default: one year.
    #[serde(default)]
    pub(super) expires_at: Option<DateTime<Utc>>,
}
