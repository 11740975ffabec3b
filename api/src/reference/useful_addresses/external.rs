//! Useful addresses by the names that other systems give to them.

use actix_web::{get, put};
use entity::useful_address;

use super::dto::{UsefulAddress, UsefulAddressInput};
use super::routes::{changed, created};
use crate::kit::external_references::{Claimed, ExternalName, NameInAddress, claim_for, find};
use crate::kit::{Ctx, MergePatch, Put, PutCondition, Result, Routes, Tagged};

pub(super) fn routes(api: &mut Routes) {
    api.service(get_useful_address_by_external_id)
        .service(upsert_useful_address);
}

/// Get a useful address by another system's id
///
/// The body that the other system calls so. What is shared by all has no such names.
#[utoipa::path(
    tag = "Addresses",
    extensions(("x-policy" = json!("useful_addresses.read"))),
    params(NameInAddress),
    responses((status = 200, description = "The address", body = UsefulAddress))
)]
#[get("/v1/useful-addresses/external/{system}/{external_id}")]
async fn get_useful_address_by_external_id(
    ctx: Ctx,
    name: ExternalName,
) -> Result<Tagged<UsefulAddress>> {
    let (row, names) = find::<useful_address::Entity>(&ctx, &name).await?;
    Ok(Tagged::with(&row.clone(), UsefulAddress::of(row, names)))
}

/// Create or change a useful address by another system's id
///
/// Creates or changes the useful address to which another system gave this id.
/// In the organization's own directory. Safe to send again: what changes nothing leaves the version as
/// it is. Makes a new address where none has this name, which needs the fields that `POST` needs.
/// Fields that are absent stay as they are, `null` erases; names in `external_references` are added to
/// those there are.
#[utoipa::path(
    tag = "Addresses",
    extensions(("x-policy" = json!("useful_addresses.upsert"))),
    params(NameInAddress, PutCondition),
    request_body(content = UsefulAddressInput, content_type = "application/json"),
    responses(
        (status = 200, description = "The address, changed or as it was", body = UsefulAddress),
        (status = 201, description = "The address, new", body = UsefulAddress)
    )
)]
#[put("/v1/useful-addresses/external/{system}/{external_id}")]
async fn upsert_useful_address(
    ctx: Ctx,
    name: ExternalName,
    condition: PutCondition,
    mut body: MergePatch<UsefulAddressInput>,
) -> Result<Put<UsefulAddress>> {
    let tx = ctx.begin().await?;
    let claimed = claim_for::<useful_address::Entity, _>(&tx, &name, &condition, &mut body).await?;
    Ok(match claimed {
        Claimed::New(id) => Put::New(created(tx, id, body.whole()?).await?),
        Claimed::Known(row, names) => Put::Known(changed(tx, &row, names, body).await?),
    })
}
