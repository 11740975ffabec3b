//! The webhook dispatcher: fans changes out to deliveries and sends them. Every instance does it; a delivery
//! is leased to one of them at a time.
//!
//! At least once: a lease lasts for a minute. A process that dies meanwhile has delivered or not, and
//! another one delivers it then, under the same id.

mod attempt;
mod disable;
mod fan_out;
mod schedule;
mod slots;
mod take;

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use futures_util::future::join_all;
use tokio::task::{Id, JoinError, JoinSet};

use self::slots::Slots;
use crate::foundation::state::State;
use crate::kit::Result;
use crate::kit::rest::Rest;

/// How often the feeds and the deliveries are looked at while this process writes something;
const PAUSE: Duration = Duration::from_secs(1);
/// and while it does not, for what is due by now or was another instance's.
const SELDOM: Duration = Duration::from_secs(10);
/// From how many failures in a row on they are told: a database that is busy once is no news.
const FAILURES_TOLD: u32 = 3;

/// Delivers what is due until the service stops.
pub async fn run(state: Arc<State>) {
    let mut leaving = JoinSet::new();
    let mut slots = Slots::default();
    let mut taken_by: HashMap<Id, slots::Slot> = HashMap::new();
    // Since the feeds were looked at to their end.
    let mut rest: Option<Rest> = None;
    let mut failures = 0_u32;
    while state.ready.load(Ordering::Relaxed) {
        if rest.as_ref().is_none_or(|rest| rest.is_as_long_as(PAUSE)) {
            let this_look = Rest::before_a_look(&state);
            let fanned_out = fan_out::all(&state).await;
            failures = match fanned_out {
                Ok(_) => 0,
                Err(_) => failures.saturating_add(1),
            };
            let is_more = matches!(fanned_out, Ok(true));
            rest = (!is_more).then_some(this_look);
            if let Err(problem) = fanned_out {
                if failures >= FAILURES_TOLD {
                    tracing::warn!(%problem, failures, "changes could not be fanned out to webhooks");
                } else {
                    tracing::debug!(%problem, failures, "changes wait for webhooks");
                }
            }
        }
        match take::due(&state, &mut slots).await {
            Ok(taken) => {
                for taken in taken {
                    let (state, slot) = (state.clone(), taken.slot);
                    let task = leaving.spawn(async move { attempt::make(&state, taken).await });
                    taken_by.insert(task.id(), slot);
                }
            }
            Err(problem) => tracing::warn!(%problem, "webhook deliveries could not be taken"),
        }
        let wait = async {
            if let Some(rest) = &rest {
                rest.until_due(&state, PAUSE, SELDOM).await;
            }
        };
        // One that an endpoint keeps waiting keeps no other one waiting.
        tokio::select! {
            Some(made) = leaving.join_next_with_id() => {
                let id = log_end(made);
                if let Some(slot) = taken_by.remove(&id) {
                    slots.leave(slot);
                }
            }
            () = wait => {}
        }
    }
    while let Some(made) = leaving.join_next_with_id().await {
        log_end(made);
    }
}

/// Logs an attempt whose outcome could not be written; which task it was.
fn log_end(made: Result<(Id, Result<()>), JoinError>) -> Id {
    match made {
        Ok((id, outcome)) => {
            if let Err(problem) = outcome {
                tracing::warn!(%problem, "what became of a webhook delivery could not be written");
            }
            id
        }
        Err(error) => {
            tracing::error!("a webhook delivery came to no end");
            error.id()
        }
    }
}

/// Makes the deliveries that are due, as many as one instance makes at a time. How many were tried.
///
/// # Errors
/// 503 when the database does not answer.
pub async fn deliver_due(state: &State) -> Result<usize> {
    while fan_out::all(state).await? {}
    let taken = take::due(state, &mut Slots::default()).await?;
    let count = taken.len();
    for made in join_all(taken.into_iter().map(|taken| attempt::make(state, taken))).await {
        made?;
    }
    Ok(count)
}
