//! A row of the audit trail, whichever table it stands in: its canonical form, with every column.

use chrono::{DateTime, SecondsFormat, Utc};
use entity::{access_entry, event};
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter};
use serde_json::{Value, json};
use strum::{Display, EnumIter, EnumString};
use uuid::Uuid;

use super::head::Chain;

/// The tables whose rows are chained.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Display, EnumIter, EnumString,
)]
#[strum(serialize_all = "snake_case")]
pub(super) enum Source {
    Event,
    Access,
}

/// A row of one of them.
#[derive(Clone, Debug)]
pub(super) struct Row {
    pub(super) source: Source,
    pub(super) sequence: i64,
    pub(super) chain: Chain,
    pub(super) at: DateTime<Utc>,
    /// JSON as RFC 8785 has it.
    pub(super) canonical: Vec<u8>,
}

impl Row {
    fn new(
        source: Source,
        sequence: i64,
        organization_id: Option<Uuid>,
        at: DateTime<Utc>,
        columns: &Value,
    ) -> Result<Self, DbErr> {
        let whole = json!({
            "source": source.to_string(),
            "sequence": sequence.to_string(),
            "organization_id": organization_id,
            "at": at.to_rfc3339_opts(SecondsFormat::Nanos, true),
            "columns": columns,
        });
        let canonical = serde_json_canonicalizer::to_vec(&whole)
            .map_err(|error| DbErr::Custom(error.to_string()))?;
        Ok(Self {
            source,
            sequence,
            chain: Chain::of(organization_id),
            at,
            canonical,
        })
    }
}

impl TryFrom<event::Model> for Row {
    type Error = DbErr;

    fn try_from(row: event::Model) -> Result<Self, DbErr> {
        let mut columns = json!({
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
        });
        // Rows that were chained before there was such a column keep their form.
        if let (Some(hash), Some(columns)) = (row.content_sha256, columns.as_object_mut()) {
            columns.insert("content_sha256".into(), hash.into());
        }
        Self::new(
            Source::Event,
            row.sequence,
            row.organization_id,
            row.at,
            &columns,
        )
    }
}

impl TryFrom<access_entry::Model> for Row {
    type Error = DbErr;

    fn try_from(row: access_entry::Model) -> Result<Self, DbErr> {
        let columns = json!({
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
        });
        Self::new(
            Source::Access,
            row.sequence,
            row.organization_id,
            row.at,
            &columns,
        )
    }
}

/// The rows of these numbers that are there.
#[expect(clippy::disallowed_methods, reason = "the chains are over all rows")]
pub(super) async fn read(
    db: &impl ConnectionTrait,
    source: Source,
    sequences: Vec<i64>,
) -> Result<Vec<Row>, DbErr> {
    match source {
        Source::Event => {
            let found = event::Entity::find().filter(event::Column::Sequence.is_in(sequences));
            found
                .all(db)
                .await?
                .into_iter()
                .map(Row::try_from)
                .collect()
        }
        Source::Access => {
            let column = access_entry::Column::Sequence;
            let found = access_entry::Entity::find().filter(column.is_in(sequences));
            found
                .all(db)
                .await?
                .into_iter()
                .map(Row::try_from)
                .collect()
        }
    }
}
