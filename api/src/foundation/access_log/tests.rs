//! What waits is bounded, and what does not fit is told.

use entity::access_entry::ActiveModel;
use entity::values::AccessKind;
use sea_orm::Set;
use uuid::Uuid;

use super::line::{Seen, gap};
use super::*;

fn now() -> DateTime<Utc> {
    DateTime::UNIX_EPOCH
}

fn seen(operation: &str, is_cheap: bool) -> Option<Seen> {
    let line = ActiveModel {
        kind: Set(AccessKind::Read.to_string()),
        operation: Set(operation.to_owned()),
        actor_id: Set(Some(Uuid::nil())),
        ..gap(1, now())
    };
    Some(Seen { line, is_cheap })
}

fn kinds(batch: &[ActiveModel]) -> Vec<(&str, i32)> {
    let one = |line: &'_ ActiveModel| -> (&'static str, i32) {
        let kind = line.kind.as_ref().clone();
        (kind.leak(), *line.times.as_ref())
    };
    batch.iter().map(one).collect()
}

#[test]
fn a_line_beyond_what_may_wait_is_counted_and_the_count_is_told() {
    let log = AccessLog::default();
    for _ in 0..CAPACITY + 7 {
        log.note(seen("get_booklet", false));
    }
    let mut batch = Vec::new();
    log.take(&mut batch, now());
    assert_eq!(batch.len(), BATCH + 1);
    assert_eq!(kinds(&batch).last(), Some(&("gap", 7)));
    let mut all = batch.len();
    loop {
        batch.clear();
        log.take(&mut batch, now());
        if batch.is_empty() {
            break;
        }
        all += batch.len();
    }
    assert_eq!(all, CAPACITY + 1);
}

#[test]
fn a_batch_that_could_not_be_written_is_kept_and_grows_no_further() {
    let log = AccessLog::default();
    for _ in 0..BATCH + 5 {
        log.note(seen("get_booklet", false));
    }
    let mut batch = Vec::new();
    log.take(&mut batch, now());
    log.take(&mut batch, now());
    assert_eq!(batch.len(), BATCH);
}

#[test]
fn while_the_database_is_away_the_next_statement_stays_one_that_it_takes() {
    let log = AccessLog::default();
    let (mut batch, mut sent) = (Vec::new(), 0);
    for second in 0..500 {
        for n in 0..200 {
            let mut cheap = seen("log_in", true);
            if let Some(seen) = &mut cheap {
                seen.line.actor_id = Set(Some(Uuid::from_u128(n)));
            }
            log.note(cheap);
            log.note(seen("get_booklet", false));
            sent += 2;
        }
        log.take(&mut batch, now() + TimeDelta::seconds(second));
        // A batch, the lines of one period's counts, and that some did not fit.
        assert!(batch.len() <= BATCH + 202, "{} lines", batch.len());
    }
    log.close();
    let mut told = 0;
    while !batch.is_empty() {
        told += batch.iter().map(|line| *line.times.as_ref()).sum::<i32>();
        batch.clear();
        log.take(&mut batch, now() + TimeDelta::seconds(500));
    }
    assert_eq!(told, sent);
}

#[test]
fn a_flood_against_many_accounts_is_counted_within_bounds() {
    let log = AccessLog::default();
    for n in 0..2_000 {
        log.note(seen(&format!("operation_{}", n % 3), true));
        let mut other = seen("log_in", true);
        if let Some(seen) = &mut other {
            seen.line.actor_id = Set(Some(Uuid::from_u128(n)));
        }
        log.note(other);
    }
    log.close();
    let (mut lines, mut times, mut batch) = (0, 0, Vec::new());
    loop {
        log.take(&mut batch, now());
        if batch.is_empty() {
            break;
        }
        lines += batch.len();
        times += batch.iter().map(|line| *line.times.as_ref()).sum::<i32>();
        batch.clear();
    }
    assert_eq!(times, 4_000);
    assert!(lines < 310, "{lines} lines");
}
