//! An object that is made or changed under the name that another system gives to it.

use entity::Row;
use entity::external_reference::{self, Column};
use sea_orm::sea_query::{LockType, OnConflict};
use sea_orm::{EntityTrait, QuerySelect, Set};
use serde::Serialize;
use serde::de::DeserializeOwned;
use uuid::Uuid;
use validator::Validate;

use super::store::{called, of_row};
use super::{ExternalReference, ExternalReferences};
use crate::kit::{
    Code, Ctx, Fault, FaultCode, MergePatch, Problem, PutCondition, Result, Scoped, Tx, new_id,
};

/// The columns that make a name unique.
const NAME: [Column; 4] = [
    Column::OrganizationId,
    Column::ResourceType,
    Column::System,
    Column::ExternalId,
];

/// The field that holds an object's names.
const FIELD: &str = "external_references";

/// What a name leads to in a writing transaction.
pub(crate) enum Claimed<M> {
    /// To nothing yet. It is taken for the object to be made under this id: whoever wants the same
    /// name meanwhile waits for the end of the transaction, and finds that object.
    New(Uuid),
    /// To this object, locked, with all the names that it has.
    Known(M, ExternalReferences),
}

/// The object of this name within reach, with all its names.
///
/// # Errors
/// 404 when there is none.
pub(crate) async fn find<E>(
    ctx: &Ctx,
    name: &ExternalReference,
) -> Result<(E::Model, ExternalReferences)>
where
    E: Scoped,
    E::Model: Row,
{
    let row = ctx.only(called(ctx, ctx.select::<E>(), name)).await?;
    let names = of_row(ctx.state.db.reader(), &row).await?;
    Ok((row, names))
}

/// What [`claim`] gives, for a body that is put there: to its names come this one and those that the
/// object has already. None is lost to a system that does not know of it.
///
/// # Errors
/// 409 when the name is that of an object out of reach; 412.
pub(crate) async fn claim_for<E, T>(
    tx: &Tx,
    name: &ExternalReference,
    condition: &PutCondition,
    body: &mut MergePatch<T>,
) -> Result<Claimed<E::Model>>
where
    E: Scoped,
    E::Model: Row,
    T: Serialize + DeserializeOwned + Validate,
{
    let claimed = claim::<E>(tx, name, condition).await?;
    let mut names: ExternalReferences = body.given(FIELD)?.unwrap_or_default();
    names.insert(name.clone());
    if let Claimed::Known(_, known) = &claimed {
        names.extend(known.iter().cloned());
    }
    body.set(FIELD, names)?;
    Ok(claimed)
}

/// The object of this name, to change, or the name, to make one.
///
/// # Errors
/// 409 when the name is that of an object out of reach; 412.
pub(crate) async fn claim<E>(
    tx: &Tx,
    name: &ExternalReference,
    condition: &PutCondition,
) -> Result<Claimed<E::Model>>
where
    E: Scoped,
    E::Model: Row,
{
    // Twice, for the object may be deleted between the two queries.
    for _ in 0..2 {
        let id = new_id();
        if take(tx, E::Model::NAME, id, name).await? {
            condition.honour_absence()?;
            return Ok(Claimed::New(id));
        }
        let known = called(tx, tx.select::<E>(), name).lock(LockType::NoKeyUpdate);
        if let Some(row) = known.one(tx.db()).await? {
            tx.found(&row);
            condition.honour(&row)?;
            let names = of_row(tx.db(), &row).await?;
            return Ok(Claimed::Known(row, names));
        }
    }
    Err(Problem::new(Code::ExternalReferenceTaken))
}

/// Gives the name to the row that will have this id, unless another has it.
async fn take(
    tx: &Tx,
    resource: &str,
    resource_id: Uuid,
    name: &ExternalReference,
) -> Result<bool> {
    let row = external_reference::ActiveModel {
        id: Set(new_id()),
        organization_id: Set(tx.organization_id()?),
        resource_type: Set(resource.to_owned()),
        resource_id: Set(resource_id),
        system: Set(name.system.clone()),
        external_id: Set(name.external_id.clone()),
        created_at: Set(tx.now),
    };
    let taken = external_reference::Entity::insert(row)
        .on_conflict(OnConflict::columns(NAME).do_nothing().to_owned())
        .exec_without_returning(tx.db())
        .await?;
    Ok(taken == 1)
}

/// Refuses to change what is given once: with another value, the name would be another object's.
///
/// # Errors
/// 409, with the fields.
pub(crate) fn given_once(changed: &[String], fields: &[&str]) -> Result<()> {
    let others = changed
        .iter()
        .filter(|name| fields.contains(&name.as_str()));
    let faults: Vec<Fault> = others
        .map(|name| Fault::new(format!("/{name}"), FaultCode::GivenOnce))
        .collect();
    if faults.is_empty() {
        Ok(())
    } else {
        Err(Problem::new(Code::ExternalReferenceTaken).because(faults))
    }
}
