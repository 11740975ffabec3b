//! Exports over HTTP.

use actix_web::body::SizedStream;
use actix_web::web::Query;
use actix_web::{HttpRequest, HttpResponse, get};

use super::datasets::DATASETS;
use super::dto::{DatasetName, Export, ExportQuery, Form};
use super::{archive, header, spreadsheet, stream};
use crate::foundation::access_log::every_booklet;
use crate::kit::{Ctx, Page, Path, Result, Routes};
use crate::people::auth::reader::Reader;

pub(crate) fn routes(api: &mut Routes) {
    api.service(list_exports)
        .service(export_organization)
        .service(export_dataset);
}

/// List tables to export
///
/// The tables that can be exported.
/// The tables of the organization with their columns, and the filters that each one takes.
#[utoipa::path(
    tag = "Exports",
    extensions(("x-policy" = json!("exports.read"))),
    responses((status = 200, description = "The tables", body = Page<Export>))
)]
#[get("/v1/exports")]
async fn list_exports(_ctx: Ctx) -> Page<Export> {
    Page::whole(DATASETS.iter().map(Export::from).collect())
}

/// Export the whole organization
///
/// A ZIP archive, for the day the organization leaves: a file of JSON Lines for each table, this
/// contract, and at the end `manifest.json` with the number of rows and the SHA-256 of each file.
/// It is sent while it is read: each row is as it was at that moment. An archive that broke off has
/// no directory and does not open.
#[utoipa::path(
    tag = "Exports",
    extensions(("x-policy" = json!("exports.read")), ("x-never" = json!([406]))),
    responses((status = 200, description = "The archive", body = String, content_type = "application/zip"))
)]
#[get("/v1/exports/archive")]
async fn export_organization(ctx: Ctx, request: HttpRequest) -> Result<HttpResponse> {
    let mut response = header::of_archive(&ctx);
    ctx.traces
        .booklet(Some(every_booklet(ctx.organization_id()?)));
    if ctx.is_head {
        return Ok(response.finish());
    }
    let slot = ctx.state.exports.enter(ctx.organization_id()?)?;
    let reader = Reader::new(&ctx, request.headers(), slot)?;
    Ok(response.streaming(archive::archive(ctx, reader).await?))
}

/// Export a table
///
/// A table of the organization as a file.
/// All rows, or those that the filters leave, in the order they were made in: one fact a row, the columns
/// that `GET /v1/exports` lists. CSV and JSON Lines are sent while they are read, so each row is as
/// it was at that moment; one that broke off ends in an error of the connection. In CSV a
/// spreadsheet calculates nothing: where a text begins, and after each `;`, `,`, `"`, tab or line end
/// within it, `=`, `+`, `-`, `@` and `'` have an apostrophe before them (as has a tab or a line end at
/// the beginning). Take that away to have the text; imports do. XLSX holds 1,048,575 rows and texts of 32,767 characters.
#[utoipa::path(
    tag = "Exports",
    // Not everything fits into a spreadsheet. `format` says what comes, whatever `Accept` says.
    extensions(("x-policy" = json!("exports.read")), ("x-also" = json!([422])), ("x-never" = json!([406]))),
    params(DatasetName, ExportQuery),
    responses((status = 200, description = "The rows", content(
        (String = "text/csv"),
        (String = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        (String = "application/x-ndjson")
    )))
)]
#[get("/v1/exports/{dataset}")]
async fn export_dataset(
    ctx: Ctx,
    name: Path<DatasetName>,
    query: Query<ExportQuery>,
    request: HttpRequest,
) -> Result<HttpResponse> {
    let (dataset, form) = (name.find()?, query.form());
    let filter = query.filter(&dataset)?;
    let mut response = header::of_table(&ctx, dataset.name, form);
    ctx.traces.export(dataset.name);
    if dataset.tells_of_candidates() {
        let all = every_booklet(ctx.organization_id()?);
        ctx.traces.booklet(filter.booklet_id.or(Some(all)));
    }
    if ctx.is_head {
        return Ok(response.finish());
    }
    let slot = ctx.state.exports.enter(ctx.organization_id()?)?;
    let reader = Reader::new(&ctx, request.headers(), slot)?;
    match form {
        Form::Text(text) => {
            let rows = stream::table(ctx, dataset, filter, text, reader).await?;
            Ok(response.streaming(rows))
        }
        Form::Spreadsheet => {
            let (file, length) = spreadsheet::workbook(&ctx, dataset, filter, &reader).await?;
            Ok(response.body(SizedStream::new(length, stream::file(file, reader))))
        }
    }
}
