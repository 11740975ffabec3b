//! The directory of useful addresses, and the texts that booklets are made from.

pub(crate) mod contract_templates;
pub(crate) mod plan_templates;
pub(crate) mod useful_addresses;
pub(crate) mod vae_stages;
