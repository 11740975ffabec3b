//! Candidates by the names that other systems give to them.

use actix_web::{get, put};
use entity::candidate;

use super::dto::{Candidate, CandidateInput};
use super::routes::{changed, created};
use crate::kit::external_references::{Claimed, ExternalName, NameInAddress, claim_for, find};
use crate::kit::{Ctx, MergePatch, Put, PutCondition, Result, Routes, Tagged};

pub(super) fn routes(api: &mut Routes) {
    api.service(get_candidate_by_external_id)
        .service(upsert_candidate);
}

/// Get a candidate by another system's id
///
/// The candidate to whom another system, a CRM for instance, gave this id of its own.
#[utoipa::path(
    tag = "People",
    extensions(("x-policy" = json!("candidates.read"))),
    params(NameInAddress),
    responses((status = 200, description = "The candidate", body = Candidate))
)]
#[get("/v1/candidates/external/{system}/{external_id}")]
async fn get_candidate_by_external_id(ctx: Ctx, name: ExternalName) -> Result<Tagged<Candidate>> {
    let (row, names) = find::<candidate::Entity>(&ctx, &name).await?;
    Ok(Tagged::with(&row.clone(), Candidate::of(row, names)))
}

/// Create or change a candidate by another system's id
///
/// Creates or changes the candidate to whom another system gave this id.
/// Safe to send again: what changes nothing leaves the version as it is. Makes a new person where
/// nobody has this name, which needs the fields that `POST` needs. Fields that are absent stay as they
/// are, `null` erases; names in `external_references` are added to those there are.
#[utoipa::path(
    tag = "People",
    extensions(("x-policy" = json!("candidates.upsert"))),
    params(NameInAddress, PutCondition),
    request_body(content = CandidateInput, content_type = "application/json"),
    responses(
        (status = 200, description = "The candidate, changed or as it was", body = Candidate),
        (status = 201, description = "The candidate, new", body = Candidate)
    )
)]
#[put("/v1/candidates/external/{system}/{external_id}")]
async fn upsert_candidate(
    ctx: Ctx,
    name: ExternalName,
    condition: PutCondition,
    mut body: MergePatch<CandidateInput>,
) -> Result<Put<Candidate>> {
    let tx = ctx.begin().await?;
    let claimed = claim_for::<candidate::Entity, _>(&tx, &name, &condition, &mut body).await?;
    Ok(match claimed {
        Claimed::New(id) => Put::New(created(tx, id, body.whole()?).await?),
        Claimed::Known(row, names) => Put::Known(changed(tx, &row, names, body).await?),
    })
}
