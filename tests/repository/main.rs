//! What the repository itself must hold: an up-to-date API document, and the directions of its code.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod api_document;
mod architecture;
mod clients;
mod described;
mod events;
mod handlers;
mod limits;
mod older;
mod platforms;
