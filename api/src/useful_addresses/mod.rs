//! « Adresses utiles » (§07): the directory of an organization, and the part shared by all.

pub(crate) mod dto;
mod exchange;
mod external;
pub(crate) mod routes;
mod rules;
pub(crate) mod store;
mod writing;
