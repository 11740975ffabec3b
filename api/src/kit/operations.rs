//! The operations of the contract, as the service itself reads them: who may call each one, its
//! query parameters, the schema of its body. What is documented is what is enforced.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use actix_web::http::Method;
use jsonschema::Validator;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::parameter::Parameter;
use crate::policy::{Action, Resource};

/// One operation of the contract.
#[derive(Debug)]
pub(crate) struct Operation {
    pub(crate) id: String,
    pub(crate) method: String,
    /// As the contract writes it, with the names of its parameters.
    pub(crate) path: String,
    /// What it does to what; nothing for operations without identity.
    pub(crate) policy: Option<(Resource, Action)>,
    /// Query parameters, by name.
    query: BTreeMap<String, Parameter>,
    /// What its body must be.
    pub(crate) body: Schema,
    /// For a body of which any field may be absent: what it must result in.
    pub(crate) whole: Schema,
    /// Whether it may come without a body, which then counts as `{}`.
    pub(crate) body_is_optional: bool,
    /// The media types of its answers; JSON when it has none.
    answers: Vec<String>,
    /// The fields of its answer that are shown once.
    pub(crate) secrets: Vec<String>,
}

/// A schema of the contract, compiled at its first use.
#[derive(Debug, Default)]
pub(crate) struct Schema {
    source: Option<Value>,
    validator: OnceLock<Option<Validator>>,
}

impl Schema {
    pub(super) fn of(document: &Value, source: Option<&Value>) -> Self {
        Self {
            source: source.map(|schema| bundle(document, schema)),
            validator: OnceLock::new(),
        }
    }

    /// Checks values against it; nothing when there is no schema.
    pub(crate) fn validator(&self) -> Option<&Validator> {
        let compile = || {
            jsonschema::options()
                .should_validate_formats(true)
                // Linear in the text, whatever the text.
                .with_pattern_options(jsonschema::PatternOptions::regex())
                .build(self.source.as_ref()?)
                .inspect_err(|error| tracing::error!(%error, "unusable schema"))
                .ok()
        };
        self.validator.get_or_init(compile).as_ref()
    }
}

impl Operation {
    /// Whether a media range of `Accept` takes one of its answers.
    pub(crate) fn answers(&self, range: &str) -> bool {
        range == "*/*"
            || self.answers.iter().any(|media_type| {
                let whole = media_type.split('/').next();
                range == media_type || range.strip_suffix("/*").is_some_and(|of| whole == Some(of))
            })
    }

    /// The `{id}` of an address of this operation.
    pub(crate) fn id_in(&self, path: &str) -> Option<Uuid> {
        let mut segments = self.path.split('/').zip(path.split('/'));
        let (_, id) = segments.find(|(name, _)| *name == "{id}")?;
        id.parse().ok()
    }

    /// Whether it is about identity: signing in and out, tokens.
    pub(crate) fn is_sign_in(&self) -> bool {
        self.path.starts_with("/v1/auth/") || self.path.starts_with("/oauth/")
    }

    /// The query parameter of this name.
    pub(crate) fn parameter(&self, name: &str) -> Option<&Parameter> {
        self.query.get(name)
    }
}

/// The operations, found by path and method.
#[derive(Debug, Default)]
pub(crate) struct Operations {
    router: matchit::Router<BTreeMap<String, Arc<Operation>>>,
    by_id: BTreeMap<String, Arc<Operation>>,
}

impl Operations {
    /// Reads them from the contract.
    ///
    /// # Errors
    /// When a path or a policy of the contract cannot be read: a programming error.
    pub(crate) fn read(document: &Value) -> Result<Self, String> {
        let mut operations = Self::default();
        for (path, item) in entries(document.get("paths")) {
            let mut methods = BTreeMap::new();
            for (method, operation) in entries(Some(item)) {
                if let Some(id) = operation.get("operationId").and_then(Value::as_str) {
                    let method = method.to_uppercase();
                    let operation = read_operation(document, id, (&method, path), operation)?;
                    let operation = Arc::new(operation);
                    operations.by_id.insert(id.to_owned(), operation.clone());
                    methods.insert(method, operation);
                }
            }
            operations
                .router
                .insert(path.clone(), methods)
                .map_err(|error| format!("{path}: {error}"))?;
        }
        Ok(operations)
    }

    /// The operation at this address.
    pub(crate) fn find(&self, method: &Method, path: &str) -> Option<Arc<Operation>> {
        self.router
            .at(path)
            .ok()?
            .value
            .get(method.as_str())
            .cloned()
    }

    /// The operation of this operationId.
    pub(crate) fn named(&self, id: &str) -> Option<&Operation> {
        self.by_id.get(id).map(Arc::as_ref)
    }

    /// The methods that this address answers, if it is one of the contract.
    pub(crate) fn methods(&self, path: &str) -> Option<Vec<&str>> {
        let found = self.router.at(path).ok()?;
        let mut methods: Vec<&str> = found.value.keys().map(String::as_str).collect();
        if methods.contains(&"GET") {
            methods.push("HEAD");
        }
        methods.push("OPTIONS");
        Some(methods)
    }
}

fn entries(value: Option<&Value>) -> impl Iterator<Item = (&String, &Value)> {
    value.and_then(Value::as_object).into_iter().flatten()
}

fn read_operation(
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
            list.iter()
                .any(|requirement| requirement.as_object().is_some_and(Map::is_empty))
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
    let body_is_optional = operation
        .pointer("/requestBody/required")
        .and_then(Value::as_bool)
        .is_some_and(|required| !required);
    let answers = answers(operation).map_or_else(
        || vec!["application/json".to_owned()],
        |content| content.keys().cloned().collect(),
    );
    Ok(Operation {
        id: id.to_owned(),
        method: method.to_owned(),
        path: path.to_owned(),
        policy,
        query,
        body: Schema::of(document, body),
        whole: Schema::of(document, whole.as_ref()),
        body_is_optional,
        answers,
        secrets: secrets(document, operation),
    })
}

/// What an operation answers when all is well.
fn answers(operation: &Value) -> Option<&Map<String, Value>> {
    entries(operation.get("responses"))
        .find(|(status, _)| status.starts_with('2'))
        .and_then(|(_, response)| response.get("content")?.as_object())
}

/// The properties marked `x-secret` of the object that it answers.
fn secrets(document: &Value, operation: &Value) -> Vec<String> {
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

/// `resource.action`, as the contract writes it.
pub(crate) fn parse_policy(text: &str) -> Option<(Resource, Action)> {
    let (resource, action) = text.split_once('.')?;
    Some((resource.parse().ok()?, action.parse().ok()?))
}

/// A schema together with the components it refers to, and no others.
fn bundle(document: &Value, schema: &Value) -> Value {
    let mut schemas = Map::new();
    let mut waiting = vec![schema];
    while let Some(value) = waiting.pop() {
        match value {
            Value::Object(object) => {
                let name = object
                    .get("$ref")
                    .and_then(Value::as_str)
                    .and_then(|reference| reference.strip_prefix("#/components/schemas/"));
                if let Some(name) = name
                    && !schemas.contains_key(name)
                    && let Some(found) = document.pointer(&format!("/components/schemas/{name}"))
                {
                    schemas.insert(name.to_owned(), found.clone());
                    waiting.push(found);
                }
                waiting.extend(object.values());
            }
            Value::Array(items) => waiting.extend(items),
            _ => {}
        }
    }
    json!({ "allOf": [schema], "components": { "schemas": schemas } })
}
