//! What every resource is built with: who asks, transactions, answers, problems.

pub mod answer;
pub mod catalogue;
pub mod clock;
pub mod ctx;
pub mod event;
pub mod faults;
pub mod finish;
pub mod idempotency;
pub mod identify;
pub mod input;
pub mod operations;
pub mod page;
pub mod patch;
pub mod path;
pub mod positions;
pub mod problem;
pub mod reached;
pub mod routes;
pub mod scope;
pub mod search;
pub mod settle;
pub mod tx;

pub use answer::{Created, IfMatch, Meta, NoContent, Tagged, Whole};
pub use catalogue::{Code, FaultCode};
pub use clock::Clock;
pub use ctx::{Call, Ctx};
pub use event::Event;
pub use faults::dates_in_order;
pub use input::{Form, Json};
pub use page::{Page, Paging};
pub use patch::MergePatch;
pub use path::{Id, Path};
pub use problem::{Fault, Problem, Result, Warning};
pub use reached::reached;
pub use routes::Routes;
pub use scope::{BookletPage, Scoped};
pub use tx::Tx;

/// A new id: time-ordered (UUIDv7), rising within this process.
#[must_use]
#[expect(clippy::disallowed_methods, reason = "this is the one place")]
pub fn new_id() -> uuid::Uuid {
    uuid::Uuid::now_v7()
}
