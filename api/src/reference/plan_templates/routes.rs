//! Plan templates over HTTP.

use actix_web::{delete, get, patch, post};
use entity::plan_template;

use super::dto::{PlanTemplate, PlanTemplateInput};
use super::store;
use crate::kit::{
    Created, Ctx, Event, Id, IfMatch, Json, MergePatch, NoContent, Page, Paging, Result, Routes,
    Tagged, Tx,
};
use crate::reference::contract_templates::store::not_the_last_shared;

pub(crate) fn routes(api: &mut Routes) {
    api.service(list_plan_templates)
        .service(create_plan_template)
        .service(get_plan_template)
        .service(update_plan_template)
        .service(delete_plan_template);
}

/// List plan templates
///
/// The templates that plans are made from.
/// The organization's own and the shared ones, newest first.
#[utoipa::path(
    tag = "Plans",
    extensions(("x-policy" = json!("templates.read"))),
    params(Paging<plan_template::Entity>),
    responses((status = 200, description = "A page of plan templates", body = Page<PlanTemplate>))
)]
#[get("/v1/plan-templates")]
async fn list_plan_templates(
    ctx: Ctx,
    paging: Paging<plan_template::Entity>,
) -> Result<Page<PlanTemplate>> {
    let page = paging
        .fetch(ctx.state.db.reader(), ctx.select::<plan_template::Entity>())
        .await?;
    Ok(page.map(PlanTemplate::from))
}

/// Write a plan template
///
/// Writes a template that plans are made from.
/// A coordinator writes for the organization, the platform admin for all of them.
#[utoipa::path(
    tag = "Plans",
    extensions(("x-policy" = json!("templates.create"))),
    responses((status = 201, description = "The plan template", body = PlanTemplate))
)]
#[post("/v1/plan-templates")]
async fn create_plan_template(
    ctx: Ctx,
    body: Json<PlanTemplateInput>,
) -> Result<Created<PlanTemplate>> {
    let tx = ctx.begin().await?;
    with_known_stages(&tx, &body).await?;
    let row = plan_template::ActiveModel::from(body.0);
    let owner = tx.actor.organization_id;
    let row = tx.create(owner, row, Event::created).await?;
    Ok(Created::of(row))
}

/// Get a plan template
///
/// One template that plans (§05) are made from, with its rows.
#[utoipa::path(
    tag = "Plans",
    extensions(("x-policy" = json!("templates.read"))),
    responses((status = 200, description = "The plan template", body = PlanTemplate))
)]
#[get("/v1/plan-templates/{id}")]
async fn get_plan_template(ctx: Ctx, id: Id) -> Result<Tagged<PlanTemplate>> {
    Ok(Tagged::of(ctx.row::<plan_template::Entity>(*id).await?))
}

/// Change a plan template
///
/// Changes a template that plans are made from.
/// Absent fields stay; `rows` are replaced as a whole. Plans made from it stay as they are.
#[utoipa::path(
    tag = "Plans",
    extensions(("x-policy" = json!("templates.update")), ("x-never" = json!([409]))),
    request_body(content = PlanTemplateInput, content_type = "application/merge-patch+json"),
    responses((status = 200, description = "The plan template, changed", body = PlanTemplate))
)]
#[patch("/v1/plan-templates/{id}")]
async fn update_plan_template(
    ctx: Ctx,
    id: Id,
    if_match: IfMatch,
    patch: MergePatch<PlanTemplateInput>,
) -> Result<Tagged<PlanTemplate>> {
    let tx = ctx.begin().await?;
    let row = tx
        .row_to_change::<plan_template::Entity>(*id, &if_match)
        .await?;
    let edit = patch.apply(&PlanTemplateInput::from(&row))?;
    with_known_stages(&tx, &edit.value).await?;
    let row = tx
        .change(
            &row,
            plan_template::ActiveModel::from(edit.value),
            edit.changed,
            Event::updated,
        )
        .await?;
    Ok(Tagged::of(row))
}

/// Delete a plan template
///
/// Plans made from it stay as they are. The last one shared by all stays too.
#[utoipa::path(
    tag = "Plans",
    extensions(("x-policy" = json!("templates.delete"))),
    responses((status = 204, description = "The plan template is gone"))
)]
#[delete("/v1/plan-templates/{id}")]
async fn delete_plan_template(ctx: Ctx, id: Id, if_match: IfMatch) -> Result<NoContent> {
    let tx = ctx.begin().await?;
    let row = tx
        .row_to_change::<plan_template::Entity>(*id, &if_match)
        .await?;
    not_the_last_shared::<plan_template::Entity>(&tx, &row).await?;
    tx.remove(&row, Event::deleted).await?;
    Ok(NoContent)
}

async fn with_known_stages(tx: &Tx, template: &PlanTemplateInput) -> Result<()> {
    let stages = template.rows.iter().enumerate().filter_map(|(index, row)| {
        Some((
            format!("/rows/{index}/vae_stage"),
            row.vae_stage.as_deref()?,
        ))
    });
    store::known_stages(tx, stages).await
}
