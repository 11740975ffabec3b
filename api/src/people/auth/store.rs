//! Finds people by what they send to sign in.

use entity::values::UserState;
use entity::{invitation, user};
use sea_orm::sea_query::LockType;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect, Select, Set};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::foundation::database::Transaction;
use crate::foundation::unscoped;
use crate::kit::write::event::{Author, write_events};
use crate::kit::{Call, Code, Event, Problem, Result, verb};

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

pub(super) async fn find_invitation(
    call: &Call,
    token: &str,
) -> Result<Option<(invitation::Model, user::Model)>> {
    let db = call.state.db.reader();
    let invitation = unscoped::rows::<invitation::Entity>()
        .filter(invitation::Column::TokenHash.eq(token_hash(token)))
        .filter(invitation::Column::ExpiresAt.gt(call.now))
        .one(db)
        .await?;
    let Some(invitation) = invitation else {
        return Ok(None);
    };
    let user = unscoped::row::<user::Entity>(invitation.user_id)
        .one(db)
        .await?;
    Ok(user.map(|user| (invitation, user)))
}

/// Uses an invitation up: the account is active, with this password, and the address theirs. Nothing,
/// when somebody was faster.
///
/// # Errors
/// 409 when the address has become another account's.
pub(super) async fn activate(
    call: &Call,
    invitation: &invitation::Model,
    invited: &user::Model,
    password_hash: String,
) -> Result<Option<user::Model>> {
    let txn = call.state.db.begin().await?;
    // The user first, as inviting and disabling lock them too.
    let activated = user::Entity::update_many()
        .set(user::ActiveModel {
            state: Set(UserState::Active),
            password_hash: Set(Some(password_hash)),
            version: Set(invited.version + 1),
            updated_at: Set(call.now),
            ..Default::default()
        })
        .filter(user::Column::Id.eq(invited.id))
        .filter(user::Column::Version.eq(invited.version))
        .filter(user::Column::State.eq(UserState::Invited))
        .exec_with_returning(&txn)
        .await
        .map_err(|error| Problem::from(error).renamed(Code::Conflict, Code::EmailTaken))?;
    let used = invitation::Entity::delete_by_id(invitation.id)
        .exec(&txn)
        .await?;
    let activated = activated
        .into_iter()
        .next()
        .filter(|_| used.rows_affected == 1);
    let Some(user) = activated else {
        return Ok(None);
    };
    let author = Author {
        id: Some(user.id),
        role: user.role.to_string(),
    };
    let event = Event::new(&user, verb::Activated);
    write_events(&txn, vec![event], call.now, &author, &call.request_id).await?;
    txn.commit().await?;
    call.state.bell.ring(user.organization_id);
    Ok(Some(user))
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
