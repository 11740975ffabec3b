//! What writes: the transaction, the events that tell of it, the state that a booklet is in.

pub(crate) mod acts;
pub(crate) mod beside;
pub mod event;
pub(in crate::kit) mod present;
pub mod standing;
pub mod tx;
