//! Receives a file: reads its header and stages its rows. What cannot be read is noted; a file whose header
//! is wrong is refused as a whole.

use entity::import;
use entity::values::{ImportFormat, ImportResource, ImportState, Texts};
use sea_orm::Set;
use serde_json::Value;

use super::author::may;
use super::cells::{Column, MOST_COLUMNS, columns, object};
use super::dto::ImportQuery;
use super::records::{Records, skip_mark};
use super::slot::UploadSlot;
use super::stage::Stage;
use super::targets::shape;
use crate::foundation::operations::faults::cleaned;
use crate::foundation::operations::size::is_too_detailed;
use crate::foundation::operations::{CSV, JSON_LINES};
use crate::kit::{Code, Ctx, Fault, FaultCode, Problem, Result, Upload};

/// What the file is written in: as the query says, else as its media type does.
///
/// # Errors
/// 415 when it is neither CSV nor JSON Lines.
fn format(new: &ImportQuery, upload: &Upload) -> Result<ImportFormat> {
    match (new.format, upload.media_type.as_str()) {
        (Some(format), _) => Ok(format),
        (None, CSV) => Ok(ImportFormat::Csv),
        (None, JSON_LINES) => Ok(ImportFormat::JsonLines),
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
    let system = new.system.as_deref().map(cleaned);
    let system = system.as_deref();
    let slot = UploadSlot::begin(ctx, is_rehearsal).await?;
    let mut stage = Stage::new(ctx, slot.import_id, system, is_rehearsal)?;
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
            columns: Set(Texts(stage.columns().to_vec())),
            rows_total: Set(stage.rows_total),
            rows_checked: Set(stage.rows_faulty),
            rows_created: Set(0),
            rows_updated: Set(0),
            rows_unchanged: Set(0),
            rows_faulty: Set(stage.rows_faulty),
            faults_total: Set(stage.faults_total),
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
    skip_mark(upload).await?;
    match format {
        ImportFormat::Csv => receive_csv(ctx, stage, resource, upload).await?,
        ImportFormat::JsonLines => receive_lines(stage, upload).await?,
    }
    stage.write().await
}

async fn receive_csv(
    ctx: &Ctx,
    stage: &mut Stage<'_>,
    resource: ImportResource,
    upload: &mut Upload,
) -> Result<()> {
    let mut records = Records::of(upload).await?;
    records.next(upload).await?;
    let header = header(&records)?;
    let shape = shape(&ctx.state, resource);
    let columns = columns(&header, &shape, stage.system()).map_err(Problem::invalid)?;
    stage.named(header);
    while let Some(line) = records.next(upload).await? {
        match row(&records, &columns).and_then(|cells| object(&columns, &cells)) {
            Ok(row) => stage.row(line, row).await?,
            Err(fault) => stage.faulty(line, vec![fault]).await?,
        }
    }
    Ok(())
}

/// The names of the columns.
fn header(records: &Records) -> Result<Vec<String>> {
    let names = records
        .cells()
        .map(|cell| std::str::from_utf8(cell).map(|name| name.trim().to_owned()))
        .take(MOST_COLUMNS + 1);
    names
        .collect::<std::result::Result<Vec<_>, _>>()
        .or(Err(Problem::fault("", FaultCode::Encoding)))
}

/// The cells of a record, as many as there are columns, all of them text.
fn row<'a>(records: &'a Records, columns: &[Column]) -> Result<Vec<&'a str>, Fault> {
    if records.is_open() {
        return Err(Fault::new("", FaultCode::OpenQuote));
    }
    let count = records.cells().count();
    if count != columns.len() {
        let fault = Fault::new("", FaultCode::CellCount);
        return Err(fault.with("expected", columns.len()).with("found", count));
    }
    let cells = columns.iter().zip(records.cells()).map(|(column, cell)| {
        let pointer = || format!("/{}", column.name.replace('.', "/"));
        let text = std::str::from_utf8(cell).ok();
        text.ok_or_else(|| Fault::new(pointer(), FaultCode::Encoding))
    });
    cells.collect()
}

async fn receive_lines(stage: &mut Stage<'_>, upload: &mut Upload) -> Result<()> {
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
            Ok(Ok(Value::Object(row))) => {
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
