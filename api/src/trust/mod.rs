//! Who did what, told so that it can be believed: the audit trail, who looked, the hash chains, break-glass.

pub(crate) mod accesses;
pub(crate) mod audit;
pub(crate) mod break_glass;
pub mod chain;
