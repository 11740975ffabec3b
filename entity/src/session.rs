//! A sign-in and its family of refresh tokens. The tokens are not stored: each is a MAC over (id, generation, salt).

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "sessions")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub user_id: Uuid,
    pub generation: i32,
    #[sea_orm(column_type = "Text")]
    pub salt: String,
    pub created_at: DateTimeUtc,
    pub rotated_at: DateTimeUtc,
    pub expires_at: DateTimeUtc,
    pub revoked_at: Option<DateTimeUtc>,
    #[sea_orm(column_type = "Text", nullable)]
    pub user_agent: Option<String>,
    #[sea_orm(column_type = "Text", nullable)]
    pub network: Option<String>,
}

impl ActiveModelBehavior for ActiveModel {}

/// What its person sees of it: each renewal is a new version.
impl crate::Row for Model {
    const NAME: &'static str = "session";
    fn id(&self) -> Uuid {
        self.id
    }
    fn version(&self) -> i32 {
        self.generation
    }
    fn created_at(&self) -> DateTimeUtc {
        self.created_at
    }
    fn updated_at(&self) -> DateTimeUtc {
        self.rotated_at
    }
    fn organization_id(&self) -> Option<Uuid> {
        None
    }
    fn booklet_id(&self) -> Option<Uuid> {
        None
    }
    fn state(&self) -> Option<String> {
        None
    }
}
