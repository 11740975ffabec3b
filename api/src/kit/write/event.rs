//! What a transaction tells of what it did: names, never contents. The events are rows of the same transaction
//! (elsewhere a transactional outbox).

use chrono::{DateTime, Utc};
use entity::event;
use entity::values::Texts;
use sea_orm::ActiveValue::NotSet;
use sea_orm::{EntityTrait, Set};
use uuid::Uuid;

use crate::foundation::database::Transaction;
pub use crate::foundation::event_types::verb;
use crate::foundation::event_types::{Told, Verb};
use crate::foundation::spans;
use crate::kit::Result;

/// What a transaction did to one row: names, never contents.
#[derive(Clone, Debug)]
pub struct Event {
    resource: &'static str,
    verb: &'static str,
    pub(in crate::kit) organization_id: Option<Uuid>,
    resource_id: Uuid,
    pub(in crate::kit) booklet_id: Option<Uuid>,
    version: i32,
    state: Option<String>,
    changed: Vec<String>,
    private_to: Option<Uuid>,
    content_sha256: Option<String>,
}

impl Event {
    /// `<resource>.<verb>`, the verb in the past.
    pub fn new<V: Verb, M: Told<V>>(row: &M, _: V) -> Self {
        Self {
            resource: M::NAME,
            verb: V::NAME,
            organization_id: row.organization_id(),
            resource_id: row.id(),
            booklet_id: row.booklet_id(),
            version: row.version(),
            state: row.state(),
            changed: Vec::new(),
            private_to: None,
            content_sha256: None,
        }
    }

    /// A row was made.
    pub fn created<M: Told<verb::Created>>(row: &M) -> Self {
        Self::new(row, verb::Created)
    }

    /// Fields of a row changed.
    pub fn updated<M: Told<verb::Updated>>(row: &M, changed: Vec<String>) -> Self {
        Self {
            changed,
            ..Self::new(row, verb::Updated)
        }
    }

    /// A row is gone.
    pub fn deleted<M: Told<verb::Deleted>>(row: &M) -> Self {
        Self::new(row, verb::Deleted)
    }

    /// For this person's eyes only.
    #[must_use]
    pub fn private_to(mut self, user: Option<Uuid>) -> Self {
        self.private_to = user;
        self
    }

    /// Of this content, by its hash: what was proposed or signed.
    #[must_use]
    pub fn of_content(mut self, sha256: Option<String>) -> Self {
        self.content_sha256 = sha256;
        self
    }

    pub(super) fn row(
        self,
        at: DateTime<Utc>,
        actor: &Author,
        request_id: &str,
    ) -> event::ActiveModel {
        event::ActiveModel {
            sequence: NotSet,
            organization_id: Set(self.organization_id),
            at: Set(at),
            actor_id: Set(actor.id),
            actor_role: Set(actor.role.clone()),
            kind: Set(format!("{}.{}", self.resource, self.verb)),
            resource: Set(self.resource.to_owned()),
            resource_id: Set(self.resource_id),
            booklet_id: Set(self.booklet_id),
            version: Set(self.version),
            state: Set(self.state),
            changed: Set(Texts(self.changed)),
            request_id: Set(request_id.to_owned()),
            private_to: Set(self.private_to),
            content_sha256: Set(self.content_sha256),
            traceparent: Set(spans::present()),
            position: NotSet,
            link: NotSet,
        }
    }
}

/// How many rows one statement writes.
const AT_A_TIME: usize = 1000;

/// Who did it, as events tell.
pub(crate) struct Author {
    pub(crate) id: Option<Uuid>,
    pub(crate) role: String,
}

/// Writes events within a transaction.
pub(crate) async fn write_events(
    txn: &Transaction,
    events: Vec<Event>,
    at: DateTime<Utc>,
    author: &Author,
    request_id: &str,
) -> Result<()> {
    let mut events = events.into_iter();
    loop {
        let some = events.by_ref().take(AT_A_TIME);
        let rows: Vec<_> = some
            .map(|event| event.row(at, author, request_id))
            .collect();
        if rows.is_empty() {
            return Ok(());
        }
        event::Entity::insert_many(rows)
            .exec_without_returning(txn)
            .await?;
    }
}
