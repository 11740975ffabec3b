//! Endpoints that want no more, or have failed for days, are disabled, and the coordinators told.

use chrono::TimeDelta;
use entity::values::{DisabledReason, MailKind, WebhookState};
use entity::webhook;
use sea_orm::sea_query::LockType;
use sea_orm::{ColumnTrait, QueryFilter, QuerySelect};
use url::Url;
use uuid::Uuid;

use crate::foundation::database::Transaction;
use crate::foundation::state::State;
use crate::foundation::unscoped;
use crate::kit::write::event::{Author, write_events};
use crate::kit::write::tx::update_row;
use crate::kit::{Event, Result, verb};
use crate::outside::webhooks::rules;
use crate::people::mail::outbox::tell_coordinators;

/// After how long without a success.
pub(super) const AFTER: TimeDelta = TimeDelta::days(5);

/// Disables a webhook, if it is active.
///
/// # Errors
/// 503 when the database does not answer.
pub(super) async fn disable(
    state: &State,
    txn: &Transaction,
    webhook_id: Uuid,
    reason: DisabledReason,
) -> Result<()> {
    let now = state.clock.now();
    let found = unscoped::row::<webhook::Entity>(webhook_id)
        .filter(webhook::Column::State.eq(WebhookState::Active))
        .lock(LockType::NoKeyUpdate)
        .one(txn)
        .await?;
    let Some(row) = found else { return Ok(()) };
    let row = update_row(txn, now, &row, rules::disabled(reason, now)).await?;
    let author = Author {
        id: None,
        role: "system".to_owned(),
    };
    let event = Event::new(&row, verb::Disabled);
    write_events(txn, vec![event], now, &author, "webhook-delivery").await?;
    tracing::warn!(%webhook_id, %reason, "webhook disabled");
    let at = origin(&row.url);
    let said = (MailKind::WebhookDisabled, at.as_str());
    tell_coordinators(txn, (state, now), row.organization_id, said).await
}

/// Where an address is, without what may be secret in it.
fn origin(address: &str) -> String {
    Url::parse(address).map_or_else(|_| String::new(), |url| url.origin().ascii_serialization())
}
