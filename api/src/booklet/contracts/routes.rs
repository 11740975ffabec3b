//! Contracts over HTTP.

use actix_web::web::Query;
use actix_web::{get, patch, post};
use entity::values::ContractState;
use entity::{contract, contract_template, pledge};
use sea_orm::Set;

use super::dto::{Contract, ContractEdit, ContractFilter, ContractInput, Proof, Signature};
use super::{actions, content, course, rules, store};
use crate::booklet::booklets::include::{PagePart, of_page};
use crate::foundation::problem::ProblemBody;
use crate::kit::{
    Created, Ctx, Event, Id, IfMatch, Include, Json, MergePatch, Page, Paging, Result, Routes,
    Tagged, Whole,
};
use crate::reference::contract_templates::store::to_copy;

pub(crate) fn routes(api: &mut Routes) {
    api.service(list_contracts)
        .service(create_contract)
        .service(get_contract)
        .service(update_contract)
        .configure(course::routes)
        .service(get_contract_proof)
        .configure(actions::routes);
}

/// List contracts
///
/// The contracts of a booklet, newest first, with their signatures.
#[utoipa::path(
    tag = "Contracts",
    extensions(("x-policy" = json!("contracts.read"))),
    params(ContractFilter, Paging<contract::Entity>),
    responses((status = 200, description = "A page of contracts", body = Page<Contract>))
)]
#[get("/v1/booklets/{id}/contracts")]
async fn list_contracts(
    ctx: Ctx,
    id: Id,
    filter: Query<ContractFilter>,
    paging: Paging<contract::Entity>,
) -> Result<Page<Contract>> {
    let page = paging
        .fetch(ctx.state.db.reader(), store::list(&ctx, *id, &filter))
        .await?;
    store::page_shown(&ctx, ctx.in_booklet(*id, page).await?).await
}

/// Draw up a contract
///
/// Draws up a contract for a booklet (§02).
/// A draft with the texts of a template and of a pledge, to change before it is proposed. A booklet
/// has one contract at most that is a draft or proposed.
#[utoipa::path(
    tag = "Contracts",
    extensions(("x-policy" = json!("contracts.create"))),
    responses((status = 201, description = "The contract, a draft", body = Contract))
)]
#[post("/v1/booklets/{id}/contracts")]
async fn create_contract(ctx: Ctx, id: Id, body: Json<ContractInput>) -> Result<Created<Contract>> {
    let starts_on = body.starts_on.unwrap_or(ctx.today);
    rules::in_order(starts_on, body.ends_on)?;
    let tx = ctx.begin().await?;
    let booklet = tx.booklet(*id).await?;
    let template =
        to_copy::<contract_template::Entity>(&tx, body.template_id, "/template_id").await?;
    let pledge = to_copy::<pledge::Entity>(&tx, body.pledge_id, "/pledge_id").await?;
    let present = store::present(&tx, &booklet).await?;
    let draft = contract::ActiveModel {
        number: Set(rules::draw_up(&booklet, &present)?),
        state: Set(ContractState::Draft),
        starts_on: Set(starts_on),
        ends_on: Set(body.ends_on),
        ..copied(template, pledge)
    };
    let row = tx.insert(&booklet, draft).await?;
    let ctx = tx.commit(Event::created(&row)).await?;
    Ok(Created::with(&row, unsigned(&row, &ctx)))
}

/// The texts of a contract, as they are now.
fn copied(template: contract_template::Model, pledge: pledge::Model) -> contract::ActiveModel {
    contract::ActiveModel {
        preamble: Set(template.preamble),
        candidate_commitments: Set(template.candidate_commitments),
        tutor_commitments: Set(template.tutor_commitments),
        pledge: Set(pledge.body),
        ..Default::default()
    }
}

/// Get a contract
///
/// One version of a booklet's contract (contrat pédagogique, §02), with its text, state and signatures.
#[utoipa::path(
    tag = "Contracts",
    extensions(("x-policy" = json!("contracts.read"))),
    params(Include<PagePart>),
    responses((status = 200, description = "The contract", body = Contract))
)]
#[get("/v1/contracts/{id}")]
async fn get_contract(ctx: Ctx, id: Id, include: Include<PagePart>) -> Result<Tagged<Contract>> {
    let row = ctx.row::<contract::Entity>(*id).await?;
    let mut shown = store::shown(&ctx, ctx.state.db.reader(), row.clone()).await?;
    shown.booklet = of_page(&ctx, row.booklet_id, &include).await?;
    Ok(Tagged::with(&row, shown).including(&include))
}

/// Change a contract
///
/// Changes a contract.
/// While it is a draft; from `proposed` on its content never changes.
#[utoipa::path(
    tag = "Contracts",
    extensions(("x-policy" = json!("contracts.update"))),
    request_body(content = ContractEdit, content_type = "application/merge-patch+json"),
    responses((status = 200, description = "The contract, changed", body = Contract))
)]
#[patch("/v1/contracts/{id}")]
async fn update_contract(
    ctx: Ctx,
    id: Id,
    if_match: IfMatch,
    patch: MergePatch<ContractEdit>,
) -> Result<Tagged<Contract>> {
    let mut tx = ctx.begin().await?;
    let (_, row) = tx
        .page_to_change::<contract::Entity>(*id, &if_match)
        .await?;
    rules::may_change(&row)?;
    let edit = patch.apply(&ContractEdit::from(&row))?;
    rules::in_order(edit.value.starts_on, edit.value.ends_on)?;
    let row = tx
        .edit(&row, contract::ActiveModel::from(edit.value), &edit.changed)
        .await?;
    let ctx = tx.commit(Event::updated(&row, edit.changed)).await?;
    Ok(Tagged::with(&row, unsigned(&row, &ctx)))
}

/// Prove a contract
///
/// The proof of a contract.
/// The text that was signed, its hash, and who signed it: anybody can hash the text again. Its
/// members are booklet_id, number, preamble, candidate_commitments, tutor_commitments, pledge,
/// starts_on, ends_on, candidate_name, tutor_name and organization_name, as canonical JSON
/// (RFC 8785).
#[utoipa::path(
    tag = "Contracts",
    extensions(("x-policy" = json!("contracts.read"))),
    responses(
        (status = 200, description = "The proof", body = Proof),
        (status = 409, description = "A draft has nothing to prove yet", body = ProblemBody, content_type = "application/problem+json"),
    )
)]
#[get("/v1/contracts/{id}/proof")]
async fn get_contract_proof(ctx: Ctx, id: Id) -> Result<Whole<Proof>> {
    let row = ctx.row::<contract::Entity>(*id).await?;
    rules::may_prove(&row)?;
    let signatures = store::signatures(&ctx, ctx.state.db.reader(), [row.id]).await?;
    let proof = Proof {
        canonical: content::canonical(&row)?,
        content_sha256: row.content_sha256.unwrap_or_default(),
        signatures: signatures.iter().map(Signature::from).collect(),
    };
    Ok(Whole(proof))
}

/// A contract that nobody has signed yet.
pub(super) fn unsigned(row: &contract::Model, ctx: &Ctx) -> Contract {
    Contract::shown(row.clone(), &[], ctx.today)
}
