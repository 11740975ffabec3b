//! Attacks, and what they meet.

mod guessing;
mod isolation;
mod load;
