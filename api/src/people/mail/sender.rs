//! Sends the mails of the outbox. Several instances may do it at once: a mail is leased to one of them.
//!
//! At least once: a lease lasts for [`LEASE`]. A process that dies meanwhile has sent the mail or not, and
//! another one sends it then.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use chrono::TimeDelta;
use entity::mail;
use entity::values::{MailKind, MailState};
use futures_util::future::{BoxFuture, join_all};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Set};
use tokio::task::{JoinError, JoinSet};

use crate::foundation::state::State;
use crate::foundation::state::mailer::Failure;
use crate::foundation::unscoped;
use crate::kit::Result;
use crate::kit::backoff::Backoff;
use crate::kit::rest::Rest;

/// For how long a mail is its taker's: longer than a talk with a mail server lasts.
const LEASE: TimeDelta = TimeDelta::minutes(2);
/// How many are sent at a time.
const AT_ONCE: usize = 8;
/// How often the outbox is looked at while this process writes something;
const PAUSE: Duration = Duration::from_secs(1);
/// and while it does not, for what is due by now or was another instance's.
const SELDOM: Duration = Duration::from_secs(10);
/// Twice as long after each attempt, up to an hour.
const BACKOFF: Backoff = Backoff {
    times: 2,
    longest: 3600,
};

/// Finds out to whom a mail goes that was only asked for, and writes it; nothing when it is for nobody.
pub(crate) type Write =
    for<'a> fn(&'a State, mail::Model) -> BoxFuture<'a, Result<Option<mail::Model>>>;

/// Sends what is due until the service stops.
pub(crate) async fn run(state: Arc<State>, write: Write) {
    if !state.mailer.is_configured() {
        return;
    }
    if let Some(folder) = state.mailer.folder() {
        tracing::info!(folder = %folder.display(), "mails go to this folder");
    }
    let mut leaving = JoinSet::new();
    while state.ready.load(Ordering::Relaxed) {
        let rest = Rest::before_a_look(&state);
        match take(&state, AT_ONCE - leaving.len()).await {
            Ok(taken) => {
                for mail in taken {
                    let state = state.clone();
                    leaving.spawn(async move { send(&state, mail, write).await });
                }
            }
            Err(problem) => tracing::warn!(%problem, "the outbox could not be read"),
        }
        // One that a mail server keeps waiting keeps no other one waiting.
        tokio::select! {
            Some(sent) = leaving.join_next() => log_end(sent),
            () = rest.until_due(&state, PAUSE, SELDOM) => {}
        }
    }
    while let Some(sent) = leaving.join_next().await {
        log_end(sent);
    }
}

/// Logs a mail whose outcome could not be written.
fn log_end(sent: Result<Result<()>, JoinError>) {
    if let Ok(Err(problem)) = sent {
        tracing::warn!(%problem, "what became of a mail could not be written");
    }
}

/// Takes the mails that are due, some at a time, and sends them. How many were taken.
///
/// # Errors
/// 503 when the database does not answer.
pub(crate) async fn send_due(state: &State, write: Write) -> Result<usize> {
    let taken = take(state, AT_ONCE).await?;
    let count = taken.len();
    for sent in join_all(taken.into_iter().map(|mail| send(state, mail, write))).await {
        sent?;
    }
    Ok(count)
}

async fn take(state: &State, at_most: usize) -> Result<Vec<mail::Model>> {
    let now = state.clock.now();
    let due = unscoped::rows::<mail::Entity>()
        .filter(mail::Column::State.eq(MailState::Pending))
        .filter(mail::Column::NextAttemptAt.lte(now))
        .order_by_asc(mail::Column::NextAttemptAt)
        .limit(at_most as u64)
        .all(state.db.reader())
        .await?;
    let mut taken = Vec::new();
    for mail in due {
        // Of two takers one finds the number of attempts that it read.
        let attempts = mail.attempts + 1;
        let lease = mail::Entity::update_many()
            .col_expr(mail::Column::Attempts, Expr::value(attempts))
            .col_expr(mail::Column::NextAttemptAt, Expr::value(now + LEASE))
            .filter(mail::Column::Id.eq(mail.id))
            .filter(mail::Column::Attempts.eq(mail.attempts))
            .filter(mail::Column::State.eq(MailState::Pending))
            .exec(state.db.writer())
            .await?;
        if lease.rows_affected == 1 {
            taken.push(mail::Model { attempts, ..mail });
        }
    }
    Ok(taken)
}

async fn send(state: &State, mail: mail::Model, write: Write) -> Result<()> {
    let is_written = mail.body.is_some();
    let mail = match mail.kind {
        MailKind::PasswordReset if !is_written => match write(state, mail).await? {
            Some(mail) => mail,
            // For nobody.
            None => return Ok(()),
        },
        _ => mail,
    };
    let now = state.clock.now();
    let outcome = if mail.give_up_at <= now {
        Err(Failure::for_ever("too_late"))
    } else {
        state.mailer.deliver(&mail, now).await
    };
    let (id, kind, attempts) = (mail.id, mail.kind, mail.attempts);
    let change = match outcome {
        Ok(()) => {
            tracing::info!(mail_id = %id, %kind, attempts, "mail sent");
            mail::ActiveModel {
                state: Set(MailState::Sent),
                sent_at: Set(Some(now)),
                reason: Set(None),
                ..erased()
            }
        }
        Err(failure) => {
            let again =
                state.clock.now() + BACKOFF.after(state.config.mail_retry_seconds, attempts);
            if failure.is_final || again >= mail.give_up_at {
                tracing::error!(mail_id = %id, %kind, attempts, cause = %failure.code, "mail given up");
                mail::ActiveModel {
                    state: Set(MailState::Failed),
                    reason: Set(Some(failure.reason)),
                    ..erased()
                }
            } else {
                tracing::warn!(mail_id = %id, %kind, attempts, cause = %failure.code, "mail not sent, tried again later");
                mail::ActiveModel {
                    next_attempt_at: Set(again),
                    reason: Set(Some(failure.reason)),
                    ..Default::default()
                }
            }
        }
    };
    mail::Entity::update_many()
        .set(change)
        .filter(mail::Column::Id.eq(id))
        .exec(state.db.writer())
        .await?;
    Ok(())
}

/// Nobody reads a mail in the database once it has left or was given up.
fn erased() -> mail::ActiveModel {
    mail::ActiveModel {
        subject: Set(None),
        body: Set(None),
        ..Default::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_an_hour_and_differ_by_chance() {
        assert_eq!(BACKOFF.wait(30, 1, 0), TimeDelta::seconds(30));
        assert_eq!(BACKOFF.wait(30, 2, 0), TimeDelta::seconds(60));
        assert_eq!(BACKOFF.wait(30, 4, 0), TimeDelta::seconds(240));
        assert_eq!(BACKOFF.wait(30, 99, 0), TimeDelta::hours(1));
        assert_eq!(BACKOFF.wait(40, 1, 255), TimeDelta::seconds(50));
    }
}
