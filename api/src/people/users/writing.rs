//! How an account is made and changed, whatever it is named by.

use chrono::TimeDelta;
use entity::user;
use entity::values::{MailKind, Role, UserState};
use migration::fold::sort_key;
use sea_orm::Set;
use uuid::Uuid;

use super::dto::{Invitation, UserEdit, UserInput};
use super::{rules, store};
use crate::foundation::keys::secret;
use crate::kit::external_references::{self, ExternalReferences};
use crate::kit::{Code, Edited, Problem, Result, Tx};
use crate::people::account::addresses::is_held_loosely;
use crate::people::account::links::{address, void_all};
use crate::people::account::{ask_to_confirm, email_notice};
use crate::people::auth::sessions::end_all;
use crate::people::auth::store::whose_is;
use crate::people::mail::outbox::{self, Letter};
use crate::people::service_accounts::store::tell_of_programs;

/// How long an invitation works.
const INVITATION_LIFETIME: TimeDelta = TimeDelta::days(14);

/// An account as it was written, and what other systems call it.
type Written = (user::Model, ExternalReferences);

/// Makes an account under this id, for somebody to be invited.
///
/// # Errors
/// 403 or 422 for a role that the caller does not give; 422 for the organization; 409 when the address
/// or one of the names is another's.
pub(crate) async fn create(tx: &Tx, id: Uuid, new: UserInput) -> Result<Written> {
    let organization = store::organization_of_new_user(tx, new.organization_id).await?;
    is_free(tx, &new.email.to_ascii_lowercase()).await?;
    let row = user::ActiveModel {
        email: Set(new.email.to_ascii_lowercase()),
        sort_key: Set(sort_key(&format!("{} {}", new.family_name, new.given_name))),
        given_name: Set(new.given_name),
        family_name: Set(new.family_name),
        phone: Set(new.phone),
        locale: Set(new.locale.unwrap_or(organization.locale)),
        role: Set(new.role),
        state: Set(UserState::Invited),
        ..Default::default()
    };
    let row = tx.insert_as(id, Some(organization.id), row);
    let row = row.await.map_err(email_taken)?;
    external_references::replace(tx, &row, &new.external_references).await?;
    Ok((row, new.external_references))
}

/// Changes an account, and ends what the change makes void: sessions, links.
///
/// # Errors
/// 403 or 422 for what is not the caller's to change; 409 when the present state forbids it, or the
/// address or one of the names is another's; 412.
pub(crate) async fn edit(
    tx: &mut Tx,
    row: &user::Model,
    edit: Edited<UserEdit>,
) -> Result<Written> {
    let new = edit.value;
    rules::may_become(row, new.state)?;
    if new.role != row.role {
        rules::may_give(tx.actor.role, new.role)?;
        if !rules::goes_on_tutoring(row.role, new.role) {
            store::no_longer_needed_as(tx, row).await?;
        }
    }
    if new.role != Role::Coordinator || new.state != UserState::Active {
        store::not_the_last_coordinator(tx, row).await?;
    }
    if new.role != row.role || new.state == UserState::Disabled {
        end_all(tx.db(), row.id, None, tx.now).await?;
    }
    let is_moved = new.email != row.email;
    if is_moved {
        is_free(tx, &new.email).await?;
    }
    if is_moved && row.state == UserState::Active {
        rules::may_move(tx.actor.role)?;
    }
    if is_moved || new.state == UserState::Disabled {
        void_all(tx.db(), row.id).await?;
    }
    let is_moved = is_moved && row.state == UserState::Active;
    let goes = new.state == UserState::Disabled || new.role != Role::Coordinator;
    let references = new.external_references.clone();
    let mut change = user::ActiveModel::from(new);
    if is_moved {
        change.email_moved_at = Set(Some(tx.now));
        outbox::post(tx.db(), tx, email_notice(row)).await?;
    }
    let ran = row.state == UserState::Active && row.role == Role::Coordinator;
    let row = tx.edit(row, change, &edit.changed);
    let row = row.await.map_err(email_taken)?;
    external_references::replace(tx, &row, &references).await?;
    if is_moved {
        ask_to_confirm(tx, &row).await?;
    }
    if ran && goes {
        tell_of_programs(tx, &row).await?;
    }
    Ok((row, references))
}

/// Nobody who has taken their account has this address, but for accounts elsewhere that give it up to whoever proves
/// that it is theirs. Others may be invited by it elsewhere.
async fn is_free(tx: &Tx, email: &str) -> Result<()> {
    match whose_is(email).one(tx.db()).await? {
        Some(holder) if !is_held_loosely(&holder) => Err(Problem::new(Code::EmailTaken)),
        Some(holder) if holder.organization_id == tx.actor.organization_id => {
            Err(Problem::new(Code::EmailTaken))
        }
        _ => Ok(()),
    }
}

fn email_taken(problem: Problem) -> Problem {
    problem.renamed(Code::Conflict, Code::EmailTaken)
}

/// Gives somebody an invitation, and mails it to them where the service sends mails.
///
/// # Errors
/// 429 right after another one.
pub(super) async fn invite(tx: &Tx, row: &user::Model) -> Result<Invitation> {
    let made = || secret().or(Err(Problem::new(Code::InternalError)));
    let (token, mailed) = (made()?, made()?);
    let expires_at = tx.now + INVITATION_LIFETIME;
    store::replace_invitation(tx, row.id, [&token, &mailed], expires_at).await?;
    let link = |token: &str| address(&tx.state.config.public_url(), "invitation", token);
    let (url, mailed) = (link(&token), link(&mailed));
    let letter = Letter {
        kind: MailKind::Invitation,
        about: row,
        to: &row.email,
        link: &mailed,
        until: Some(expires_at),
    };
    let mailed = outbox::post(tx.db(), tx, letter).await?;
    Ok(Invitation {
        url,
        token,
        expires_at,
        mailed,
    })
}
