//! What is kept without an event.

use super::{Finished, Tx};
use crate::kit::Result;

impl Tx {
    /// Leaves what nobody is told of to be kept with the answer: until where somebody has read is no change
    /// of what others see.
    ///
    /// # Errors
    /// As [`commit`](Tx::commit).
    pub(crate) async fn keep_untold(self) -> Result<()> {
        self.prove(&self.txn).await?;
        self.ctx.pending.put(Finished {
            txn: self.txn,
            booklet_id: None,
            organization_id: None,
        });
        Ok(())
    }
}
