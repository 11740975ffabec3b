//! What the API does, laid out as its URLs.

mod auth;
mod candidates;
mod follow_ups;
mod oauth;
mod organizations;
mod service_accounts;
mod users;
