//! Whose an address is: theirs who proved it by a link that was sent there. An account elsewhere that nobody may use, or
//! whose owner never proved it, gives the address up to them.

use entity::user;
use entity::values::UserState;
use sea_orm::sea_query::LockType;
use sea_orm::{QuerySelect, Set};
use uuid::Uuid;

use super::links;
use crate::foundation::database::Transaction;
use crate::kit::write::event::{Author, write_events};
use crate::kit::write::tx::update_row;
use crate::kit::{Call, Code, Event, Problem, Result, verb};
use crate::people::auth::sessions::end_all;
use crate::people::auth::store::whose_is;

/// What the events of other organizations are told by: the request is none of their business.
const REQUEST: &str = "address-proven-elsewhere";

/// Whether somebody who proves this account's address elsewhere can have it.
pub(crate) fn is_held_loosely(holder: &user::Model) -> bool {
    let is_proven = holder
        .email_confirmed_at
        .is_some_and(|at| holder.email_moved_at.is_none_or(|moved| at >= moved));
    // The platform's own accounts are made by hand.
    holder.organization_id.is_some() && (holder.state == UserState::Disabled || !is_proven)
}

/// Frees the address for this account, whose owner has just proven it. The organization whose account gives it up is
/// rung for when that is kept.
///
/// # Errors
/// 409 when the account that has it was proven and is in use.
pub(crate) async fn free_for(
    txn: &Transaction,
    call: &Call,
    owner: Uuid,
    email: &str,
) -> Result<Option<Uuid>> {
    let holder = whose_is(email).lock(LockType::NoKeyUpdate).one(txn).await?;
    let Some(holder) = holder.filter(|holder| holder.id != owner) else {
        return Ok(None);
    };
    if !is_held_loosely(&holder) {
        return Err(Problem::new(Code::EmailTaken));
    }
    let state = match holder.state {
        UserState::Disabled => UserState::Disabled,
        _ => UserState::Invited,
    };
    let change = user::ActiveModel {
        password_hash: Set(None),
        state: Set(state),
        ..Default::default()
    };
    let holder = update_row(txn, call.now, &holder, change).await?;
    end_all(txn, holder.id, None, call.now).await?;
    links::void_all(txn, holder.id).await?;
    let nobody = Author {
        id: None,
        role: "system".to_owned(),
    };
    let event = Event::new(&holder, verb::AddressLost);
    write_events(txn, vec![event], call.now, &nobody, REQUEST).await?;
    Ok(holder.organization_id)
}
