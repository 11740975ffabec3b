//! Cursors of the feed: a sequence number, bound to the organization and to what is wanted of it.

use sea_orm::Value;

use super::store::{self, Wanted};
use crate::kit::list::cursor::Cursor;
use crate::kit::{Call, Code, Ctx, Problem, Result};

/// The word for the end of the feed, where a cursor is not at hand yet.
const LATEST: &str = "latest";

/// The number that a reader goes on after: the beginning without a cursor.
///
/// # Errors
/// 400 when it is not one of this feed.
pub(super) async fn read(ctx: &Ctx, wanted: &Wanted, cursor: Option<&str>) -> Result<i64> {
    match cursor.unwrap_or_default() {
        "" => Ok(0),
        LATEST => Ok(store::latest(&ctx.state, wanted.organization_id).await?),
        cursor => match Cursor::open(cursor, ctx, &list(wanted))?.value {
            Value::BigInt(Some(position)) => Ok(position),
            _ => Err(Problem::new(Code::InvalidCursor)),
        },
    }
}

/// The cursor after a number.
pub(super) fn write(call: &Call, wanted: &Wanted, position: i64) -> Result<String> {
    let place = Cursor {
        value: position.into(),
        key: wanted.organization_id.into(),
    };
    place.seal(call, &list(wanted))
}

/// What a cursor is bound to. The pages and the stream of the same feed share theirs.
fn list(wanted: &Wanted) -> String {
    let reader = wanted.reader.as_ref().map(|reader| reader.id);
    format!(
        "changes of {}: {}; {}{}",
        wanted.organization_id,
        wanted.types.join(","),
        wanted.resources.join(","),
        reader.map(|id| format!(" for {id}")).unwrap_or_default()
    )
}
