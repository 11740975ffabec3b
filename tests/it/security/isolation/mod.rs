//! Two organizations with the same kinds of rows: neither sees, guesses or affects the other's, and
//! a row elsewhere answers as one that is nowhere. Whoever no longer belongs loses access at once.

mod ended;
mod strangers;
mod walk;
