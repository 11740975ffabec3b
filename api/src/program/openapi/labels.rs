//! What the words of closed lists are called, beside them: `x-labels`.

use serde_json::{Map, Value, json};

use crate::program::labels::groups;

/// Adds to each closed list with a name what its words are called, in French and English.
pub(super) fn add_labels(document: &mut Value) {
    let Some(schemas) = document
        .pointer_mut("/components/schemas")
        .and_then(Value::as_object_mut)
    else {
        return;
    };
    for group in groups() {
        let schema = schemas.get_mut(group.name).and_then(Value::as_object_mut);
        let Some(schema) = schema.filter(|schema| schema.contains_key("enum")) else {
            continue;
        };
        let words = group.words.into_iter();
        let labels = words.map(|(word, [fr, en])| (word, json!({ "fr": fr, "en": en })));
        schema.insert(
            "x-labels".into(),
            Value::Object(labels.collect::<Map<_, _>>()),
        );
    }
}
