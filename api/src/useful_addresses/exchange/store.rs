//! The addresses that leave, page by page, and those that structures describe.

use entity::useful_address::{Column, Entity, Model};
use sea_orm::sea_query::{Expr, ExprTrait, Func};
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait};
use uuid::Uuid;

use super::super::dto::UsefulAddressInput;
use super::super::writing;
use super::dto::{ImportOutcome, ImportedStructure, Structure};
use super::mapping;
use crate::external_references::{Claimed, claim};
use crate::kit::{Ctx, Edited, Event, PutCondition, Result, Tx};

/// How many addresses are read at a time.
pub(super) const PAGE: u64 = 200;
/// The shortest name in the format.
const SHORTEST_NAME: i32 = 3;

/// Of the caller's own directory, in the order they were made: the next after this one.
pub(super) async fn page(ctx: &Ctx, after: Option<Uuid>) -> Result<Vec<Model>> {
    let own = match ctx.actor.organization_id {
        Some(id) => Column::OrganizationId.eq(id),
        None => Column::OrganizationId.is_null(),
    };
    let length = Expr::expr(Func::char_length(Expr::col((Entity, Column::Name))));
    Ok(ctx
        .select::<Entity>()
        .filter(own)
        .filter(length.gte(SHORTEST_NAME))
        .apply_if(after, |query, id| query.filter(Column::Id.gt(id)))
        .order_by_asc(Column::Id)
        .limit(PAGE)
        .all(ctx.state.db.reader())
        .await?)
}

/// Writes the address that a structure describes, unless it is so already.
pub(super) async fn put(
    tx: &mut Tx,
    structure: &Structure,
) -> Result<(ImportedStructure, Option<Event>)> {
    let name = mapping::name(structure);
    let claimed = claim::<Entity>(tx, &name, &PutCondition::default()).await?;
    let (id, outcome, left_out, event) = match claimed {
        Claimed::New(id) => {
            let (address, left_out) = mapping::address(structure, None);
            let (row, _) = writing::create(tx, id, address).await?;
            let event = Some(Event::created(&row));
            (id, ImportOutcome::Created, left_out, event)
        }
        Claimed::Known(row, names) => {
            let before = UsefulAddressInput::of(&row, names.clone());
            let known = UsefulAddressInput::of(&row, names);
            let (address, left_out) = mapping::address(structure, Some(known));
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
