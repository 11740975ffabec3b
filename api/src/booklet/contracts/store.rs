//! Which contracts a caller reaches, and how they are read.

use std::collections::HashMap;

use chrono::NaiveDate;
use entity::values::{ContractState, Party};
use entity::{booklet, contract, signature};
use sea_orm::sea_query::Condition;
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, JoinType, QueryFilter, QueryOrder, QuerySelect,
    QueryTrait, Select,
};
use uuid::Uuid;

use super::dto::{Contract, ContractFilter};
use crate::kit::{BookletPage, Ctx, Listed, Page, Result, Sorts, Tx};

impl BookletPage for contract::Entity {}
impl BookletPage for signature::Entity {}

impl Listed for contract::Entity {
    type Entity = Self;
    const SORTS: Sorts<Self> = &[
        ("created_at", contract::Column::CreatedAt),
        ("updated_at", contract::Column::UpdatedAt),
        ("number", contract::Column::Number),
    ];
}

pub(super) fn list(
    ctx: &Ctx,
    booklet_id: Uuid,
    filter: &ContractFilter,
) -> Select<contract::Entity> {
    ctx.select::<contract::Entity>()
        .filter(contract::Column::BookletId.eq(booklet_id))
        .apply_if(filter.state, |query, state| {
            query.filter(in_state(state, ctx.today))
        })
}

/// The contracts whose effective state is this one.
fn in_state(state: ContractState, today: NaiveDate) -> Condition {
    use contract::Column::{EndsOn, State};
    let stored = Condition::all().add(State.eq(state));
    let past = Condition::all()
        .add(State.eq(ContractState::InForce))
        .add(EndsOn.lt(today));
    match state {
        ContractState::InForce => stored.add(EndsOn.gte(today)),
        ContractState::Ended => Condition::any().add(stored).add(past),
        _ => stored,
    }
}

/// The signatures of these contracts, in the order they were given.
pub(super) async fn signatures(
    ctx: &Ctx,
    db: &impl ConnectionTrait,
    contracts: impl IntoIterator<Item = Uuid>,
) -> Result<Vec<signature::Model>> {
    let contracts: Vec<Uuid> = contracts.into_iter().collect();
    if contracts.is_empty() {
        return Ok(Vec::new());
    }
    let query = ctx
        .select::<signature::Entity>()
        .filter(signature::Column::ContractId.is_in(contracts))
        .order_by_asc(signature::Column::Id);
    Ok(query.all(db).await?)
}

/// A contract with its signatures.
pub(super) async fn shown(
    ctx: &Ctx,
    db: &impl ConnectionTrait,
    row: contract::Model,
) -> Result<Contract> {
    let signatures = signatures(ctx, db, [row.id]).await?;
    Ok(Contract::shown(row, &signatures, ctx.today))
}

/// A page of contracts with their signatures.
pub(crate) async fn page_shown(ctx: &Ctx, page: Page<contract::Model>) -> Result<Page<Contract>> {
    let ids = page.items.iter().map(|row| row.id);
    let signatures = signatures(ctx, ctx.state.db.reader(), ids).await?;
    Ok(page.map(|row| Contract::shown(row, &signatures, ctx.today)))
}

/// The contracts in force of these booklets, by the booklets' ids.
pub(crate) async fn in_force_of(ctx: &Ctx, booklets: &[Uuid]) -> Result<HashMap<Uuid, Contract>> {
    let rows = ctx
        .select::<contract::Entity>()
        .filter(contract::Column::BookletId.is_in(booklets.iter().copied()))
        .filter(in_state(ContractState::InForce, ctx.today))
        .all(ctx.state.db.reader())
        .await?;
    let booklets: Vec<Uuid> = rows.iter().map(|row| row.booklet_id).collect();
    let shown = page_shown(ctx, Page::whole(rows)).await?;
    Ok(booklets.into_iter().zip(shown.items).collect())
}

/// The numbers and states of the contracts of a booklet that is locked.
pub(super) async fn present(
    tx: &Tx,
    booklet: &booklet::Model,
) -> Result<Vec<(i32, ContractState)>> {
    Ok(tx
        .all_of::<contract::Entity>()
        .select_only()
        .columns([contract::Column::Number, contract::Column::State])
        .filter(contract::Column::BookletId.eq(booklet.id))
        .into_tuple()
        .all(tx.db())
        .await?)
}

/// The contracts beside this one, and who signed this one, in one query.
pub(super) async fn beside(
    ctx: &Ctx,
    contract: &contract::Model,
) -> Result<(Vec<(i32, ContractState)>, Vec<Party>)> {
    use contract::Column;
    let its_signatures = contract::Entity::belongs_to(signature::Entity)
        .from(Column::Id)
        .to(signature::Column::ContractId);
    let rows: Vec<(Uuid, i32, ContractState, Option<Party>)> = ctx
        .select::<contract::Entity>()
        .select_only()
        .columns([Column::Id, Column::Number, Column::State])
        .column(signature::Column::Party)
        .join(JoinType::LeftJoin, its_signatures.into())
        .filter(Column::BookletId.eq(contract.booklet_id))
        .into_tuple()
        .all(ctx.state.db.reader())
        .await?;
    let present = rows.iter().map(|(_, number, state, _)| (*number, *state));
    let signed = rows.iter().filter(|(id, ..)| *id == contract.id);
    let signed = signed.filter_map(|(.., party)| *party);
    Ok((present.collect(), signed.collect()))
}
