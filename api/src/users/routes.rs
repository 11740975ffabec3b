//! Users and invitations over HTTP.

use actix_web::web::Query;
use actix_web::{delete, get, patch, post};
use chrono::TimeDelta;
use entity::values::{Role, UserState};
use entity::{booklet_member, candidate, invitation, organization, session, user};
use sea_orm::sea_query::{Condition, LockType};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QuerySelect,
    QueryTrait, Set,
};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::dto::{Invitation, NewUser, User, UserEdit, UserFilter};
use super::rules;
use crate::auth::keys::secret;
use crate::auth::store::token_hash;
use crate::external_references::{self, ReferenceFilter};
use crate::kit::{
    Code, Created, Ctx, Event, Id, IfMatch, Json, MergePatch, NoContent, Page, Paging, Problem,
    Result, Tagged, Tx, Whole, new_id,
};

const INVITATION_LIFETIME: TimeDelta = TimeDelta::days(14);

pub(crate) fn routes(api: &mut ServiceConfig) {
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
    params(UserFilter, ReferenceFilter, Paging),
    responses((status = 200, description = "A page of users", body = Page<User>))
)]
#[get("/v1/users")]
async fn list_users(
    ctx: Ctx,
    filter: Query<UserFilter>,
    reference: Query<ReferenceFilter>,
    paging: Paging,
) -> Result<Page<User>> {
    let query = ctx
        .select::<user::Entity>()
        .apply_if(filter.role, |query, role| {
            query.filter(user::Column::Role.eq(role))
        })
        .apply_if(filter.state, |query, state| {
            query.filter(user::Column::State.eq(state))
        });
    let query = external_references::narrow(&ctx, query, &reference);
    let db = ctx.state.db.reader();
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
    let organization = organization_of_new_user(&tx, new.organization_id).await?;
    let row = user::ActiveModel {
        email: Set(new.email.to_lowercase()),
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
/// Disabling an account or changing its role ends its sessions at once. The role of somebody who
/// accompanies a booklet stays; an organization keeps one active coordinator.
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
    let edit = patch.apply(&UserEdit::of(&row, known))?;
    rules::may_become(&row, edit.value.state)?;
    if edit.value.role != row.role {
        rules::may_give(tx.actor.role, edit.value.role)?;
        no_longer_needed_as(&tx, &row).await?;
    }
    let steps_down = edit.value.role != Role::Coordinator || edit.value.state != UserState::Active;
    if steps_down {
        not_the_last_coordinator(&tx, &row).await?;
    }
    if edit.value.role != row.role || edit.value.state == UserState::Disabled {
        end_sessions(&tx, row.id).await?;
    }
    let references = edit.value.external_references.clone();
    let row = tx
        .update(&row, user::ActiveModel::from(edit.value))
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
/// Only somebody on whom no booklet depends; disable the others.
#[utoipa::path(
    tag = "People",
    extensions(("x-policy" = json!("users.delete"))),
    responses((status = 204, description = "The user is gone"))
)]
#[delete("/v1/users/{id}")]
async fn delete_user(ctx: Ctx, id: Id, if_match: IfMatch) -> Result<NoContent> {
    let tx = ctx.begin().await?;
    let row = tx.row_to_delete::<user::Entity>(*id, &if_match).await?;
    not_the_last_coordinator(&tx, &row).await?;
    external_references::forget(&tx, [row.id]).await?;
    tx.delete(&row).await?;
    tx.commit(Event::deleted(&row)).await?;
    Ok(NoContent)
}

