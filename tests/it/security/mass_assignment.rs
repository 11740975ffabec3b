//! Fields that a body does not declare, sent all the same (OWASP API3): refused, each by name.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};
use tests::{Operation, api_document};

use crate::it::walks::{caller, nowhere};
use crate::world;

/// As many as one refusal lists.
const AT_ONCE: usize = 90;

/// Every name that any object of the API document has.
fn all_names() -> BTreeSet<String> {
    let schemas = api_document()["components"]["schemas"].as_object().unwrap();
    let properties = schemas
        .values()
        .filter_map(|schema| schema["properties"].as_object());
    properties.flat_map(Map::keys).cloned().collect()
}

/// What stands at this pointer, and what may stand there.
fn objects(example: &Value) -> Vec<String> {
    let mut found = vec![String::new()];
    for (name, value) in example.as_object().into_iter().flatten() {
        match value {
            Value::Object(_) => found.push(format!("/{name}")),
            Value::Array(items) if items.first().is_some_and(Value::is_object) => {
                found.push(format!("/{name}/0"));
            }
            _ => {}
        }
    }
    found
}

#[tokio::test]
async fn every_body_takes_the_fields_that_it_declares_and_no_others() {
    let world = world().await;
    let names = all_names();
    for owned in [
        "id",
        "organization_id",
        "role",
        "state",
        "number",
        "signed_at",
        "version",
    ] {
        assert!(names.contains(owned), "{owned}");
    }
    let mut refused = 0;
    for operation in Operation::all() {
        let Some(example) = operation.example().filter(|_| operation.documents(422)) else {
            continue;
        };
        // A file: its columns are checked in `imports`.
        if example.is_string() {
            continue;
        }
        for place in objects(&example) {
            // In a list of others, what nobody declared is left out and named: `exchange/import`.
            if (&*operation.id, &*place) == ("import_structures", "/structures/0") {
                continue;
            }
            let declared = operation.fields(&place);
            assert!(!declared.is_empty(), "{} {place}", operation.id);
            let foreign: Vec<&String> = names.difference(&declared).collect();
            for some in foreign.chunks(AT_ONCE) {
                let mut body = example.clone();
                let object = body.pointer_mut(&place).unwrap().as_object_mut().unwrap();
                object.extend(some.iter().map(|name| ((*name).clone(), json!("x"))));
                let (client, path) = (caller(&world, &operation), nowhere(&operation));
                let headers = [("if-match", "*")];
                let answer = client
                    .send(operation.method.clone(), &path, Some(body), &headers)
                    .await;
                let mut faults = answer.faults();
                faults.sort();
                let expected = some
                    .iter()
                    .map(|name| (format!("{place}/{name}"), "unknown_field".to_owned()));
                let expected: Vec<_> = expected.collect();
                assert_eq!(faults, expected, "{} {place}", operation.id);
                refused += some.len();
            }
        }
    }
    assert!(refused > 10_000, "{refused}");
}
