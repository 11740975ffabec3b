//! The hash chains over the audit trail: each organization's events and access lines, one bound to
//! the other by a MAC, so that nobody with the database alone can change what was chained.

mod contracts;
mod extend;
mod head;
mod key;
mod pace;
mod report;
mod row;
mod unchained;
mod verify;
mod walk;

pub use self::extend::Chainer;
pub(crate) use self::extend::{extend_a_last_time, extend_forever};
pub use self::head::{Chain, Head};
pub use self::key::{ChainKey, ChainKeys};
pub use self::report::Report;
pub use self::verify::Verification;
