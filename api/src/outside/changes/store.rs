//! Reads the feed of an organization: what comes after a sequence number.

use entity::event::{self, Column};
use sea_orm::sea_query::Condition;
use sea_orm::{ColumnTrait, DbErr, QueryFilter, QueryOrder, QuerySelect, QueryTrait};
use uuid::Uuid;

use super::sequence::{assign_numbers, end};
use crate::foundation::state::State;
use crate::foundation::unscoped;

/// Which changes. Empty lists filter nothing.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// Whose.
    pub organization_id: Uuid,
    /// Only of these types, as `booklet.closed`.
    pub types: Vec<String>,
    /// Only of these resources, as `booklet`.
    pub resources: Vec<String>,
    /// Only what this person may be told.
    pub reader: Option<Reader>,
}

/// Somebody who is not told of all.
#[derive(Clone, Debug)]
pub struct Reader {
    /// Who.
    pub id: Uuid,
    /// What of.
    pub told: Condition,
}

/// Some changes, in order.
#[derive(Debug)]
pub struct Found {
    /// Each with its position.
    pub events: Vec<event::Model>,
    /// The number to go on after: that of the last one, or the end of the feed when there are no more.
    pub next: i64,
}

/// The changes after a number, so many at most. Those that are for one person's eyes are never told.
///
/// # Errors
/// When the database does not answer.
pub async fn after(
    state: &State,
    wanted: &Wanted,
    position: i64,
    limit: u64,
) -> Result<Found, DbErr> {
    let mut end = end(state, wanted.organization_id).await?;
    loop {
        // What has a number is read before more get one: a reader far behind gives none.
        let events = if position < end.last {
            between(state, wanted, (position, end.last), limit).await?
        } else {
            Vec::new()
        };
        let is_full = events.len() as u64 == limit;
        if is_full || !end.is_more {
            let last = events.last().and_then(|event| event.position);
            return Ok(Found {
                next: last.filter(|_| is_full).unwrap_or(end.last),
                events,
            });
        }
        end = assign_numbers(state, wanted.organization_id).await?;
    }
}

/// The end of the feed now, once all that is committed has its number.
///
/// # Errors
/// When the database does not answer.
pub async fn latest(state: &State, organization_id: Uuid) -> Result<i64, DbErr> {
    let mut end = end(state, organization_id).await?;
    while end.is_more {
        end = assign_numbers(state, organization_id).await?;
    }
    Ok(end.last)
}

async fn between(
    state: &State,
    wanted: &Wanted,
    (after, up_to): (i64, i64),
    limit: u64,
) -> Result<Vec<event::Model>, DbErr> {
    // An organization's own feed.
    unscoped::rows::<event::Entity>()
        .filter(Column::OrganizationId.eq(wanted.organization_id))
        .filter(Column::Position.gt(after))
        .filter(Column::Position.lte(up_to))
        .filter(Column::PrivateTo.is_null())
        .apply_if(wanted.reader.as_ref(), |query, reader| {
            query.filter(reader.told.clone())
        })
        .apply_if(some(&wanted.types), |query, types| {
            query.filter(Column::Kind.is_in(types))
        })
        .apply_if(some(&wanted.resources), |query, resources| {
            query.filter(Column::Resource.is_in(resources))
        })
        .order_by_asc(Column::Position)
        .limit(limit)
        .all(state.db.reader())
        .await
}

fn some(names: &[String]) -> Option<&[String]> {
    (!names.is_empty()).then_some(names)
}
