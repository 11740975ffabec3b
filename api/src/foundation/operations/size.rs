//! How large JSON is once it is read: its values, each of which takes a hundred times the room of
//! its two bytes.

use serde_json::Value;

/// The most values that a body holds: ten times as many as the largest one that a schema takes.
pub(crate) const MOST_VALUES: usize = 50_000;

/// Whether there are more values in this text, found without reading any.
pub(crate) fn is_too_detailed(json: &[u8]) -> bool {
    let (mut count, mut in_text, mut is_escaped) = (1, false, false);
    for byte in json {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' if in_text => is_escaped = true,
            b'"' => in_text = !in_text,
            b',' | b'[' | b'{' if !in_text => count += 1,
            _ => {}
        }
    }
    count > MOST_VALUES
}

/// The greatest `maxItems` of a schema: a list that is longer is too long wherever it stands.
pub(super) fn longest_list(schema: &Value) -> usize {
    match schema {
        Value::Object(fields) => {
            let own = fields.get("maxItems").and_then(Value::as_u64);
            let own = own.and_then(|most| usize::try_from(most).ok());
            let within = fields.values().map(longest_list);
            within.chain(own).max().unwrap_or_default()
        }
        Value::Array(items) => items.iter().map(longest_list).max().unwrap_or_default(),
        _ => 0,
    }
}

/// Whether a list in here is longer than this.
pub(super) fn has_longer(value: &Value, most: usize) -> bool {
    match value {
        Value::Array(items) => {
            items.len() > most || items.iter().any(|item| has_longer(item, most))
        }
        Value::Object(fields) => fields.values().any(|field| has_longer(field, most)),
        _ => false,
    }
}

/// The same with no list longer than this and one: what is too long stays so, and each of the
/// elements beyond is not looked at.
pub(super) fn cut(value: &Value, most: usize) -> Value {
    match value {
        Value::Array(items) => {
            let kept = items.iter().take(most.saturating_add(1));
            kept.map(|item| cut(item, most)).collect()
        }
        Value::Object(fields) => {
            let fields = fields.iter();
            Value::Object(
                fields
                    .map(|(name, field)| (name.clone(), cut(field, most)))
                    .collect(),
            )
        }
        other => other.clone(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn values_are_counted_outside_of_texts() {
        let text = json!(["a,b[{\"\\".repeat(MOST_VALUES)]).to_string();
        assert!(!is_too_detailed(text.as_bytes()));
        let list = json!(vec![0; MOST_VALUES - 1]).to_string();
        assert!(!is_too_detailed(list.as_bytes()));
        let list = json!(vec![0; MOST_VALUES]).to_string();
        assert!(is_too_detailed(list.as_bytes()));
    }

    #[test]
    fn a_list_that_is_too_long_stays_too_long() {
        let schema = json!({ "properties": { "a": { "maxItems": 2 }, "b": { "maxItems": 1 } } });
        let longest = longest_list(&schema);
        let value = json!({ "a": [1, 2, 3, 4], "b": [[5, 6, 7, 8]] });
        assert!(has_longer(&value, longest));
        let value = cut(&value, longest);
        assert_eq!(value, json!({ "a": [1, 2, 3], "b": [[5, 6, 7]] }));
    }
}
