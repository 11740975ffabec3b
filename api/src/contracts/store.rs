//! Which contracts a caller reaches, and what happens to them within a transaction.

use std::collections::HashMap;

use chrono::NaiveDate;
use entity::values::{ContractState, Party};
use entity::{booklet, candidate, contract, organization, signature, user};
use sea_orm::sea_query::Condition;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, JoinType, PrimaryKeyTrait,
    QueryFilter, QueryOrder, QuerySelect, QueryTrait, Select, Set,
};
use uuid::Uuid;

use super::dto::{Contract, ContractFilter, NewSignature};
use super::{content, rules};
use crate::kit::{BookletPage, Code, Ctx, Event, Listed, Page, Problem, Result, Sorts, Tx, new_id};

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

/// Freezes the content: names of the parties, and the hash of it all.
pub(super) async fn propose(
    tx: &Tx,
    booklet: &booklet::Model,
    draft: contract::Model,
) -> Result<contract::Model> {
    let candidate = needed::<candidate::Entity>(tx, booklet.candidate_id).await?;
    let tutor = needed::<user::Entity>(tx, booklet.tutor_id).await?;
    let organization = needed::<organization::Entity>(tx, booklet.organization_id).await?;
    let frozen = contract::Model {
        candidate_name: Some(full_name(&candidate.given_name, &candidate.family_name)),
        tutor_name: Some(full_name(&tutor.given_name, &tutor.family_name)),
        organization_name: Some(organization.name),
        ..draft.clone()
    };
    let content_sha256 = content::sha256(&content::canonical(&frozen)?);
    let change = contract::ActiveModel {
        state: Set(ContractState::Proposed),
        content_sha256: Set(Some(content_sha256)),
        candidate_name: Set(frozen.candidate_name),
        tutor_name: Set(frozen.tutor_name),
        organization_name: Set(frozen.organization_name),
        tutor_id: Set(Some(tutor.id)),
        proposed_at: Set(Some(tx.now)),
        ..Default::default()
    };
    tx.update(&draft, change).await
}

fn full_name(given_name: &str, family_name: &str) -> String {
    format!("{given_name} {family_name}")
}

/// A row that a foreign key points at.
async fn needed<E>(tx: &Tx, id: Uuid) -> Result<E::Model>
where
    E: EntityTrait,
    <E::PrimaryKey as PrimaryKeyTrait>::ValueType: From<Uuid>,
{
    let row = tx.reference::<E>(id).await?;
    row.ok_or(Problem::new(Code::InternalError))
}

/// Makes a proposed contract a draft again; whoever has signed signs anew.
pub(super) async fn withdraw(tx: &Tx, proposed: contract::Model) -> Result<contract::Model> {
    signature::Entity::delete_many()
        .filter(signature::Column::ContractId.eq(proposed.id))
        .exec(tx.db())
        .await?;
    let change = contract::ActiveModel {
        state: Set(ContractState::Draft),
        content_sha256: Set(None),
        candidate_name: Set(None),
        tutor_name: Set(None),
        organization_name: Set(None),
        tutor_id: Set(None),
        proposed_at: Set(None),
        ..Default::default()
    };
    tx.update(&proposed, change).await
}

/// Writes a party's signature; the second one brings the contract into force. Gives the last
/// event too, like `terminate`.
pub(super) async fn sign(
    tx: &mut Tx,
    booklet: &booklet::Model,
    proposed: contract::Model,
    party: Party,
    new: NewSignature,
) -> Result<(contract::Model, Event)> {
    let candidate = needed::<candidate::Entity>(tx, booklet.candidate_id).await?;
    let given = signatures(tx, tx.db(), [proposed.id]).await?;
    let signed: Vec<Party> = given.iter().map(|signature| signature.party).collect();
    let (signer_id, is_complete) = rules::sign(
        &proposed,
        &signed,
        party,
        new.method,
        candidate.user_id,
        tx.actor.id,
        tx.today,
    )?;
    let signer_name = match party {
        Party::Candidate => &proposed.candidate_name,
        Party::Tutor => &proposed.tutor_name,
    };
    let row = signature::ActiveModel {
        id: Set(new_id()),
        organization_id: Set(proposed.organization_id),
        booklet_id: Set(proposed.booklet_id),
        contract_id: Set(proposed.id),
        party: Set(party),
        signer_id: Set(signer_id),
        recorded_by: Set(tx.actor.id),
        signer_name: Set(signer_name.clone().unwrap_or_default()),
        place: Set(new.place),
        signed_at: Set(tx.now),
        method: Set(new.method),
        content_sha256: Set(proposed.content_sha256.clone().unwrap_or_default()),
    };
    row.insert(tx.db()).await?;
    if is_complete {
        come_into_force(tx, booklet, &proposed).await
    } else {
        let contract = tx.touch(&proposed).await?;
        let event = Event::new(&contract, "signed");
        Ok((contract, event))
    }
}

