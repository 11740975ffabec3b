//! The whole organization in one ZIP archive, for the day it leaves: JSON Lines for each table, the
//! contract that says what they mean, and at the end a manifest with counts and hashes.

use std::io::{self, Write};
use std::sync::{Arc, Mutex, PoisonError};

use actix_web::web::Bytes;
use futures_util::stream::try_unfold;
use futures_util::{Stream, TryStreamExt};
use serde::Serialize;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tokio::task::spawn_blocking;
use zip::write::{SimpleFileOptions, StreamWriter};
use zip::{ZipWriter, result::ZipError};

use super::dataset::{Cursor, Dataset, Filter};
use super::datasets::{DATASETS, KEPT};
use super::stream::cut;
use super::text::Text;
use crate::kit::{Code, Ctx, Problem, Result};
use crate::people::auth::reader::Reader;

/// The first words of the manifest, and the version of all that this file decides.
const FORMAT: &str = "livret-export/1";

/// What the archive says about itself, in both languages.
const README: &str = include_str!("readme.md");

/// Where the archive goes until it is sent.
#[derive(Clone, Default)]
struct Outlet(Arc<Mutex<Vec<u8>>>);

impl Outlet {
    fn take(&self) -> Vec<u8> {
        std::mem::take(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Write for Outlet {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

type Zip = ZipWriter<StreamWriter<Outlet>>;

/// A table as the manifest tells of it.
#[derive(Serialize)]
struct Packed {
    dataset: &'static str,
    file: String,
    columns: Vec<&'static str>,
    rows: u64,
    bytes: u64,
    sha256: String,
}

/// A table that is being packed.
struct Packing {
    dataset: Dataset,
    after: Option<Cursor>,
    rows: u64,
    bytes: u64,
    hash: Sha256,
}

/// What is still to come of the archive.
struct Coming {
    ctx: Ctx,
    outlet: Outlet,
    /// Nothing when its end is written.
    zip: Option<Zip>,
    packing: Option<Packing>,
    packed: Vec<Packed>,
    reader: Reader,
}

/// The archive, written while it is sent.
///
/// # Errors
/// When its beginning cannot be written.
pub(super) async fn archive(
    ctx: Ctx,
    reader: Reader,
) -> Result<impl Stream<Item = io::Result<Bytes>> + 'static> {
    let outlet = Outlet::default();
    let mut coming = Coming {
        zip: Some(ZipWriter::new_stream(outlet.clone())),
        ctx,
        outlet,
        packing: None,
        packed: Vec::new(),
        reader,
    };
    coming.file("README.md", README.as_bytes().to_vec()).await?;
    let document = coming.ctx.state.document.as_bytes().to_vec();
    coming.file("openapi.json", document).await?;
    // A database that is away is a problem, not half a file.
    coming.go_on().await?;
    Ok(try_unfold(coming, some_of_archive).map_err(|problem| cut(&problem)))
}

async fn some_of_archive(mut coming: Coming) -> Result<Option<(Bytes, Coming)>> {
    loop {
        let piece = coming.outlet.take();
        if !piece.is_empty() {
            return Ok(Some((piece.into(), coming)));
        }
        if coming.zip.is_none() {
            return Ok(None);
        }
        coming.go_on().await?;
    }
}

impl Coming {
    /// One page of rows more, the beginning of the next table, or the end.
    async fn go_on(&mut self) -> Result<()> {
        let step = self.step().await;
        if let Err(problem) = &step {
            let tables = self.packed.len();
            tracing::error!(request_id = %self.ctx.request_id, tables, %problem, "an export broke off");
        }
        step
    }

    async fn step(&mut self) -> Result<()> {
        let Some(packing) = self.packing.take() else {
            return match DATASETS.get(self.packed.len()) {
                Some(dataset) => self.begin(*dataset).await,
                None => self.finish().await,
            };
        };
        let after = packing.after.clone();
        self.some_of(packing, after).await
    }

    async fn begin(&mut self, dataset: Dataset) -> Result<()> {
        let name = file_of(dataset);
        self.write(move |zip| zip.start_file(name, options()))
            .await?;
        let packing = Packing {
            dataset,
            after: None,
            rows: 0,
            bytes: 0,
            hash: Sha256::new(),
        };
        self.some_of(packing, None).await
    }

    async fn some_of(&mut self, mut packing: Packing, after: Option<Cursor>) -> Result<()> {
        self.reader.still_may().await?;
        let dataset = packing.dataset;
        let page = dataset.page(&self.ctx, Filter::default(), after).await?;
        let columns = dataset.columns();
        let lines = Text::JsonLines.rows(&columns, &page.rows)?;
        packing.rows += page.rows.len() as u64;
        packing.bytes += lines.len() as u64;
        packing.hash.update(&lines);
        self.write(move |zip| Ok(zip.write_all(&lines)?)).await?;
        match page.next {
            Some(cursor) => {
                packing.after = Some(cursor);
                self.packing = Some(packing);
            }
            None => self.packed.push(Packed {
                dataset: dataset.name,
                file: file_of(dataset),
                columns,
                rows: packing.rows,
                bytes: packing.bytes,
                sha256: hexadecimal(&packing.hash.finalize()),
            }),
        }
        Ok(())
    }

    async fn finish(&mut self) -> Result<()> {
        let manifest = serde_json::to_vec_pretty(&self.manifest()?);
        let manifest = manifest.or(Err(Problem::new(Code::InternalError)))?;
        self.file("manifest.json", manifest).await?;
        let Some(zip) = self.zip.take() else {
            return Ok(());
        };
        let ended = spawn_blocking(move || zip.finish().map(drop)).await;
        ended.or(Err(failed()))?.map_err(|error| told(&error))?;
        let rows: u64 = self.packed.iter().map(|packed| packed.rows).sum();
        tracing::info!(request_id = %self.ctx.request_id, rows, "the organization was exported");
        Ok(())
    }

    fn manifest(&self) -> Result<Value> {
        let kept: Vec<Value> = KEPT
            .iter()
            .map(|(table, reason)| json!({ "table": table, "reason": reason }))
            .collect();
        Ok(json!({
            "format": FORMAT,
            "organization_id": self.ctx.organization_id()?,
            "exported_at": self.ctx.now,
            "service_version": env!("CARGO_PKG_VERSION"),
            "openapi_sha256": hexadecimal(&Sha256::digest(self.ctx.state.document.as_bytes())),
            "datasets": self.packed,
            "not_exported": kept,
        }))
    }

    async fn file(&mut self, name: &'static str, content: Vec<u8>) -> Result<()> {
        self.write(move |zip| {
            zip.start_file(name, options())?;
            Ok(zip.write_all(&content)?)
        })
        .await
    }

    /// Compresses off the threads that answer requests.
    async fn write(
        &mut self,
        work: impl FnOnce(&mut Zip) -> std::result::Result<(), ZipError> + Send + 'static,
    ) -> Result<()> {
        let mut zip = self.zip.take().ok_or(failed())?;
        let worked = spawn_blocking(move || work(&mut zip).map(|()| zip)).await;
        let zip = worked.or(Err(failed()))?.map_err(|error| told(&error))?;
        self.zip = Some(zip);
        Ok(())
    }
}

fn file_of(dataset: Dataset) -> String {
    format!("{}.jsonl", dataset.name)
}

fn options() -> SimpleFileOptions {
    SimpleFileOptions::default().compression_method(zip::CompressionMethod::Deflated)
}

fn told(error: &ZipError) -> Problem {
    tracing::error!(%error, "an archive cannot be written");
    failed()
}

fn failed() -> Problem {
    Problem::new(Code::InternalError)
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
