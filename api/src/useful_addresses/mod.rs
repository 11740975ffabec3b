//! « Adresses utiles » (§07): the directory of an organization, and the part shared by all.

mod dto;
mod external;
pub(crate) mod routes;
mod rules;
pub(crate) mod store;
mod writing;
