//! Whom the new rows of a file resemble: one person may be there already, under another name of the file's system.

use entity::values::{SimilarRow, SimilarRows};
use sea_orm::ConnectionTrait;

use crate::foundation::policy::{Action, Resource};
use crate::kit::{Ctx, Result};
use crate::people::candidates::likeness::{Traits, of_all};

/// How many likenesses an import shows; the rows are counted beyond.
pub(super) const MOST: usize = 100;
/// How many of one row.
const OF_ONE: usize = 3;

/// What new rows of a page have to do with people who are there.
#[derive(Debug, Default)]
pub(super) struct Doubles {
    pub(super) rows: i32,
    pub(super) shown: Vec<SimilarRow>,
}

/// Looks for them, where the author of the file may read candidates.
///
/// # Errors
/// 503 when the database does not answer.
pub(super) async fn among(
    ctx: &Ctx,
    db: &impl ConnectionTrait,
    new: Vec<(i32, Traits)>,
) -> Result<Doubles> {
    let mut doubles = Doubles::default();
    let Ok(reader) = ctx.also(Resource::Candidates, Action::Read) else {
        return Ok(doubles);
    };
    let (lines, traits): (Vec<i32>, Vec<Traits>) = new.into_iter().unzip();
    let found = of_all(&reader, db, &traits).await?;
    for (line, similar) in lines.into_iter().zip(found) {
        doubles.rows += i32::from(!similar.is_empty());
        let rows = similar.into_iter().take(OF_ONE);
        doubles.shown.extend(rows.map(|other| SimilarRow {
            line,
            id: other.id,
            why: other.why,
        }));
    }
    Ok(doubles)
}

/// The first of those that are known and of those that come.
pub(super) fn joined(known: SimilarRows, more: Vec<SimilarRow>) -> SimilarRows {
    let SimilarRows(mut rows) = known;
    rows.extend(more);
    rows.truncate(MOST);
    SimilarRows(rows)
}
