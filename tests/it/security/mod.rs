//! Attacks, and what the service keeps of them.

mod access_log;
mod chain;
