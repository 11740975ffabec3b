//! How a useful address is made and changed, whatever it is named by.

use entity::useful_address;
use uuid::Uuid;

use super::dto::UsefulAddressInput;
use crate::kit::external_references::{self, ExternalReferences};
use crate::kit::{Edited, Result, Tx};

/// An address as it was written, and what other systems call it.
type Written = (useful_address::Model, ExternalReferences);

/// Adds an address under this id to the caller's directory.
///
/// # Errors
/// 409 when one of its names is another's; 422 for a name of what is shared by all.
pub(crate) async fn create(tx: &Tx, id: Uuid, new: UsefulAddressInput) -> Result<Written> {
    let references = new.external_references.clone();
    let row = useful_address::ActiveModel::from(new);
    let row = tx.insert_as(id, tx.actor.organization_id, row).await?;
    external_references::replace(tx, &row, &references).await?;
    Ok((row, references))
}

/// Changes an address.
///
/// # Errors
/// 409 when one of its names is another's; 412.
pub(crate) async fn edit(
    tx: &mut Tx,
    row: &useful_address::Model,
    edit: Edited<UsefulAddressInput>,
) -> Result<Written> {
    let references = edit.value.external_references.clone();
    let change = useful_address::ActiveModel::from(edit.value);
    let row = tx.edit(row, change, &edit.changed).await?;
    external_references::replace(tx, &row, &references).await?;
    Ok((row, references))
}
