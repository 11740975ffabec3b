//! The hash chains over the audit trail: each organization's events and access lines, one bound to
//! the other by a MAC, so that nobody with the database alone can change what was chained.

mod adopt;
mod bound;
mod chainer;
mod contracts;
mod extend;
mod former;
mod head;
mod key;
mod lines;
mod place;
mod report;
mod row;
#[cfg(test)]
mod tests;
mod unchained;
mod verify;
mod walk;

pub use self::chainer::Chainer;
pub use self::extend::write_accesses;
pub(crate) use self::extend::{extend_a_last_time, extend_forever, write_accesses_until_closed};
pub use self::head::{Chain, Head};
pub use self::key::{ChainKey, ChainKeys};
pub use self::place::End;
pub use self::report::Report;
pub use self::verify::Verification;
