//! Attacks, and what they meet.

mod guessing;
mod load;
mod mass_assignment;
mod strangers;
