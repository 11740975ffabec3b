//! Contracts whose date has passed are ended by the hourly job: reads show it already, the trail needs it
//! written. Safe when several instances do it at once: each booklet is locked and read again.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use entity::values::ContractState;
use entity::{booklet, contract, organization};
use sea_orm::sea_query::LockType;
use sea_orm::{ColumnTrait, EntityTrait, JoinType, QueryFilter, QuerySelect, RelationDef, Set};
use uuid::Uuid;

use super::rules;
use crate::foundation::state::State;
use crate::foundation::unscoped;
use crate::kit::ctx::timezone;
use crate::kit::write::event::{Author, write_events};
use crate::kit::write::tx::update_row;
use crate::kit::{Event, Result, verb};

/// Ends the contracts whose last day has passed where their organization is, and says how many.
///
/// # Errors
/// 503 when the database does not answer. A booklet that cannot be written now waits for the next
/// time, and the others do not wait for it.
pub async fn end_expired(state: &State) -> Result<usize> {
    let now = state.clock.now();
    let mut ended = 0;
    for (booklet_id, zone) in expired(state, now).await? {
        let today = now.with_timezone(&timezone(Some(zone))).date_naive();
        match end_in_booklet(state, booklet_id, now, today).await {
            Ok(contracts) => ended += contracts,
            Err(problem) => {
                tracing::warn!(%booklet_id, %problem, "its contract is ended another time");
            }
        }
    }
    Ok(ended)
}

/// The booklets with a contract that has expired somewhere on Earth, with their time zones.
async fn expired(state: &State, now: DateTime<Utc>) -> Result<Vec<(Uuid, String)>> {
    let organizations: RelationDef = contract::Entity::belongs_to(organization::Entity)
        .from(contract::Column::OrganizationId)
        .to(organization::Column::Id)
        .into();
    let latest_today = (now + TimeDelta::hours(14)).date_naive();
    let found = unscoped::rows::<contract::Entity>()
        .select_only()
        .column(contract::Column::BookletId)
        .column(organization::Column::Timezone)
        .join(JoinType::InnerJoin, organizations)
        .filter(contract::Column::State.eq(ContractState::InForce))
        .filter(contract::Column::EndsOn.lt(latest_today))
        .into_tuple()
        .all(state.db.reader())
        .await?;
    Ok(found)
}

async fn end_in_booklet(
    state: &State,
    booklet_id: Uuid,
    now: DateTime<Utc>,
    today: NaiveDate,
) -> Result<usize> {
    let txn = state.db.begin().await?;
    let booklet = unscoped::row::<booklet::Entity>(booklet_id)
        .lock(LockType::NoKeyUpdate)
        .one(&txn)
        .await?;
    let contract = unscoped::rows::<contract::Entity>()
        .filter(contract::Column::BookletId.eq(booklet_id))
        .filter(contract::Column::State.eq(ContractState::InForce))
        .filter(contract::Column::EndsOn.lt(today))
        .one(&txn)
        .await?;
    let (Some(booklet), Some(contract)) = (booklet, contract) else {
        return Ok(0);
    };
    let ended = contract::ActiveModel {
        state: Set(ContractState::Ended),
        ..Default::default()
    };
    let contract = update_row(&txn, now, &contract, ended).await?;
    let after = update_row(&txn, now, &booklet, rules::without_contract(&booklet)).await?;
    let events = vec![
        Event::new(&contract, verb::Ended),
        rules::booklet_event(&booklet, &after),
    ];
    let author = Author {
        id: None,
        role: "system".to_owned(),
    };
    write_events(&txn, events, now, &author, "contract-expiry").await?;
    txn.commit().await?;
    state.bell.ring(Some(booklet.organization_id));
    Ok(1)
}
