//! Contract templates over HTTP.

use actix_web::{delete, get, patch, post};
use entity::contract_template;

use super::dto::{ContractTemplate, ContractTemplateEdit, ContractTemplateInput};
use super::store;
use crate::kit::{
    Created, Ctx, Event, Id, IfMatch, Json, MergePatch, NoContent, Page, Paging, Result, Routes,
    Tagged,
};

pub(crate) fn routes(api: &mut Routes) {
    api.service(list_contract_templates)
        .service(create_contract_template)
        .service(get_contract_template)
        .service(update_contract_template)
        .service(delete_contract_template);
}

/// List contract templates
///
/// The templates that contracts are made from.
/// The organization's own and the ones shared by all, newest first.
#[utoipa::path(
    tag = "Contracts",
    extensions(("x-policy" = json!("templates.read"))),
    params(Paging<contract_template::Entity>),
    responses((status = 200, description = "A page of templates", body = Page<ContractTemplate>))
)]
#[get("/v1/contract-templates")]
async fn list_contract_templates(
    ctx: Ctx,
    paging: Paging<contract_template::Entity>,
) -> Result<Page<ContractTemplate>> {
    let query = ctx.select::<contract_template::Entity>();
    let page = paging.fetch(ctx.state.db.reader(), query).await?;
    Ok(page.map(ContractTemplate::from))
}

/// Create a contract template
///
/// An organization's most recent template is the one that its new contracts are copied from, unless
/// they name another. The platform admin makes templates shared by all.
#[utoipa::path(
    tag = "Contracts",
    extensions(("x-policy" = json!("templates.create"))),
    responses((status = 201, description = "The template", body = ContractTemplate))
)]
#[post("/v1/contract-templates")]
async fn create_contract_template(
    ctx: Ctx,
    body: Json<ContractTemplateInput>,
) -> Result<Created<ContractTemplate>> {
    let tx = ctx.begin().await?;
    let present = store::to_copy::<contract_template::Entity>(&tx, None, "").await?;
    let owner = tx.actor.organization_id;
    let row = tx
        .create(owner, body.0.completed(present), Event::created)
        .await?;
    Ok(Created::of(row))
}

/// Get a contract template
///
/// The texts that new contracts are copied from.
#[utoipa::path(
    tag = "Contracts",
    extensions(("x-policy" = json!("templates.read"))),
    responses((status = 200, description = "The template", body = ContractTemplate))
)]
#[get("/v1/contract-templates/{id}")]
async fn get_contract_template(ctx: Ctx, id: Id) -> Result<Tagged<ContractTemplate>> {
    Ok(Tagged::of(ctx.row::<contract_template::Entity>(*id).await?))
}

/// Change a contract template
///
/// Changes a template that contracts are made from.
/// Contracts made earlier stay as they are. A coordinator changes their organization's own, the
/// platform admin the shared ones.
#[utoipa::path(
    tag = "Contracts",
    extensions(("x-policy" = json!("templates.update")), ("x-never" = json!([409]))),
    request_body(content = ContractTemplateEdit, content_type = "application/merge-patch+json"),
    responses((status = 200, description = "The template, changed", body = ContractTemplate))
)]
#[patch("/v1/contract-templates/{id}")]
async fn update_contract_template(
    ctx: Ctx,
    id: Id,
    if_match: IfMatch,
    patch: MergePatch<ContractTemplateEdit>,
) -> Result<Tagged<ContractTemplate>> {
    let tx = ctx.begin().await?;
    let row = tx
        .row_to_change::<contract_template::Entity>(*id, &if_match)
        .await?;
    let edit = patch.apply(&ContractTemplateEdit::from(&row))?;
    let row = tx
        .change(
            &row,
            contract_template::ActiveModel::from(edit.value),
            edit.changed,
            Event::updated,
        )
        .await?;
    Ok(Tagged::of(row))
}

/// Delete a contract template
///
/// Contracts made from it stay as they are. The last one shared by all stays too.
#[utoipa::path(
    tag = "Contracts",
    extensions(("x-policy" = json!("templates.delete"))),
    responses((status = 204, description = "The template is gone"))
)]
#[delete("/v1/contract-templates/{id}")]
async fn delete_contract_template(ctx: Ctx, id: Id, if_match: IfMatch) -> Result<NoContent> {
    let tx = ctx.begin().await?;
    let row = tx
        .row_to_change::<contract_template::Entity>(*id, &if_match)
        .await?;
    store::not_the_last_shared::<contract_template::Entity>(&tx, &row).await?;
    tx.remove(&row, Event::deleted).await?;
    Ok(NoContent)
}
