//! A trial of an integrator's receiver: what goes wrong in production is played at it, and what it
//! does is told.

mod advice;
mod dto;
mod play;
pub(super) mod routes;
