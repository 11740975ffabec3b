//! The rows that links bind, read for many links at once.

use std::collections::HashMap;

use entity::audit_link;
use sea_orm::DbErr;
use strum::IntoEnumIterator;

use super::head::Chain;
use super::report::Report;
use super::row::{self, Row, Source};
use super::walk::place;
use crate::foundation::database::{Pool, is_unavailable};

/// How many rows are read at a time, as far as numbers tell.
const ROWS: i64 = 5_000;

/// How many of these links, at least one, have as many rows as are read at a time.
pub(super) fn at_a_time(links: &[audit_link::Model]) -> usize {
    let mut rows = 0_i64;
    let fit = links.iter().take_while(|link| {
        let (first, last) = range(link);
        rows = rows.saturating_add(last.saturating_sub(first).saturating_add(1));
        rows <= ROWS
    });
    fit.count().max(1)
}

/// From which row to which.
fn range(link: &audit_link::Model) -> (i64, i64) {
    let first = link.row_sequence;
    (first, link.last_sequence.unwrap_or(first))
}

/// The rows that each of these links binds, by its position. What holds a value that no column of its kind
/// can hold is told, and left out.
pub(super) async fn rows(
    db: &Pool,
    chain: Chain,
    links: &[audit_link::Model],
    report: &mut Report,
) -> Result<HashMap<i64, Vec<Row>>, DbErr> {
    match read(db, chain, links).await {
        Err(error) if !is_unavailable(&error) => {
            let mut all = HashMap::new();
            for link in links {
                match read(db, chain, std::slice::from_ref(link)).await {
                    Ok(found) => all.extend(found),
                    Err(error) if is_unavailable(&error) => return Err(error),
                    Err(error) => report.fault(format!(
                        "{}: a row cannot be read any more, so it was changed: {error}",
                        place(chain, link)
                    )),
                }
            }
            Ok(all)
        }
        read => read,
    }
}

async fn read(
    db: &Pool,
    chain: Chain,
    links: &[audit_link::Model],
) -> Result<HashMap<i64, Vec<Row>>, DbErr> {
    let mut all: HashMap<i64, Vec<Row>> = HashMap::new();
    for source in Source::iter() {
        let of_source = links
            .iter()
            .filter(|link| link.source == source.to_string());
        let (batches, single): (Vec<_>, Vec<_>) =
            of_source.partition(|link| link.last_sequence.is_some());
        let positions: HashMap<i64, i64> = single
            .iter()
            .map(|link| (link.row_sequence, link.position))
            .collect();
        if !positions.is_empty() {
            let sequences = positions.keys().copied().collect();
            for row in row::read(db, source, sequences).await? {
                if let Some(position) = positions.get(&row.sequence()) {
                    all.entry(*position).or_default().push(row);
                }
            }
        }
        let (Some(begin), Some(end)) = (batches.first(), batches.last()) else {
            continue;
        };
        let from = batches.iter().map(|link| range(link).0).min();
        let to = batches.iter().map(|link| range(link).1).max();
        let numbers = (from.unwrap_or_default(), to.unwrap_or_default());
        let positions = (begin.position, end.position);
        for row in row::of_links(db, source, chain, numbers, positions).await? {
            if let Some(link) = row.link() {
                all.entry(link).or_default().push(row);
            }
        }
    }
    Ok(all)
}
