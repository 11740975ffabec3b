//! The form in which rows were bound one by one, until batches were: RFC 8785 of every column that
//! there was then.

use chrono::SecondsFormat;
use entity::{access_entry, event};
use sea_orm::DbErr;
use serde_json::{Value, json};

pub(super) fn event(row: &event::Model) -> Result<Vec<u8>, DbErr> {
    let mut whole = json!({
        "source": "event",
        "sequence": row.sequence.to_string(),
        "organization_id": row.organization_id,
        "at": row.at.to_rfc3339_opts(SecondsFormat::Nanos, true),
        "columns": {
            "actor_id": row.actor_id,
            "actor_role": row.actor_role,
            "kind": row.kind,
            "resource": row.resource,
            "resource_id": row.resource_id,
            "booklet_id": row.booklet_id,
            "version": row.version,
            "state": row.state,
            "changed": row.changed.0,
            "request_id": row.request_id,
            "private_to": row.private_to,
        },
    });
    // Rows that were chained before there was such a column keep their form.
    if let Some(hash) = &row.content_sha256
        && let Some(columns) = whole.pointer_mut("/columns").and_then(Value::as_object_mut)
    {
        columns.insert("content_sha256".into(), hash.as_str().into());
    }
    written(&whole)
}

pub(super) fn access(row: &access_entry::Model) -> Result<Vec<u8>, DbErr> {
    written(&json!({
        "source": "access",
        "sequence": row.sequence.to_string(),
        "organization_id": row.organization_id,
        "at": row.at.to_rfc3339_opts(SecondsFormat::Nanos, true),
        "columns": {
            "actor_id": row.actor_id,
            "actor_role": row.actor_role,
            "session_id": row.session_id,
            "kind": row.kind,
            "operation": row.operation,
            "outcome": row.outcome,
            "status": row.status,
            "code": row.code,
            "resource": row.resource,
            "resource_id": row.resource_id,
            "booklet_id": row.booklet_id,
            "address": row.address,
            "request_id": row.request_id,
            "times": row.times,
            "private_to": row.private_to,
        },
    }))
}

fn written(whole: &Value) -> Result<Vec<u8>, DbErr> {
    serde_json_canonicalizer::to_vec(whole).map_err(|error| DbErr::Custom(error.to_string()))
}
