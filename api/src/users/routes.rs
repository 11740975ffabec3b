//! Users and invitations over HTTP.

use actix_web::web::Query;
use actix_web::{delete, get, patch, post};
use chrono::TimeDelta;
use entity::user;
use entity::values::{MailKind, Role, UserState};
use migration::fold::sort_key;
use sea_orm::Set;

use super::dto::{Invitation, NewUser, User, UserEdit, UserFilter};
use super::{rules, store};
use crate::account::email_notice;
use crate::account::links::{address, void_all};
use crate::auth::keys::secret;
use crate::auth::sessions::end_all;
use crate::external_references::{self, ReferenceFilter};
use crate::kit::{
    Code, Created, Ctx, Event, Id, IfMatch, Json, MergePatch, NoContent, Page, Paging, Problem,
    Result, Routes, Tagged, Whole, verb,
};
use crate::mail::outbox::{self, Letter};
use crate::notes;

const INVITATION_LIFETIME: TimeDelta = TimeDelta::days(14);

pub(crate) fn routes(api: &mut Routes) {
    api.service(list_users)
        .service(create_user)
        .service(get_user)
        .service(update_user)
        .service(delete_user)
        .service(invite_user);
}

/// List users
///
/// The people of the organization, newest first. Candidates, prescribers and validators see
/// themselves alone.
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
/// The person is `invited`: make an invitation for them next. A coordinator makes accounts of all
/// roles; the platform admin makes coordinators, of the organization named.
#[utoipa::path(
    tag = "People",
    extensions(("x-policy" = json!("users.create"))),
    responses((status = 201, description = "The user, invited", body = User))
)]
#[post("/v1/users")]
async fn create_user(ctx: Ctx, body: Json<NewUser>) -> Result<Created<User>> {
    let Json(new) = body;
    rules::may_give(ctx.actor.role, new.role)?;
    let tx = ctx.begin().await?;
    let organization = store::organization_of_new_user(&tx, new.organization_id).await?;
    let row = user::ActiveModel {
        email: Set(new.email.to_lowercase()),
        sort_key: Set(sort_key(&format!("{} {}", new.family_name, new.given_name))),
        given_name: Set(new.given_name),
        family_name: Set(new.family_name),
        phone: Set(new.phone),
        locale: Set(new.locale.unwrap_or(organization.locale)),
        role: Set(new.role),
        state: Set(UserState::Invited),
        ..Default::default()
    };
    let row = tx
        .insert(Some(organization.id), row)
        .await
        .map_err(email_taken)?;
    let references = new.external_references;
    external_references::replace(&tx, &row, &references).await?;
    let ctx = tx.commit(Event::created(&row)).await?;
    Ok(Created::with(
        &row.clone(),
        User::seen_by(ctx.actor.role, row, references),
    ))
}

/// Get a user
///
/// Tutors see names alone.
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
/// Disabling an account or changing its role ends its sessions at once; disabling it or changing its
/// address voids the links that were sent for it, invitations too. Word of another address goes to the
/// one of before. The role of somebody who accompanies a booklet or is named on one stays; an
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
    let mut tx = ctx.begin().await?;
    let row = tx.row_to_change::<user::Entity>(*id, &if_match).await?;
    let known = external_references::of_row(tx.db(), &row).await?;
    let edit = patch
        .apply(&UserEdit::of(&row, known))?
        .adjust(UserEdit::in_lower_case)?;
    rules::may_become(&row, edit.value.state)?;
    if edit.value.role != row.role {
        rules::may_give(tx.actor.role, edit.value.role)?;
        store::no_longer_needed_as(&tx, &row).await?;
    }
    let steps_down = edit.value.role != Role::Coordinator || edit.value.state != UserState::Active;
    if steps_down {
        store::not_the_last_coordinator(&tx, &row).await?;
    }
    if edit.value.role != row.role || edit.value.state == UserState::Disabled {
        end_all(tx.db(), row.id, None, tx.now).await?;
    }
    let is_moved = edit.value.email != row.email;
    if is_moved && row.state == UserState::Active {
        rules::may_move(tx.actor.role)?;
    }
    if is_moved || edit.value.state == UserState::Disabled {
        void_all(tx.db(), row.id).await?;
    }
    if is_moved && row.state == UserState::Active {
        outbox::post(tx.db(), &tx, email_notice(&row)).await?;
    }
    let references = edit.value.external_references.clone();
    let row = tx
        .edit(&row, user::ActiveModel::from(edit.value), &edit.changed)
        .await
        .map_err(email_taken)?;
    external_references::replace(&tx, &row, &references).await?;
    let ctx = tx.commit(Event::updated(&row, edit.changed)).await?;
    Ok(Tagged::with(
        &row.clone(),
        User::seen_by(ctx.actor.role, row, references),
    ))
}

/// Delete a user
///
/// Only somebody on whom no booklet depends; disable the others. Their private notes, which nobody
/// else may read, go with them.
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
    notes::store::forget_private(&mut tx, row.id).await?;
    tx.delete(&row).await?;
    tx.commit(Event::deleted(&row)).await?;
    Ok(NoContent)
}

/// Invite a user
///
/// Answers what to hand to the person, on paper if need be; it is also sent to them where the service
/// sends mails. A new invitation voids the earlier.
/// Whoever holds it can take the account over, so it is never given to another system.
#[utoipa::path(
    tag = "People",
    extensions(("x-policy" = json!("users.invite"))),
    responses((status = 200, description = "The invitation", body = Invitation))
)]
#[post("/v1/users/{id}/invitation")]
async fn invite_user(ctx: Ctx, id: Id, if_match: IfMatch) -> Result<Whole<Invitation>> {
    let tx = ctx.begin().await?;
    let row = store::to_act_on(&tx, *id, &if_match).await?;
    if row.state != UserState::Invited {
        return Err(Problem::new(Code::InvalidTransition));
    }
    let token = secret().or(Err(Problem::new(Code::InternalError)))?;
    let expires_at = tx.now + INVITATION_LIFETIME;
    store::replace_invitation(&tx, row.id, &token, expires_at).await?;
    let url = address(&tx.state.config.public_url(), "invitation", &token);
    let letter = Letter {
        kind: MailKind::Invitation,
        about: &row,
        to: &row.email,
        link: &url,
        until: Some(expires_at),
    };
    let mailed = outbox::post(tx.db(), &tx, letter).await?;
    tx.commit(Event::new(&row, verb::InvitationIssued)).await?;
    Ok(Whole(Invitation {
        url,
        token,
        expires_at,
        mailed,
    }))
}

fn email_taken(problem: Problem) -> Problem {
    problem.renamed(Code::Conflict, Code::EmailTaken)
}
