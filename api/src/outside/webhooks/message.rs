//! What endpoints are sent, and how it is signed: Standard Webhooks, version 1.

use std::time::Duration;

use chrono::{DateTime, Utc};
use entity::{event, webhook};
use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderValue};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::secret::signatures;
use crate::foundation::outbound::Parcel;
use crate::foundation::state::State;
use crate::kit::{Code, Problem, Result};
use crate::outside::changes::Change;

/// How long an endpoint may take to answer.
pub(super) const TIMEOUT: Duration = Duration::from_secs(15);

/// A change, as endpoints are told of it: the object of the change feed, without contents.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct WebhookMessage {
    /// What happened, as in `data`.
    #[serde(rename = "type")]
    #[schema(max_length = 80, example = "booklet.closed")]
    kind: String,
    /// When it happened (UTC); not when it was sent.
    timestamp: DateTime<Utc>,
    /// The change, as in the feed. Deliveries come in any order: `sequence` tells the right one.
    data: Change,
}

/// A message that means nothing: answer it with 2xx, and do no more.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct WebhookTest {
    /// `webhook.ping`, or `webhook.test` when the receiver is tried.
    #[serde(rename = "type")]
    #[schema(max_length = 80, example = "webhook.ping")]
    pub(super) kind: &'static str,
    /// When it was made (UTC).
    pub(super) timestamp: DateTime<Utc>,
    pub(super) data: WebhookTestData,
}

/// What a test tells.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct WebhookTestData {
    /// The webhook.
    pub(super) webhook_id: Uuid,
    /// Its place among the other tests; null for a ping.
    #[schema(minimum = 1)]
    pub(super) sequence: Option<i64>,
}

/// What an endpoint is told of an event, and its type.
///
/// # Errors
/// Never.
pub(super) fn of_event(event: event::Model) -> Result<String> {
    let message = WebhookMessage {
        kind: event.kind.clone(),
        timestamp: event.at,
        data: Change::from(event),
    };
    text(&message)
}

/// As it is signed and sent, byte for byte.
///
/// # Errors
/// Never.
pub(super) fn text(message: &impl Serialize) -> Result<String> {
    serde_json::to_string(message).map_err(|error| {
        tracing::error!(%error, "a message cannot be written");
        Problem::new(Code::InternalError)
    })
}

/// The id of a message, the same at each attempt.
pub(super) fn id_of(delivery_id: Uuid) -> String {
    format!("msg_{}", delivery_id.simple())
}

/// A message on its way: signed at this instant.
///
/// # Errors
/// Never.
pub(super) fn parcel(
    state: &State,
    webhook: &webhook::Model,
    (id, body): (&str, String),
    now: DateTime<Utc>,
) -> Result<Parcel> {
    let timestamp = now.timestamp();
    let signature = signatures(&state.keys, webhook, (id, &body), now, timestamp)?;
    Ok(Parcel {
        address: webhook.url.clone(),
        headers: headers(id, timestamp, &signature)?,
        body,
        timeout: TIMEOUT,
    })
}

/// What stands above a message.
///
/// # Errors
/// Never.
pub(super) fn headers(id: &str, timestamp: i64, signature: &str) -> Result<HeaderMap> {
    let mut headers = HeaderMap::new();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert("webhook-id", value(id)?);
    headers.insert("webhook-timestamp", timestamp.into());
    headers.insert("webhook-signature", value(signature)?);
    Ok(headers)
}

/// What a header says.
///
/// # Errors
/// Never.
pub(super) fn value(text: &str) -> Result<HeaderValue> {
    HeaderValue::from_str(text).map_err(|error| {
        tracing::error!(%error, "a message cannot be sent");
        Problem::new(Code::InternalError)
    })
}
