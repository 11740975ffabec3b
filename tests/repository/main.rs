//! What the repository itself must hold: an up-to-date contract, and the directions of its code.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod architecture;
mod contract;
mod described;
mod events;
mod limits;
mod older;
