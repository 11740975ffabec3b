//! Imports over HTTP.

use actix_web::web::Query;
use actix_web::{HttpMessage, HttpRequest, HttpResponse, get, post};
use entity::values::ImportResource;
use entity::{import, import_fault};

use super::columns::blank;
use super::dto::{Application, Import, ImportFault, ImportFilter, ImportQuery};
use super::receive::Staged;
use super::targets::shape;
use super::templates::{TemplateName, TemplateQuery};
use super::{author, erase, receive, rules, store, templates};
use crate::foundation::database;
use crate::kit::request::settle::prefers_dry_run;
use crate::kit::{
    Created, Ctx, Event, Id, IfMatch, Json, Page, Paging, Path, Result, Routes, Tagged, Upload,
    verb,
};
use crate::outside::exports::header::of_table;
use crate::people::names;

pub(crate) fn routes(api: &mut Routes) {
    api.service(list_imports)
        .service(create_import)
        .service(get_import_template)
        .service(get_import)
        .service(list_import_faults)
        .service(apply_import)
        .service(cancel_import);
}

/// List imports
///
/// The imports of an organization.
/// Newest first. A service account sees its own.
#[utoipa::path(
    tag = "Imports",
    extensions(("x-policy" = json!("imports.read"))),
    params(ImportFilter, Paging<import::Entity>),
    responses((status = 200, description = "A page of imports", body = Page<Import>))
)]
#[get("/v1/imports")]
async fn list_imports(
    ctx: Ctx,
    filter: Query<ImportFilter>,
    paging: Paging<import::Entity>,
) -> Result<Page<Import>> {
    let query = store::list(&ctx, &filter);
    let page = paging.fetch(ctx.state.db.reader(), query).await?;
    names::page_signed(&ctx, page.map(Import::from)).await
}

/// Import a file
///
/// Imports a file of rows: candidates, booklets or useful addresses, as CSV, as an XLSX workbook or as JSON Lines, 64 MiB
/// (XLSX: 8 MiB) and 200,000 rows at most; where the service runs on SQLite 20,000, 2,000 of booklets, unless its
/// operator says otherwise (413 gives the number: split the file). It is checked first, in the background, and changes nothing until it
/// is applied.
///
/// Each row is the body of the POST that makes one such object, with what another system calls it in `external_id`,
/// and which system in `external_system` or `system`: the object of that name is changed, where there is
/// none one is made, so that the same file sent again changes nothing. A file without these names makes its rows
/// anew each time. Where a table has the column `external_id`, each row needs one, or our own `id`, which counts
/// before all else. Booklets may name their candidate by `candidate_external_id`, their tutor by
/// `tutor_external_id` (both of the row's own system) or `tutor_email`. A field that is not there stays as it is;
/// an empty cell, or `null`, erases. Columns that exports have and nobody writes are passed over.
///
/// This takes the right, and the scope, to create and change what the rows are. An organization has 20 unfinished
/// imports (409 `too_many_imports`) and four files on their way (429) at most.
#[utoipa::path(
    tag = "Imports",
    extensions(("x-policy" = json!("imports.create"))),
    params(ImportQuery),
    request_body(
        description = "The file. Texts are in the encoding that `charset` or a byte order mark declares, else in \
            UTF-8 or, recognised, in Windows-1252; the import says which (`encoding`), and what could be a third \
            one is refused. CSV (RFC 4180) has a header that names fields, with `;`, `,` or a tab between cells \
            (a first line `sep=;` says so too), `|` between the items of a list, a dot before the fields of an \
            object (`certification.label`); the apostrophes that exports write before `=`, `+`, `-`, `@` are \
            taken away. Of a workbook the first visible sheet is read. In both, days may be written day first \
            (`31/12/1980`), rows that say nothing are left out, and cells that a row lacks at its end are empty. \
            JSON Lines have one object a line.",
        content(
            (String = "text/csv"),
            (String = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
            (String = "application/x-ndjson")
        )
    ),
    responses((status = 201, description = "The import, being checked", body = Import))
)]
#[post("/v1/imports")]
async fn create_import(
    ctx: Ctx,
    new: Query<ImportQuery>,
    request: HttpRequest,
    upload: Upload,
) -> Result<Created<Import>> {
    erase::oldest_reports(&ctx.state, ctx.organization_id()?).await?;
    let is_rehearsal = prefers_dry_run(request.headers());
    let received = receive::receive(&ctx, &new, upload, is_rehearsal);
    let Staged { slot, row } = database::of_each_statement(received).await?;
    let import_id = slot.import_id;
    request.extensions_mut().insert(slot);
    let tx = ctx.begin().await?;
    let row = store::insert(&tx, import_id, row).await?;
    let ctx = tx.commit(Event::created(&row)).await?;
    let shown = names::one_signed(&ctx, Import::from(row.clone())).await?;
    Ok(Created::with(&row, shown))
}

