//! Candidates over HTTP.

use actix_web::web::Query;
use actix_web::{delete, get, patch, post};
use entity::values::Role;
use entity::{Row, candidate};

use super::dto::{Candidate, CandidateFilter, CandidateInput};
use super::{rules, store};
use crate::booklets::named_user;
use crate::external_references::{self, ReferenceFilter};
use crate::kit::idempotency;
use crate::kit::{
    Code, Created, Ctx, Event, Id, IfMatch, Json, MergePatch, NoContent, Page, Paging, Problem,
    Result, Routes, Tagged,
};

pub(crate) fn routes(api: &mut Routes) {
    api.service(list_candidates)
        .service(create_candidate)
        .service(get_candidate)
        .service(update_candidate)
        .service(delete_candidate);
}

/// List candidates
///
/// Newest first. A candidate sees themselves, a tutor the candidates they accompany now.
#[utoipa::path(
    tag = "People",
    extensions(("x-policy" = json!("candidates.read"))),
    params(CandidateFilter, ReferenceFilter, Paging<candidate::Entity>),
    responses((status = 200, description = "A page of candidates", body = Page<Candidate>))
)]
#[get("/v1/candidates")]
async fn list_candidates(
    ctx: Ctx,
    filter: Query<CandidateFilter>,
    reference: Query<ReferenceFilter>,
    paging: Paging<candidate::Entity>,
) -> Result<Page<Candidate>> {
    let db = ctx.state.db.reader();
    let query = external_references::narrow(&ctx, store::list(&ctx, &filter), &reference);
    let page = paging.fetch(db, query).await?;
    let mut references = external_references::of_rows(db, &page.items).await?;
    Ok(page.map(|row| {
        let references = references.remove(&row.id).unwrap_or_default();
        Candidate::of(row, references)
    }))
}

/// Create a candidate
///
/// With or without an account to sign in with.
#[utoipa::path(
    tag = "People",
    extensions(("x-policy" = json!("candidates.create"))),
    responses((status = 201, description = "The candidate", body = Candidate))
)]
#[post("/v1/candidates")]
async fn create_candidate(ctx: Ctx, body: Json<CandidateInput>) -> Result<Created<Candidate>> {
    let Json(new) = body;
    rules::is_born(new.birth_date, ctx.today)?;
    let organization_id = ctx.organization_id()?;
    let tx = ctx.begin().await?;
    if let Some(id) = new.user_id {
        named_user(&tx, id, Role::Candidate, "/user_id").await?;
    }
    let references = new.external_references.clone();
    let row = candidate::ActiveModel::from(new.in_lower_case());
    let row = tx
        .insert(Some(organization_id), row)
        .await
        .map_err(user_linked)?;
    external_references::replace(&tx, &row, &references).await?;
    tx.commit(Event::created(&row)).await?;
    Ok(Created::with(&row.clone(), Candidate::of(row, references)))
}

/// Get a candidate
///
/// One person.
#[utoipa::path(
    tag = "People",
    extensions(("x-policy" = json!("candidates.read"))),
    responses((status = 200, description = "The candidate", body = Candidate))
)]
#[get("/v1/candidates/{id}")]
async fn get_candidate(ctx: Ctx, id: Id) -> Result<Tagged<Candidate>> {
    let row = ctx.row::<candidate::Entity>(*id).await?;
    let references = external_references::of_row(ctx.state.db.reader(), &row).await?;
    Ok(Tagged::with(&row.clone(), Candidate::of(row, references)))
}

/// Change a candidate
///
/// Absent fields stay, null erases. Candidates and tutors change neither `user_id` nor
/// `external_references`.
#[utoipa::path(
    tag = "People",
    extensions(("x-policy" = json!("candidates.update"))),
    request_body(content = CandidateInput, content_type = "application/merge-patch+json"),
    responses((status = 200, description = "The candidate, changed", body = Candidate))
)]
#[patch("/v1/candidates/{id}")]
async fn update_candidate(
    ctx: Ctx,
    id: Id,
    if_match: IfMatch,
    patch: MergePatch<CandidateInput>,
) -> Result<Tagged<Candidate>> {
    if patch.names("user_id") || patch.names("external_references") {
        rules::may_link(ctx.actor.role)?;
    }
    let mut tx = ctx.begin().await?;
    let row = tx
        .row_to_change::<candidate::Entity>(*id, &if_match)
        .await?;
    let known = external_references::of_row(tx.db(), &row).await?;
    let edit = patch
        .apply(&CandidateInput::of(&row, known))?
        .adjust(CandidateInput::in_lower_case)?;
    rules::is_born(edit.value.birth_date, tx.today)?;
    if let Some(id) = edit.value.user_id.filter(|id| row.user_id != Some(*id)) {
        named_user(&tx, id, Role::Candidate, "/user_id").await?;
    }
    let references = edit.value.external_references.clone();
    let row = tx
        .edit(
            &row,
            candidate::ActiveModel::from(edit.value),
            &edit.changed,
        )
        .await
        .map_err(user_linked)?;
    external_references::replace(&tx, &row, &references).await?;
    tx.commit(Event::updated(&row, edit.changed)).await?;
    Ok(Tagged::with(&row.clone(), Candidate::of(row, references)))
}

/// Delete a candidate
///
/// Removes the person and everything written about them: booklets, contracts, sheets, notes. What
/// happened when, without any content, stays in the events. Their account, if any, is deleted by
/// `DELETE /v1/users/{id}`.
#[utoipa::path(
    tag = "People",
    extensions(("x-policy" = json!("candidates.delete"))),
    responses((status = 204, description = "The candidate is gone"))
)]
#[delete("/v1/candidates/{id}")]
async fn delete_candidate(ctx: Ctx, id: Id, if_match: IfMatch) -> Result<NoContent> {
    let mut tx = ctx.begin().await?;
    let row = tx
        .row_to_delete::<candidate::Entity>(*id, &if_match)
        .await?;
    let booklets = store::booklets(&tx, &row).await?;
    let gone = booklets.iter().map(Row::id).chain([row.id]);
    external_references::forget(&tx, gone).await?;
    idempotency::forget(&tx, booklets.iter().map(Row::id)).await?;
    for booklet in &booklets {
        tx.record(Event::deleted(booklet));
    }
    tx.delete(&row).await?;
    tx.commit(Event::deleted(&row)).await?;
    Ok(NoContent)
}

fn user_linked(problem: Problem) -> Problem {
    problem.renamed(Code::Conflict, Code::UserLinked)
}
