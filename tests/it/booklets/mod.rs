//! § 01: the booklet, from its opening to its closing.

mod board;
mod coordinators;
mod lifecycle;
mod lists;
mod people;

use serde_json::{Value, json};

use crate::world;
