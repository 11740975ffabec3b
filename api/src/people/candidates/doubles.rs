//! One person who is there twice, over HTTP.

use actix_web::{get, post};
use entity::candidate;

use super::dto::{Candidate, Merge};
use super::likeness::{self, SimilarCandidate};
use super::merging;
use crate::kit::external_references;
use crate::kit::{Ctx, Event, Id, IfMatch, Json, Page, Result, Routes, Tagged};

pub(super) fn routes(api: &mut Routes) {
    api.service(list_similar_candidates)
        .service(merge_candidate);
}

/// List similar candidates
///
/// Lists the candidates who may be the same person as this one, the likeliest first, 20 at most: whose names are the
/// same (case, accents, hyphens and the order of the two make no difference) and whose birth date is the same or
/// unknown, or who has the same e-mail address or telephone.
#[utoipa::path(
    tag = "People",
    extensions(("x-policy" = json!("candidates.compare"))),
    responses((status = 200, description = "Those who may be the same", body = Page<SimilarCandidate>))
)]
#[get("/v1/candidates/{id}/similar")]
async fn list_similar_candidates(ctx: Ctx, id: Id) -> Result<Page<SimilarCandidate>> {
    let row = ctx.row::<candidate::Entity>(*id).await?;
    let similar = likeness::similar_to(&ctx, ctx.state.db.reader(), &row).await?;
    Ok(Page::whole(similar))
}

/// Merge a candidate into this one
///
/// For one person who is there twice. This one stays as it is; what it does not know it takes from the other, and the
/// other's booklets, names in other systems and account. The other is gone: `GET` of its id answers 301, with the
/// address of this one. 409 when both have an account. There is no way back: look at `similar` and at both first.
#[utoipa::path(
    tag = "People",
    extensions(("x-policy" = json!("candidates.merge"))),
    params(IfMatch),
    responses((status = 200, description = "The candidate that stays", body = Candidate))
)]
#[post("/v1/candidates/{id}/merge")]
async fn merge_candidate(
    ctx: Ctx,
    id: Id,
    if_match: IfMatch,
    body: Json<Merge>,
) -> Result<Tagged<Candidate>> {
    let mut tx = ctx.begin().await?;
    let (into, from) = merging::both(&tx, *id, body.from, &if_match).await?;
    let (row, changed) = merging::merge(&mut tx, &into, &from).await?;
    let references = external_references::of_row(tx.db(), &row).await?;
    tx.commit(Event::updated(&row, changed)).await?;
    Ok(Tagged::with(&row.clone(), Candidate::of(row, references)))
}
