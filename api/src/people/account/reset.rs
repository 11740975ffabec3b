//! The mail for a forgotten password, written by the sender: the request that asked for it took the
//! same time whether somebody has the address or nobody.

use chrono::TimeDelta;
use entity::values::{MailKind, TokenPurpose, UserState};
use entity::{account_token, mail, user};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, Set};

use super::links::{self, address};
use crate::foundation::database::Transaction;
use crate::foundation::state::State;
use crate::foundation::unscoped;
use crate::kit::write::event::{Author, write_events};
use crate::kit::{Event, Result, verb};
use crate::people::auth::store::{locked, whose_is};
use crate::people::mail::outbox;

/// For how long the link works.
pub(crate) const LIFETIME: TimeDelta = TimeDelta::hours(1);
/// The least time between two mails to somebody, whoever asks for them.
const REST: TimeDelta = TimeDelta::minutes(1);

/// For how long no password is sent to an address that somebody else gave the account: its owner has
/// word of it at the address of before.
const WAIT: TimeDelta = TimeDelta::hours(72);

/// Writes the mail, if there is somebody to write to.
pub(crate) async fn write(state: &State, mail: mail::Model) -> Result<Option<mail::Model>> {
    let now = state.clock.now();
    let txn = state.db.begin().await?;
    let Some(user) = somebody_to_write_to(&txn, &mail, now).await? else {
        mail::Entity::delete_by_id(mail.id).exec(&txn).await?;
        txn.commit().await?;
        return Ok(None);
    };
    let expires_at = now + LIFETIME;
    let purpose = TokenPurpose::PasswordReset;
    let token = links::make(&txn, user.id, purpose, None, (now, expires_at)).await?;
    outbox::withdraw(&txn, user.id, &[MailKind::PasswordReset]).await?;
    let link = address(&state.config.public_url(), "password-reset", &token);
    let change = outbox::written(&txn, state, &user, (mail.kind, &link)).await?;
    let change = mail::ActiveModel {
        give_up_at: Set(expires_at),
        ..change
    };
    let written = mail::Entity::update_many()
        .set(change)
        .filter(mail::Column::Id.eq(mail.id))
        .exec_with_returning(&txn)
        .await?;
    let nobody = Author {
        id: None,
        role: "anonymous".to_owned(),
    };
    let event = Event::new(&user, verb::PasswordResetRequested);
    write_events(&txn, vec![event], now, &nobody, &mail.id.to_string()).await?;
    txn.commit().await?;
    state.bell.ring(user.organization_id);
    Ok(written.into_iter().next())
}

/// An active person of this address who got no such mail just now.
async fn somebody_to_write_to(
    txn: &Transaction,
    mail: &mail::Model,
    now: chrono::DateTime<chrono::Utc>,
) -> Result<Option<user::Model>> {
    let Some(found) = whose_is(&mail.recipient).one(txn).await? else {
        return Ok(None);
    };
    // Locked, as disabling locks too.
    let user = locked(txn, found.id).await?;
    let before = unscoped::rows::<account_token::Entity>()
        .filter(account_token::Column::UserId.eq(found.id))
        .filter(account_token::Column::Purpose.eq(TokenPurpose::PasswordReset))
        .one(txn)
        .await?;
    let is_rested = before.is_none_or(|before| now - before.created_at >= REST);
    Ok(user.filter(|user| {
        is_rested
            && user.state == UserState::Active
            && user.email == mail.recipient
            && is_its_owners(user, now)
    }))
}

/// Whether the address is the owner's: nobody else gave it, or they confirmed it, and had the time to
/// object.
fn is_its_owners(user: &user::Model, now: chrono::DateTime<chrono::Utc>) -> bool {
    user.email_moved_at.is_none_or(|moved_at| {
        let confirmed_at = user.email_confirmed_at;
        now - moved_at >= WAIT && confirmed_at.is_some_and(|at| at >= moved_at)
    })
}
