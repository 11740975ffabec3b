//! What the running service does by itself, now and every hour. Several instances may do it at once.

use std::sync::Arc;
use std::time::Duration;

use entity::{idempotency_key, invitation, revoked_token, session, sign_in_limit};
use sea_orm::sea_query::Condition;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use crate::booklet::contracts::expiry::end_expired;
use crate::foundation::state::State;
use crate::kit::Result;
use crate::kit::request::idempotency::forgotten_at;
use crate::outside::imports;
use crate::outside::webhooks;
use crate::people::account::links;
use crate::people::auth::attempts::FORGIVEN;
use crate::people::mail::outbox;

const HOUR: Duration = Duration::from_secs(3600);

/// Ends contracts by their date, and forgets what is of no use any more.
pub(crate) async fn every_hour(state: Arc<State>) {
    loop {
        match end_expired(&state).await {
            Ok(0) => {}
            Ok(contracts) => tracing::info!(contracts, "contracts ended by their date"),
            Err(problem) => tracing::warn!(%problem, "expired contracts could not be ended"),
        }
        if let Err(problem) = forget_expired(&state).await {
            tracing::warn!(%problem, "expired sessions could not be deleted");
        }
        if let Err(problem) = imports::forget_old(&state).await {
            tracing::warn!(%problem, "rows of old imports could not be deleted");
        }
        tokio::time::sleep(HOUR).await;
    }
}

/// Deletes the sessions, invitations, links, answers, counts and traces of mails and deliveries that
/// nobody can use any more.
///
/// # Errors
/// 503 when the database does not answer.
pub async fn forget_expired(state: &State) -> Result<()> {
    let now = state.clock.now();
    let txn = state.db.begin().await?;
    session::Entity::delete_many()
        .filter(session::Column::ExpiresAt.lt(now))
        .exec(&txn)
        .await?;
    invitation::Entity::delete_many()
        .filter(invitation::Column::ExpiresAt.lt(now))
        .exec(&txn)
        .await?;
    idempotency_key::Entity::delete_many()
        .filter(idempotency_key::Column::CreatedAt.lte(forgotten_at(now)))
        .exec(&txn)
        .await?;
    revoked_token::Entity::delete_many()
        .filter(revoked_token::Column::ForgottenAt.lt(now))
        .exec(&txn)
        .await?;
    links::forget_expired(&txn, now).await?;
    outbox::forget_old(&txn, now).await?;
    webhooks::forget_old(&txn, now).await?;
    sign_in_limit::Entity::delete_many()
        .filter(sign_in_limit::Column::LastAt.lt(now - FORGIVEN))
        .filter(
            Condition::any()
                .add(sign_in_limit::Column::TrustedUntil.is_null())
                .add(sign_in_limit::Column::TrustedUntil.lt(now)),
        )
        .exec(&txn)
        .await?;
    txn.commit().await?;
    Ok(())
}
