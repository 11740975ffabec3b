//! The outbox: mails written down together with what causes them.

use chrono::{DateTime, TimeDelta, Utc};
use entity::values::{MailKind, MailState, Role, UserState};
use entity::{mail, organization, user};
use sea_orm::{ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, Set};
use uuid::Uuid;

use super::texts::{self, Sender};
use crate::foundation::database::Transaction;
use crate::foundation::state::State;
use crate::foundation::unscoped;
use crate::kit::{Call, Result, new_id};

/// For how long a mail is tried again.
const PATIENCE: TimeDelta = TimeDelta::hours(48);
/// What holds a link, of which the last alone works.
pub(crate) const LINKS: [MailKind; 3] = [
    MailKind::Invitation,
    MailKind::PasswordReset,
    MailKind::EmailChange,
];
/// For how long it is known whether a mail left.
const MEMORY: TimeDelta = TimeDelta::days(30);

/// A mail to write.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Letter<'a> {
    pub(crate) kind: MailKind,
    /// Whose account it is about, and whose language it is in.
    pub(crate) about: &'a user::Model,
    /// To which address.
    pub(crate) to: &'a str,
    /// Where it leads, or the id of the booklet that it is about.
    pub(crate) link: &'a str,
    /// Until when that is of any use; not sent later.
    pub(crate) until: Option<DateTime<Utc>>,
}

/// Writes a mail down; with a link, in the place of those whose link it voids. Whether mails are
/// sent at all.
pub(crate) async fn post(txn: &Transaction, call: &Call, letter: Letter<'_>) -> Result<bool> {
    write_down(txn, &call.state, call.now, letter).await
}

/// Writes to each active coordinator of an organization; where no mails are sent, to nobody.
pub(crate) async fn tell_coordinators(
    txn: &Transaction,
    (state, now): (&State, DateTime<Utc>),
    organization_id: Uuid,
    (kind, link): (MailKind, &str),
) -> Result<()> {
    let coordinators = unscoped::rows::<user::Entity>()
        .filter(user::Column::OrganizationId.eq(organization_id))
        .filter(user::Column::Role.eq(Role::Coordinator))
        .filter(user::Column::State.eq(UserState::Active))
        .all(txn)
        .await?;
    for coordinator in &coordinators {
        let letter = Letter {
            kind,
            about: coordinator,
            to: &coordinator.email,
            link,
            until: None,
        };
        write_down(txn, state, now, letter).await?;
    }
    Ok(())
}

async fn write_down(
    txn: &Transaction,
    state: &State,
    now: DateTime<Utc>,
    letter: Letter<'_>,
) -> Result<bool> {
    if !state.mailer.is_configured() {
        return Ok(false);
    }
    if LINKS.contains(&letter.kind) {
        withdraw(txn, letter.about.id, &[letter.kind]).await?;
    }
    let latest = now + PATIENCE;
    let said = written(txn, state, letter.about, (letter.kind, letter.link)).await?;
    let row = mail::ActiveModel {
        organization_id: said.organization_id,
        user_id: said.user_id,
        subject: said.subject,
        body: said.body,
        give_up_at: Set(letter.until.map_or(latest, |until| until.min(latest))),
        ..unwritten(letter.kind, letter.to, now)
    };
    row.insert(txn).await?;
    Ok(true)
}

/// Whom a mail is about, and what it says to them.
pub(crate) async fn written(
    db: &impl ConnectionTrait,
    state: &State,
    about: &user::Model,
    (kind, link): (MailKind, &str),
) -> Result<mail::ActiveModel> {
    let organization = match about.organization_id {
        Some(id) => {
            let its_own = unscoped::rows::<organization::Entity>();
            let its_own = its_own.filter(organization::Column::Id.eq(id));
            its_own.one(db).await?
        }
        None => None,
    };
    let sender = Sender {
        organization: organization
            .as_ref()
            .map(|organization| &*organization.name),
        front: state.config.front_url.as_deref(),
    };
    let text = texts::write(kind, about.locale, &about.given_name, link, sender);
    Ok(mail::ActiveModel {
        organization_id: Set(about.organization_id),
        user_id: Set(Some(about.id)),
        subject: Set(Some(text.subject.to_owned())),
        body: Set(Some(text.body)),
        ..Default::default()
    })
}

/// Notes that somebody, perhaps nobody, is to get a mail: the sender finds out who, and writes it.
pub(crate) async fn request(
    call: &Call,
    kind: MailKind,
    to: &str,
    until: DateTime<Utc>,
) -> Result<()> {
    let row = mail::ActiveModel {
        give_up_at: Set(until),
        ..unwritten(kind, to, call.now)
    };
    row.insert(call.state.db.writer()).await?;
    Ok(())
}

fn unwritten(kind: MailKind, to: &str, now: DateTime<Utc>) -> mail::ActiveModel {
    mail::ActiveModel {
        id: Set(new_id()),
        organization_id: Set(None),
        user_id: Set(None),
        kind: Set(kind),
        state: Set(MailState::Pending),
        recipient: Set(to.to_owned()),
        subject: Set(None),
        body: Set(None),
        attempts: Set(0),
        next_attempt_at: Set(now),
        give_up_at: Set(now + PATIENCE),
        reason: Set(None),
        created_at: Set(now),
        sent_at: Set(None),
    }
}

/// Forgets mails of these kinds to somebody that have not left: what they say is void.
pub(crate) async fn withdraw(
    db: &impl ConnectionTrait,
    user_id: Uuid,
    kinds: &[MailKind],
) -> Result<()> {
    mail::Entity::delete_many()
        .filter(mail::Column::UserId.eq(user_id))
        .filter(mail::Column::Kind.is_in(kinds.iter().copied()))
        .filter(mail::Column::State.eq(MailState::Pending))
        .exec(db)
        .await?;
    Ok(())
}

/// Forgets whether old mails left, and those that nobody tries to send any more.
pub(crate) async fn forget_old(db: &impl ConnectionTrait, now: DateTime<Utc>) -> Result<()> {
    mail::Entity::delete_many()
        .filter(mail::Column::State.eq(MailState::Pending))
        .filter(mail::Column::GiveUpAt.lt(now - TimeDelta::days(1)))
        .exec(db)
        .await?;
    mail::Entity::delete_many()
        .filter(mail::Column::State.ne(MailState::Pending))
        .filter(mail::Column::CreatedAt.lt(now - MEMORY))
        .exec(db)
        .await?;
    Ok(())
}
