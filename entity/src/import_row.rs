//! One row of a file, kept until the import is over: it holds personal data.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "import_rows")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub import_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub place: i32,
    pub organization_id: Uuid,
    pub line: i32,
    #[sea_orm(column_type = "Text", nullable)]
    pub system: Option<String>,
    #[sea_orm(column_type = "Text", nullable)]
    pub external_id: Option<String>,
    #[sea_orm(column_type = "Text")]
    pub content: String,
    pub is_faulty: bool,
}

impl ActiveModelBehavior for ActiveModel {}