/// The contract signed by both replaces the one in force, and makes the booklet active.
async fn come_into_force(
    tx: &mut Tx,
    booklet: &booklet::Model,
    signed: &contract::Model,
) -> Result<(contract::Model, Event)> {
    let former = in_force(tx, booklet).await?;
    let replaced = former
        .iter()
        .find(|former| rules::effective_state(former, tx.today) == ContractState::InForce);
    let change = contract::ActiveModel {
        state: Set(ContractState::InForce),
        supersedes_id: Set(replaced.map_or(signed.supersedes_id, |former| Some(former.id))),
        ..Default::default()
    };
    let contract = tx.update(signed, change).await?;
    tx.record(Event::new(&contract, "signed"));
    tx.record(Event::new(&contract, "in_force"));
    for former in former {
        match rules::effective_state(&former, tx.today) {
            ContractState::InForce => {
                finish(tx, &former, ContractState::Superseded, "superseded").await?;
            }
            _ => finish(tx, &former, ContractState::Ended, "ended").await?,
        }
    }
    let active = rules::with_contract(booklet, contract.ends_on);
    let event = update_booklet(tx, booklet, active).await?;
    Ok((contract, event))
}

/// The contracts stored as in force: one at most.
async fn in_force(tx: &Tx, booklet: &booklet::Model) -> Result<Vec<contract::Model>> {
    let query = tx
        .all_of::<contract::Entity>()
        .filter(contract::Column::BookletId.eq(booklet.id))
        .filter(contract::Column::State.eq(ContractState::InForce));
    Ok(query.all(tx.db()).await?)
}

async fn finish(
    tx: &mut Tx,
    contract: &contract::Model,
    state: ContractState,
    verb: &'static str,
) -> Result<()> {
    let change = contract::ActiveModel {
        state: Set(state),
        ..Default::default()
    };
    let contract = tx.update(contract, change).await?;
    tx.record(Event::new(&contract, verb));
    Ok(())
}

/// Terminates the contract in force; the booklet goes on without.
pub(super) async fn terminate(
    tx: &mut Tx,
    booklet: &booklet::Model,
    contract: &contract::Model,
    reason: String,
) -> Result<(contract::Model, Event)> {
    let change = contract::ActiveModel {
        state: Set(ContractState::Terminated),
        terminated_on: Set(Some(tx.today)),
        termination_reason: Set(Some(reason)),
        ..Default::default()
    };
    let contract = tx.update(contract, change).await?;
    tx.record(Event::new(&contract, "terminated"));
    let event = update_booklet(tx, booklet, rules::without_contract(booklet)).await?;
    Ok((contract, event))
}

async fn update_booklet(
    tx: &Tx,
    booklet: &booklet::Model,
    change: booklet::ActiveModel,
) -> Result<Event> {
    let after = tx.update(booklet, change).await?;
    Ok(rules::booklet_event(booklet, &after))
}

/// Ends the contract in force of a booklet that is being closed or withdrawn. The booklet itself
/// is left to the caller.
pub(crate) async fn end_contracts(tx: &mut Tx, booklet: &booklet::Model) -> Result<()> {
    for contract in in_force(tx, booklet).await? {
        finish(tx, &contract, ContractState::Ended, "ended").await?;
    }
    Ok(())
}
