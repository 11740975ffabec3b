//! One message to one endpoint: what it says, and what became of it.

use sea_orm::entity::prelude::*;

use crate::values::{DeliveryError, DeliveryState};

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "webhook_deliveries")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub organization_id: Uuid,
    pub webhook_id: Uuid,
    pub position: Option<i64>,
    pub occurred_at: DateTimeUtc,
    #[sea_orm(column_type = "Text")]
    pub kind: String,
    pub booklet_id: Option<Uuid>,
    #[sea_orm(column_type = "Text")]
    pub body: String,
    /// The trace in which happened what it tells.
    #[sea_orm(column_type = "Text", nullable)]
    pub traceparent: Option<String>,
    pub state: DeliveryState,
    pub attempts: i32,
    pub next_attempt_at: DateTimeUtc,
    pub give_up_at: DateTimeUtc,
    pub last_status: Option<i32>,
    pub last_error: Option<DeliveryError>,
    pub last_duration_ms: Option<i32>,
    pub last_attempt_at: Option<DateTimeUtc>,
    pub delivered_at: Option<DateTimeUtc>,
    pub version: i32,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}

crate::row!("webhook_delivery", tenant, state);
