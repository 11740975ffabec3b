//! What travels about webhooks.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use entity::values::{DisabledReason, Role, WebhookState};
use entity::webhook;
use sea_orm::Set;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

use super::topics::{Topic, texts};
use crate::kit::Meta;

/// An endpoint of another system that is told of changes.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Webhook {
    #[serde(flatten)]
    meta: Meta,
    /// The organization.
    organization_id: Uuid,
    /// Where messages are sent; null for the platform's admin.
    #[schema(format = "uri", max_length = 500)]
    url: Option<String>,
    /// What it is for; null for the platform's admin.
    #[schema(max_length = 200)]
    description: Option<String>,
    /// The changes that it is told of.
    #[schema(max_items = 50)]
    topics: Vec<Topic>,
    /// Whether messages are sent.
    state: WebhookState,
    /// Why it is disabled.
    disabled_reason: Option<DisabledReason>,
    /// Since when it is disabled (UTC).
    disabled_at: Option<DateTime<Utc>>,
    /// The place in the change feed up to which deliveries were made of it. Like `failing_since` and
    /// `held_until`, it does not raise the version.
    #[schema(minimum = 0)]
    sequence: i64,
    /// Since when every attempt has failed (UTC).
    failing_since: Option<DateTime<Utc>>,
    /// Until when nothing is sent because the endpoint asked for it with `Retry-After` (UTC).
    held_until: Option<DateTime<Utc>>,
    /// Until when the secret before the present one signs too (UTC).
    former_secret_expires_at: Option<DateTime<Utc>>,
}

impl Webhook {
    /// What somebody of this role sees of it.
    pub(super) fn seen_by(row: webhook::Model, role: Role) -> Self {
        let is_ours = role != Role::Admin;
        Self {
            meta: (&row).into(),
            organization_id: row.organization_id,
            topics: Topic::read(&row.topics),
            url: is_ours.then_some(row.url),
            description: row.description.filter(|_| is_ours),
            state: row.state,
            disabled_reason: row.disabled_reason,
            disabled_at: row.disabled_at,
            sequence: row.position,
            failing_since: row.failing_since,
            held_until: row.held_until,
            former_secret_expires_at: row.former_secret_expires_at,
        }
    }
}

/// A webhook with its secret, which is shown this once.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct WebhookSecret {
    #[serde(flatten)]
    pub(super) webhook: Webhook,
    /// Signs the messages (Standard Webhooks, HMAC-SHA256). Keep it safe: it cannot be shown again.
    #[schema(required = false, max_length = 80, extensions(("x-secret" = json!(true))))]
    pub(super) secret: String,
}

/// An endpoint, and what it is to be told of.
#[derive(Debug, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"url": "https://crm.horizon.example/livret", "description": "CRM", "topics": ["booklet.*", "candidate.*"]}))]
pub(crate) struct WebhookInput {
    /// Where messages are sent: an `https` address on the Internet. Private and local ones are refused,
    /// by number or by name (`private_address`).
    #[schema(format = "uri", min_length = 1, max_length = 500)]
    pub(super) url: String,
    /// What it is for.
    #[serde(default)]
    #[schema(max_length = 200)]
    description: Option<String>,
    /// The changes to be told of: `booklet.closed` is one type, `booklet.*` are all of a resource,
    /// `*` are all. Resources are named in the singular, as in the types of `Change`. What happens to webhooks themselves stands in the change feed alone.
    #[schema(min_items = 1, max_items = 50)]
    pub(super) topics: BTreeSet<Topic>,
}

impl From<&webhook::Model> for WebhookInput {
    fn from(row: &webhook::Model) -> Self {
        Self {
            url: row.url.clone(),
            description: row.description.clone(),
            topics: Topic::read(&row.topics).into_iter().collect(),
        }
    }
}

impl From<WebhookInput> for webhook::ActiveModel {
    fn from(input: WebhookInput) -> Self {
        Self {
            url: Set(input.url),
            description: Set(input.description),
            topics: Set(texts(&input.topics)),
            ..Default::default()
        }
    }
}

/// How a webhook's secret is to be replaced.
#[derive(Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"overlap_hours": 24}))]
pub(crate) struct WebhookSecretRotation {
    /// For how many hours the present secret still signs beside the new one; 0: no more at once.
    #[serde(default = "a_day")]
    #[schema(required = false, minimum = 0, maximum = 168, default = 24)]
    pub(super) overlap_hours: u32,
}

fn a_day() -> u32 {
    24
}

/// From where a webhook that was disabled goes on.
#[derive(Debug, Default, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"resume": "where_it_stopped"}))]
pub(crate) struct WebhookResumption {
    /// Default: `where_it_stopped`.
    #[serde(default)]
    #[schema(required = false)]
    pub(super) resume: ResumeFrom,
}

/// `where_it_stopped`: all that happened meanwhile is delivered; `now`: it is passed over.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ResumeFrom {
    #[default]
    WhereItStopped,
    Now,
}

/// What is to be delivered again: what happened in a period of 31 days at most.
#[derive(Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"since": "2020-01-01T00:00:00Z", "until": "2020-01-31T00:00:00Z"}))]
pub(crate) struct RedeliveryPeriod {
    /// From when on it happened (UTC): not in the future, and 31 days ago at most when `until` is absent.
    pub(super) since: DateTime<Utc>,
    /// Until when (UTC): 31 days later at most. Default: now.
    #[serde(default)]
    pub(super) until: Option<DateTime<Utc>>,
    /// Only deliveries that were given up. Default: the delivered ones too.
    #[serde(default)]
    #[schema(required = false, default = false)]
    pub(super) failed_only: bool,
    /// Only what comes after this place in the feed: the `next` of the answer before.
    #[serde(default)]
    #[schema(minimum = 0)]
    pub(super) after: Option<i64>,
}

/// How much is delivered again.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Redelivery {
    /// How many deliveries are pending again.
    #[schema(minimum = 0, maximum = 10000, example = 0)]
    pub(super) queued: u64,
    /// The place in the feed to go on after (`after`) when there are more; null when there are none.
    #[schema(minimum = 0)]
    pub(super) next: Option<i64>,
}
