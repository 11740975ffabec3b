//! Emits a signal after each commit, to those who wait for changes in this process: of an organization, or because
//! the service stops. It carries nothing: who is woken looks for themselves.

use std::time::Duration;

use tokio::sync::{broadcast, watch};
use uuid::Uuid;

/// How many rings a sleeper may miss before it is woken for all of them.
const KEPT: usize = 256;

/// Rung after each commit.
#[derive(Debug)]
pub struct Bell {
    rings: broadcast::Sender<Uuid>,
    stopping: watch::Sender<bool>,
}

/// Somebody who listens to it.
#[derive(Debug)]
pub struct Listener {
    organization_id: Uuid,
    rings: broadcast::Receiver<Uuid>,
    stopping: watch::Receiver<bool>,
}

impl Default for Bell {
    fn default() -> Self {
        Self {
            rings: broadcast::Sender::new(KEPT),
            stopping: watch::Sender::new(false),
        }
    }
}

impl Bell {
    /// Something was committed in this organization; nothing in that of nobody.
    pub fn ring(&self, organization_id: Option<Uuid>) {
        if let Some(id) = organization_id {
            // Nobody may be listening.
            let _ = self.rings.send(id);
        }
    }

    /// The service stops: nobody waits any more.
    pub fn stop(&self) {
        self.stopping.send_replace(true);
    }

    /// Hears what rings from now on: to be called before looking, lest something be missed.
    #[must_use]
    pub fn listen(&self, organization_id: Uuid) -> Listener {
        Listener {
            organization_id,
            rings: self.rings.subscribe(),
            stopping: self.stopping.subscribe(),
        }
    }
}

impl Listener {
    /// Waits for the bell, and no longer than this. Whether to go on: not when the service stops.
    pub async fn wait(&mut self, at_most: Duration) -> bool {
        let (rings, id) = (&mut self.rings, self.organization_id);
        tokio::select! {
            biased;
            _ = self.stopping.wait_for(|stops| *stops) => false,
            () = rung(rings, id) => true,
            () = tokio::time::sleep(at_most) => true,
        }
    }
}

async fn rung(rings: &mut broadcast::Receiver<Uuid>, organization_id: Uuid) {
    loop {
        match rings.recv().await {
            Ok(id) if id != organization_id => {}
            Ok(_) | Err(broadcast::error::RecvError::Lagged(_)) => return,
            Err(broadcast::error::RecvError::Closed) => std::future::pending().await,
        }
    }
}
