//! Receives a file: reads its header and stages its rows. What cannot be read is noted; a file whose header
//! is wrong is refused as a whole.

use entity::import;
use entity::values::{ImportFormat, ImportResource, ImportState, SimilarRows, Texts};
use sea_orm::Set;
use serde_json::Value;

use super::author::may;
use super::cells::Cell;
use super::columns::{names, passed_over};
use super::dto::ImportQuery;
use super::filling::Table;
use super::records::Records;
use super::rules::most_rows;
use super::slot::UploadSlot;
use super::stage::Stage;
use super::targets::{Shape, shape};
use super::workbook;
use crate::foundation::operations::faults::cleaned;
use crate::foundation::operations::size::is_too_detailed;
use crate::foundation::operations::{CSV, JSON_LINES, XLSX};
use crate::kit::{Code, Ctx, Fault, FaultCode, Problem, Result, Upload};

/// What the file is written in: as the query says, else as its media type does.
///
/// # Errors
/// 415 when it is neither CSV nor XLSX nor JSON Lines.
fn format(new: &ImportQuery, upload: &Upload) -> Result<ImportFormat> {
    match (new.format, upload.media_type.as_str()) {
        (Some(format), _) => Ok(format),
        (None, CSV) => Ok(ImportFormat::Csv),
        (None, JSON_LINES) => Ok(ImportFormat::JsonLines),
        (None, XLSX) => Ok(ImportFormat::Xlsx),
        _ => Err(Problem::new(Code::UnsupportedMediaType)),
    }
}

/// A file whose rows wait in the database.
pub(super) struct Staged {
    pub(super) slot: UploadSlot,
    pub(super) row: import::ActiveModel,
}

/// Stages the rows of a file.
///
/// # Errors
/// 403 without the right to what the rows are; 415; 429 or 409 when there are too many; 408, 413 or 400,
/// as it arrives; 422 for its header.
pub(super) async fn receive(
    ctx: &Ctx,
    new: &ImportQuery,
    mut upload: Upload,
    is_rehearsal: bool,
) -> Result<Staged> {
    may(&ctx.actor, new.resource)?;
    let format = format(new, &upload)?;
    if format == ImportFormat::Xlsx {
        upload.is_no_text();
    }
    let system = new.system.as_deref().map(cleaned);
    let system = system.as_deref();
    let slot = UploadSlot::begin(ctx, is_rehearsal).await?;
    let most = most_rows(&ctx.state.config, new.resource);
    let mut stage = Stage::new(ctx, slot.import_id, system, is_rehearsal, most)?;
    let received = receive_rows(ctx, &mut stage, new.resource, format, &mut upload).await;
    if let Err(problem) = received {
        slot.give_up().await;
        return Err(problem);
    }
    Ok(Staged {
        slot,
        row: import::ActiveModel {
            resource: Set(new.resource),
            format: Set(format),
            state: Set(ImportState::Checking),
            mode: Set(new.apply),
            author_id: Set(ctx.actor.id),
            author_role: Set(ctx.actor.role),
            encoding: Set((format != ImportFormat::Xlsx).then(|| upload.encoding())),
            header_line: Set(stage.header_line),
            columns: Set(Texts(stage.columns().to_vec())),
            passed_over: Set(Texts(stage.passed_over().to_vec())),
            rows_total: Set(stage.rows_total),
            rows_checked: Set(stage.rows_faulty),
            rows_created: Set(0),
            rows_updated: Set(0),
            rows_unchanged: Set(0),
            rows_faulty: Set(stage.rows_faulty),
            faults_total: Set(stage.faults_total),
            rows_similar: Set(0),
            similar: Set(SimilarRows::default()),
            place: Set(0),
            attempts: Set(0),
            turn: Set(0),
            ..Default::default()
        },
    })
}

async fn receive_rows(
    ctx: &Ctx,
    stage: &mut Stage<'_>,
    resource: ImportResource,
    format: ImportFormat,
    upload: &mut Upload,
) -> Result<()> {
    let shape = shape(&ctx.state, resource);
    match format {
        ImportFormat::Csv => receive_csv(stage, &shape, upload).await?,
        ImportFormat::Xlsx => receive_workbook(stage, &shape, upload).await?,
        ImportFormat::JsonLines => receive_lines(stage, &shape, upload).await?,
    }
    stage.write().await
}

async fn receive_csv(stage: &mut Stage<'_>, shape: &Shape<'_>, upload: &mut Upload) -> Result<()> {
    let mut table = Table::new(stage, shape);
    let mut records = Records::of(upload, &names(shape)).await?;
    while let Some(line) = records.next(upload).await? {
        let cells = records.cells().map(|cell| {
            let text = std::str::from_utf8(cell);
            text.map_or(Cell::Unreadable, Cell::Written)
        });
        table.add(line, cells.collect(), records.is_open()).await?;
    }
    table.end()
}

async fn receive_workbook(
    stage: &mut Stage<'_>,
    shape: &Shape<'_>,
    upload: &mut Upload,
) -> Result<()> {
    let mut table = Table::new(stage, shape);
    let mut rows = workbook::rows(upload).await?;
    while let Some(row) = rows.recv().await {
        let (line, cells) = row?;
        let cells = cells.iter();
        let cells = cells.map(|cell| cell.as_deref().map_or(Cell::Error, Cell::Shown));
        table.add(line, cells.collect(), false).await?;
    }
    table.end()
}

async fn receive_lines(
    stage: &mut Stage<'_>,
    shape: &Shape<'_>,
    upload: &mut Upload,
) -> Result<()> {
    let passed_over = passed_over(shape);
    let mut number = 0;
    while let Some(line) = upload.line().await? {
        number += 1;
        if line.iter().all(u8::is_ascii_whitespace) {
            continue;
        }
        if is_too_detailed(&line) {
            return Err(Problem::new(Code::PayloadTooLarge));
        }
        let fault = match std::str::from_utf8(&line).map(serde_json::from_str) {
            Ok(Ok(Value::Object(mut row))) => {
                row.retain(|name, _| !passed_over.contains(name));
                stage.row(number, row).await?;
                continue;
            }
            Ok(_) => FaultCode::NotAnObject,
            Err(_) => FaultCode::Encoding,
        };
        stage.faulty(number, vec![Fault::new("", fault)]).await?;
    }
    Ok(())
}
