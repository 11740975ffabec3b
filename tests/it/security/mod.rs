//! Attacks, and what they meet.

mod guessing;
mod load;
