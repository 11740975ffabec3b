//! What travels about news.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use validator::Validate;

use crate::people::names::Someone;

/// The news of a person: what others did in the booklets within their reach.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = MyNews)]
pub(crate) struct News {
    /// After this instant (UTC).
    pub(super) since: DateTime<Utc>,
    /// Up to when nothing is missing (UTC): what `seen` takes. That is 30 seconds before now, for what is
    /// being written may be told a little later; so what is newest may be shown twice.
    pub(super) until: DateTime<Utc>,
    /// How many changes there are, on all pages.
    pub(super) total: i64,
    /// In how many booklets.
    pub(super) booklets: i64,
    /// Whether all was counted. The newest 10,000 changes are: where there are more, all numbers are at least
    /// what they say.
    pub(super) complete: bool,
    /// By booklet, the one that changed last first.
    #[schema(max_items = 100)]
    pub(super) items: Vec<BookletNews>,
    /// Cursor of the next page, for `after`; null at the end.
    #[schema(max_length = 200)]
    pub(super) next: Option<String>,
}

/// What others did in a booklet.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct BookletNews {
    /// The booklet.
    pub(super) booklet_id: Uuid,
    /// Whose it is.
    pub(super) candidate: Someone,
    /// Accompagnateur, the main one.
    pub(super) tutor: Someone,
    /// When the last of it was done (UTC).
    pub(super) last_at: DateTime<Utc>,
    /// How many changes there are.
    pub(super) total: i64,
    /// How many of each type.
    #[schema(max_items = 100)]
    pub(super) by_type: Vec<TypeCount>,
}

/// How many changes of a type there are.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TypeCount {
    /// What happened, as `resource.verb`; `/v1/labels` says what it is called. New ones may come.
    #[serde(rename = "type")]
    #[schema(example = "follow_up.created", max_length = 80)]
    pub(super) kind: String,
    /// How many.
    pub(super) count: i64,
}

/// From where on.
#[derive(Clone, Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct NewsFilter {
    /// Only what was done after this instant (RFC 3339). Without it: after what was last seen; if nothing was,
    /// after the sign-in before the present one, or since there is the account.
    #[param(example = "2020-01-01T00:00:00Z")]
    pub(super) since: Option<DateTime<Utc>>,
    /// The `next` of the page before, unchanged. Without it, or empty: the first page.
    #[param(max_length = 200, example = "")]
    pub(super) after: Option<String>,
    /// How many booklets at most, from 1 to 100. Default: 20.
    #[param(minimum = 1, maximum = 100, default = 20, example = 2)]
    pub(super) limit: Option<u64>,
}

/// Until when somebody has seen their news.
#[derive(Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(as = MyNewsSeen, example = json!({"until": "2026-01-01T00:00:00Z"}))]
pub(crate) struct NewsSeen {
    /// The `until` of the news that were read (UTC); not later than now.
    pub(super) until: DateTime<Utc>,
}
