//! Appointments over HTTP.

use actix_web::web::Query;
use actix_web::{delete, get, patch, post};
use entity::appointment;
use sea_orm::Set;

use super::dto::{AgendaFilter, Appointment, AppointmentFilter, AppointmentInput};
use super::{rules, store};
use crate::booklet::booklets::contact;
use crate::booklet::booklets::include::{PagePart, of_page, of_pages};
use crate::kit::{
    Created, Ctx, Event, Id, IfMatch, Include, Json, MergePatch, NoContent, Page, Paging, Result,
    Routes, Tagged,
};

pub(crate) fn routes(api: &mut Routes) {
    api.service(list_agenda)
        .service(list_appointments)
        .service(create_appointment)
        .service(get_appointment)
        .service(update_appointment)
        .service(delete_appointment);
}

/// List the agenda
///
/// The agenda across booklets.
/// The rendez-vous of all booklets within reach: `sort=starts_at` and `from` show what is to come.
#[utoipa::path(
    tag = "Action sheets",
    extensions(("x-policy" = json!("appointments.read"))),
    params(AppointmentFilter, AgendaFilter, Include<PagePart>, Paging<appointment::Entity>),
    responses((status = 200, description = "A page of appointments", body = Page<Appointment>))
)]
#[get("/v1/appointments")]
async fn list_agenda(
    ctx: Ctx,
    filter: Query<AppointmentFilter>,
    whose: Query<AgendaFilter>,
    include: Include<PagePart>,
    paging: Paging<appointment::Entity>,
) -> Result<Page<Appointment>> {
    let page = paging
        .fetch(ctx.state.db.reader(), store::agenda(&ctx, &filter, &whose))
        .await?;
    let ids = page.items.iter().map(|row| row.booklet_id).collect();
    let booklets = of_pages(&ctx, ids, &include).await?;
    Ok(page.map(|row| {
        let booklet = booklets.of(row.booklet_id);
        let mut shown = Appointment::from(row);
        shown.booklet = booklet;
        shown
    }))
}

/// List appointments
///
/// The appointments of a booklet.
/// The rendez-vous of a booklet, the last one made first.
#[utoipa::path(
    tag = "Action sheets",
    extensions(("x-policy" = json!("appointments.read"))),
    params(AppointmentFilter, Paging<appointment::Entity>),
    responses((status = 200, description = "A page of appointments", body = Page<Appointment>))
)]
#[get("/v1/booklets/{id}/appointments")]
async fn list_appointments(
    ctx: Ctx,
    id: Id,
    filter: Query<AppointmentFilter>,
    paging: Paging<appointment::Entity>,
) -> Result<Page<Appointment>> {
    let page = paging
        .fetch(ctx.state.db.reader(), store::of_booklet(&ctx, *id, &filter))
        .await?;
    Ok(ctx.in_booklet(*id, page).await?.map(Appointment::from))
}

/// Make an appointment
///
/// Makes an appointment (rendez-vous) in a booklet.
/// An instant in the past is fine: what took place may be noted afterwards.
#[utoipa::path(
    tag = "Action sheets",
    extensions(("x-policy" = json!("appointments.create"))),
    responses((status = 201, description = "The appointment", body = Appointment))
)]
#[post("/v1/booklets/{id}/appointments")]
async fn create_appointment(
    ctx: Ctx,
    id: Id,
    body: Json<AppointmentInput>,
) -> Result<Created<Appointment>> {
    let Json(new) = body;
    rules::check_times(new.starts_at, new.ends_at)?;
    let new = new.settled(ctx.actor.timezone);
    rules::has_come(new.state, new.starts_at, new.zone(), ctx.now)?;
    let tx = ctx.begin().await?;
    let booklet = tx.open_booklet(*id).await?;
    store::check_step(&tx, &booklet, new.plan_step_id).await?;
    let row = appointment::ActiveModel {
        sequence: Set(0),
        ..new.row(tx.actor.timezone)
    };
    let row = tx.insert(&booklet, row).await?;
    let held_on = contact::day_if_held(&tx, &row);
    contact::noted(&tx, &booklet, held_on).await?;
    tx.commit(Event::created(&row)).await?;
    Ok(Created::of(row))
}

