//! The course of a contract over HTTP: proposed, withdrawn, signed, amended, terminated.

use actix_web::post;
use entity::contract;
use entity::values::ContractState;
use sea_orm::Set;

use super::dto::{Contract, ContractEdit, SignatureInput, Termination};
use super::routes::unsigned;
use super::{lifecycle, rules, store};
use crate::kit::{Created, Ctx, Event, Id, IfMatch, Json, Result, Routes, Tagged, verb};

pub(super) fn routes(api: &mut Routes) {
    api.service(propose_contract)
        .service(withdraw_contract)
        .service(sign_contract)
        .service(amend_contract)
        .service(terminate_contract);
}

/// Propose a contract
///
/// Freezes its content and hashes it: candidate and main tutor may sign now.
#[utoipa::path(
    tag = "Contracts",
    extensions(("x-policy" = json!("contracts.update"))),
    params(IfMatch),
    responses((status = 200, description = "The contract, proposed", body = Contract))
)]
#[post("/v1/contracts/{id}/propose")]
async fn propose_contract(ctx: Ctx, id: Id, if_match: IfMatch) -> Result<Tagged<Contract>> {
    let tx = ctx.begin().await?;
    let (booklet, draft) = tx
        .page_to_act_on::<contract::Entity>(*id, &if_match)
        .await?;
    rules::must_be(ContractState::Draft, &draft, tx.today)?;
    let row = lifecycle::propose(&tx, &booklet, draft).await?;
    let proposed = Event::new(&row, verb::Proposed).of_content(row.content_sha256.clone());
    let ctx = tx.commit(proposed).await?;
    Ok(Tagged::with(&row, unsigned(&row, &ctx)))
}

/// Withdraw a proposed contract
///
/// Withdraws a proposed contract.
/// It is a draft again and may change; a signature already given is dropped.
#[utoipa::path(
    tag = "Contracts",
    extensions(("x-policy" = json!("contracts.update"))),
    params(IfMatch),
    responses((status = 200, description = "The contract, a draft again", body = Contract))
)]
#[post("/v1/contracts/{id}/withdraw")]
async fn withdraw_contract(ctx: Ctx, id: Id, if_match: IfMatch) -> Result<Tagged<Contract>> {
    let tx = ctx.begin().await?;
    let (_, proposed) = tx
        .page_to_act_on::<contract::Entity>(*id, &if_match)
        .await?;
    rules::must_be(ContractState::Proposed, &proposed, tx.today)?;
    let row = lifecycle::withdraw(&tx, proposed).await?;
    let ctx = tx.commit(Event::new(&row, verb::Withdrawn)).await?;
    Ok(Tagged::with(&row, unsigned(&row, &ctx)))
}

/// Sign a contract
///
/// Signs a contract.
/// Candidate and main tutor sign for themselves, and name what they have read: its version in
/// `If-Match`, or its `content_sha256`; 428 without either, and for `If-Match: *` or a list,
/// which do not say which. A signature given on paper is recorded by tutor or coordinator, who name its party; that
/// of a candidate with an account not by the tutor of the contract, and the candidate is told by
/// mail. Its day (`signed_on`) is that of the paper, which came first: before the proposal even. Once both have signed the contract is in force, and the one before is superseded.
#[utoipa::path(
    tag = "Contracts",
    extensions(("x-policy" = json!("contracts.sign")), ("x-also" = json!([428]))),
    params(IfMatch),
    responses((status = 200, description = "The contract, signed", body = Contract))
)]
#[post("/v1/contracts/{id}/signatures")]
async fn sign_contract(
    ctx: Ctx,
    id: Id,
    if_match: IfMatch,
    body: Json<SignatureInput>,
) -> Result<Tagged<Contract>> {
    let party = rules::party(ctx.actor.role, body.method, body.party)?;
    let mut tx = ctx.begin().await?;
    let (booklet, proposed) = match &body.content_sha256 {
        Some(_) => tx.page_to_act_on::<contract::Entity>(*id, &if_match).await,
        None => tx.page_as_read::<contract::Entity>(*id, &if_match).await,
    }?;
    let (row, last) = lifecycle::sign(&mut tx, &booklet, proposed, party, body.0).await?;
    let shown = store::shown(&tx, tx.db(), row.clone()).await?;
    tx.commit(last).await?;
    Ok(Tagged::with(&row, shown))
}

/// Amend a contract
///
/// Amends a contract that is in force.
/// Draws up its successor: a new draft with the same content (avenant), which takes its place once
/// both have signed.
#[utoipa::path(
    tag = "Contracts",
    extensions(("x-policy" = json!("contracts.create"))),
    params(IfMatch),
    responses((status = 201, description = "The successor, a draft", body = Contract))
)]
#[post("/v1/contracts/{id}/amend")]
async fn amend_contract(ctx: Ctx, id: Id, if_match: IfMatch) -> Result<Created<Contract>> {
    let tx = ctx.begin().await?;
    let (booklet, contract) = tx
        .page_to_act_on::<contract::Entity>(*id, &if_match)
        .await?;
    let present = store::present(&tx, &booklet).await?;
    let successor = contract::ActiveModel {
        number: Set(rules::amend(&contract, &present, tx.today)?),
        state: Set(ContractState::Draft),
        supersedes_id: Set(Some(contract.id)),
        ..ContractEdit::from(&contract).into()
    };
    let row = tx.insert(&booklet, successor).await?;
    let ctx = tx.commit(Event::created(&row)).await?;
    Ok(Created::with(&row, unsigned(&row, &ctx)))
}

/// Terminate a contract
///
/// Terminates a contract.
/// Before its end, with a reason (résiliation), and its day where that was before today. The booklet goes on without a contract in force.
#[utoipa::path(
    tag = "Contracts",
    extensions(("x-policy" = json!("contracts.terminate"))),
    params(IfMatch),
    responses((status = 200, description = "The contract, terminated", body = Contract))
)]
#[post("/v1/contracts/{id}/terminate")]
async fn terminate_contract(
    ctx: Ctx,
    id: Id,
    if_match: IfMatch,
    body: Json<Termination>,
) -> Result<Tagged<Contract>> {
    let mut tx = ctx.begin().await?;
    let (booklet, present) = tx
        .page_to_act_on::<contract::Entity>(*id, &if_match)
        .await?;
    rules::must_be(ContractState::InForce, &present, tx.today)?;
    let signatures = store::signatures(&tx, tx.db(), [present.id]).await?;
    let (row, last) =
        lifecycle::terminate(&mut tx, &booklet, &present, &signatures, body.0).await?;
    let shown = Contract::shown(row.clone(), &signatures, tx.today);
    tx.commit(last).await?;
    Ok(Tagged::with(&row, shown))
}
