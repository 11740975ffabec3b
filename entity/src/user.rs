//! A person who can sign in. One organization per user; the platform admin has none.

use sea_orm::entity::prelude::*;

use crate::values::{Locale, Role, UserState};

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "users")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub organization_id: Option<Uuid>,
    #[sea_orm(column_type = "Text")]
    #[sea_orm(unique)]
    pub email: String,
    #[sea_orm(column_type = "Text")]
    pub given_name: String,
    #[sea_orm(column_type = "Text")]
    pub family_name: String,
    #[sea_orm(column_type = "Text", nullable)]
    pub phone: Option<String>,
    pub locale: Locale,
    pub role: Role,
    pub state: UserState,
    #[sea_orm(column_type = "Text", nullable)]
    pub password_hash: Option<String>,
    pub last_login_at: Option<DateTimeUtc>,
    /// The sign-in before that.
    pub previous_login_at: Option<DateTimeUtc>,
    /// Until when they have seen the news.
    pub news_seen_at: Option<DateTimeUtc>,
    /// When somebody else last gave the account, already active, another address.
    pub email_moved_at: Option<DateTimeUtc>,
    /// When its owner last followed a link sent to the address.
    pub email_confirmed_at: Option<DateTimeUtc>,
    /// What a provider signed before this instant signs nobody in any more.
    pub signed_out_at: Option<DateTimeUtc>,
    pub sort_key: Vec<u8>,
    pub version: i32,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}

crate::row!("user", shared, state);
