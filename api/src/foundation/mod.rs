//! What stands below everything: settings, database, clock, keys, limits, problems, the policy, and the state
//! that every request shares. It names no resource.

pub mod access_log;
pub mod clock;
pub mod config;
pub mod database;
pub mod event_types;
pub mod keys;
pub mod limiter;
pub(crate) mod metrics;
pub mod operations;
pub(crate) mod outbound;
pub mod policy;
pub mod problem;
pub mod scope;
pub(crate) mod spans;
pub mod state;
pub(crate) mod unscoped;
