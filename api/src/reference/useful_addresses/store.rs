//! Which useful addresses a caller reaches, the filters of their list, and who points at them.

use entity::useful_address::{Column, Entity, Model};
use entity::{personal_contact, sheet_item};
use sea_orm::sea_query::{Condition, Expr, ExprTrait, LockType};
use sea_orm::{ColumnTrait, QueryFilter, QuerySelect, QueryTrait, Select};
use uuid::Uuid;

use super::dto::UsefulAddressFilter;
use crate::kit::external_references::forget;
use crate::kit::list::search::holds;
use crate::kit::scope::in_organization_or_shared;
use crate::kit::{Code, Ctx, FaultCode, Listed, Problem, Result, Scoped, Several, Sorts, Tx};

impl Scoped for Entity {
    fn scope(ctx: &Ctx) -> Condition {
        in_organization_or_shared::<Self>(ctx)
    }
}

impl Listed for Entity {
    type Entity = Self;
    const SORTS: Sorts<Self> = &[
        ("created_at", Column::CreatedAt),
        ("updated_at", Column::UpdatedAt),
        ("name", Column::SortKey),
    ];
}

pub(super) fn list(ctx: &Ctx, filter: &UsefulAddressFilter) -> Select<Entity> {
    let text = |column: Column| Expr::col((Entity, column)).cast_as("text");
    ctx.select::<Entity>()
        .apply_if(filter.category.as_ref(), |query, Several(kinds)| {
            query.filter(Column::Category.is_in(kinds.iter().copied()))
        })
        .apply_if(filter.department.as_ref(), |query, Several(codes)| {
            let listed = codes.iter().map(|code| format!("%\"{}\"%", code.0));
            query.filter(listed.fold(Condition::any(), |any, listed| {
                any.add(text(Column::DepartmentCodes).like(listed))
            }))
        })
        .apply_if(filter.q.as_deref(), |query, words| {
            query.filter(holds(Column::Search, words))
        })
}

/// Checks that a page of a booklet may point at this address: the organization's own, or a shared
/// one. It is held until the end of the transaction, so that it cannot be deleted meanwhile.
///
/// # Errors
/// 422 at `/useful_address_id` when there is none.
pub(crate) async fn check_visible(tx: &Tx, id: Option<Uuid>) -> Result<()> {
    let Some(id) = id else { return Ok(()) };
    let visible = Condition::any()
        .add(Column::OrganizationId.is_null())
        .add(Column::OrganizationId.eq(tx.organization_id()?));
    tx.all_of::<Entity>()
        .filter(Column::Id.eq(id))
        .filter(visible)
        .lock(LockType::Share)
        .one(tx.db())
        .await?
        .map(|_| ())
        .ok_or_else(|| Problem::fault("/useful_address_id", FaultCode::UnknownReference))
}

/// Refuses to take an address away from the contacts and sheet items that point at it; forgets
/// the names that other systems gave to it.
///
/// # Errors
/// 409 when something points at it.
pub(super) async fn release(tx: &Tx, address: &Model) -> Result<()> {
    let contact = tx
        .all_of::<personal_contact::Entity>()
        .filter(personal_contact::Column::UsefulAddressId.eq(address.id))
        .one(tx.db())
        .await?;
    let item = tx
        .all_of::<sheet_item::Entity>()
        .filter(sheet_item::Column::UsefulAddressId.eq(address.id))
        .one(tx.db())
        .await?;
    if contact.is_some() || item.is_some() {
        return Err(Problem::new(Code::InUse));
    }
    forget(tx, [address.id]).await
}
