//! How an account is made and changed, whatever it is named by.

use chrono::TimeDelta;
use entity::user;
use entity::values::{MailKind, Role, UserState};
use migration::fold::sort_key;
use sea_orm::{PaginatorTrait, Set};
use uuid::Uuid;

use super::dto::{Invitation, UserEdit, UserInput};
use super::{rules, store};
use crate::foundation::keys::secret;
use crate::kit::external_references::{self, ExternalReferences};
use crate::kit::{Code, Edited, Problem, Result, Tx};
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
        store::no_longer_needed_as(tx, row).await?;
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

/// Nobody who has taken their account has this address. Others may be invited by it elsewhere.
async fn is_free(tx: &Tx, email: &str) -> Result<()> {
    match whose_is(email).count(tx.db()).await? {
        0 => Ok(()),
        _ => Err(Problem::new(Code::EmailTaken)),
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
    let token = secret().or(Err(Problem::new(Code::InternalError)))?;
    let expires_at = tx.now + INVITATION_LIFETIME;
    store::replace_invitation(tx, row.id, &token, expires_at).await?;
    let url = address(&tx.state.config.public_url(), "invitation", &token);
    let letter = Letter {
        kind: MailKind::Invitation,
        about: row,
        to: &row.email,
        link: &url,
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
