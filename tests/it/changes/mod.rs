//! The change feed: nothing is skipped, nothing is told twice.

mod places;
