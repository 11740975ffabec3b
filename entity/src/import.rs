//! A file of rows to create or change: checked first, then applied in one transaction.

use sea_orm::entity::prelude::*;

use crate::values::{
    ImportFormat, ImportMode, ImportResource, ImportState, Role, SimilarRows, Texts,
};

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "imports")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub organization_id: Uuid,
    pub resource: ImportResource,
    pub format: ImportFormat,
    pub state: ImportState,
    pub mode: Option<ImportMode>,
    pub author_id: Uuid,
    pub author_role: Role,
    /// Where the header of a table stands; what stands above are titles.
    pub header_line: Option<i32>,
    pub columns: Texts,
    #[sea_orm(column_type = "Text", nullable)]
    pub encoding: Option<String>,
    pub passed_over: Texts,
    pub rows_total: i32,
    pub rows_checked: i32,
    pub rows_created: i32,
    pub rows_updated: i32,
    pub rows_unchanged: i32,
    pub rows_faulty: i32,
    pub faults_total: i32,
    /// New rows that resemble somebody; the first of them follow.
    pub rows_similar: i32,
    pub similar: SimilarRows,
    #[sea_orm(column_type = "Text", nullable)]
    pub reason: Option<String>,
    pub place: i32,
    pub lease_id: Option<Uuid>,
    pub lease_until: Option<DateTimeUtc>,
    pub attempts: i32,
    pub turn: i64,
    pub finished_at: Option<DateTimeUtc>,
    pub version: i32,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}

crate::row!("import", tenant, state);
