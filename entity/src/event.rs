//! One line per change, append-only: audit trail, change feed and webhooks read it. Names of fields, never contents.

use sea_orm::entity::prelude::*;
use serde::Serialize;

use crate::values::Texts;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, DeriveEntityModel)]
#[sea_orm(table_name = "events")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub sequence: i64,
    pub organization_id: Option<Uuid>,
    pub at: DateTimeUtc,
    pub actor_id: Option<Uuid>,
    #[sea_orm(column_type = "Text")]
    pub actor_role: String,
    #[sea_orm(column_type = "Text")]
    pub kind: String,
    #[sea_orm(column_type = "Text")]
    pub resource: String,
    pub resource_id: Uuid,
    pub booklet_id: Option<Uuid>,
    pub version: i32,
    #[sea_orm(column_type = "Text", nullable)]
    pub state: Option<String>,
    pub changed: Texts,
    #[sea_orm(column_type = "Text")]
    pub request_id: String,
    pub private_to: Option<Uuid>,
    /// The hash of the content that was proposed or signed, of contracts alone.
    #[sea_orm(column_type = "Text", nullable)]
    pub content_sha256: Option<String>,
    /// The trace in which it happened, if its caller said one (W3C Trace Context). It is for the messages of
    /// webhooks: no link of the chain binds it.
    #[sea_orm(column_type = "Text", nullable)]
    #[serde(skip)]
    pub traceparent: Option<String>,
    /// Its place in the feed of its organization, given by whoever reads the feed; below 0 where nobody
    /// reads of it.
    pub position: Option<i64>,
    /// The link of its organization's chain that binds it, given together with its place.
    pub link: Option<i64>,
}

impl ActiveModelBehavior for ActiveModel {}
