//! An address is somebody's once they have taken their account. Until then it is kept for them in their
//! organization alone: nobody takes addresses from others by naming them.

use sea_orm_migration::prelude::*;

use crate::tables::unique;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

const OF_ALL: &str = "idx-users-email";
const IN_ONE: [&str; 2] = ["organization_id", "email"];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        drop_index(m, OF_ALL).await?;
        let taken = unique("users", &["email"])
            .and_where(Expr::col("password_hash").is_not_null())
            .to_owned();
        m.create_index(taken).await?;
        m.create_index(unique("users", &IN_ONE)).await
    }

    async fn down(&self, m: &SchemaManager) -> Result<(), DbErr> {
        drop_index(m, &format!("idx-users-{}", IN_ONE.join("-"))).await?;
        drop_index(m, OF_ALL).await?;
        m.create_index(unique("users", &["email"])).await
    }
}

async fn drop_index(m: &SchemaManager<'_>, name: &str) -> Result<(), DbErr> {
    let gone = Index::drop().name(name).table("users").to_owned();
    m.drop_index(gone).await
}
