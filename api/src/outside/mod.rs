//! Other systems: the change feed and what of it is new to people, webhooks, files in and out, the public directory.

pub mod changes;
pub(crate) mod data_inclusion;
pub(crate) mod exports;
mod formulas;
pub(crate) mod imports;
pub(crate) mod news;
pub mod webhooks;
