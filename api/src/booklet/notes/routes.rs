//! Notes over HTTP.

use actix_web::web::Query;
use actix_web::{delete, get, patch, post};
use entity::note;
use sea_orm::Set;

use super::dto::{Note, NoteFilter, NoteInput};
use super::{rules, store};
use crate::kit::{
    Created, Ctx, Event, Id, IfMatch, Json, MergePatch, NoContent, Page, Paging, Result, Routes,
    Tagged,
};
use crate::people::names::{self, Author};

pub(crate) fn routes(api: &mut Routes) {
    api.service(list_notes)
        .service(create_note)
        .service(get_note)
        .service(update_note)
        .service(delete_note);
}

/// List notes
///
/// One's own notes and the shared ones, newest first. Other people's private notes are not there.
#[utoipa::path(
    tag = "Notes",
    extensions(("x-policy" = json!("notes.read"))),
    params(NoteFilter, Paging<note::Entity>),
    responses((status = 200, description = "A page of notes", body = Page<Note>))
)]
#[get("/v1/booklets/{id}/notes")]
async fn list_notes(
    ctx: Ctx,
    id: Id,
    filter: Query<NoteFilter>,
    paging: Paging<note::Entity>,
) -> Result<Page<Note>> {
    let page = paging
        .fetch(ctx.state.db.reader(), store::list(&ctx, *id, &filter))
        .await?;
    let page = ctx.in_booklet(*id, page).await?.map(Note::from);
    names::page_signed(&ctx, page).await
}

/// Write a note
///
/// Writes a note in a booklet (§11).
/// For oneself alone unless `visibility` is `shared`. Notes may be written in a closed, withdrawn or
/// archived booklet too.
#[utoipa::path(
    tag = "Notes",
    extensions(("x-policy" = json!("notes.create"))),
    responses((status = 201, description = "The note", body = Note))
)]
#[post("/v1/booklets/{id}/notes")]
async fn create_note(ctx: Ctx, id: Id, body: Json<NoteInput>) -> Result<Created<Note>> {
    let tx = ctx.begin().await?;
    let booklet = tx.booklet(*id).await?;
    let row = note::ActiveModel {
        author_id: Set(tx.actor.id),
        ..body.0.into()
    };
    let told = |row: &note::Model| Event::created(row).private_to(rules::private_to(row));
    let (row, by) = tx.create_with::<_, Author>(&booklet, row, told).await?;
    Ok(Created::with(&row.clone(), by.signing(row.into())))
}

/// Get a note
///
/// One note of a booklet (§11): one's own, or one that its author shares.
#[utoipa::path(
    tag = "Notes",
    extensions(("x-policy" = json!("notes.read"))),
    responses((status = 200, description = "The note", body = Note))
)]
#[get("/v1/notes/{id}")]
async fn get_note(ctx: Ctx, id: Id) -> Result<Tagged<Note>> {
    let row = ctx.row::<note::Entity>(*id).await?;
    ctx.traces.private_to(rules::private_to(&row));
    let shown = names::one_signed(&ctx, Note::from(row.clone())).await?;
    Ok(Tagged::with(&row, shown))
}

/// Change a note
///
/// Changes a note of a booklet.
/// Its author alone, in a closed booklet too. Absent fields stay.
#[utoipa::path(
    tag = "Notes",
    extensions(("x-policy" = json!("notes.update")), ("x-never" = json!([409]))),
    request_body(content = NoteInput, content_type = "application/merge-patch+json"),
    responses((status = 200, description = "The note, changed", body = Note))
)]
#[patch("/v1/notes/{id}")]
async fn update_note(
    ctx: Ctx,
    id: Id,
    if_match: IfMatch,
    patch: MergePatch<NoteInput>,
) -> Result<Tagged<Note>> {
    let tx = ctx.begin().await?;
    let before = store::to_change(&tx, *id, &if_match).await?;
    let edit = patch.apply(&NoteInput::from(&before))?;
    let told = |row: &note::Model, changed| {
        let private_to = rules::private_to(&before).or(rules::private_to(row));
        Event::updated(row, changed).private_to(private_to)
    };
    let change = note::ActiveModel::from(edit.value);
    let (row, by) = tx
        .change_with::<_, Author>(&before, change, edit.changed, told)
        .await?;
    Ok(Tagged::with(&row.clone(), by.signing(row.into())))
}

/// Delete a note
///
/// Takes away a note of a booklet (§11). Its author alone may, in a closed booklet too.
#[utoipa::path(
    tag = "Notes",
    extensions(("x-policy" = json!("notes.delete")), ("x-never" = json!([409]))),
    responses((status = 204, description = "The note is gone"))
)]
#[delete("/v1/notes/{id}")]
async fn delete_note(ctx: Ctx, id: Id, if_match: IfMatch) -> Result<NoContent> {
    let tx = ctx.begin().await?;
    let row = store::to_change(&tx, *id, &if_match).await?;
    let told = |row: &note::Model| Event::deleted(row).private_to(rules::private_to(row));
    tx.remove(&row, told).await?;
    Ok(NoContent)
}
