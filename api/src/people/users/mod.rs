//! The people who can sign in, and how they are invited.

mod dto;
mod external;
pub(crate) mod routes;
pub(crate) mod rules;
pub(crate) mod store;
mod writing;

pub(crate) use rules::fits;
pub(crate) use store::{named_user, sees_names};
