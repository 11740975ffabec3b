//! What every resource is built with: who asks, transactions, answers, problems.

pub mod actions;
pub mod answer;
pub(crate) mod backoff;
mod beside;
pub mod body;
pub mod coding;
pub mod ctx;
pub(crate) mod external_references;
pub(crate) mod held;
pub mod ids;
pub mod list;
pub(crate) mod quota;
pub mod request;
pub(crate) mod rest;
pub mod routes;
pub mod scope;
pub mod write;

pub(crate) use actions::{PossibleAction, PossibleActions, possible};
pub use answer::{Created, Found, Meta, NoContent, Put, Tagged, Whole};
pub use body::input::Json;
pub(crate) use body::patch::Edited;
pub use body::patch::MergePatch;
pub(crate) use body::upload::Upload;
pub use ctx::{Call, Ctx};
pub use ids::new_id;
pub use list::include::{Include, Included};
pub use list::page::Page;
pub use list::paging::{Listed, Paging, Sorts};
pub use list::several::Several;
pub use request::path::{Id, Path};
pub use request::preconditions::{IfMatch, PutCondition};
pub use request::reached::reached;
pub(crate) use request::traces::Who;
pub use routes::Routes;
pub use scope::{BookletPage, ById, Scoped};
pub use write::event::{Event, verb};
pub(crate) use write::standing::Standing;
pub use write::tx::Tx;

pub use crate::foundation::clock::Clock;
pub use crate::foundation::operations::faults::dates_in_order;
pub use crate::foundation::problem::{Code, Fault, FaultCode, Problem, Result, Warning};
