//! Contrat pédagogique (§02). From `proposed` on its content never changes.

use sea_orm::entity::prelude::*;

use crate::values::{ContractState, Texts};

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "contracts")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub organization_id: Uuid,
    pub booklet_id: Uuid,
    pub number: i32,
    pub supersedes_id: Option<Uuid>,
    pub state: ContractState,
    #[sea_orm(column_type = "Text")]
    pub preamble: String,
    pub candidate_commitments: Texts,
    pub tutor_commitments: Texts,
    #[sea_orm(column_type = "Text")]
    pub pledge: String,
    pub starts_on: Date,
    pub ends_on: Date,
    #[sea_orm(column_type = "Text", nullable)]
    pub content_sha256: Option<String>,
    #[sea_orm(column_type = "Text", nullable)]
    pub candidate_name: Option<String>,
    #[sea_orm(column_type = "Text", nullable)]
    pub tutor_name: Option<String>,
    #[sea_orm(column_type = "Text", nullable)]
    pub organization_name: Option<String>,
    pub tutor_id: Option<Uuid>,
    pub proposed_at: Option<DateTimeUtc>,
    pub terminated_on: Option<Date>,
    pub terminated_at: Option<DateTimeUtc>,
    #[sea_orm(column_type = "Text", nullable)]
    pub termination_reason: Option<String>,
    pub version: i32,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}

crate::row!("contract", page, state);
