//! A party's signature at the foot of a contract (§02).

use sea_orm::entity::prelude::*;

use crate::values::{Party, SignatureMethod};

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "signatures")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub organization_id: Uuid,
    pub booklet_id: Uuid,
    pub contract_id: Uuid,
    pub party: Party,
    pub signer_id: Option<Uuid>,
    pub recorded_by: Uuid,
    #[sea_orm(column_type = "Text")]
    pub signer_name: String,
    #[sea_orm(column_type = "Text")]
    pub place: String,
    /// The day on the paper; none for a click.
    pub signed_on: Option<Date>,
    pub signed_at: DateTimeUtc,
    pub method: SignatureMethod,
    #[sea_orm(column_type = "Text")]
    pub content_sha256: String,
}

impl ActiveModelBehavior for ActiveModel {}
