//! One row of the plan (§05): Objectif / Étape / Durée / Modalité.

use sea_orm::entity::prelude::*;

use crate::values::{Activity, Grouping, StepState};

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "plan_steps")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub organization_id: Uuid,
    pub booklet_id: Uuid,
    pub position: i32,
    #[sea_orm(column_type = "Text")]
    pub objective: String,
    #[sea_orm(column_type = "Text")]
    pub label: String,
    pub activity: Activity,
    pub grouping: Grouping,
    pub duration_minutes: Option<i32>,
    pub planned_from: Option<Date>,
    pub planned_to: Option<Date>,
    pub done_on: Option<Date>,
    pub state: StepState,
    #[sea_orm(column_type = "Text", nullable)]
    pub variance_reason: Option<String>,
    #[sea_orm(column_type = "Text", nullable)]
    pub vae_stage: Option<String>,
    pub version: i32,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}

crate::row!("plan_step", page, state);
