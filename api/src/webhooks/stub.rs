//! TEMPORARY: what the feed will give.
use entity::event;
use serde::Serialize;
use utoipa::ToSchema;

pub(crate) const KINDS: &[&str] = &["booklet.created", "booklet.closed", "follow_up.created"];

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Change {
    sequence: i64,
}

impl From<event::Model> for Change {
    fn from(e: event::Model) -> Self {
        Self {
            sequence: e.position.unwrap_or_default(),
        }
    }
}
