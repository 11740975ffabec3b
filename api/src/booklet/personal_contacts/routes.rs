//! Personal contacts over HTTP.

use actix_web::web::Query;
use actix_web::{delete, get, patch, post};
use entity::personal_contact;

use super::dto::{PersonalContact, PersonalContactFilter, PersonalContactInput};
use super::store;
use crate::kit::{
    Created, Ctx, Event, Id, IfMatch, Json, MergePatch, NoContent, Page, Paging, Result, Routes,
    Tagged,
};
use crate::reference::useful_addresses::store::check_visible;

pub(crate) fn routes(api: &mut Routes) {
    api.service(list_personal_contacts)
        .service(create_personal_contact)
        .service(get_personal_contact)
        .service(update_personal_contact)
        .service(delete_personal_contact);
}

/// List personal contacts
///
/// The personal contacts of a booklet.
/// The people and bodies whom a candidate wrote down for themselves (§07), newest first.
#[utoipa::path(
    tag = "Addresses",
    extensions(("x-policy" = json!("personal_contacts.read"))),
    params(PersonalContactFilter, Paging<personal_contact::Entity>),
    responses((status = 200, description = "A page of contacts", body = Page<PersonalContact>))
)]
#[get("/v1/booklets/{id}/personal-contacts")]
async fn list_personal_contacts(
    ctx: Ctx,
    id: Id,
    filter: Query<PersonalContactFilter>,
    paging: Paging<personal_contact::Entity>,
) -> Result<Page<PersonalContact>> {
    let page = paging
        .fetch(ctx.state.db.reader(), store::list(&ctx, *id, &filter))
        .await?;
    Ok(ctx.in_booklet(*id, page).await?.map(PersonalContact::from))
}

/// Add a personal contact
///
/// A new main contact takes the place of the former one of its kind.
#[utoipa::path(
    tag = "Addresses",
    extensions(("x-policy" = json!("personal_contacts.create"))),
    responses((status = 201, description = "The contact", body = PersonalContact))
)]
#[post("/v1/booklets/{id}/personal-contacts")]
async fn create_personal_contact(
    ctx: Ctx,
    id: Id,
    body: Json<PersonalContactInput>,
) -> Result<Created<PersonalContact>> {
    let Json(new) = body;
    let mut tx = ctx.begin().await?;
    let booklet = tx.open_booklet(*id).await?;
    check_visible(&tx, new.useful_address_id).await?;
    if new.is_main {
        store::unseat_main(&mut tx, &booklet, new.category, None).await?;
    }
    let row = tx
        .create(
            &booklet,
            personal_contact::ActiveModel::from(new),
            Event::created,
        )
        .await?;
    Ok(Created::of(row))
}

/// Get a personal contact
///
/// One person or body among a booklet's personal contacts (§07).
#[utoipa::path(
    tag = "Addresses",
    extensions(("x-policy" = json!("personal_contacts.read"))),
    responses((status = 200, description = "The contact", body = PersonalContact))
)]
#[get("/v1/personal-contacts/{id}")]
async fn get_personal_contact(ctx: Ctx, id: Id) -> Result<Tagged<PersonalContact>> {
    Ok(Tagged::of(ctx.row::<personal_contact::Entity>(*id).await?))
}

/// Change a personal contact
///
/// Changes a contact among a booklet's personal contacts.
/// Absent fields stay, null erases. A new main contact takes the place of the former one of its
/// kind.
#[utoipa::path(
    tag = "Addresses",
    extensions(("x-policy" = json!("personal_contacts.update"))),
    request_body(content = PersonalContactInput, content_type = "application/merge-patch+json"),
    responses((status = 200, description = "The contact, changed", body = PersonalContact))
)]
#[patch("/v1/personal-contacts/{id}")]
async fn update_personal_contact(
    ctx: Ctx,
    id: Id,
    if_match: IfMatch,
    patch: MergePatch<PersonalContactInput>,
) -> Result<Tagged<PersonalContact>> {
    let mut tx = ctx.begin().await?;
    let (booklet, row) = tx
        .page_to_change::<personal_contact::Entity>(*id, &if_match)
        .await?;
    let edit = patch.apply(&PersonalContactInput::from(&row))?;
    let contact = edit.value;
    if contact.useful_address_id != row.useful_address_id {
        check_visible(&tx, contact.useful_address_id).await?;
    }
    if contact.is_main {
        store::unseat_main(&mut tx, &booklet, contact.category, Some(row.id)).await?;
    }
    let row = tx
        .change(
            &row,
            personal_contact::ActiveModel::from(contact),
            edit.changed,
            Event::updated,
        )
        .await?;
    Ok(Tagged::of(row))
}

/// Delete a personal contact
///
/// Takes a contact out of a booklet's personal contacts (§07). The directory keeps the body itself.
#[utoipa::path(
    tag = "Addresses",
    extensions(("x-policy" = json!("personal_contacts.delete"))),
    responses((status = 204, description = "The contact is gone"))
)]
#[delete("/v1/personal-contacts/{id}")]
async fn delete_personal_contact(ctx: Ctx, id: Id, if_match: IfMatch) -> Result<NoContent> {
    let tx = ctx.begin().await?;
    let (_, row) = tx
        .page_to_change::<personal_contact::Entity>(*id, &if_match)
        .await?;
    tx.remove(&row, Event::deleted).await?;
    Ok(NoContent)
}
