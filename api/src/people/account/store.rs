//! Changes of passwords and addresses, each with its event and its mail.

use chrono::TimeDelta;
use entity::values::{MailKind, TokenPurpose};
use entity::{account_token, user};
use sea_orm::Set;

use super::addresses::free_for;
use super::links::{self, address, use_up};
use crate::foundation::database::Transaction;
use crate::foundation::event_types::{Told, Verb};
use crate::kit::write::event::{Author, write_events};
use crate::kit::write::tx::update_row;
use crate::kit::{Call, Code, Event, FaultCode, Problem, Result, Tx, Who, verb};
use crate::people::auth::sessions::end_all;
use crate::people::auth::store::locked;
use crate::people::mail::outbox::{self, Letter};

/// For how long the link to a new address works.
const EMAIL_LIFETIME: TimeDelta = TimeDelta::hours(24);

/// Gives the person of this link a new password, and ends all their sessions.
pub(super) async fn reset_password(
    call: &Call,
    link: &account_token::Model,
    hash: String,
) -> Result<()> {
    let txn = call.state.db.begin().await?;
    let user = use_up(&txn, link).await?;
    call.traces.proven(Who::person(&user, None));
    let change = user::ActiveModel {
        password_hash: Set(Some(hash)),
        email_confirmed_at: Set(Some(call.now)),
        ..Default::default()
    };
    let user = update_row(&txn, call.now, &user, change).await?;
    end_all(&txn, user.id, None, call.now).await?;
    links::void_all(&txn, user.id).await?;
    tell_password_changed(&txn, call, &user).await?;
    keep(txn, call, &user, verb::PasswordReset).await
}

/// Gives the caller a new password, and ends their other sessions. 422 when the password that was
/// checked is no longer theirs.
pub(super) async fn change_password(tx: &Tx, checked: &user::Model, hash: String) -> Result<Event> {
    let user = still_as_checked(tx, checked).await?;
    let change = user::ActiveModel {
        password_hash: Set(Some(hash)),
        ..Default::default()
    };
    let user = tx.update(&user, change).await?;
    end_all(tx.db(), user.id, tx.actor.session_id, tx.now).await?;
    links::void_all(tx.db(), user.id).await?;
    tell_password_changed(tx.db(), tx, &user).await?;
    Ok(Event::new(&user, verb::PasswordChanged))
}

/// Sends a link to the address that the caller wants, and word of it to the one they have.
pub(super) async fn request_email(tx: &Tx, checked: &user::Model, email: String) -> Result<Event> {
    let user = still_as_checked(tx, checked).await?;
    send_confirmation(tx, &user, email).await?;
    outbox::post(tx.db(), tx, email_notice(&user)).await?;
    Ok(Event::new(&user, verb::EmailChangeRequested))
}

/// Sends a link to the address that somebody else gave this account, for its owner to confirm.
pub(crate) async fn ask_to_confirm(tx: &Tx, user: &user::Model) -> Result<()> {
    send_confirmation(tx, user, user.email.clone()).await
}

async fn send_confirmation(tx: &Tx, user: &user::Model, email: String) -> Result<()> {
    let until = tx.now + EMAIL_LIFETIME;
    let purpose = TokenPurpose::EmailChange;
    let wanted = Some(email.clone());
    let token = links::make(tx.db(), user.id, purpose, wanted, (tx.now, until)).await?;
    let link = address(&tx.state.config.public_url(), "email-confirmation", &token);
    let letter = Letter {
        kind: MailKind::EmailChange,
        about: user,
        to: &email,
        link: &link,
        until: Some(until),
    };
    outbox::post(tx.db(), tx, letter).await.map(drop)
}

/// Word of a change to the address that somebody has until now.
pub(crate) fn email_notice(user: &user::Model) -> Letter<'_> {
    Letter {
        kind: MailKind::EmailChangeNotice,
        about: user,
        to: &user.email,
        link: "",
        until: None,
    }
}

/// Gives the person of this link their new address.
pub(super) async fn confirm_email(call: &Call, link: &account_token::Model) -> Result<()> {
    let txn = call.state.db.begin().await?;
    let user = use_up(&txn, link).await?;
    call.traces.proven(Who::person(&user, None));
    let email = link.email.clone();
    let email = email.ok_or(Problem::new(Code::LinkInvalid))?;
    let former = free_for(&txn, call, user.id, &email).await?;
    let change = user::ActiveModel {
        email: Set(email),
        email_confirmed_at: Set(Some(call.now)),
        ..Default::default()
    };
    let user = update_row(&txn, call.now, &user, change)
        .await
        .map_err(|problem| problem.renamed(Code::Conflict, Code::EmailTaken))?;
    // What was sent to the address of before.
    links::void_all(&txn, user.id).await?;
    keep(txn, call, &user, verb::EmailChanged).await?;
    if former.is_some() {
        call.state.bell.ring(former);
    }
    Ok(())
}

/// Oneself, locked, with the password that was checked before.
async fn still_as_checked(tx: &Tx, checked: &user::Model) -> Result<user::Model> {
    locked(tx.db(), checked.id)
        .await?
        .filter(|user| user.password_hash == checked.password_hash)
        .ok_or_else(|| Problem::fault("/current_password", FaultCode::PasswordWrong))
}

async fn tell_password_changed(txn: &Transaction, call: &Call, user: &user::Model) -> Result<()> {
    let link = format!("{}/forgotten-password", call.state.config.public_url());
    let letter = Letter {
        kind: MailKind::PasswordChanged,
        about: user,
        to: &user.email,
        link: &link,
        until: None,
    };
    outbox::post(txn, call, letter).await.map(drop)
}

/// Commits with the event, whose author is the person themselves: they held the link.
async fn keep<V: Verb>(txn: Transaction, call: &Call, user: &user::Model, verb: V) -> Result<()>
where
    user::Model: Told<V>,
{
    let author = Author {
        id: Some(user.id),
        role: user.role.to_string(),
    };
    let event = Event::new(user, verb);
    write_events(&txn, vec![event], call.now, &author, &call.request_id).await?;
    txn.commit().await?;
    call.state.bell.ring(user.organization_id);
    Ok(())
}
