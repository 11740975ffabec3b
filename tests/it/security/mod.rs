//! Attacks, what they meet, and what the service keeps of them.

pub(crate) mod access_log;
pub(crate) mod chain;
pub(crate) mod cost;
mod forger;
mod guessing;
mod isolation;
mod load;
mod mass_assignment;
mod proof;
mod strangers;
mod tokens;
