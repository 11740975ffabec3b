//! « Plan d'accompagnement co-construit » (§05): one per booklet, from its creation.

use sea_orm::entity::prelude::*;

use crate::values::{Party, PlanState};

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "plans")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub organization_id: Uuid,
    #[sea_orm(unique)]
    pub booklet_id: Uuid,
    pub state: PlanState,
    pub proposed_by: Option<Party>,
    pub agreed_by_candidate_at: Option<DateTimeUtc>,
    pub agreed_by_tutor_at: Option<DateTimeUtc>,
    pub on_behalf: bool,
    pub source_template_id: Option<Uuid>,
    pub version: i32,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}

crate::row!("plan", page, state);
