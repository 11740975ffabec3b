//! What travels about sessions.

use chrono::{DateTime, Utc};
use entity::session;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::kit::Meta;

/// A sign-in that can still be renewed. `updated_at` is when it last was; it may have been used for
/// 15 minutes since.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Session {
    #[serde(flatten)]
    meta: Meta,
    /// When it ends, whatever happens (UTC).
    expires_at: DateTime<Utc>,
    /// What the program that signed in said of itself, shortened.
    #[schema(
        max_length = 200,
        example = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Firefox/145.0"
    )]
    user_agent: Option<String>,
    /// The network that it signed in from.
    #[schema(max_length = 50, example = "203.0.113.0/24")]
    network: Option<String>,
    /// Whether this request belongs to it.
    current: bool,
}

impl Session {
    pub(super) fn seen_from(current: Option<Uuid>, row: session::Model) -> Self {
        Self {
            meta: (&row).into(),
            expires_at: row.expires_at,
            user_agent: row.user_agent,
            network: row.network,
            current: current == Some(row.id),
        }
    }
}
