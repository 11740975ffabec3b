//! Files of rows to create or change, as another system knows them: received into a staging table, checked
//! in the background by whichever instance holds the lease, and applied in one transaction ([ADR 18](../../../../docs/adr/0018-a-file-is-checked-then-applied-at-once.md)).

mod apply;
mod author;
mod cells;
mod check;
mod claims;
mod columns;
mod compare;
mod desk;
mod doubles;
mod dto;
mod erase;
mod filling;
mod lease;
mod lookup;
mod receive;
mod records;
pub(crate) mod routes;
mod row;
mod rules;
pub(crate) mod runner;
mod slot;
mod stage;
mod store;
mod table;
mod target;
mod targets;
mod templates;
mod workbook;
mod write;

pub use erase::forget_old;
