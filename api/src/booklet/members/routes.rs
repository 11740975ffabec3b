//! The members of a booklet over HTTP.

use actix_web::web::Query;
use actix_web::{delete, get, patch, post};
use chrono::NaiveDate;
use entity::values::{MemberKind, Role};
use entity::{booklet, booklet_member};
use sea_orm::{ConnectionTrait, Set};

use super::dto::{BookletMember, BookletMemberEdit, BookletMemberFilter, BookletMemberInput};
use super::store;
use crate::kit::{
    Code, Created, Ctx, Event, Id, IfMatch, Json, MergePatch, NoContent, Page, Paging, Problem,
    Result, Routes, Tagged,
};
use crate::people::users::named_user;

pub(crate) fn routes(api: &mut Routes) {
    api.service(list_booklet_members)
        .service(create_booklet_member)
        .service(get_booklet_member)
        .service(update_booklet_member)
        .service(delete_booklet_member);
}

/// List the members of a booklet
///
/// The members of a booklet.
/// Everybody who accompanies or accompanied it, newest first.
#[utoipa::path(
    tag = "Booklets",
    extensions(("x-policy" = json!("members.read"))),
    params(BookletMemberFilter, Paging<booklet_member::Entity>),
    responses((status = 200, description = "A page of members", body = Page<BookletMember>))
)]
#[get("/v1/booklets/{id}/members")]
async fn list_booklet_members(
    ctx: Ctx,
    id: Id,
    filter: Query<BookletMemberFilter>,
    paging: Paging<booklet_member::Entity>,
) -> Result<Page<BookletMember>> {
    let db = ctx.state.db.reader();
    let page = paging.fetch(db, store::list(&ctx, *id, &filter)).await?;
    let page = ctx.in_booklet(*id, page).await?;
    Ok(Page {
        items: store::with_names(db, &page.items).await?,
        next: page.next,
    })
}

/// Add a member to a booklet
///
/// Adds a member to a booklet.
/// A substitute does all that a tutor does but sign; an observer reads. The main tutor is set on
/// the booklet itself.
#[utoipa::path(
    tag = "Booklets",
    extensions(("x-policy" = json!("members.create"))),
    responses((status = 201, description = "The member", body = BookletMember))
)]
#[post("/v1/booklets/{id}/members")]
async fn create_booklet_member(
    ctx: Ctx,
    id: Id,
    body: Json<BookletMemberInput>,
) -> Result<Created<BookletMember>> {
    let Json(new) = body;
    let tx = ctx.begin().await?;
    let booklet = tx.open_booklet(*id).await?;
    named_user(&tx, new.user_id, Role::Tutor, "/user_id").await?;
    store::not_yet_member(&tx, booklet.id, new.user_id, None).await?;
    let row = booklet_member::ActiveModel {
        user_id: Set(new.user_id),
        kind: Set(new.kind),
        starts_on: Set(new.starts_on.unwrap_or(tx.today)),
        ends_on: Set(new.ends_on),
        ..Default::default()
    };
    let row = tx.insert(&booklet, row).await?;
    let member = show(tx.db(), &row).await?;
    tx.commit(Event::created(&row)).await?;
    Ok(Created::with(&row, member))
}

/// Get a member of a booklet
///
/// One membership: a tutor, substitute or observer of this booklet, and from when until when they have access.
#[utoipa::path(
    tag = "Booklets",
    extensions(("x-policy" = json!("members.read"))),
    responses((status = 200, description = "The member", body = BookletMember))
)]
#[get("/v1/booklet-members/{id}")]
async fn get_booklet_member(ctx: Ctx, id: Id) -> Result<Tagged<BookletMember>> {
    let row = ctx.row::<booklet_member::Entity>(*id).await?;
    Ok(Tagged::with(&row, show(ctx.state.db.reader(), &row).await?))
}

/// Change a member of a booklet
///
/// Ending a membership takes the access away at once and keeps the history. One that has ended comes
/// back like a new one: for somebody who may tutor and is not yet a member.
#[utoipa::path(
    tag = "Booklets",
    extensions(("x-policy" = json!("members.update"))),
    request_body(content = BookletMemberEdit, content_type = "application/merge-patch+json"),
    responses((status = 200, description = "The member, changed", body = BookletMember))
)]
#[patch("/v1/booklet-members/{id}")]
async fn update_booklet_member(
    ctx: Ctx,
    id: Id,
    if_match: IfMatch,
    patch: MergePatch<BookletMemberEdit>,
) -> Result<Tagged<BookletMember>> {
    let mut tx = ctx.begin().await?;
    let (booklet, row) = tx
        .page_to_change::<booklet_member::Entity>(*id, &if_match)
        .await?;
    not_the_main_tutor(&booklet, &row)?;
    let edit = patch.apply(&BookletMemberEdit::from(&row))?;
    if has_ended(row.ends_on, tx.today) && !has_ended(edit.value.ends_on, tx.today) {
        named_user(&tx, row.user_id, Role::Tutor, "/ends_on").await?;
        store::not_yet_member(&tx, booklet.id, row.user_id, Some(row.id)).await?;
    }
    let row = tx
        .edit(
            &row,
            booklet_member::ActiveModel::from(edit.value),
            &edit.changed,
        )
        .await?;
    let member = show(tx.db(), &row).await?;
    tx.commit(Event::updated(&row, edit.changed)).await?;
    Ok(Tagged::with(&row, member))
}

/// Remove a member of a booklet
///
/// Removes a member from a booklet.
/// For somebody added by mistake; otherwise end the membership, which keeps the history.
#[utoipa::path(
    tag = "Booklets",
    extensions(("x-policy" = json!("members.delete"))),
    responses((status = 204, description = "The member is gone"))
)]
#[delete("/v1/booklet-members/{id}")]
async fn delete_booklet_member(ctx: Ctx, id: Id, if_match: IfMatch) -> Result<NoContent> {
    let tx = ctx.begin().await?;
    let (booklet, row) = tx
        .page_to_change::<booklet_member::Entity>(*id, &if_match)
        .await?;
    not_the_main_tutor(&booklet, &row)?;
    tx.remove(&row, Event::deleted).await?;
    Ok(NoContent)
}

fn has_ended(ends_on: Option<NaiveDate>, today: NaiveDate) -> bool {
    ends_on.is_some_and(|day| day <= today)
}

/// The main tutor's present membership follows `tutor_id`: so a booklet always has a tutor.
fn not_the_main_tutor(booklet: &booklet::Model, member: &booklet_member::Model) -> Result<()> {
    let is_main = member.user_id == booklet.tutor_id
        && member.kind == MemberKind::Tutor
        && member.ends_on.is_none();
    if is_main {
        Err(Problem::new(Code::MainTutor))
    } else {
        Ok(())
    }
}

async fn show(db: &impl ConnectionTrait, row: &booklet_member::Model) -> Result<BookletMember> {
    let shown = store::with_names(db, std::slice::from_ref(row)).await?;
    shown
        .into_iter()
        .next()
        .ok_or(Problem::new(Code::InternalError))
}
