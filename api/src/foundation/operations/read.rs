//! One operation of the API document, read.

use serde_json::{Map, Value, json};

use super::parameter::Parameter;
use super::schema::Schema;
use super::{CSV, Operation, entries};
use crate::foundation::policy::{Action, Resource};

pub(super) fn read_operation(
    document: &Value,
    id: &str,
    (method, path): (&str, &str),
    operation: &Value,
) -> Result<Operation, String> {
    let policy = operation
        .get("x-policy")
        .and_then(Value::as_str)
        .map(|text| parse_policy(text).ok_or(format!("{id}: no such policy: {text}")))
        .transpose()?;
    let is_public = operation
        .get("security")
        .and_then(Value::as_array)
        .is_some_and(|list| {
            let mut ways = list.iter();
            list.is_empty() || ways.any(|way| way.as_object().is_some_and(Map::is_empty))
        });
    if policy.is_none() && !is_public {
        return Err(format!(
            "{id}: needs x-policy, or security(()) when everybody may call it"
        ));
    }
    let parameters = operation.get("parameters").and_then(Value::as_array);
    let query = parameters
        .into_iter()
        .flatten()
        .filter(|parameter| parameter.get("in").and_then(Value::as_str) == Some("query"))
        .filter_map(|parameter| {
            let name = parameter.get("name")?.as_str()?;
            let schema = parameter.get("schema")?;
            Some((name.to_owned(), Parameter::read(document, schema)))
        })
        .collect();
    let content = operation.pointer("/requestBody/content");
    let body = content
        .and_then(Value::as_object)
        .and_then(|content| content.values().next()?.get("schema"));
    let whole = body
        .and_then(|schema| schema.get("$ref")?.as_str())
        .and_then(|reference| reference.strip_suffix("Patch"))
        .map(|reference| json!({ "$ref": reference }));
    let is_upload = content.is_some_and(|content| content.get(CSV).is_some());
    let body_is_optional = operation
        .pointer("/requestBody/required")
        .and_then(Value::as_bool)
        .is_some_and(|required| !required);
    let content = answers(operation);
    let answers_file = content.is_some_and(|content| {
        let mut schemas = content.values().filter_map(|media| media.get("schema"));
        schemas.any(|schema| schema.get("format") == Some(&json!("binary")))
    });
    let answers = content.map_or_else(
        || vec!["application/json".to_owned()],
        |content| content.keys().cloned().collect(),
    );
    Ok(Operation {
        number: 0,
        id: id.to_owned(),
        method: method.to_owned(),
        path: path.to_owned(),
        policy,
        query,
        body: Schema::of(document, body),
        whole: Schema::of(document, whole.as_ref()),
        is_upload,
        body_is_optional,
        answers,
        answers_file,
        secrets: secrets(document, operation),
    })
}

/// What an operation answers when all is well.
pub(super) fn answers(operation: &Value) -> Option<&Map<String, Value>> {
    entries(operation.get("responses"))
        .find(|(status, _)| status.starts_with('2'))
        .and_then(|(_, response)| response.get("content")?.as_object())
}

/// The properties marked `x-secret` of the object that it answers.
pub(super) fn secrets(document: &Value, operation: &Value) -> Vec<String> {
    let answers = operation.get("responses").and_then(Value::as_object);
    let mut waiting: Vec<&Value> = answers
        .into_iter()
        .flatten()
        .filter(|(status, _)| status.starts_with('2'))
        .filter_map(|(_, answer)| answer.pointer("/content/application~1json/schema"))
        .collect();
    let mut found = Vec::new();
    while let Some(schema) = waiting.pop() {
        let reference = schema.get("$ref").and_then(Value::as_str);
        waiting.extend(reference.and_then(|name| document.pointer(name.trim_start_matches('#'))));
        waiting.extend(
            schema
                .get("allOf")
                .and_then(Value::as_array)
                .into_iter()
                .flatten(),
        );
        let marked = entries(schema.get("properties"))
            .filter(|(_, property)| property.get("x-secret").is_some());
        found.extend(marked.map(|(name, _)| name.clone()));
    }
    found
}

/// `resource.action`, as the API document writes it.
pub(crate) fn parse_policy(text: &str) -> Option<(Resource, Action)> {
    let (resource, action) = text.split_once('.')?;
    Some((resource.parse().ok()?, action.parse().ok()?))
}
