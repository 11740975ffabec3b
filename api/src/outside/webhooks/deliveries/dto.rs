//! What travels about deliveries.

use chrono::{DateTime, Utc};
use entity::values::{DeliveryError, DeliveryState};
use entity::webhook_delivery;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::kit::Meta;
use crate::outside::webhooks::message::id_of;

/// One message to one endpoint, and what became of it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct WebhookDelivery {
    #[serde(flatten)]
    meta: Meta,
    /// The webhook.
    webhook_id: Uuid,
    /// The header `webhook-id`: the same at each attempt.
    #[schema(max_length = 40, example = "msg_01a2074499a97658b609f511341d099b")]
    message_id: String,
    /// What it tells.
    #[serde(rename = "type")]
    #[schema(max_length = 80, example = "booklet.closed")]
    kind: String,
    /// The change's place in the feed; null for a ping.
    #[schema(minimum = 1)]
    sequence: Option<i64>,
    /// The booklet that it is about.
    booklet_id: Option<Uuid>,
    /// When it happened (UTC).
    occurred_at: DateTime<Utc>,
    /// The body, byte for byte the same at each attempt.
    #[schema(max_length = 4000)]
    payload: String,
    /// What became of it.
    state: DeliveryState,
    /// How often it was tried, since it was made or asked for again.
    #[schema(minimum = 0)]
    attempts: i32,
    /// When it is tried next, while it is pending (UTC).
    next_attempt_at: Option<DateTime<Utc>>,
    /// When it was last tried (UTC).
    last_attempt_at: Option<DateTime<Utc>>,
    /// The status that the last attempt was answered with, if any.
    #[schema(minimum = 100, maximum = 999)]
    last_status: Option<i32>,
    /// Why the last attempt failed.
    last_error: Option<DeliveryError>,
    /// How long the last attempt took, in milliseconds.
    #[schema(minimum = 0)]
    last_duration_ms: Option<i32>,
    /// When it was answered with 2xx (UTC).
    delivered_at: Option<DateTime<Utc>>,
}

impl From<webhook_delivery::Model> for WebhookDelivery {
    fn from(row: webhook_delivery::Model) -> Self {
        let is_pending = row.state == DeliveryState::Pending;
        Self {
            meta: (&row).into(),
            webhook_id: row.webhook_id,
            message_id: id_of(row.id),
            kind: row.kind,
            sequence: row.position,
            booklet_id: row.booklet_id,
            occurred_at: row.occurred_at,
            payload: row.body,
            state: row.state,
            attempts: row.attempts,
            next_attempt_at: is_pending.then_some(row.next_attempt_at),
            last_attempt_at: row.last_attempt_at,
            last_status: row.last_status,
            last_error: row.last_error,
            last_duration_ms: row.last_duration_ms,
            delivered_at: row.delivered_at,
        }
    }
}

/// Which deliveries.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct WebhookDeliveryFilter {
    /// Only those in this state.
    pub(super) state: Option<DeliveryState>,
}