/// Invite a user
///
/// Answers what to hand to the person, on paper if need be. A new invitation voids the earlier.
#[utoipa::path(
    tag = "People",
    extensions(("x-policy" = json!("users.update"))),
    responses((status = 200, description = "The invitation", body = Invitation))
)]
#[post("/v1/users/{id}/invitation")]
async fn invite_user(ctx: Ctx, id: Id, if_match: IfMatch) -> Result<Whole<Invitation>> {
    let tx = ctx.begin().await?;
    let row = tx.row::<user::Entity>(*id).await?;
    if_match.honour(&row)?;
    if row.state != UserState::Invited {
        return Err(Problem::new(Code::InvalidTransition));
    }
    let token = secret().or(Err(Problem::new(Code::InternalError)))?;
    let expires_at = tx.now + INVITATION_LIFETIME;
    invitation::Entity::delete_many()
        .filter(invitation::Column::UserId.eq(row.id))
        .exec(tx.db())
        .await?;
    invitation::ActiveModel {
        id: Set(new_id()),
        user_id: Set(row.id),
        token_hash: Set(token_hash(&token)),
        created_at: Set(tx.now),
        expires_at: Set(expires_at),
    }
    .insert(tx.db())
    .await?;
    let ctx = tx.commit(Event::new(&row, "invitation_issued")).await?;
    let url = format!("{}/invitation?token={token}", ctx.state.config.public_url());
    Ok(Whole(Invitation {
        url,
        token,
        expires_at,
    }))
}

fn email_taken(problem: Problem) -> Problem {
    problem.renamed(Code::Conflict, Code::EmailTaken)
}

/// One's own organization, or for the platform admin the one named.
async fn organization_of_new_user(tx: &Tx, named: Option<Uuid>) -> Result<organization::Model> {
    let pointer = "/organization_id";
    let id = match (tx.actor.organization_id, named) {
        (Some(own), None) => own,
        (Some(own), Some(named)) if own == named => own,
        (Some(_), Some(_)) => return Err(Problem::fault(pointer, "not_allowed")),
        (None, Some(named)) => named,
        (None, None) => return Err(Problem::fault(pointer, "required")),
    };
    let organization = tx.reference::<organization::Entity>(id).await?;
    organization.ok_or_else(|| Problem::fault(pointer, "unknown_reference"))
}

/// Refuses to take the role of somebody who accompanies a booklet or is a candidate.
async fn no_longer_needed_as(tx: &Tx, user: &user::Model) -> Result<()> {
    let still_member = Condition::any()
        .add(booklet_member::Column::EndsOn.is_null())
        .add(booklet_member::Column::EndsOn.gt(tx.today));
    let memberships = tx
        .all_of::<booklet_member::Entity>()
        .filter(booklet_member::Column::UserId.eq(user.id))
        .filter(still_member)
        .count(tx.db())
        .await?;
    let candidates = tx
        .all_of::<candidate::Entity>()
        .filter(candidate::Column::UserId.eq(user.id))
        .count(tx.db())
        .await?;
    if memberships + candidates > 0 {
        Err(Problem::new(Code::InUse))
    } else {
        Ok(())
    }
}

async fn not_the_last_coordinator(tx: &Tx, user: &user::Model) -> Result<()> {
    if user.role != Role::Coordinator || user.state != UserState::Active {
        return Ok(());
    }
    let Some(organization_id) = user.organization_id else {
        return Ok(());
    };
    // Locked, so that two coordinators cannot disable each other at once.
    tx.all_of::<organization::Entity>()
        .filter(organization::Column::Id.eq(organization_id))
        .lock(LockType::NoKeyUpdate)
        .one(tx.db())
        .await?;
    let others: Vec<Uuid> = tx
        .all_of::<user::Entity>()
        .select_only()
        .column(user::Column::Id)
        .filter(user::Column::OrganizationId.eq(organization_id))
        .filter(user::Column::Role.eq(Role::Coordinator))
        .filter(user::Column::State.eq(UserState::Active))
        .filter(user::Column::Id.ne(user.id))
        .into_tuple()
        .all(tx.db())
        .await?;
    if others.is_empty() {
        Err(Problem::new(Code::LastCoordinator))
    } else {
        Ok(())
    }
}

async fn end_sessions(tx: &Tx, user_id: Uuid) -> Result<()> {
    session::Entity::update_many()
        .set(session::ActiveModel {
            revoked_at: Set(Some(tx.now)),
            ..Default::default()
        })
        .filter(session::Column::UserId.eq(user_id))
        .filter(session::Column::RevokedAt.is_null())
        .exec(tx.db())
        .await?;
    Ok(())
}
