//! The access log: who signed in, who was refused, who read a personal record. Requests leave a
//! line in memory and never wait; a task appends the lines in batches.
//!
//! Every line waits here for a second at most, and is lost if the process is killed within it. At
//! most [`CAPACITY`] lines wait; what does not fit is counted, and the count becomes a line itself.

mod counted;
mod line;
mod owner;

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use entity::access_entry::{ActiveModel, Model};
use sea_orm::DbErr;
use tokio::sync::Notify;
use uuid::Uuid;

use self::counted::Counted;
pub(crate) use self::line::Seen;
use crate::foundation::clock::Clock;
use crate::foundation::database::Database;

/// How many lines wait at most: some minutes of a busy service whose database is away.
const CAPACITY: usize = 10_000;
/// How many lines one statement appends at most.
const BATCH: usize = 500;
/// How long a line waits before it is appended.
const PATIENCE: Duration = Duration::from_secs(1);
/// A line that could not be written for so long is given up: the chains want lines roughly in the
/// order of time.
pub(crate) const LATEST: TimeDelta = TimeDelta::minutes(10);

/// What stands in a line's `booklet_id` when all booklets of an organization were seen at once: the
/// organization's own id, so that the lines of a booklet are found by two values of one index.
pub(crate) fn every_booklet(organization_id: Uuid) -> Uuid {
    organization_id
}

/// The one booklet that a line is about, if it is about one.
pub(crate) fn one_booklet(line: &Model) -> Option<Uuid> {
    let all = line.organization_id.map(every_booklet);
    line.booklet_id.filter(|id| Some(*id) != all)
}

/// Where lines go.
#[async_trait::async_trait]
pub(crate) trait Append: Sync {
    /// Appends these, all or none.
    ///
    /// # Errors
    /// When the database does not take them.
    async fn append(&self, lines: Vec<ActiveModel>) -> Result<(), DbErr>;
}

/// The lines that wait to be appended.
#[derive(Debug, Default)]
pub struct AccessLog {
    waiting: Mutex<Waiting>,
    /// The lines being written, kept until they are; one writes at a time.
    writing: tokio::sync::Mutex<Vec<ActiveModel>>,
    wake: Notify,
    is_closed: AtomicBool,
}

#[derive(Debug, Default)]
struct Waiting {
    lines: VecDeque<ActiveModel>,
    /// Lines that did not fit, or waited too long.
    lost: u32,
    counted: Counted,
}

impl AccessLog {
    /// Leaves the line of a request, if it deserves one.
    pub(crate) fn note(&self, seen: Option<Seen>) {
        let Some(seen) = seen else { return };
        let mut waiting = self.waiting();
        let line = if seen.is_cheap {
            waiting.counted.admit(seen)
        } else {
            Some(seen.line)
        };
        let Some(line) = line else { return };
        if waiting.lines.len() < CAPACITY {
            waiting.lines.push_back(line);
            if waiting.lines.len() == BATCH {
                self.wake.notify_one();
            }
        } else {
            waiting.lost = waiting.lost.saturating_add(1);
        }
    }

    /// Appends all that waits, some hundred lines at a time, and says how many lines that were. What comes
    /// meanwhile waits for the next time, so that a busy service writes few large batches.
    ///
    /// # Errors
    /// When the database does not take them: they wait for the next time.
    pub(crate) async fn flush(
        &self,
        db: &Database,
        now: DateTime<Utc>,
        to: &impl Append,
    ) -> Result<usize, DbErr> {
        let mut writing = self.writing.lock().await;
        let mut appended = 0;
        loop {
            self.take(&mut writing, now);
            if writing.is_empty() {
                return Ok(appended);
            }
            owner::settle(&mut writing, db).await?;
            to.append(writing.clone()).await?;
            appended += writing.len();
            let is_last = writing.len() < BATCH;
            writing.clear();
            if is_last {
                return Ok(appended);
            }
        }
    }

    /// Fills the next batch: what could not be written before, what waits, the counts.
    fn take(&self, batch: &mut Vec<ActiveModel>, now: DateTime<Utc>) {
        let mut waiting = self.waiting();
        let room = BATCH.saturating_sub(batch.len()).min(waiting.lines.len());
        batch.extend(waiting.lines.drain(..room));
        let mut lost = std::mem::take(&mut waiting.lost);
        batch.retain(|line| {
            let is_fresh = *line.at.as_ref() >= now - LATEST;
            if !is_fresh {
                lost = lost.saturating_add(u32::try_from(*line.times.as_ref()).unwrap_or(1));
            }
            is_fresh
        });
        // One statement has so many values at most: while the database is away these wait too.
        if batch.len() > BATCH {
            waiting.lost = lost;
        } else {
            batch.extend((lost > 0).then(|| line::gap(lost, now)));
        }
        if batch.len() < BATCH {
            batch.extend(waiting.counted.due(now, self.is_closed()));
        }
    }

    /// Appends until the log is closed, and what waits then: every second, sooner when there is much.
    /// A failure is logged when it begins.
    pub(crate) async fn write_until_closed(&self, db: &Database, clock: &Clock, to: &impl Append) {
        let mut is_failing = false;
        loop {
            self.rest().await;
            let is_last = self.is_closed();
            match self.flush(db, clock.now(), to).await {
                Ok(_) => is_failing = false,
                Err(error) if !is_failing => {
                    tracing::error!(%error, "the access log cannot be written; its lines wait");
                    is_failing = true;
                }
                Err(_) => {}
            }
            if is_last {
                return;
            }
        }
    }

    /// Until there is something to write soon: a second, a full batch, or the end.
    async fn rest(&self) {
        let _ = tokio::time::timeout(PATIENCE, self.wake.notified()).await;
    }

    /// How many lines wait.
    pub(crate) fn len(&self) -> usize {
        self.waiting().lines.len()
    }

    /// Has the writer append the last lines and stop.
    pub(crate) fn close(&self) {
        self.is_closed.store(true, Ordering::Relaxed);
        self.wake.notify_one();
    }

    fn is_closed(&self) -> bool {
        self.is_closed.load(Ordering::Relaxed)
    }

    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests;
