//! What travels about a trial.

use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use entity::values::DeliveryError;

/// How a receiver did.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ConformanceReport {
    /// The webhook.
    pub(super) webhook_id: Uuid,
    /// Whether it answered all as it should. What it then does with a message is not seen from here.
    pub(super) passed: bool,
    /// What was played, in this order.
    #[schema(max_items = 5)]
    pub(super) scenes: Vec<ConformanceScene>,
}

/// Something that happens to receivers.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ConformanceScene {
    /// What was played.
    pub(super) name: Scene,
    /// What a receiver does then.
    pub(super) expected: Expected,
    /// Whether this one did.
    pub(super) result: SceneResult,
    /// What was sent, and what was answered.
    #[schema(max_items = 2)]
    pub(super) calls: Vec<ConformanceCall>,
    /// What to put right. Where a `duplicate` or a `disorder` passed: what to check yourself, for a status
    /// of 2xx does not show whether the message had an effect.
    #[schema(max_length = 500)]
    pub(super) advice: Option<&'static str>,
}

/// `good`: a message as all are; `duplicate`: the same once more; `disorder`: two messages, the newer
/// one first; `bad_signature`: signed with another secret; `old_timestamp`: signed rightly, ten minutes
/// ago.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Scene {
    Good,
    Duplicate,
    Disorder,
    BadSignature,
    OldTimestamp,
}

/// `accepted`: answered with 2xx; `refused`: answered with 4xx, 401 for instance.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Expected {
    Accepted,
    Refused,
}

/// `not_played`: nothing can be learned of it until the good message is accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum SceneResult {
    Passed,
    Failed,
    NotPlayed,
}

/// One message and its answer.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct ConformanceCall {
    /// The header `webhook-id` that was sent.
    #[schema(max_length = 40)]
    pub(super) webhook_id: String,
    /// The header `webhook-timestamp` that was sent.
    #[schema(minimum = 0)]
    pub(super) webhook_timestamp: i64,
    /// The body that was sent.
    #[schema(max_length = 4000)]
    pub(super) payload: String,
    /// The status that was answered, if any.
    #[schema(minimum = 100, maximum = 999)]
    pub(super) status: Option<u16>,
    /// Why there was none.
    pub(super) error: Option<DeliveryError>,
}
