//! The task that appends what waits: every second, sooner when there is much, and at the end.

use std::sync::Arc;

use crate::app::State;

/// Appends until the log is closed, and what waits then. A failure is logged when it begins.
pub(crate) async fn write_until_closed(state: Arc<State>) {
    let log = &state.access_log;
    let mut is_failing = false;
    loop {
        log.rest().await;
        let is_last = log.is_closed();
        match log.flush(&state.db, state.clock.now()).await {
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
