//! What travels about changes: names, never contents.

use chrono::{DateTime, Utc};
use entity::event;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::foundation::keys::Keys;
use crate::people::names::{Signed, Someone};

/// A change: who, what, when.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AuditEvent {
    /// Its number in the audit trail: rises from one second to the next. Within a second it tells nothing of
    /// order, and never how many changes lie between two. Not the `sequence` of the change feed.
    sequence: i64,
    /// When (UTC).
    at: DateTime<Utc>,
    /// The user or service account; null for the service itself.
    actor_id: Option<Uuid>,
    /// Who that is; absent when they are gone.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, value_type = Someone)]
    actor: Option<Someone>,
    /// In which role; `system` for the service itself.
    #[schema(example = "tutor", max_length = 20)]
    actor_role: String,
    /// What happened: resource and verb.
    #[serde(rename = "type")]
    #[schema(example = "follow_up.created", max_length = 80)]
    kind: String,
    /// The kind of object.
    #[schema(example = "follow_up", max_length = 40)]
    resource: String,
    /// The object.
    resource_id: Uuid,
    /// The object's version after the change.
    version: i32,
    /// The object's state after the change, if it has one.
    #[schema(max_length = 40)]
    state: Option<String>,
    /// Names of the fields that changed.
    #[schema(value_type = Vec<FieldName>, max_items = 50)]
    changed: Vec<String>,
    /// The hash of the content that was proposed or signed; of contracts alone.
    #[schema(pattern = "^[0-9a-f]{64}$", max_length = 64)]
    content_sha256: Option<String>,
    /// The request that did it.
    #[schema(max_length = 64)]
    request_id: String,
}

/// The name of a field.
#[derive(ToSchema)]
#[schema(max_length = 60, example = "contacted_on")]
#[expect(dead_code, reason = "describes the elements of `changed`")]
pub(crate) struct FieldName(String);

impl AuditEvent {
    pub(super) fn shown(row: event::Model, keys: &Keys) -> Self {
        Self {
            sequence: keys.number(row.at, row.sequence),
            at: row.at,
            actor_id: row.actor_id,
            actor: None,
            actor_role: row.actor_role,
            kind: row.kind,
            resource: row.resource,
            resource_id: row.resource_id,
            version: row.version,
            state: row.state,
            changed: row.changed.0,
            content_sha256: row.content_sha256,
            request_id: row.request_id,
        }
    }
}

impl Signed for AuditEvent {
    fn by(&self) -> Option<Uuid> {
        self.actor_id
    }

    fn sign(&mut self, who: Someone) {
        self.actor = Some(who);
    }
}
