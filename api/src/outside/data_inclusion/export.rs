//! The directory written piece by piece, in bounded memory however long it is.

use std::io;

use actix_web::HttpResponse;
use actix_web::web::Bytes;
use entity::useful_address;
use futures_util::stream::{self, Stream, StreamExt};

use super::mapping;
use super::store::{PAGE, owned, page};
use crate::kit::external_references;
use crate::kit::{Code, Ctx, Problem, Result};

/// What is still to be written.
struct Rest {
    ctx: Ctx,
    /// Read already; none at the end.
    rows: Option<Vec<useful_address::Model>>,
    is_first: bool,
}

/// Answers the directory. The first addresses are read before anything is answered, so that what
/// goes wrong then is a problem; later, the connection is cut.
pub(super) async fn answer(ctx: Ctx) -> Result<HttpResponse> {
    let rest = Rest {
        rows: Some(page(&ctx, None).await?),
        ctx,
        is_first: true,
    };
    let first = piece(rest).await?;
    let mut answer = HttpResponse::Ok();
    Ok(answer
        .content_type("application/json")
        .streaming(pieces(first)))
}

fn pieces(first: Option<(Bytes, Rest)>) -> impl Stream<Item = io::Result<Bytes>> {
    let (head, rest) = first.map_or((None, None), |(piece, rest)| (Some(Ok(piece)), Some(rest)));
    let others = stream::unfold(rest, async |rest| match piece(rest?).await {
        Ok(Some((bytes, rest))) => Some((Ok(bytes), Some(rest))),
        Ok(None) => None,
        Err(problem) => Some((Err(io::Error::other(problem.to_string())), None)),
    });
    stream::iter(head).chain(others)
}

/// The next addresses as text, and what comes after them; nothing at the end.
async fn piece(rest: Rest) -> Result<Option<(Bytes, Rest)>> {
    let Rest {
        ctx,
        rows,
        is_first,
    } = rest;
    let Some(rows) = rows else { return Ok(None) };
    let last = rows.last().map(|row| row.id);
    let is_last = u64::try_from(rows.len()).is_ok_and(|count| count < PAGE);
    let mut names = external_references::of_rows(ctx.state.db.reader(), &rows).await?;
    let others = owned(&ctx, names.values().flat_map(mapping::claimed)).await?;
    let mut text = String::from(if is_first { "{\"structures\":[" } else { "" });
    for (number, row) in rows.into_iter().enumerate() {
        if number > 0 || !is_first {
            text.push(',');
        }
        let names = names.remove(&row.id).unwrap_or_default();
        let id = mapping::id(row.id, &names, &others);
        let structure = mapping::structure(id, row, ctx.today);
        let json = serde_json::to_string(&structure);
        text.push_str(&json.or(Err(Problem::new(Code::InternalError)))?);
    }
    let rows = match last {
        Some(last) if !is_last => Some(page(&ctx, Some(last)).await?),
        _ => {
            text.push_str("]}");
            None
        }
    };
    let rest = Rest {
        ctx,
        rows,
        is_first: false,
    };
    Ok(Some((text.into(), rest)))
}
