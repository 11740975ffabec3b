//! Bodies that are written while they are sent. Nothing waits in memory but the page of rows under
//! way, and no connection is held while a slow caller reads. When the database fails midway the
//! connection is cut, so that nobody takes a part for the whole.

use std::fs::File;
use std::io::{self, Read};

use actix_web::web::Bytes;
use futures_util::stream::try_unfold;
use futures_util::{Stream, TryStreamExt};
use tokio::task::spawn_blocking;

use super::dataset::{Cursor, Dataset, Filter, Rows};
use super::text::Text;
use crate::kit::{Ctx, Problem, Result};
use crate::people::auth::reader::Reader;

/// How much of a file is read at a time.
const PIECE: usize = 256 * 1024;

/// What is still to come of a table.
struct Coming {
    ctx: Ctx,
    dataset: Dataset,
    filter: Filter,
    text: Text,
    rows: u64,
    next: Next,
    reader: Reader,
}

enum Next {
    /// The first page, read before anything is answered: so a database that is away is a problem,
    /// not half a file.
    First(Rows),
    After(Cursor),
    Nothing,
}

/// A table as text. Reads its first page.
///
/// # Errors
/// 503 when the database does not answer.
pub(super) async fn table(
    ctx: Ctx,
    dataset: Dataset,
    filter: Filter,
    text: Text,
    reader: Reader,
) -> Result<impl Stream<Item = io::Result<Bytes>> + 'static> {
    let first = dataset.page(&ctx, filter, None).await?;
    let coming = Coming {
        ctx,
        dataset,
        filter,
        text,
        rows: 0,
        next: Next::First(first),
        reader,
    };
    Ok(try_unfold(coming, some_of_table).map_err(|problem| cut(&problem)))
}

async fn some_of_table(mut coming: Coming) -> Result<Option<(Bytes, Coming)>> {
    let columns = coming.dataset.columns();
    let (mut written, page) = match std::mem::replace(&mut coming.next, Next::Nothing) {
        Next::First(page) => (coming.text.head(&columns)?, page),
        Next::After(cursor) => {
            let page = coming.after(cursor).await;
            let page = page.inspect_err(|problem| coming.broke_off(problem))?;
            (Vec::new(), page)
        }
        Next::Nothing => {
            coming.finished();
            return Ok(None);
        }
    };
    written.extend(coming.text.rows(&columns, &page.rows)?);
    coming.rows += page.rows.len() as u64;
    if let Some(cursor) = page.next {
        coming.next = Next::After(cursor);
    }
    Ok(Some((written.into(), coming)))
}

impl Coming {
    /// The page after this cursor, for who may read it still.
    async fn after(&self, cursor: Cursor) -> Result<Rows> {
        self.reader.still_may().await?;
        self.dataset
            .page(&self.ctx, self.filter, Some(cursor))
            .await
    }

    fn finished(&self) {
        let (request_id, dataset) = (&self.ctx.request_id, self.dataset.name);
        tracing::info!(%request_id, dataset, rows = self.rows, "exported");
    }

    fn broke_off(&self, problem: &Problem) {
        let (request_id, dataset) = (&self.ctx.request_id, self.dataset.name);
        tracing::error!(%request_id, dataset, rows = self.rows, %problem, "an export broke off");
    }
}

/// What is said to the framework, which then cuts the connection.
pub(super) fn cut(problem: &Problem) -> io::Error {
    io::Error::other(problem.to_string())
}

/// A file, from where it stands to its end.
pub(super) fn file(file: File, reader: Reader) -> impl Stream<Item = io::Result<Bytes>> + 'static {
    try_unfold((file, reader), async |(mut file, reader)| {
        let may = reader.still_may().await;
        may.map_err(|problem| cut(&problem))?;
        let read = spawn_blocking(move || {
            let mut piece = Vec::with_capacity(PIECE);
            let count = Read::by_ref(&mut file)
                .take(PIECE as u64)
                .read_to_end(&mut piece)?;
            io::Result::Ok((count > 0).then(|| (Bytes::from(piece), file)))
        });
        let read = read.await.map_err(io::Error::other)??;
        Ok(read.map(|(piece, file)| (piece, (file, reader))))
    })
}
