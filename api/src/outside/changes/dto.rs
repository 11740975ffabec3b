//! What travels about changes: names and numbers, never contents.

use chrono::{DateTime, Utc};
use entity::event;
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;
use utoipa::openapi::extensions::ExtensionsBuilder;
use utoipa::openapi::schema::{Object, ObjectBuilder, Type};
use uuid::Uuid;

use crate::foundation::event_types::{KINDS, Kind};
use crate::foundation::keys::Keys;
use crate::trust::audit::dto::FieldName;

/// A page of changes.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ChangePage {
    /// In the order in which they can be followed.
    #[schema(max_items = 100)]
    pub(super) items: Vec<Change>,
    /// Cursor to go on from, for `after`: there is always one, at the end of the feed too.
    #[schema(max_length = 200)]
    pub(super) next: String,
}

/// Something that happened to an object. New types and resources may come: pass over those that you do
/// not know.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Change {
    /// Its place in the organization's feed: rises from each change to the next, with gaps. In the stream of
    /// one's news it rises from one second to the next, and tells nothing else.
    #[schema(minimum = 1)]
    sequence: i64,
    /// When it was made (UTC). Changes made at once may be told in another order.
    at: DateTime<Utc>,
    #[serde(rename = "type")]
    #[schema(schema_with = known_types)]
    kind: String,
    #[schema(schema_with = known_resources)]
    resource: String,
    /// The object.
    resource_id: Uuid,
    /// The booklet that it is a page of.
    booklet_id: Option<Uuid>,
    /// The object's version after the change; of one that is gone, its last.
    version: i32,
    /// The object's state after the change, if it has one.
    #[schema(max_length = 40)]
    state: Option<String>,
    /// Names of the fields that changed.
    #[schema(value_type = Vec<FieldName>, max_items = 50)]
    changed: Vec<String>,
}

impl From<event::Model> for Change {
    fn from(row: event::Model) -> Self {
        Self {
            sequence: row.position.unwrap_or_default(),
            at: row.at,
            kind: row.kind,
            resource: row.resource,
            resource_id: row.resource_id,
            booklet_id: row.booklet_id,
            version: row.version,
            state: row.state,
            changed: row.changed.0,
        }
    }
}

impl Change {
    /// For somebody who is not told of all: its place would tell how much else there was.
    pub(super) fn without_place(self, keys: &Keys) -> Self {
        Self {
            sequence: keys.number(self.at, self.sequence),
            ..self
        }
    }
}

/// The types that an organization's feed can tell.
fn told() -> impl Iterator<Item = &'static Kind> {
    KINDS.iter().filter(|kind| kind.is_of_an_organization())
}

/// A text and not a closed list: a type that is new breaks no client.
fn known_types() -> Object {
    let meanings = told().map(|kind| format!("\n- `{kind}`: {}", kind.meaning));
    let description = format!(
        "What happened, as `resource.verb`. Known are:{}",
        meanings.collect::<String>()
    );
    open(
        description,
        &told().map(ToString::to_string).collect::<Vec<_>>(),
    )
}

fn known_resources() -> Object {
    let mut names: Vec<String> = told().map(|kind| kind.resource.to_owned()).collect();
    names.dedup();
    open(
        format!("The kind of object. Known are: `{}`.", names.join("`, `")),
        &names,
    )
}

fn open(description: String, known: &[String]) -> Object {
    let known = ExtensionsBuilder::new().add("x-known-values", json!(known));
    ObjectBuilder::new()
        .schema_type(Type::String)
        .description(Some(description))
        .max_length(Some(80))
        .extensions(Some(known.build()))
        .build()
}
