//! What lists are made of: pages, cursors, orders, what is shown within them, searches, positions.

pub mod cursor;
pub mod include;
pub mod order;
pub mod page;
pub mod paging;
pub mod positions;
pub mod search;
pub mod several;
