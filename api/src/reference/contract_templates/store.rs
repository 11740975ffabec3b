//! Which templates and pledges a caller reaches, and which ones new contracts are copied from.

use entity::{Row, contract_template, pledge};
use sea_orm::sea_query::{Condition, Expr, ExprTrait, Order};
use sea_orm::{PaginatorTrait, QueryFilter, QueryOrder};
use uuid::Uuid;

use crate::foundation::policy::{Action, Resource};
use crate::kit::scope::in_organization_or_shared;
use crate::kit::{Code, Ctx, FaultCode, Listed, Problem, Result, Scoped, Sorts, Tx};

impl Scoped for contract_template::Entity {
    fn scope(ctx: &Ctx) -> Condition {
        in_organization_or_shared::<Self>(ctx)
    }
}

impl Scoped for pledge::Entity {
    fn scope(ctx: &Ctx) -> Condition {
        in_organization_or_shared::<Self>(ctx)
    }
}

impl Listed for contract_template::Entity {
    type Entity = Self;
    const SORTS: Sorts<Self> = &[
        ("created_at", contract_template::Column::CreatedAt),
        ("updated_at", contract_template::Column::UpdatedAt),
    ];
}

impl Listed for pledge::Entity {
    type Entity = Self;
    const SORTS: Sorts<Self> = &[
        ("created_at", pledge::Column::CreatedAt),
        ("updated_at", pledge::Column::UpdatedAt),
    ];
}

/// The one named, or else the organization's most recent one, or else the shipped one.
///
/// # Errors
/// 422 at `pointer` when the one named is out of reach.
pub(crate) async fn to_copy<E: Scoped>(
    tx: &Tx,
    named: Option<Uuid>,
    pointer: &str,
) -> Result<E::Model> {
    let column = |name: &'static str| Expr::col((E::default(), name));
    let mut query = tx.also(Resource::Templates, Action::Read)?.select::<E>();
    if let Some(id) = named {
        query = query.filter(column("id").eq(id));
    }
    query
        .order_by(column("organization_id").is_null(), Order::Asc)
        .order_by(column("id"), Order::Desc)
        .one(tx.db())
        .await?
        .ok_or_else(|| match named {
            Some(_) => Problem::fault(pointer, FaultCode::UnknownReference),
            None => Problem::new(Code::Conflict),
        })
}

/// The last row shared by all stays: organizations without one of their own copy it.
///
/// # Errors
/// 409 when this is the one.
pub(crate) async fn not_the_last_shared<E>(tx: &Tx, row: &E::Model) -> Result<()>
where
    E: Scoped,
    E::Model: Row + Send + Sync,
{
    if row.organization_id().is_some() {
        return Ok(());
    }
    let others = tx
        .select::<E>()
        .filter(Expr::col((E::default(), "id")).ne(row.id()));
    if others.count(tx.db()).await? == 0 {
        return Err(Problem::new(Code::InUse));
    }
    Ok(())
}
