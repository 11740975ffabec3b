//! Which imports a caller reaches: coordinators all of their organization, a service account its own.

use chrono::{DateTime, Utc};
use entity::row::NewRow;
use entity::values::Role;
use entity::{import, import_fault, organization};
use sea_orm::sea_query::{Condition, LockType};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    QueryTrait, Select,
};
use uuid::Uuid;

use super::dto::{ImportFilter, kept};
use super::rules;
use crate::foundation::database::Transaction;
use crate::foundation::problem::FAULT_LIMIT;
use crate::foundation::state::State;
use crate::foundation::unscoped;
use crate::kit::scope::in_organization;
use crate::kit::{Code, Ctx, Fault, Listed, Problem, Result, Scoped, Sorts, Tx};

impl Scoped for import::Entity {
    fn scope(ctx: &Ctx) -> Condition {
        let own = in_organization::<Self>(ctx);
        match ctx.actor.role {
            Role::Integration => own.add(import::Column::AuthorId.eq(ctx.actor.id)),
            _ => own,
        }
    }
}

impl Listed for import::Entity {
    type Entity = Self;
    const SORTS: Sorts<Self> = &[
        ("created_at", import::Column::CreatedAt),
        ("updated_at", import::Column::UpdatedAt),
    ];
}

/// Whoever reaches an import reaches its faults.
impl Scoped for import_fault::Entity {
    fn scope(ctx: &Ctx) -> Condition {
        in_organization::<Self>(ctx)
    }
}

impl Listed for import_fault::Entity {
    type Entity = Self;
    const SORTS: Sorts<Self> = &[("line", import_fault::Column::Line)];
    const BEGINS_WITH_THE_LAST: bool = false;

    fn changed_since(instant: DateTime<Utc>) -> Condition {
        Condition::all().add(import_fault::Column::CreatedAt.gte(instant))
    }
}

pub(super) fn list(ctx: &Ctx, filter: &ImportFilter) -> Select<import::Entity> {
    use import::Column;
    ctx.select::<import::Entity>()
        .apply_if(filter.resource, |query, resource| {
            query.filter(Column::Resource.eq(resource))
        })
        .apply_if(filter.state, |query, state| {
            query.filter(Column::State.eq(state))
        })
}

pub(super) fn faults(ctx: &Ctx, import_id: Uuid) -> Select<import_fault::Entity> {
    ctx.select::<import_fault::Entity>()
        .filter(import_fault::Column::ImportId.eq(import_id))
}

/// Whether there is room for one more, asked before its file is read. Several files that arrive at once may all
/// find the last place: [`insert`] asks again, for certain.
///
/// # Errors
/// 409 when there is none; 503 when the database does not answer.
pub(super) async fn room(ctx: &Ctx, organization_id: Uuid) -> Result<()> {
    let unfinished = unfinished(organization_id);
    rules::may_come(unfinished.count(ctx.state.db.reader()).await?)
}

/// The import of a file that arrived. Its organization is locked until it is kept, so that two at once
/// cannot both take the last place.
///
/// # Errors
/// 409 when others took it meanwhile; 503 when the database does not answer.
pub(super) async fn insert(
    tx: &Tx,
    import_id: Uuid,
    mut row: import::ActiveModel,
) -> Result<import::Model> {
    let organization_id = tx.organization_id()?;
    lock(tx.db(), organization_id).await?;
    rules::may_come(unfinished(organization_id).count(tx.db()).await?)?;
    row.stamp(import_id, Some(organization_id).into(), tx.now);
    Ok(row.insert(tx.db()).await?)
}

/// Whether an import was written, now that nobody can write it any more: who was writing it has ended.
///
/// # Errors
/// 503 when the database does not answer.
pub(super) async fn is_written(
    state: &State,
    organization_id: Uuid,
    import_id: Uuid,
) -> Result<bool> {
    if find(import_id).one(state.db.reader()).await?.is_some() {
        return Ok(true);
    }
    // Its commit may be under way: it holds the lock.
    let txn = state.db.begin().await?;
    lock(&txn, organization_id).await?;
    Ok(find(import_id).one(&txn).await?.is_some())
}

async fn lock(txn: &Transaction, organization_id: Uuid) -> Result<()> {
    // One's own, and nothing of it is shown.
    unscoped::row::<organization::Entity>(organization_id)
        .lock(LockType::NoKeyUpdate)
        .one(txn)
        .await?;
    Ok(())
}

fn find(import_id: Uuid) -> Select<import::Entity> {
    unscoped::row::<import::Entity>(import_id)
}

/// Those of an organization, whoever sent them.
fn unfinished(organization_id: Uuid) -> Select<import::Entity> {
    // Counted, and never shown.
    unscoped::rows::<import::Entity>()
        .filter(import::Column::OrganizationId.eq(organization_id))
        .filter(import::Column::State.is_in(rules::UNFINISHED))
}

/// Why a file with faults is not applied: the first of them, where they are.
pub(super) async fn refusal(tx: &Tx, import: &import::Model) -> Result<Problem> {
    let first = faults(tx, import.id)
        .order_by_asc(import_fault::Column::Line)
        .order_by_asc(import_fault::Column::Id)
        .limit(FAULT_LIMIT as u64)
        .all(tx.db())
        .await?;
    let faults = first.iter().filter_map(|row| {
        let pointer = format!("/{}{}", row.line, row.pointer);
        kept(row).map(|fault| fault.at(&pointer))
    });
    let faults: Vec<Fault> = faults.collect();
    Ok(Problem::new(Code::ImportFaulty).because(faults))
}
