//! The addresses that leave, page by page, and those that structures describe.

use std::collections::BTreeSet;

use entity::useful_address::{Column, Entity, Model};
use sea_orm::sea_query::{Expr, ExprTrait, Func, LockType};
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait};
use uuid::Uuid;

use super::dto::{ImportOutcome, ImportedStructure};
use super::given::Given;
use super::mapping;
use crate::kit::external_references::{Claimed, claim, of_row};
use crate::kit::{Ctx, Edited, Event, PutCondition, Result, Tx};
use crate::reference::useful_addresses::dto::UsefulAddressInput;
use crate::reference::useful_addresses::writing;

/// How many addresses are read at a time.
pub(super) const PAGE: u64 = 200;
/// The shortest name in the format.
const SHORTEST_NAME: i32 = 3;

/// Of the caller's own directory, in the order they were made: the next after this one.
pub(super) async fn page(ctx: &Ctx, after: Option<Uuid>) -> Result<Vec<Model>> {
    let length = Expr::expr(Func::char_length(Expr::col((Entity, Column::Name))));
    Ok(ctx
        .select::<Entity>()
        .filter(own(ctx))
        .filter(length.gte(SHORTEST_NAME))
        .apply_if(after, |query, id| query.filter(Column::Id.gt(id)))
        .order_by_asc(Column::Id)
        .limit(PAGE)
        .all(ctx.state.db.reader())
        .await?)
}

/// Of these ids, those of addresses in the caller's own directory.
pub(super) async fn owned(ctx: &Ctx, ids: impl Iterator<Item = Uuid>) -> Result<BTreeSet<Uuid>> {
    let ids: Vec<Uuid> = ids.collect();
    if ids.is_empty() {
        return Ok(BTreeSet::new());
    }
    let found: Vec<Uuid> = ctx
        .select::<Entity>()
        .select_only()
        .column(Column::Id)
        .filter(own(ctx))
        .filter(Column::Id.is_in(ids))
        .into_tuple()
        .all(ctx.state.db.reader())
        .await?;
    Ok(found.into_iter().collect())
}

fn own(ctx: &Ctx) -> Expr {
    match ctx.actor.organization_id {
        Some(id) => Column::OrganizationId.eq(id),
        None => Column::OrganizationId.is_null(),
    }
}

/// The address of the caller's own directory that left under this structure's id, locked; or the one
/// that was imported under it, or the name to make it.
async fn described(tx: &Tx, structure: &Given) -> Result<Claimed<Model>> {
    if let Some(id) = mapping::named_by_us(&structure.id) {
        let row = tx
            .select::<Entity>()
            .filter(own(tx))
            .filter(Column::Id.eq(id))
            .lock(LockType::NoKeyUpdate)
            .one(tx.db())
            .await?;
        if let Some(row) = row {
            tx.found(&row);
            let names = of_row(tx.db(), &row).await?;
            return Ok(Claimed::Known(row, names));
        }
    }
    claim::<Entity>(tx, &mapping::name(structure), &PutCondition::default()).await
}

/// Writes the addresses that structures describe; what became of them, in the order they came.
pub(super) async fn put_all(
    tx: &mut Tx,
    structures: &[Given],
) -> Result<(Vec<ImportedStructure>, Vec<Event>)> {
    // In the order of their ids: of two imports at once none waits for what the other holds.
    let mut order: Vec<(usize, &Given)> = structures.iter().enumerate().collect();
    order.sort_by(|(_, one), (_, other)| one.id.cmp(&other.id));
    let (mut imported, mut events) = (Vec::new(), Vec::new());
    for (at, structure) in order {
        let (done, event) = put(tx, structure).await?;
        imported.push((at, done));
        events.extend(event);
    }
    imported.sort_by_key(|(at, _)| *at);
    Ok((imported.into_iter().map(|(_, done)| done).collect(), events))
}

/// Writes the address that a structure describes, unless it is so already.
async fn put(tx: &mut Tx, structure: &Given) -> Result<(ImportedStructure, Option<Event>)> {
    let (id, outcome, left_out, event) = match described(tx, structure).await? {
        Claimed::New(id) => {
            let (address, left_out) = mapping::address(structure, None);
            let (row, _) = writing::create(tx, id, address).await?;
            let event = Some(Event::created(&row));
            (id, ImportOutcome::Created, left_out, event)
        }
        Claimed::Known(row, names) => {
            let before = UsefulAddressInput::of(&row, names.clone());
            let known = UsefulAddressInput::of(&row, names);
            let told = mapping::structure(structure.id.clone(), row.clone(), tx.today);
            let (address, left_out) = mapping::address(structure, Some((known, told)));
            let edit = Edited::between(&before, address)?;
            let changed = edit.changed.clone();
            if changed.is_empty() {
                (row.id, ImportOutcome::Unchanged, left_out, None)
            } else {
                let (row, _) = writing::edit(tx, &row, edit).await?;
                let event = Some(Event::updated(&row, changed));
                (row.id, ImportOutcome::Updated, left_out, event)
            }
        }
    };
    let imported = ImportedStructure {
        id: structure.id.clone(),
        useful_address_id: id,
        outcome,
        left_out,
    };
    Ok((imported, event))
}
