//! Which imports a caller reaches: coordinators all of their organization, a service account its own.

use chrono::{DateTime, Utc};
use entity::row::NewRow;
use entity::values::Role;
use entity::{import, import_fault};
use sea_orm::sea_query::Condition;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait, Select,
};
use uuid::Uuid;

use super::arrival::Staged;
use super::dto::{ImportFilter, kept};
use crate::kit::faults::FAULT_LIMIT;
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

/// The import of a file that arrived.
pub(super) async fn insert(
    tx: &Tx,
    organization_id: Uuid,
    Staged { import_id, mut row }: Staged,
) -> Result<import::Model> {
    row.stamp(import_id, Some(organization_id).into(), tx.now);
    Ok(row.insert(tx.db()).await?)
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
