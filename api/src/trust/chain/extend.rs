//! What extends the chains: the access log as it is written, and a job for the events that nobody has read.

use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use entity::access_entry::ActiveModel;
use sea_orm::DbErr;

use super::chainer::Chainer;
use super::head::Chain;
use super::place::waiting_chains;
use crate::foundation::access_log::Append;
use crate::foundation::database::{Database, is_unavailable};
use crate::foundation::state::State;
use crate::kit::rest::Rest;

/// How long a committed event may wait for its link.
const INTERVAL: Duration = Duration::from_secs(5);
/// How often a service that writes nothing looks for what another left before it was killed.
const SELDOM: Duration = Duration::from_secs(60);
/// How many failures in a row are told: a database that is busy once is no news.
const FAILURES_TOLD: u32 = 3;
/// How often the heads are logged: whoever keeps logs elsewhere can then prove that no end was cut.
const HOUR: Duration = Duration::from_secs(3600);
/// How long the last round may take, when the service stops.
const FAREWELL: Duration = Duration::from_secs(5);

impl Chainer {
    /// Binds the events that are committed and not yet bound, and says how many. What is written
    /// meanwhile waits for the next round.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn extend(&self, db: &Database) -> Result<u64, DbErr> {
        let (mut bound, mut failed) = (0, None);
        for chain in waiting_chains(db.reader()).await? {
            match self.place_all(db, chain).await {
                Ok(placed) => bound += placed,
                Err(error) if is_unavailable(&error) => return Err(error),
                // The others go on.
                Err(error) => failed = failed.or(Some(error)),
            }
        }
        failed.map_or(Ok(bound), Err)
    }

    async fn place_all(&self, db: &Database, chain: Chain) -> Result<u64, DbErr> {
        let mut placed = 0;
        loop {
            let end = self.place(db, chain).await?;
            placed += end.placed;
            if !end.is_more {
                return Ok(placed);
            }
        }
    }
}

/// Writes what waits for the access log, and says how many lines that were.
///
/// # Errors
/// When the database does not take them: they wait for the next time.
pub async fn write_accesses(
    state: &State,
    db: &Database,
    now: DateTime<Utc>,
) -> Result<usize, DbErr> {
    let chained = Chained {
        chainer: Chainer::of(state),
        db,
    };
    state.access_log.flush(db, now, &chained).await
}

/// Writes to the access log until it is closed.
pub(crate) async fn write_accesses_until_closed(state: Arc<State>) {
    let chained = Chained {
        chainer: Chainer::of(&state),
        db: &state.db,
    };
    let log = &state.access_log;
    log.write_until_closed(&state.db, &state.clock, &chained)
        .await;
}

/// Where the lines of the access log go: to the database, each batch with its links.
struct Chained<'a> {
    chainer: Chainer,
    db: &'a Database,
}

#[async_trait::async_trait]
impl Append for Chained<'_> {
    async fn append(&self, lines: Vec<ActiveModel>) -> Result<(), DbErr> {
        self.chainer.append(self.db, lines).await
    }
}

/// Extends the chains every few seconds, as long as something is written.
pub(crate) async fn extend_forever(state: Arc<State>) {
    let chainer = Chainer::of(&state);
    let mut failures = 0_u32;
    let mut told = Instant::now();
    loop {
        let rest = Rest::before_a_look(&state);
        match chainer.extend(&state.db).await {
            Ok(_) => failures = 0,
            Err(error) => {
                failures = failures.saturating_add(1);
                if failures == FAILURES_TOLD {
                    tracing::error!(%error, "the audit chains cannot be extended");
                } else {
                    tracing::debug!(%error, failures, "the audit chains wait");
                }
            }
        }
        if told.elapsed() >= HOUR {
            told = Instant::now();
            for head in chainer.heads() {
                tracing::info!(%head, "head of an audit chain");
            }
        }
        rest.until_due(&state, INTERVAL, SELDOM).await;
    }
}

/// What the last requests left; what was not chained yet is no fault then.
pub(crate) async fn extend_a_last_time(state: &State) {
    let chainer = Chainer::of(state);
    // The workers are gone, and with them what drives the PostgreSQL connections that they opened: each
    // of those fails once, and is replaced.
    let began = Instant::now();
    while let Err(error) = chainer.extend(&state.db).await {
        if began.elapsed() >= FAREWELL || !is_unavailable(&error) {
            tracing::error!(%error, "the audit chains were not extended to their end");
            return;
        }
    }
}
