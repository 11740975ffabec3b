//! Files on their way: how many at a time, and that nothing stays of one that does not become an import,
//! whether it was refused, broke off, or its caller is gone.

use std::sync::Arc;

use tokio::runtime::Handle;
use uuid::Uuid;

use super::{erase, store};
use crate::foundation::limiter::Slot;
use crate::foundation::state::State;
use crate::kit::{Ctx, Result, new_id};

/// A file on its way, until it is dropped: with its request, which is after its import is written.
/// A caller who hangs up ends the handler anywhere, hence the drop.
pub(super) struct UploadSlot {
    pub(super) import_id: Uuid,
    organization_id: Uuid,
    state: Arc<State>,
    /// Of the files of its organization.
    slot: Option<Slot>,
    /// Whether its rows are staged: those of a rehearsal are not.
    is_staged: bool,
}

impl UploadSlot {
    /// Takes a slot, before anything of it is read.
    ///
    /// # Errors
    /// 429 when too many of its organization are on their way; 409 when too many wait.
    pub(super) async fn begin(ctx: &Ctx, is_rehearsal: bool) -> Result<Self> {
        let organization_id = ctx.organization_id()?;
        let slot = ctx.state.uploads.enter(organization_id)?;
        store::room(ctx, organization_id).await?;
        Ok(Self {
            import_id: new_id(),
            organization_id,
            state: ctx.state.clone(),
            slot,
            is_staged: !is_rehearsal,
        })
    }

    /// Deletes what was staged of a file that is refused.
    pub(super) async fn give_up(mut self) {
        if !std::mem::take(&mut self.is_staged) {
            return;
        }
        if erase::abandoned(&self.state, self.import_id).await.is_err() {
            tracing::warn!(import_id = %self.import_id, "rows of a refused file are left for later");
        }
    }
}

impl Drop for UploadSlot {
    fn drop(&mut self) {
        let Ok(runtime) = Handle::try_current() else {
            return;
        };
        if !self.is_staged {
            return;
        }
        let (state, slot) = (self.state.clone(), self.slot.take());
        let (organization_id, import_id) = (self.organization_id, self.import_id);
        runtime.spawn(async move {
            // The slot is taken until nothing is left of it.
            let _slot = slot;
            if erase::unless_written(&state, organization_id, import_id)
                .await
                .is_err()
            {
                tracing::warn!(%import_id, "rows of a broken upload are left for later");
            }
        });
    }
}
