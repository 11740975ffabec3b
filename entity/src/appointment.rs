//! Rendez-vous between candidate and tutor.

use sea_orm::entity::prelude::*;

use crate::values::{AppointmentKind, AppointmentMode, AppointmentState};

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "appointments")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub organization_id: Uuid,
    pub booklet_id: Uuid,
    pub starts_at: DateTimeUtc,
    pub ends_at: DateTimeUtc,
    #[sea_orm(column_type = "Text")]
    pub timezone: String,
    pub kind: AppointmentKind,
    pub mode: AppointmentMode,
    #[sea_orm(column_type = "Text", nullable)]
    pub place: Option<String>,
    pub state: AppointmentState,
    pub plan_step_id: Option<Uuid>,
    pub sequence: i32,
    pub version: i32,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}

crate::row!("appointment", page, state);
