//! Places in a short list of a booklet: 1, 2, 3 … without holes (objectives, plan steps).
//!
//! Everything is a move: a new row comes in last and moves up to its place, a row that goes moves
//! down to the last place first. The booklet is locked meanwhile, so places cannot race.

use std::collections::{HashMap, HashSet};

use entity::Row;
use sea_orm::sea_query::{Expr, ExprTrait, Order};
use sea_orm::{EntityTrait, IntoActiveModel, QueryFilter, QueryOrder};
use uuid::Uuid;

use crate::foundation::event_types::Told;
use crate::kit::write::event::verb;
use crate::kit::{Code, Event, Fault, FaultCode, Problem, Result, Tx};

/// How many rows such a list holds at most.
pub const MOST: usize = 200;

/// A row that has a place among those of its booklet.
pub trait Placed:
    Row<Entity: EntityTrait<Model = Self>>
    + Told<verb::Updated>
    + IntoActiveModel<<Self::Entity as EntityTrait>::ActiveModel>
{
    /// Its place, from 1.
    fn position(&self) -> i32;
    /// The change that gives it another place.
    fn at(position: i32) -> <Self::Entity as EntityTrait>::ActiveModel;
}

/// Where a row stands after another one has moved.
#[must_use]
pub fn after_move(position: i32, from: i32, to: i32) -> i32 {
    if from < position && position <= to {
        position - 1
    } else if to <= position && position < from {
        position + 1
    } else {
        position
    }
}

/// All rows of this list, in order, whoever reaches them.
///
/// # Errors
/// 503 when the database does not answer.
pub async fn siblings<M: Placed>(tx: &Tx, booklet_id: Uuid) -> Result<Vec<M>> {
    let rows = tx
        .all_of::<M::Entity>()
        .filter(Expr::col("booklet_id").eq(booklet_id))
        .order_by(Expr::col("position"), Order::Asc)
        .all(tx.db())
        .await?;
    Ok(rows)
}

/// Whether a list of so many rows takes one more.
///
/// # Errors
/// 409 when it is full.
pub fn has_room(rows: usize) -> Result<()> {
    if rows >= MOST {
        return Err(Problem::new(Code::Conflict));
    }
    Ok(())
}

/// Makes room for a new row, at the place asked for or else the last, and says which it is.
///
/// # Errors
/// 409 when the list is full, 422 when the place is beyond its end.
pub async fn make_room<M: Placed>(tx: &mut Tx, siblings: &[M], wanted: Option<i32>) -> Result<i32> {
    has_room(siblings.len())?;
    let last = count(siblings) + 1;
    move_to(tx, siblings, last, within(wanted, last)?).await
}

/// Makes room for a row that moves, to the place asked for or else the last, and says which it is.
///
/// # Errors
/// 422 when the place is beyond the end of the list.
pub async fn make_way<M: Placed>(
    tx: &mut Tx,
    siblings: &[M],
    row: &M,
    wanted: Option<i32>,
) -> Result<i32> {
    let to = within(wanted, count(siblings))?;
    move_to(tx, siblings, row.position(), to).await
}

/// Closes the gap that a row leaves.
///
/// # Errors
/// 503 when the database does not answer.
pub async fn close_gap<M: Placed>(tx: &mut Tx, siblings: &[M], row: &M) -> Result<()> {
    move_to(tx, siblings, row.position(), count(siblings)).await?;
    Ok(())
}

/// Puts the list in the order of these ids.
///
/// # Errors
/// 422 unless they name every row exactly once.
pub async fn reorder<M: Placed>(tx: &mut Tx, siblings: Vec<M>, ids: &[Uuid]) -> Result<Vec<M>> {
    let known: Vec<Uuid> = siblings.iter().map(Row::id).collect();
    let faults = faults_of_order(&known, ids);
    if !faults.is_empty() {
        return Err(Problem::invalid(faults));
    }
    let mut by_id: HashMap<Uuid, M> = siblings.into_iter().map(|row| (row.id(), row)).collect();
    let mut ordered = Vec::with_capacity(ids.len());
    for (position, id) in (1..).zip(ids) {
        if let Some(row) = by_id.remove(id) {
            ordered.push(put(tx, row, position).await?);
        }
    }
    Ok(ordered)
}

/// What keeps these ids from being an order of the known ones.
fn faults_of_order(known: &[Uuid], ids: &[Uuid]) -> Vec<Fault> {
    let mut missing: HashSet<&Uuid> = known.iter().collect();
    let mut faults = Vec::new();
    for (index, id) in ids.iter().enumerate() {
        if !missing.remove(id) {
            let code = if known.contains(id) {
                FaultCode::UniqueItems
            } else {
                FaultCode::UnknownReference
            };
            faults.push(Fault::new(format!("/ids/{index}"), code));
        }
    }
    if !missing.is_empty() {
        faults.push(Fault::new("/ids", FaultCode::Incomplete).with("missing", missing.len()));
    }
    faults
}

async fn move_to<M: Placed>(tx: &mut Tx, siblings: &[M], from: i32, to: i32) -> Result<i32> {
    for row in siblings.iter().filter(|row| row.position() != from) {
        put(tx, row.clone(), after_move(row.position(), from, to)).await?;
    }
    Ok(to)
}

/// Gives a row this place; one that stands there already does not change.
async fn put<M: Placed>(tx: &mut Tx, row: M, position: i32) -> Result<M> {
    if row.position() == position {
        return Ok(row);
    }
    let row = tx.update(&row, M::at(position)).await?;
    tx.record(Event::updated(&row, vec!["position".to_owned()]));
    Ok(row)
}

/// The place asked for, or the last.
fn within(wanted: Option<i32>, last: i32) -> Result<i32> {
    match wanted {
        Some(place) if place > last => {
            let fault = Fault::new("/position", FaultCode::Maximum).with("max", last);
            Err(Problem::invalid(vec![fault]))
        }
        Some(place) => Ok(place),
        None => Ok(last),
    }
}

fn count<M>(siblings: &[M]) -> i32 {
    i32::try_from(siblings.len()).unwrap_or(i32::MAX)
}

#[cfg(test)]
mod tests;
