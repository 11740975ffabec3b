//! Livret: the booklet of a candidate to a certification from experience (VAE), as a JSON API.

pub mod booklet;
pub mod foundation;
pub mod kit;
pub mod outside;
pub mod people;
pub mod program;
pub mod reference;
pub mod trust;
