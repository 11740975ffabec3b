//! Finds people by what they send to sign in.

use entity::user;
use sea_orm::sea_query::LockType;
use sea_orm::{ColumnTrait, QueryFilter, QuerySelect, Select};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::foundation::database::Transaction;
use crate::foundation::unscoped;
use crate::kit::{Call, Result};

pub(super) async fn find_user(call: &Call, email: &str) -> Result<Option<user::Model>> {
    Ok(whose_is(email).one(call.state.db.reader()).await?)
}

/// Whose this address is: one person's, who has taken their account. Others may be invited by it.
pub(crate) fn whose_is(email: &str) -> Select<user::Entity> {
    unscoped::rows::<user::Entity>()
        .filter(user::Column::Email.eq(email))
        .filter(user::Column::PasswordHash.is_not_null())
}

pub(crate) async fn find_user_by_id(call: &Call, id: Uuid) -> Result<Option<user::Model>> {
    // A link names them.
    let by_id = unscoped::row::<user::Entity>(id);
    Ok(by_id.one(call.state.db.reader()).await?)
}

/// Somebody, until the end of the transaction as they are.
pub(crate) async fn locked(txn: &Transaction, id: Uuid) -> Result<Option<user::Model>> {
    // Oneself, or the user of a link or an address.
    Ok(unscoped::row::<user::Entity>(id)
        .lock(LockType::NoKeyUpdate)
        .one(txn)
        .await?)
}

/// How secrets that we must recognise are stored.
pub(crate) fn token_hash(token: &str) -> String {
    format!("{:x}", Sha256::digest(token.as_bytes()))
}
