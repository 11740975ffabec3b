//! Around every request: who asks, within which limits, and what becomes of their answer.

pub mod finish;
pub mod idempotency;
pub mod identify;
pub(in crate::kit) mod opened;
pub mod origin;
pub mod path;
pub mod preconditions;
pub mod proof;
pub mod reached;
pub(in crate::kit) mod seen;
pub mod settle;
pub mod traces;
mod unread;
