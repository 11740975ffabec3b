//! What travels about accesses: names and ids, never contents.

use crate::foundation::access_log::one_booklet;
use crate::foundation::keys::Keys;
use chrono::{DateTime, Utc};
use entity::access_entry;
use entity::values::{AccessKind, AccessOutcome};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// A line about a booklet: who, as what, what, when.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct BookletAccess {
    /// Its number: rises from one second to the next, and never tells how many lines lie between two.
    sequence: i64,
    /// When (UTC).
    at: DateTime<Utc>,
    /// `read`, or `write` for a change that was refused: changes are in the audit.
    #[schema(value_type = AccessKind)]
    kind: String,
    /// What was called: an `operationId` of the API document.
    #[schema(example = "get_booklet", max_length = 80)]
    operation: String,
    /// How it ended.
    #[schema(value_type = AccessOutcome)]
    outcome: String,
    /// The HTTP status of the answer.
    #[schema(minimum = 0, maximum = 599, example = 200)]
    status: i16,
    /// The problem's code, when it was refused.
    #[schema(max_length = 60, example = "not_found")]
    code: Option<String>,
    /// The user or service account.
    actor_id: Option<Uuid>,
    /// In which role.
    #[schema(max_length = 20, example = "tutor")]
    actor_role: Option<String>,
    /// The present name of the user; null when they are gone, or out of the reader's reach.
    #[schema(max_length = 250, example = "Léa Fontaine")]
    actor_name: Option<String>,
    /// What the right was needed on, as the policy names it; for an export, the table.
    #[schema(max_length = 40, example = "booklets")]
    resource: Option<String>,
    /// The object whose id was in the address: for the list of its pages, the booklet.
    resource_id: Option<Uuid>,
    /// The request.
    #[schema(max_length = 64)]
    request_id: Option<String>,
    /// How many such requests: more than one for floods, which are counted.
    #[schema(minimum = 1, example = 1)]
    times: i32,
}

impl BookletAccess {
    pub(super) fn shown(row: access_entry::Model, actor_name: Option<String>, keys: &Keys) -> Self {
        Self {
            sequence: keys.number(row.at, row.sequence),
            at: row.at,
            kind: row.kind,
            operation: row.operation,
            outcome: row.outcome,
            status: row.status,
            code: row.code,
            actor_id: row.actor_id,
            actor_role: row.actor_role,
            actor_name,
            resource: row.resource,
            resource_id: row.resource_id,
            request_id: row.request_id,
            times: row.times,
        }
    }
}

/// A line of the access log.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Access {
    #[serde(flatten)]
    line: BookletAccess,
    /// The organization of whoever called; null for the platform's.
    organization_id: Option<Uuid>,
    /// The booklet that was seen, or asked for; null for exports of all of them.
    booklet_id: Option<Uuid>,
    /// The session; of a program that sends an API key, the key.
    session_id: Option<Uuid>,
    /// The address it came from.
    #[schema(max_length = 45, example = "192.0.2.7")]
    address: Option<String>,
}

impl Access {
    pub(super) fn shown(row: access_entry::Model, actor_name: Option<String>, keys: &Keys) -> Self {
        Self {
            organization_id: row.organization_id,
            booklet_id: one_booklet(&row),
            session_id: row.session_id,
            address: row.address.clone(),
            line: BookletAccess::shown(row, actor_name, keys),
        }
    }
}

/// Which lines.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct AccessFilter {
    /// Only those of this user or service account.
    pub(super) actor_id: Option<Uuid>,
    /// Only those about this booklet.
    pub(super) booklet_id: Option<Uuid>,
    /// Only those of this kind.
    pub(super) kind: Option<AccessKind>,
    /// Only those of this operation.
    #[param(max_length = 80, example = "get_booklet")]
    pub(super) operation: Option<String>,
    /// Only those that ended so.
    pub(super) outcome: Option<AccessOutcome>,
    /// Only those from this instant on (RFC 3339).
    #[param(example = "2020-01-01T00:00:00Z")]
    pub(super) from: Option<DateTime<Utc>>,
    /// Only those before this instant (RFC 3339).
    #[param(example = "2040-01-01T00:00:00Z")]
    pub(super) to: Option<DateTime<Utc>>,
}
