//! The links that are sent by mail: made, used once, void.

use chrono::{DateTime, Utc};
use entity::values::{TokenPurpose, UserState};
use entity::{account_token, invitation, user};
use sea_orm::{ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, Set};
use uuid::Uuid;

use crate::foundation::database::Transaction;
use crate::foundation::keys::secret;
use crate::foundation::unscoped;
use crate::kit::{Code, Problem, Result, new_id};
use crate::people::auth::store::{locked, token_hash};
use crate::people::mail::outbox::{self, LINKS};

/// The address of a page, the token in its fragment: browsers keep that to themselves, so no log
/// and no referrer holds it.
pub(crate) fn address(public_url: &str, page: &str, token: &str) -> String {
    format!("{public_url}/{page}#token={token}")
}

/// Makes a token for somebody, in the place of the earlier one for the same purpose.
pub(super) async fn make(
    txn: &Transaction,
    user_id: Uuid,
    purpose: TokenPurpose,
    email: Option<String>,
    (now, expires_at): (DateTime<Utc>, DateTime<Utc>),
) -> Result<String> {
    forget(txn, user_id, &[purpose]).await?;
    let token = secret().or(Err(Problem::new(Code::InternalError)))?;
    let row = account_token::ActiveModel {
        id: Set(new_id()),
        user_id: Set(user_id),
        purpose: Set(purpose),
        token_hash: Set(token_hash(&token)),
        email: Set(email),
        created_at: Set(now),
        expires_at: Set(expires_at),
    };
    row.insert(txn).await?;
    Ok(token)
}

/// The link of this token, if it may still be used.
pub(super) async fn find(
    db: &impl ConnectionTrait,
    purpose: TokenPurpose,
    token: &str,
    now: DateTime<Utc>,
) -> Result<account_token::Model> {
    // The token is the identity.
    unscoped::rows::<account_token::Entity>()
        .filter(account_token::Column::TokenHash.eq(token_hash(token)))
        .filter(account_token::Column::Purpose.eq(purpose))
        .filter(account_token::Column::ExpiresAt.gt(now))
        .one(db)
        .await?
        .ok_or(Problem::new(Code::LinkInvalid))
}

/// Uses a link up: its active user, locked. Whoever comes second finds nothing.
pub(super) async fn use_up(txn: &Transaction, link: &account_token::Model) -> Result<user::Model> {
    let invalid = || Problem::new(Code::LinkInvalid);
    let user = locked(txn, link.user_id).await?;
    let used = account_token::Entity::delete_by_id(link.id)
        .exec(txn)
        .await?;
    user.filter(|user| user.state == UserState::Active && used.rows_affected == 1)
        .ok_or_else(invalid)
}

/// Voids links for these purposes.
pub(super) async fn forget(
    db: &impl ConnectionTrait,
    user_id: Uuid,
    purposes: &[TokenPurpose],
) -> Result<()> {
    account_token::Entity::delete_many()
        .filter(account_token::Column::UserId.eq(user_id))
        .filter(account_token::Column::Purpose.is_in(purposes.iter().copied()))
        .exec(db)
        .await?;
    Ok(())
}

/// Voids every link that somebody was sent, invitations too, and the mails that still hold one.
pub(crate) async fn void_all(txn: &Transaction, user_id: Uuid) -> Result<()> {
    invitation::Entity::delete_many()
        .filter(invitation::Column::UserId.eq(user_id))
        .exec(txn)
        .await?;
    let purposes = [TokenPurpose::PasswordReset, TokenPurpose::EmailChange];
    forget(txn, user_id, &purposes).await?;
    outbox::withdraw(txn, user_id, &LINKS).await
}

/// Forgets links that nobody can use any more.
pub(crate) async fn forget_expired(db: &impl ConnectionTrait, now: DateTime<Utc>) -> Result<()> {
    account_token::Entity::delete_many()
        .filter(account_token::Column::ExpiresAt.lt(now))
        .exec(db)
        .await?;
    Ok(())
}
