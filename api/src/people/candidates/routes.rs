//! Candidates over HTTP.

use actix_web::web::Query;
use actix_web::{delete, get, patch, post};
use entity::{Row, candidate};
use uuid::Uuid;

use super::dto::{Candidate, CandidateFilter, CandidateInput};
use super::{doubles, external, likeness, merging, rules, store, writing};
use crate::foundation::policy::{Action, Resource};
use crate::kit::external_references::{self, ExternalReferences, ReferenceFilter};
use crate::kit::request::idempotency;
use crate::kit::{
    Code, Created, Ctx, Event, Found, Id, IfMatch, Json, MergePatch, NoContent, Page, Paging,
    Result, Routes, Tagged, Tx, new_id,
};

pub(crate) fn routes(api: &mut Routes) {
    api.service(list_candidates)
        .service(create_candidate)
        .service(get_candidate)
        .service(update_candidate)
        .service(delete_candidate)
        .configure(external::routes)
        .configure(doubles::routes);
}

/// List candidates
///
/// The candidates within reach.
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
/// Creates a candidate.
/// Adds a person who is accompanied, with or without an account to sign in with. `similar` names those who may be the
/// same person; `Prefer: dry-run` tells beforehand.
#[utoipa::path(
    tag = "People",
    extensions(("x-policy" = json!("candidates.create"))),
    responses((status = 201, description = "The candidate", body = Candidate))
)]
#[post("/v1/candidates")]
async fn create_candidate(ctx: Ctx, body: Json<CandidateInput>) -> Result<Created<Candidate>> {
    created(ctx.begin().await?, new_id(), body.0).await
}

pub(super) async fn created(tx: Tx, id: Uuid, new: CandidateInput) -> Result<Created<Candidate>> {
    let (row, references) = writing::create(&tx, id, new).await?;
    let similar = match tx.also(Resource::Candidates, Action::Read) {
        Ok(reader) => likeness::similar_to(&reader, tx.db(), &row).await?,
        Err(_) => Vec::new(),
    };
    tx.commit(Event::created(&row)).await?;
    let shown = Candidate::of(row.clone(), references).resembling(similar);
    Ok(Created::with(&row, shown))
}

/// Get a candidate
///
/// A candidate.
/// One person who is or was accompanied: name, ways to reach them, and needs. The id of one who was merged into another
/// leads to that one (301).
#[utoipa::path(
    tag = "People",
    extensions(("x-policy" = json!("candidates.read"))),
    responses(
        (status = 200, description = "The candidate", body = Candidate),
        (status = 301, description = "Merged into the candidate at this address")
    )
)]
#[get("/v1/candidates/{id}")]
async fn get_candidate(ctx: Ctx, id: Id) -> Result<Found<Candidate>> {
    let row = match ctx.row::<candidate::Entity>(*id).await {
        Ok(row) => row,
        Err(problem) if problem.code() == Code::NotFound => {
            let led = merging::led_to(&ctx, *id).await?;
            return led.map(Found::moved::<candidate::Model>).ok_or(problem);
        }
        Err(problem) => return Err(problem),
    };
    let references = external_references::of_row(ctx.state.db.reader(), &row).await?;
    let shown = Candidate::of(row.clone(), references);
    Ok(Found::Here(Tagged::with(&row, shown)))
}

/// Change a candidate
///
/// Changes a candidate.
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
    let tx = ctx.begin().await?;
    let row = tx
        .row_to_change::<candidate::Entity>(*id, &if_match)
        .await?;
    let known = external_references::of_row(tx.db(), &row).await?;
    changed(tx, &row, known, patch).await
}

pub(super) async fn changed(
    mut tx: Tx,
    row: &candidate::Model,
    known: ExternalReferences,
    patch: MergePatch<CandidateInput>,
) -> Result<Tagged<Candidate>> {
    let edit = patch
        .apply(&CandidateInput::of(row, known))?
        .adjust(CandidateInput::in_lower_case)?;
    let names = edit.changed.clone();
    let (row, references) = writing::edit(&mut tx, row, edit).await?;
    tx.commit(Event::updated(&row, names)).await?;
    Ok(Tagged::with(&row.clone(), Candidate::of(row, references)))
}

/// Delete a candidate
///
/// Deletes a candidate.
/// Removes the person and everything written about them: booklets, contracts, sheets, notes. What
/// happened when, without any content, stays in the events. Their account, if any, is deleted by
/// `DELETE /v1/users/{id}`.
#[utoipa::path(
    tag = "People",
    extensions(("x-policy" = json!("candidates.delete")), ("x-never" = json!([409]))),
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
    tx.remove(&row, Event::deleted).await?;
    Ok(NoContent)
}
