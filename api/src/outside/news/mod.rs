//! What others did in the booklets that somebody reaches since they last looked: counted by booklet, and as a stream.

mod dto;
pub(crate) mod routes;
mod store;
