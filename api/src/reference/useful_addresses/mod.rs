//! « Adresses utiles » (§07): the directory of an organization, and the part shared by all.

pub(crate) mod dto;
mod external;
pub(crate) mod routes;
pub(crate) mod rules;
pub(crate) mod store;
pub(crate) mod writing;