/// Get an appointment
///
/// One appointment (rendez-vous) of a booklet, past or to come: when, where, and what became of it.
#[utoipa::path(
    tag = "Action sheets",
    extensions(("x-policy" = json!("appointments.read"))),
    params(Include<PagePart>),
    responses((status = 200, description = "The appointment", body = Appointment))
)]
#[get("/v1/appointments/{id}")]
async fn get_appointment(
    ctx: Ctx,
    id: Id,
    include: Include<PagePart>,
) -> Result<Tagged<Appointment>> {
    let row = ctx.row::<appointment::Entity>(*id).await?;
    let mut shown = Appointment::from(row.clone());
    shown.booklet = of_page(&ctx, row.booklet_id, &include).await?;
    Ok(Tagged::with(&row, shown).including(&include))
}

/// Change an appointment
///
/// Changes an appointment of a booklet.
/// Absent fields stay, null erases. A candidate may cancel a planned one (`{"state": "cancelled"}`)
/// and change nothing else. Others say what became of it, and may correct that: `held` and `no_show` from
/// its day on, in its time zone (422 `not_yet` before). Its action sheet, a draft, moves to another day with it;
/// once that is submitted the day stays (409).
#[utoipa::path(
    tag = "Action sheets",
    extensions(("x-policy" = json!("appointments.update"))),
    request_body(content = AppointmentInput, content_type = "application/merge-patch+json"),
    responses((status = 200, description = "The appointment, changed", body = Appointment))
)]
#[patch("/v1/appointments/{id}")]
async fn update_appointment(
    ctx: Ctx,
    id: Id,
    if_match: IfMatch,
    patch: MergePatch<AppointmentInput>,
) -> Result<Tagged<Appointment>> {
    let mut tx = ctx.begin().await?;
    let (booklet, before) = tx
        .page_to_change::<appointment::Entity>(*id, &if_match)
        .await?;
    let edit = patch
        .apply(&AppointmentInput::from(&before))?
        .adjust(|input| input.settled(tx.actor.timezone))?;
    let new = edit.value;
    rules::may_change(tx.actor.role, &edit.changed, new.state)?;
    rules::check_times(new.starts_at, new.ends_at)?;
    if new.plan_step_id != before.plan_step_id {
        store::check_step(&tx, &booklet, new.plan_step_id).await?;
    }
    rules::may_become(tx.actor.role, before.state, new.state)?;
    let says_when = ["state", "starts_at", "timezone"];
    if edit.changed.iter().any(|name| says_when.contains(&&**name)) {
        rules::has_come(new.state, new.starts_at, new.zone(), tx.now)?;
    }
    let change = rules::renumbered(&before, new.row(tx.actor.timezone));
    let row = tx.edit(&before, change, &edit.changed).await?;
    store::move_sheet(&mut tx, &before, &row).await?;
    let held_on = |row| contact::day_if_held(&tx, row);
    contact::moved(&tx, &booklet, row.id, held_on(&before), held_on(&row)).await?;
    tx.commit(Event::updated(&row, edit.changed)).await?;
    Ok(Tagged::of(row))
}

/// Delete an appointment
///
/// Deletes an appointment.
/// For one made by mistake, that no action sheet is about; cancel the others, so that calendars
/// hear of it.
#[utoipa::path(
    tag = "Action sheets",
    extensions(("x-policy" = json!("appointments.delete"))),
    responses((status = 204, description = "The appointment is gone"))
)]
#[delete("/v1/appointments/{id}")]
async fn delete_appointment(ctx: Ctx, id: Id, if_match: IfMatch) -> Result<NoContent> {
    let tx = ctx.begin().await?;
    let (booklet, row) = tx
        .page_to_change::<appointment::Entity>(*id, &if_match)
        .await?;
    store::check_unused(&tx, &row).await?;
    tx.delete(&row).await?;
    let held_on = contact::day_if_held(&tx, &row);
    contact::moved(&tx, &booklet, row.id, held_on, None).await?;
    tx.commit(Event::deleted(&row)).await?;
    Ok(NoContent)
}
