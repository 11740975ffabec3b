//! Files of rows to create or change, as another system knows them: staged while they arrive, checked
//! in the background, and applied in one transaction ([ADR 18](../../../../docs/adr/0018-a-file-is-checked-then-applied-at-once.md)).

mod apply;
mod arrival;
mod arriving;
mod author;
mod cells;
mod check;
mod dto;
mod erase;
mod lease;
mod named;
mod plan;
mod records;
pub(crate) mod routes;
mod row;
mod rules;
pub(crate) mod runner;
mod stage;
mod store;
mod target;
mod targets;
mod write;

pub use erase::forget_old;
