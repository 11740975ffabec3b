//! How the API behaves, whatever the resource.

mod answers;
mod refusals;
mod writes;

use reqwest::Method;
use serde_json::{Value, json};

use crate::world;
