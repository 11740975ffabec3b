//! External references in the database: read for many rows at once, written for one.

use std::collections::HashMap;

use entity::Row;
use entity::external_reference::{self, Column};
use sea_orm::sea_query::{Expr, ExprTrait, Query, SelectStatement};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, Select, Set};
use uuid::Uuid;

use super::{ExternalReference, ExternalReferences, ReferenceFilter};
use crate::foundation::policy::Reach;
use crate::foundation::unscoped;
use crate::kit::{Code, Ctx, FaultCode, Problem, Result, Tx, new_id};

/// The references of these rows, in one query.
pub(crate) async fn of_rows<M: Row>(
    db: &impl ConnectionTrait,
    rows: &[M],
) -> Result<HashMap<Uuid, ExternalReferences>> {
    of_ids(db, rows.iter().map(Row::id).collect()).await
}

/// The same for rows of several kinds.
pub(crate) async fn of_ids(
    db: &impl ConnectionTrait,
    ids: Vec<Uuid>,
) -> Result<HashMap<Uuid, ExternalReferences>> {
    let mut found: HashMap<Uuid, ExternalReferences> = HashMap::new();
    if ids.is_empty() {
        return Ok(found);
    }
    // Of rows that the caller was already given.
    let references = unscoped::rows::<external_reference::Entity>()
        .filter(Column::ResourceId.is_in(ids))
        .order_by_asc(Column::Id)
        .all(db)
        .await?;
    for reference in references {
        let of_row = found.entry(reference.resource_id).or_default();
        of_row.insert(ExternalReference {
            system: reference.system,
            external_id: reference.external_id,
        });
    }
    Ok(found)
}

/// The references of one row.
pub(crate) async fn of_row<M: Row>(
    db: &impl ConnectionTrait,
    row: &M,
) -> Result<ExternalReferences> {
    let mut found = of_rows(db, std::slice::from_ref(row)).await?;
    Ok(found.remove(&row.id()).unwrap_or_default())
}

/// Gives a row these references and no others.
pub(crate) async fn replace<M: Row>(
    tx: &Tx,
    row: &M,
    references: &ExternalReferences,
) -> Result<()> {
    if *references == of_row(tx.db(), row).await? {
        return Ok(());
    }
    forget(tx, [row.id()]).await?;
    if references.is_empty() {
        return Ok(());
    }
    // What is shared by all organizations is nobody's to name.
    let organization_id = row
        .organization_id()
        .ok_or_else(|| Problem::fault("/external_references", FaultCode::NotAllowed))?;
    let rows = references
        .iter()
        .map(|reference| external_reference::ActiveModel {
            id: Set(new_id()),
            organization_id: Set(organization_id),
            resource_type: Set(M::NAME.to_owned()),
            resource_id: Set(row.id()),
            system: Set(reference.system.clone()),
            external_id: Set(reference.external_id.clone()),
            created_at: Set(tx.now),
        });
    external_reference::Entity::insert_many(rows)
        .exec_without_returning(tx.db())
        .await
        .map_err(|error| {
            Problem::from(error).renamed(Code::Conflict, Code::ExternalReferenceTaken)
        })?;
    Ok(())
}

/// Removes the references of rows that go.
pub(crate) async fn forget(tx: &Tx, rows: impl IntoIterator<Item = Uuid>) -> Result<()> {
    external_reference::Entity::delete_many()
        .filter(Column::ResourceId.is_in(rows))
        .exec(tx.db())
        .await?;
    Ok(())
}

/// Of this list, the rows that another system calls so.
pub(crate) fn narrow<E>(ctx: &Ctx, list: Select<E>, filter: &ReferenceFilter) -> Select<E>
where
    E: EntityTrait,
    E::Model: Row,
{
    if !filter.is_set() {
        return list;
    }
    let names = named::<E>()
        .and_where_option(own(ctx))
        .and_where_option(filter.system().map(|system| Column::System.eq(system)))
        .and_where_option(filter.id().map(|id| Column::ExternalId.eq(id)))
        .to_owned();
    list.filter(Expr::col((E::default(), "id")).in_subquery(names))
}

/// Of this list, the one row that another system calls so in the caller's organization. Whoever has
/// none finds none, but in the one booklet that is opened to them.
pub(super) fn called<E>(ctx: &Ctx, list: Select<E>, name: &ExternalReference) -> Select<E>
where
    E: EntityTrait,
    E::Model: Row,
{
    let is_opened = ctx.permit.reach == Reach::Opened;
    let names = named::<E>()
        .and_where_option(
            own(ctx).or_else(|| (!is_opened).then(|| Column::OrganizationId.is_null())),
        )
        .and_where(Column::System.eq(&name.system))
        .and_where(Column::ExternalId.eq(&name.external_id))
        .to_owned();
    list.filter(Expr::col((E::default(), "id")).in_subquery(names))
}

/// The ids of rows of this kind that have names.
fn named<E>() -> SelectStatement
where
    E: EntityTrait,
    E::Model: Row,
{
    Query::select()
        .column(Column::ResourceId)
        .from(external_reference::Entity)
        .and_where(Column::ResourceType.eq(E::Model::NAME))
        .to_owned()
}

fn own(ctx: &Ctx) -> Option<Expr> {
    let own = ctx.actor.organization_id;
    own.map(|id| Column::OrganizationId.eq(id))
}
