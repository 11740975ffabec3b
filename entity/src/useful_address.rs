//! « Adresses utiles » (§07). Without organization: shared by all.

use sea_orm::entity::prelude::*;

use crate::values::{AddressCategory, Texts};

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "useful_addresses")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub organization_id: Option<Uuid>,
    pub category: AddressCategory,
    #[sea_orm(column_type = "Text")]
    pub name: String,
    #[sea_orm(column_type = "Text")]
    pub missions: String,
    #[sea_orm(column_type = "Text", nullable)]
    pub phone: Option<String>,
    #[sea_orm(column_type = "Text", nullable)]
    pub email: Option<String>,
    pub urls: Texts,
    #[sea_orm(column_type = "Text", nullable)]
    pub postal_address: Option<String>,
    pub department_codes: Texts,
    pub verified_on: Option<Date>,
    #[sea_orm(column_type = "Text")]
    pub search: String,
    pub sort_key: Vec<u8>,
    pub version: i32,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}

crate::row!("useful_address", shared);
