//! An endpoint of another system that is told of changes, and how far it was told.

use sea_orm::entity::prelude::*;

use crate::values::{DisabledReason, Texts, WebhookState};

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "webhooks")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub organization_id: Uuid,
    #[sea_orm(column_type = "Text")]
    pub url: String,
    #[sea_orm(column_type = "Text", nullable)]
    pub description: Option<String>,
    pub topics: Texts,
    pub state: WebhookState,
    pub disabled_reason: Option<DisabledReason>,
    pub disabled_at: Option<DateTimeUtc>,
    #[sea_orm(column_type = "Text")]
    pub secret_salt: String,
    #[sea_orm(column_type = "Text", nullable)]
    pub former_secret_salt: Option<String>,
    pub former_secret_expires_at: Option<DateTimeUtc>,
    pub position: i64,
    pub failing_since: Option<DateTimeUtc>,
    pub held_until: Option<DateTimeUtc>,
    pub version: i32,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}

crate::row!("webhook", tenant, state);
