//! Every parameter, body and answer of the API document has an example, which its schema accepts.

use std::collections::HashMap;

use serde_json::{Value, json};
use tests::Operation;

#[test]
fn every_parameter_body_and_answer_has_an_example_that_its_schema_accepts() {
    let document = tests::api_document();
    let schemas = &document["components"]["schemas"];
    let mut faults = Vec::new();
    let mut validators = HashMap::new();
    let mut check = |what: String, schema: &Value, example: Option<&Value>| match example {
        None => faults.push(format!("{what}: no example")),
        Some(example) => {
            let validator = validators.entry(schema.to_string()).or_insert_with(|| {
                let schema = json!({ "allOf": [schema], "components": { "schemas": schemas } });
                let options = jsonschema::options().should_validate_formats(true);
                options.build(&schema).unwrap()
            });
            for error in validator.iter_errors(example) {
                faults.push(format!("{what}: {} {error}", error.instance_path()));
            }
        }
    };
    let mut checked = 0;
    for operation in Operation::all() {
        let id = &operation.id;
        for parameter in operation.parameters() {
            let what = format!("{id} {}", parameter["name"]);
            check(what, &parameter["schema"], parameter.get("example"));
            checked += 1;
        }
        if let Some((_, media)) = operation.media() {
            check(format!("{id} body"), &media["schema"], media.get("example"));
            checked += 1;
        }
        for (status, response) in operation.description["responses"].as_object().unwrap() {
            let response = resolved(document, response);
            for (name, header) in response["headers"].as_object().into_iter().flatten() {
                let header = resolved(document, header);
                check(
                    format!("{id} {status} {name}"),
                    &header["schema"],
                    header.get("example"),
                );
            }
            let content = response["content"].as_object().into_iter().flatten();
            // A page for people is no example for programs.
            for (_, media) in content.filter(|(media_type, _)| tests::is_json(media_type)) {
                check(
                    format!("{id} {status}"),
                    &media["schema"],
                    media.get("example"),
                );
                checked += 1;
            }
        }
    }
    for (name, message) in document["webhooks"].as_object().unwrap() {
        let message = &message["post"];
        for header in message["parameters"].as_array().unwrap() {
            let what = format!("{name} {}", header["name"]);
            check(what, &header["schema"], header.get("example"));
        }
        let media = &message["requestBody"]["content"]["application/json"];
        check(
            format!("{name} body"),
            &media["schema"],
            media.get("example"),
        );
        checked += 1;
    }
    assert!(checked > 1000, "only {checked} examples were checked");
    assert!(faults.is_empty(), "{faults:#?}");
}

fn resolved<'a>(document: &'a Value, value: &'a Value) -> &'a Value {
    match value["$ref"].as_str() {
        Some(reference) => document.pointer(reference.trim_start_matches('#')).unwrap(),
        None => value,
    }
}
