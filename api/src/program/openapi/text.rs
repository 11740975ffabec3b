//! The API document as text. Its order counts for those who take the first of what they find: readers see
//! first how to sign in, and generators send a file as the first media type that is offered.

use serde::ser::{Serialize, Serializer};
use serde_json::Value;

use crate::foundation::operations::CSV;

/// What stands before its neighbours; all else is in alphabetical order.
const FIRST: [&str; 5] = ["openapi", "swagger", "info", "/v1/auth/login", CSV];

/// As it is served.
pub(super) fn short(document: &Value) -> String {
    serde_json::to_string(&InOrder(document)).unwrap_or_default()
}

/// As people compare it.
pub(super) fn pretty(document: &Value) -> String {
    serde_json::to_string_pretty(&InOrder(document)).unwrap_or_default()
}

struct InOrder<'a>(&'a Value);

impl Serialize for InOrder<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Value::Array(items) => serializer.collect_seq(items.iter().map(InOrder)),
            Value::Object(fields) => {
                let first = FIRST.iter().filter_map(|name| fields.get_key_value(*name));
                let others = fields
                    .iter()
                    .filter(|(name, _)| !FIRST.contains(&name.as_str()));
                serializer.collect_map(
                    first
                        .chain(others)
                        .map(|(name, field)| (name, InOrder(field))),
                )
            }
            plain => plain.serialize(serializer),
        }
    }
}
