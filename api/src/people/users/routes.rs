//! Users and invitations over HTTP.

use actix_web::web::Query;
use actix_web::{delete, get, patch, post};
use entity::user;
use uuid::Uuid;

use super::dto::{Invitation, User, UserEdit, UserFilter, UserInput};
use super::{external, rules, store, writing};
use crate::kit::external_references::{self, ReferenceFilter};
use crate::kit::{
    Created, Ctx, Edited, Event, Id, IfMatch, Json, MergePatch, NoContent, Page, Paging, Result,
    Routes, Tagged, Tx, Whole, new_id, verb,
};
use crate::people::service_accounts::store::tell_of_programs;

pub(crate) fn routes(api: &mut Routes) {
    api.service(list_users)
        .service(create_user)
        .service(get_user)
        .service(update_user)
        .service(delete_user)
        .service(invite_user)
        .configure(external::routes);
}

/// List users
///
/// The users of an organization.
/// The people of the organization, newest first. Candidates, prescribers and validators see
/// themselves alone. Service accounts see candidates and tutors: never coordinators, prescribers or
/// validators, whatever their scopes.
#[utoipa::path(
    tag = "People",
    extensions(("x-policy" = json!("users.read"))),
    params(UserFilter, ReferenceFilter, Paging<user::Entity>),
    responses((status = 200, description = "A page of users", body = Page<User>))
)]
#[get("/v1/users")]
async fn list_users(
    ctx: Ctx,
    filter: Query<UserFilter>,
    reference: Query<ReferenceFilter>,
    paging: Paging<user::Entity>,
) -> Result<Page<User>> {
    let db = ctx.state.db.reader();
    let query = store::list(&ctx, &filter, &reference);
    let page = paging.fetch(db, query).await?;
    let mut references = external_references::of_rows(db, &page.items).await?;
    Ok(page.map(|row| {
        let references = references.remove(&row.id).unwrap_or_default();
        User::seen_by(ctx.actor.role, row, references)
    }))
}

/// Create a user
///
/// Creates a user of an organization.
/// The person is `invited`: make an invitation for them next. A coordinator makes accounts of all
/// roles; the platform admin makes coordinators, of the organization named.
#[utoipa::path(
    tag = "People",
    extensions(("x-policy" = json!("users.create"))),
    responses((status = 201, description = "The user, invited", body = User))
)]
#[post("/v1/users")]
async fn create_user(ctx: Ctx, body: Json<UserInput>) -> Result<Created<User>> {
    let Json(new) = body;
    rules::may_give(ctx.actor.role, new.role)?;
    created(ctx.begin().await?, new_id(), new).await
}

pub(super) async fn created(tx: Tx, id: Uuid, new: UserInput) -> Result<Created<User>> {
    let (row, references) = writing::create(&tx, id, new).await?;
    let ctx = tx.commit(Event::created(&row)).await?;
    Ok(Created::with(
        &row.clone(),
        User::seen_by(ctx.actor.role, row, references),
    ))
}

/// Get a user
///
/// A user.
/// One person of the organization with an account, role and state. Tutors see names alone.
#[utoipa::path(
    tag = "People",
    extensions(("x-policy" = json!("users.read"))),
    responses((status = 200, description = "The user", body = User))
)]
#[get("/v1/users/{id}")]
async fn get_user(ctx: Ctx, id: Id) -> Result<Tagged<User>> {
    let row = ctx.row::<user::Entity>(*id).await?;
    let references = external_references::of_row(ctx.state.db.reader(), &row).await?;
    Ok(Tagged::with(
        &row.clone(),
        User::seen_by(ctx.actor.role, row, references),
    ))
}

/// Change a user
///
/// Changes a user.
/// Disabling an account or changing its role ends its sessions at once; disabling it or changing its
/// address voids the links that were sent for it, invitations too. Word of another address goes to the
/// one of before, and to the new one a link: until it is followed, and for 72 hours in any case, nobody
/// has the password of an active account sent there. Coordinators are told by mail of programs whose
/// maker is disabled or no longer one of them. The role of somebody who accompanies a booklet or is named on one stays; an
/// organization keeps one active coordinator.
#[utoipa::path(
    tag = "People",
    extensions(("x-policy" = json!("users.update"))),
    request_body(content = UserEdit, content_type = "application/merge-patch+json"),
    responses((status = 200, description = "The user, changed", body = User))
)]
#[patch("/v1/users/{id}")]
async fn update_user(
    ctx: Ctx,
    id: Id,
    if_match: IfMatch,
    patch: MergePatch<UserEdit>,
) -> Result<Tagged<User>> {
    let tx = ctx.begin().await?;
    let row = tx.row_to_change::<user::Entity>(*id, &if_match).await?;
    let known = external_references::of_row(tx.db(), &row).await?;
    let edit = patch
        .apply(&UserEdit::of(&row, known))?
        .adjust(UserEdit::in_lower_case)?;
    changed(tx, &row, edit).await
}

pub(super) async fn changed(
    mut tx: Tx,
    row: &user::Model,
    edit: Edited<UserEdit>,
) -> Result<Tagged<User>> {
    let names = edit.changed.clone();
    let (row, references) = writing::edit(&mut tx, row, edit).await?;
    let ctx = tx.commit(Event::updated(&row, names)).await?;
    Ok(Tagged::with(
        &row.clone(),
        User::seen_by(ctx.actor.role, row, references),
    ))
}

/// Delete a user
///
/// Deletes a user.
/// Only somebody on whom no booklet depends; disable the others. Their private notes, which nobody
/// else may read, go with them. Coordinators are told by mail of the programs that they made.
#[utoipa::path(
    tag = "People",
    extensions(("x-policy" = json!("users.delete"))),
    responses((status = 204, description = "The user is gone"))
)]
#[delete("/v1/users/{id}")]
async fn delete_user(ctx: Ctx, id: Id, if_match: IfMatch) -> Result<NoContent> {
    let mut tx = ctx.begin().await?;
    let row = tx.row_to_delete::<user::Entity>(*id, &if_match).await?;
    store::not_the_last_coordinator(&tx, &row).await?;
    external_references::forget(&tx, [row.id]).await?;
    store::forget_private_notes(&mut tx, &row).await?;
    tx.delete(&row).await?;
    tell_of_programs(&tx, &row).await?;
    tx.commit(Event::deleted(&row)).await?;
    Ok(NoContent)
}

/// Invite a user
///
/// Invites a user to take their account.
/// Answers what to hand to the person, on paper if need be; it is also sent to them where the service
/// sends mails. A new invitation voids the earlier.
/// Whoever holds it can take the account over, so it is never given to another system.
#[utoipa::path(
    tag = "People",
    extensions(("x-policy" = json!("users.invite"))),
    params(IfMatch),
    responses((status = 200, description = "The invitation", body = Invitation))
)]
#[post("/v1/users/{id}/invitation")]
async fn invite_user(ctx: Ctx, id: Id, if_match: IfMatch) -> Result<Whole<Invitation>> {
    let tx = ctx.begin().await?;
    let row = store::to_act_on(&tx, *id, &if_match).await?;
    rules::may_be_invited(&row)?;
    let invitation = writing::invite(&tx, &row).await?;
    tx.commit(Event::new(&row, verb::InvitationIssued)).await?;
    Ok(Whole(invitation))
}
