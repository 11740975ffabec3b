//! Booklets by the names that other systems give to them.

use actix_web::{get, put};
use entity::booklet;

use super::dto::{Booklet, BookletEdit, BookletInput};
use super::routes::{changed, created};
use crate::kit::external_references::{
    Claimed, ExternalName, NameInAddress, claim_for, find, given_once,
};
use crate::kit::write::tx::writable;
use crate::kit::{Ctx, Edited, MergePatch, Put, PutCondition, Result, Routes, Tagged};

pub(super) fn routes(api: &mut Routes) {
    api.service(get_booklet_by_external_id)
        .service(upsert_booklet);
}

/// Get a booklet by another system's id
///
/// The booklet to which another system, a CRM for instance, gave this id of its own.
#[utoipa::path(
    tag = "Booklets",
    extensions(("x-policy" = json!("booklets.read"))),
    params(NameInAddress),
    responses((status = 200, description = "The booklet", body = Booklet))
)]
#[get("/v1/booklets/external/{system}/{external_id}")]
async fn get_booklet_by_external_id(ctx: Ctx, name: ExternalName) -> Result<Tagged<Booklet>> {
    let (row, names) = find::<booklet::Entity>(&ctx, &name).await?;
    Ok(Tagged::with(
        &row.clone(),
        Booklet::on(ctx.today, row, names),
    ))
}

/// Create or change a booklet by another system's id
///
/// Creates or changes the booklet to which another system gave this id.
/// Safe to send again: what changes nothing leaves the version as it is. Opens a booklet where none has
/// this name, which needs the fields that `POST` needs. Fields that are absent stay as they are, `null`
/// erases; names in `external_references` are added to those there are. A name stays with its candidate
/// and its first day: 409 for others.
#[utoipa::path(
    tag = "Booklets",
    extensions(("x-policy" = json!("booklets.upsert"))),
    params(NameInAddress, PutCondition),
    request_body(content = BookletInput, content_type = "application/json"),
    responses(
        (status = 200, description = "The booklet, changed or as it was", body = Booklet),
        (status = 201, description = "The booklet, new", body = Booklet)
    )
)]
#[put("/v1/booklets/external/{system}/{external_id}")]
async fn upsert_booklet(
    ctx: Ctx,
    name: ExternalName,
    condition: PutCondition,
    mut body: MergePatch<BookletInput>,
) -> Result<Put<Booklet>> {
    let tx = ctx.begin().await?;
    let claimed = claim_for::<booklet::Entity, _>(&tx, &name, &condition, &mut body).await?;
    Ok(match claimed {
        Claimed::New(id) => Put::New(created(tx, id, body.whole()?).await?),
        Claimed::Known(row, names) => {
            let edit = put_over(&row, body.apply(&BookletInput::of(&row, names))?)?;
            Put::Known(changed(tx, &row, edit).await?)
        }
    })
}

/// What is put over a booklet that is there: whose it is and when it opened was said once.
///
/// # Errors
/// 409 when it is another's or of another day; when it is closed and would change.
fn put_over(row: &booklet::Model, edit: Edited<BookletInput>) -> Result<Edited<BookletEdit>> {
    let edit = edit.adjust(|new| new.over(row))?;
    given_once(&edit.changed, &["candidate_id", "opened_on"])?;
    if !edit.changed.is_empty() {
        writable(row)?;
    }
    Ok(edit.map(|new| new.into_edit(row)))
}
