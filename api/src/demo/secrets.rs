//! The secrets of the demo that the contract's examples use. Like its password they are known to
//! everybody, and like it never set in production.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use entity::{invitation, service_account};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, DbErr, EntityTrait, QueryFilter};

use crate::auth::store::token_hash;
use crate::database::Database;

/// The secret of the service account that the stories call `crm`.
const CLIENT_SECRET: &str = "secret-de-demonstration-du-crm";
/// The invitation of the person whom the stories call `jeanne`.
const INVITATION: &str = "invitation-de-demonstration-de-jeanne";

/// Puts them in the place of those that nobody could know beforehand.
pub(super) async fn make_known(
    db: &Database,
    names: &mut BTreeMap<String, String>,
    now: DateTime<Utc>,
) -> Result<(), DbErr> {
    let id = |name: &str| names.get(name).cloned().unwrap_or_default();
    let txn = db.begin().await?;
    service_account::Entity::update_many()
        .col_expr(
            service_account::Column::SecretHash,
            Expr::value(token_hash(CLIENT_SECRET)),
        )
        .filter(service_account::Column::ClientId.eq(id("crm.client_id")))
        .exec(&txn)
        .await?;
    invitation::Entity::update_many()
        .col_expr(
            invitation::Column::ExpiresAt,
            Expr::value(now + TimeDelta::days(365)),
        )
        .col_expr(
            invitation::Column::TokenHash,
            Expr::value(token_hash(INVITATION)),
        )
        .filter(invitation::Column::TokenHash.eq(token_hash(&id("jeanne.token"))))
        .exec(&txn)
        .await?;
    txn.commit().await?;
    names.insert("crm.secret".into(), CLIENT_SECRET.into());
    names.insert("jeanne.token".into(), INVITATION.into());
    Ok(())
}