/// Get an empty file to import
///
/// An empty file to import.
/// To begin with: its first line names the columns that people know, in the order of the POST that makes one
/// such object. Columns that stay empty may be taken out.
#[utoipa::path(
    tag = "Imports",
    extensions(("x-policy" = json!("imports.read")), ("x-never" = json!([406]))),
    params(("resource" = ImportResource, Path, description = "What its rows will be.", example = "candidates"), TemplateQuery),
    responses((status = 200, description = "The file", content(
        (String = "text/csv"),
        (String = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
    )))
)]
#[get("/v1/imports/templates/{resource}")]
async fn get_import_template(
    ctx: Ctx,
    name: Path<TemplateName>,
    query: Query<TemplateQuery>,
) -> Result<HttpResponse> {
    let (resource, form) = (name.find()?, query.form());
    let name = format!("{resource}-template");
    let mut response = of_table(&ctx, &name, form);
    let columns = blank(&shape(&ctx.state, resource));
    Ok(response.body(templates::file(&columns, form)?))
}

/// Get an import
///
/// An import.
/// How far it is: `rows_checked` rises while it is `checking`. Worth asking again each second until it is
/// `ready`, `done` or `failed`.
#[utoipa::path(
    tag = "Imports",
    extensions(("x-policy" = json!("imports.read"))),
    responses((status = 200, description = "The import", body = Import))
)]
#[get("/v1/imports/{id}")]
async fn get_import(ctx: Ctx, id: Id) -> Result<Tagged<Import>> {
    let row = ctx.row::<import::Entity>(*id).await?;
    signed(&ctx, row).await
}

/// List the faults of an import
///
/// The faults of an import.
/// In the order of the file; nothing of an import that is followed by 100,000 later faults of the
/// organization. The faults of each row are those that the POST of one object would answer;
/// no value of the file is repeated.
#[utoipa::path(
    tag = "Imports",
    extensions(("x-policy" = json!("imports.read"))),
    params(Paging<import_fault::Entity>),
    responses((status = 200, description = "A page of faults", body = Page<ImportFault>))
)]
#[get("/v1/imports/{id}/faults")]
async fn list_import_faults(
    ctx: Ctx,
    id: Id,
    paging: Paging<import_fault::Entity>,
) -> Result<Page<ImportFault>> {
    let import = ctx.row::<import::Entity>(*id).await?;
    let query = store::faults(&ctx, import.id);
    let page = paging.fetch(ctx.state.db.reader(), query).await?;
    Ok(page.map(|row| ImportFault::of(row, ctx.locale)))
}

/// Apply an import
///
/// Applies an import.
/// One that is `ready`: in the background, all its rows in one transaction, with the rights of whoever
/// calls. With faulty rows it takes `mode: valid_rows`, which leaves those out.
#[utoipa::path(
    tag = "Imports",
    extensions(("x-policy" = json!("imports.update"))),
    params(IfMatch),
    request_body = Option<Application>,
    responses((status = 200, description = "The import, being applied", body = Import))
)]
#[post("/v1/imports/{id}/apply")]
async fn apply_import(
    ctx: Ctx,
    id: Id,
    if_match: IfMatch,
    body: Json<Application>,
) -> Result<Tagged<Import>> {
    let tx = ctx.begin().await?;
    let row = tx.row_to_act_on::<import::Entity>(*id, &if_match).await?;
    author::may(&tx.actor, row.resource)?;
    rules::may_apply(&row)?;
    if rules::is_held_up(&row, body.mode) {
        return Err(store::refusal(&tx, &row).await?);
    }
    let row = tx
        .update(&row, rules::applying(&tx.actor, body.mode))
        .await?;
    let ctx = tx
        .commit(Event::updated(&row, vec!["state".to_owned()]))
        .await?;
    signed(&ctx, row).await
}

/// Cancel an import
///
/// Cancels an import.
/// One that is being checked, or `ready`. Its rows are deleted, its report stays.
#[utoipa::path(
    tag = "Imports",
    extensions(("x-policy" = json!("imports.update"))),
    params(IfMatch),
    responses((status = 200, description = "The import, cancelled", body = Import))
)]
#[post("/v1/imports/{id}/cancel")]
async fn cancel_import(ctx: Ctx, id: Id, if_match: IfMatch) -> Result<Tagged<Import>> {
    rules::may_cancel(&ctx.row::<import::Entity>(*id).await?)?;
    let tx = ctx.begin().await?;
    let row = tx.row_to_act_on::<import::Entity>(*id, &if_match).await?;
    rules::may_cancel(&row)?;
    let row = tx.update(&row, rules::cancelled(tx.now)).await?;
    erase::all_of(&tx, &row).await?;
    let ctx = tx.commit(Event::new(&row, verb::Cancelled)).await?;
    signed(&ctx, row).await
}

/// An import, with the name of its author.
async fn signed(ctx: &Ctx, row: import::Model) -> Result<Tagged<Import>> {
    let shown = names::one_signed(ctx, Import::from(row.clone())).await?;
    Ok(Tagged::with(&row, shown))
}
