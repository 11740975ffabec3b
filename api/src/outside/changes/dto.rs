//! What travels about changes: names and numbers, never contents.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use entity::event;
use serde::Serialize;
use serde_json::json;
use utoipa::openapi::schema::{Discriminator, Object, OneOfBuilder, Schema};
use utoipa::openapi::{Ref, RefOr};
use utoipa::{PartialSchema, ToSchema};
use uuid::Uuid;

use crate::foundation::event_types::{KINDS, Kind};
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

/// Server-sent events, for as long as the stream lasts: each with its cursor as `id` and a `Change` as
/// `data`.
#[derive(ToSchema)]
#[schema(max_length = 2_147_483_647)]
#[expect(dead_code, reason = "describes the stream")]
pub(crate) struct ChangeStream(String);

/// A change: `type` says of what.
#[derive(Debug, Serialize)]
#[serde(transparent)]
pub(crate) struct Change(Fields);

/// What every change tells.
#[derive(Debug, Serialize, ToSchema)]
struct Fields {
    /// Its place in the organization's feed: rises from each change to the next, with gaps.
    #[schema(minimum = 1)]
    sequence: i64,
    /// When it was made (UTC). Changes made at once may be told in another order.
    at: DateTime<Utc>,
    /// What happened: resource and verb.
    #[serde(rename = "type")]
    kind: String,
    /// The kind of object.
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
        Self(Fields {
            sequence: row.position.unwrap_or_default(),
            at: row.at,
            kind: row.kind,
            resource: row.resource,
            resource_id: row.resource_id,
            booklet_id: row.booklet_id,
            version: row.version,
            state: row.state,
            changed: row.changed.0,
        })
    }
}

impl Change {
    /// Its place in the feed.
    pub(super) fn sequence(&self) -> i64 {
        self.0.sequence
    }
}

impl ToSchema for Change {
    fn name() -> std::borrow::Cow<'static, str> {
        "Change".into()
    }

    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        Fields::schemas(schemas);
        for (resource, kinds) in by_resource() {
            schemas.push((schema_name(resource), one_resource(resource, &kinds)));
        }
    }
}

/// One schema for each resource, told apart by `type`.
impl PartialSchema for Change {
    fn schema() -> RefOr<Schema> {
        let mut union = OneOfBuilder::new().description(Some("A change: `type` says of what."));
        let mut mapping = Vec::new();
        for (resource, kinds) in by_resource() {
            let schema = Ref::from_schema_name(schema_name(resource));
            mapping.extend(
                kinds
                    .iter()
                    .map(|kind| (kind.to_string(), schema.ref_location.clone())),
            );
            union = union.item(schema);
        }
        let discriminator = Discriminator::with_mapping("type", mapping);
        union.discriminator(Some(discriminator)).into()
    }
}

/// The types that an organization's feed can tell.
fn by_resource() -> BTreeMap<&'static str, Vec<&'static Kind>> {
    let mut all: BTreeMap<&str, Vec<&Kind>> = BTreeMap::new();
    for kind in KINDS.iter().filter(|kind| kind.is_of_an_organization()) {
        all.entry(kind.resource).or_default().push(kind);
    }
    all
}

/// `BookletMemberChange`
fn schema_name(resource: &str) -> String {
    let words = resource.split('_').map(|word| {
        let (first, rest) = word.split_at(1.min(word.len()));
        first.to_uppercase() + rest
    });
    words.chain(["Change".to_owned()]).collect()
}

fn one_resource(resource: &str, kinds: &[&Kind]) -> RefOr<Schema> {
    let RefOr::T(Schema::Object(mut fields)) = Fields::schema() else {
        return Fields::schema();
    };
    fields.description = Some(format!("A change of: {}.", resource.replace('_', " ")));
    let meanings: Vec<String> = kinds
        .iter()
        .map(|kind| format!("- `{kind}`: {}", kind.meaning))
        .collect();
    let types = kinds.iter().map(|kind| json!(kind.to_string())).collect();
    if let Some(kind) = text(&mut fields, "type") {
        kind.description = Some(format!("What happened.\n{}", meanings.join("\n")));
        kind.enum_values = Some(types);
    }
    if let Some(name) = text(&mut fields, "resource") {
        name.enum_values = Some(vec![json!(resource)]);
    }
    RefOr::T(Schema::Object(fields))
}

fn text<'a>(fields: &'a mut Object, name: &str) -> Option<&'a mut Object> {
    match fields.properties.get_mut(name)? {
        RefOr::T(Schema::Object(property)) => Some(property),
        _ => None,
    }
}
