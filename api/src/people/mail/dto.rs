//! What is told of mails: whether they left, never what they say.

use chrono::{DateTime, Utc};
use entity::mail;
use entity::values::{MailKind, MailState};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// A mail of the service to somebody.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Mail {
    /// Made by the service (UUIDv7).
    id: Uuid,
    /// What it is about.
    kind: MailKind,
    /// Whether it left.
    state: MailState,
    /// How often it was tried.
    #[schema(minimum = 0)]
    attempts: i32,
    /// Why the last attempt failed: `timeout`, `connection`, or the words of the mail server.
    #[schema(
        max_length = 200,
        example = "smtp_550 permanent error (550): mailbox unavailable"
    )]
    reason: Option<String>,
    /// When it was written (UTC).
    created_at: DateTime<Utc>,
    /// When the mail server took it (UTC).
    sent_at: Option<DateTime<Utc>>,
}

impl From<mail::Model> for Mail {
    fn from(row: mail::Model) -> Self {
        Self {
            id: row.id,
            kind: row.kind,
            state: row.state,
            attempts: row.attempts,
            reason: row.reason,
            created_at: row.created_at,
            sent_at: row.sent_at,
        }
    }
}
