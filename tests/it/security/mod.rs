//! Attacks, and what they meet.

mod forger;
mod guessing;
mod load;
mod tokens;
