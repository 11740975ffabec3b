//! What travels about break-glass.

use chrono::{DateTime, Utc};
use entity::break_glass;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

use crate::kit::Meta;

/// A booklet opened to an administrator of the platform, who otherwise reads none.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct BreakGlass {
    #[serde(flatten)]
    meta: Meta,
    /// The booklet, and no other.
    booklet_id: Uuid,
    /// The administrator who opened it.
    admin_id: Uuid,
    /// Their name at that time.
    #[schema(example = "Alix Martin", max_length = 401)]
    admin_name: String,
    /// Why.
    #[schema(max_length = 2000)]
    reason: String,
    /// Until when they read it (UTC), unless it is ended before.
    expires_at: DateTime<Utc>,
    /// When it was ended before its time (UTC).
    ended_at: Option<DateTime<Utc>>,
    /// Who ended it: the administrator or a coordinator.
    ended_by: Option<Uuid>,
}

impl From<break_glass::Model> for BreakGlass {
    fn from(row: break_glass::Model) -> Self {
        Self {
            meta: (&row).into(),
            booklet_id: row.booklet_id,
            admin_id: row.admin_id,
            admin_name: row.admin_name,
            reason: row.reason,
            expires_at: row.expires_at,
            ended_at: row.ended_at,
            ended_by: row.ended_by,
        }
    }
}

/// Why a booklet is opened, and for how long.
#[derive(Debug, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"reason": "Signalement 2026-118 : la candidate ne voit plus son plan, à sa demande.", "minutes": 30}))]
pub(crate) struct BreakGlassInput {
    /// Why. The candidate, the tutor and the coordinators read it.
    #[schema(min_length = 20, max_length = 2000)]
    pub(super) reason: String,
    /// For how many minutes. Default: 60.
    #[serde(default = "an_hour")]
    #[schema(minimum = 5, maximum = 240)]
    pub(super) minutes: i32,
}

fn an_hour() -> i32 {
    60
}
