//! One attempt: the message is signed and sent, and what became of it noted.

use chrono::{DateTime, Utc};
use entity::values::{DeliveryError, DeliveryState, DisabledReason};
use entity::webhook;
use entity::webhook_delivery::{ActiveModel, Column, Entity, Model};
use sea_orm::sea_query::{Condition, Expr};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, Set};
use tokio::time::Instant;

use super::disable::{self, disable};
use super::schedule::{BACKOFF, asked_for};
use super::take::Taken;
use crate::foundation::database::Transaction;
use crate::foundation::outbound::{Failure, Receipt};
use crate::foundation::spans::{self, Span};
use crate::foundation::state::State;
use crate::kit::Result;
use crate::outside::webhooks::message::{id_of, parcel, value};

/// What an endpoint did.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Outcome {
    Delivered,
    /// It wants no more, ever.
    Gone,
    Failed {
        error: DeliveryError,
        /// Until when it wants to be left alone.
        until: Option<DateTime<Utc>>,
    },
}

/// Tries a delivery.
///
/// # Errors
/// 503 when the outcome cannot be noted: it is tried again when the lease is over.
pub(super) async fn make(state: &State, taken: Taken) -> Result<()> {
    let Taken {
        delivery, webhook, ..
    } = taken;
    let id = id_of(delivery.id);
    let message = (id.as_str(), delivery.body.clone());
    let mut parcel = parcel(state, &webhook, message, state.clock.now())?;
    let parent = delivery.traceparent.as_deref();
    let span = Span::of_message(parent.and_then(|parent| parent.parse().ok()));
    if let Some(context) = span.context() {
        parcel
            .headers
            .insert(spans::NAME, value(&context.to_string())?);
    }
    let started = Instant::now();
    let answer = state.outbound.post(parcel).await;
    let elapsed = i32::try_from(started.elapsed().as_millis()).unwrap_or(i32::MAX);
    let now = state.clock.now();
    let status = answer.as_ref().ok().map(|receipt| receipt.status.as_u16());
    let told = [
        ("livret.delivery_id", id.as_str()),
        ("livret.event", &delivery.kind),
    ];
    span.end("deliver_webhook", status, &told);
    let outcome = judge(answer, now);
    let change = ActiveModel {
        last_status: Set(status.map(i32::from)),
        last_duration_ms: Set(Some(elapsed)),
        last_attempt_at: Set(Some(now)),
        ..settled(state, &delivery, &outcome, now)
    };
    let txn = state.db.begin().await?;
    let is_given_up = change.state == Set(DeliveryState::Failed);
    if write_outcome(&txn, &delivery, change, now).await? {
        tell_webhook(state, &txn, &webhook, &outcome, is_given_up).await?;
    }
    txn.commit().await?;
    let (attempts, webhook_id) = (delivery.attempts, webhook.id);
    match outcome {
        Outcome::Delivered => {
            tracing::info!(%id, %webhook_id, attempts, elapsed, "webhook delivered");
        }
        Outcome::Gone => tracing::warn!(%id, %webhook_id, "an endpoint is gone"),
        Outcome::Failed { error, .. } => {
            tracing::warn!(%id, %webhook_id, attempts, %error, status, is_given_up, "webhook not delivered");
        }
    }
    Ok(())
}

/// 2xx is taken, 410 wants no more, all else failed. Redirects are not followed: who moved says so
/// to a coordinator.
fn judge(answer: Result<Receipt, Failure>, now: DateTime<Utc>) -> Outcome {
    let (error, retry_after) = match answer {
        Ok(receipt) => match receipt.status.as_u16() {
            200..=299 => return Outcome::Delivered,
            410 => return Outcome::Gone,
            300..=399 => (DeliveryError::Redirect, receipt.retry_after),
            _ => (DeliveryError::Status, receipt.retry_after),
        },
        Err(Failure::Refused) => (DeliveryError::Address, None),
        Err(Failure::Late) => (DeliveryError::Timeout, None),
        Err(_) => (DeliveryError::Connection, None),
    };
    Outcome::Failed {
        error,
        until: retry_after.and_then(|text| asked_for(&text, now)),
    }
}

/// What becomes of the delivery. One whose endpoint is gone waits, should it come back.
fn settled(state: &State, delivery: &Model, outcome: &Outcome, now: DateTime<Utc>) -> ActiveModel {
    let (error, until) = match outcome {
        Outcome::Delivered => {
            return ActiveModel {
                state: Set(DeliveryState::Delivered),
                last_error: Set(None),
                delivered_at: Set(Some(now)),
                ..Default::default()
            };
        }
        Outcome::Gone => (DeliveryError::Status, None),
        Outcome::Failed { error, until } => (*error, *until),
    };
    let again = now + BACKOFF.after(state.config.webhook_retry_seconds, delivery.attempts);
    let again = until.map_or(again, |until| again.max(until));
    let is_last = again >= delivery.give_up_at && *outcome != Outcome::Gone;
    ActiveModel {
        state: Set(match is_last {
            true => DeliveryState::Failed,
            false => DeliveryState::Pending,
        }),
        last_error: Set(Some(error)),
        next_attempt_at: Set(again),
        ..Default::default()
    }
}

/// Writes it down, unless the delivery is another's by now.
async fn write_outcome(
    txn: &Transaction,
    delivery: &Model,
    change: ActiveModel,
    now: DateTime<Utc>,
) -> Result<bool> {
    let written = Entity::update_many()
        .set(change)
        .col_expr(Column::Version, Expr::value(delivery.version + 1))
        .col_expr(Column::UpdatedAt, Expr::value(now))
        .filter(Column::Id.eq(delivery.id))
        .filter(Column::Version.eq(delivery.version))
        .exec(txn)
        .await?;
    Ok(written.rows_affected == 1)
}

/// What becomes of the webhook.
async fn tell_webhook(
    state: &State,
    txn: &Transaction,
    webhook: &webhook::Model,
    outcome: &Outcome,
    is_given_up: bool,
) -> Result<()> {
    use webhook::Column as Of;
    let now = state.clock.now();
    let this = webhook::Entity::update_many().filter(Of::Id.eq(webhook.id));
    match outcome {
        Outcome::Delivered => {
            let failed = Condition::any()
                .add(Of::FailingSince.is_not_null())
                .add(Of::HeldUntil.is_not_null());
            let well = crate::outside::webhooks::rules::fresh();
            this.set(well).filter(failed).exec(txn).await?;
        }
        Outcome::Gone => disable(state, txn, webhook.id, DisabledReason::Gone).await?,
        Outcome::Failed { until, .. } => {
            if let Some(until) = until {
                let held = this.clone().col_expr(Of::HeldUntil, Expr::value(*until));
                held.exec(txn).await?;
            }
            let begins = this.col_expr(Of::FailingSince, Expr::value(now));
            begins.filter(Of::FailingSince.is_null()).exec(txn).await?;
            let has_failed_for_long = webhook
                .failing_since
                .is_some_and(|since| now - since >= disable::AFTER);
            if is_given_up && has_failed_for_long {
                disable(state, txn, webhook.id, DisabledReason::Failing).await?;
            }
        }
    }
    Ok(())
}
