//! The operations of the API document, for tests that walk it.

use std::collections::BTreeSet;

use api::foundation::policy::{Action, Resource};
use reqwest::Method;
use serde_json::Value;

use crate::api_document::{DOCUMENT, declared};

/// How the addresses end that name an object by what another system calls it.
const BY_EXTERNAL_ID: &str = "/external/{system}/{external_id}";

/// One operation.
#[derive(Clone, Debug)]
pub struct Operation {
    pub id: String,
    pub method: Method,
    pub path: String,
    pub tag: String,
    pub summary: String,
    /// What the API document says of it.
    pub description: &'static Value,
}

impl Operation {
    /// All of them, by path.
    pub fn all() -> Vec<Self> {
        Self::all_in(&DOCUMENT)
    }

    /// Those of this API document.
    pub fn all_in(document: &'static Value) -> Vec<Self> {
        let mut operations = Vec::new();
        for (path, item) in document["paths"].as_object().unwrap() {
            for (method, description) in item.as_object().unwrap() {
                let Some(id) = description["operationId"].as_str() else {
                    continue;
                };
                operations.push(Self {
                    id: id.to_owned(),
                    method: method.to_uppercase().parse().unwrap(),
                    path: path.clone(),
                    tag: description["tags"][0]
                        .as_str()
                        .unwrap_or_default()
                        .to_owned(),
                    summary: description["summary"]
                        .as_str()
                        .unwrap_or_default()
                        .to_owned(),
                    description,
                });
            }
        }
        operations
    }

    /// What it does to what; nothing for operations without identity.
    pub fn policy(&self) -> Option<(Resource, Action)> {
        let (resource, action) = self.description["x-policy"].as_str()?.split_once('.')?;
        Some((resource.parse().unwrap(), action.parse().unwrap()))
    }

    /// The statuses that the API document says it answers.
    pub fn documents(&self, status: u16) -> bool {
        self.description["responses"]
            .get(status.to_string())
            .is_some()
    }

    /// The scope that a service account needs for it.
    pub fn scope(&self) -> Option<&str> {
        self.description["x-scope"].as_str()
    }

    /// The headers that it takes and their greatest lengths.
    pub fn bounded_headers(&self) -> impl Iterator<Item = (&str, u64)> {
        let parameters = self.description["parameters"].as_array();
        let headers = parameters.into_iter().flatten();
        headers
            .filter(|parameter| parameter["in"] == "header")
            .filter_map(|header| {
                let longest = header["schema"]["maxLength"].as_u64()?;
                Some((header["name"].as_str()?, longest))
            })
    }

    /// What its body is sent as; nothing without a body.
    pub fn media_type(&self) -> Option<&str> {
        self.media().map(|(media_type, _)| media_type)
    }

    /// The collection that its first id names an object of, with `/external` where another system
    /// names it; empty without one.
    pub fn collection(&self) -> String {
        if let Some(above) = self.path.strip_suffix(BY_EXTERNAL_ID) {
            return format!("{}/external", above.trim_start_matches("/v1/"));
        }
        let mut segments = self
            .path
            .split('/')
            .collect::<Vec<_>>()
            .into_iter()
            .rev()
            .skip_while(|s| !s.starts_with('{'));
        let mut found = String::new();
        while let Some(segment) = segments.next() {
            if segment.starts_with('{') {
                found = segments.next().unwrap_or_default().to_owned();
            }
        }
        found
    }

    /// Whether its object is named by what another system calls it.
    pub fn is_by_external_id(&self) -> bool {
        self.path.ends_with(BY_EXTERNAL_ID)
    }

    /// Whether it makes what is not there yet, at an address that the caller chose.
    pub fn is_upsert(&self) -> bool {
        self.method == Method::PUT && self.documents(201)
    }

    /// The path for these values of its parameters, in order.
    pub fn fill(&self, values: &[String]) -> String {
        let mut values = values.iter();
        let segments = self.path.split('/').map(|segment| {
            if segment.starts_with('{') {
                values.next().cloned().unwrap_or_default()
            } else {
                segment.to_owned()
            }
        });
        segments.collect::<Vec<_>>().join("/")
    }

    /// Its parameters: of the path, the query and the headers.
    pub fn parameters(&self) -> impl Iterator<Item = &Value> {
        let parameters = self.description["parameters"].as_array();
        parameters.into_iter().flatten()
    }

    /// Whether it has a parameter of this name.
    pub fn takes(&self, name: &str) -> bool {
        self.parameters().any(|parameter| parameter["name"] == name)
    }

    /// Its body's media type, of a file CSV, and what the API document says of it.
    pub fn media(&self) -> Option<(&str, &Value)> {
        let content = self.description["requestBody"]["content"].as_object()?;
        let csv = content.get_key_value("text/csv");
        let (name, media) = csv.or_else(|| content.iter().next())?;
        Some((name, media))
    }

    /// Whether it answers one object with a version.
    pub fn is_versioned(&self) -> bool {
        let headers = &self.description["responses"]["200"]["headers"];
        headers.get("ETag").is_some()
    }

    /// Its query parameters.
    pub fn query(&self) -> Vec<&'static Value> {
        let parameters = self.description["parameters"].as_array();
        let parameters = parameters.into_iter().flatten();
        parameters
            .filter(|parameter| parameter["in"] == "query")
            .collect()
    }

    /// The values that a query parameter may have, where the API document lists them.
    pub fn values(parameter: &'static Value) -> Vec<&'static str> {
        let schema = Self::schema(parameter);
        let schema = if schema["items"].is_null() {
            schema
        } else {
            named(&schema["items"])
        };
        let values = schema["enum"].as_array();
        values
            .into_iter()
            .flatten()
            .flat_map(Value::as_str)
            .collect()
    }

    /// What a parameter's value must be.
    pub fn schema(parameter: &'static Value) -> &'static Value {
        named(&parameter["schema"])
    }

    /// The schema of what it answers with this status.
    pub fn answer(&self, status: &str) -> Option<&'static Value> {
        let content = &self.description["responses"].get(status)?["content"];
        Some(named(&content["application/json"]["schema"]))
    }

    /// The fields of that answer which are shown once.
    pub fn secrets(&self, status: &str) -> Vec<&'static str> {
        self.answer(status).map(secrets).unwrap_or_default()
    }

    /// Whether it answers a page of a list.
    pub fn is_list(&self) -> bool {
        let page = self.answer("200");
        self.method == Method::GET
            && page.is_some_and(|page| page["properties"].get("next").is_some())
    }

    /// Whether the API document declares this answer.
    pub fn declares(&self, status: &str) -> bool {
        self.description["responses"].get(status).is_some()
    }

    /// What a merge patch of it must result in.
    pub fn patched(&self) -> Option<&'static Value> {
        let media = "application/merge-patch+json";
        let schema = &self.description["requestBody"]["content"][media]["schema"]["$ref"];
        let whole = schema.as_str()?.strip_suffix("Patch")?;
        declared().pointer(whole.trim_start_matches('#'))
    }

    /// The names of the fields that its body declares in the object at this pointer.
    pub fn fields(&self, pointer: &str) -> BTreeSet<String> {
        let content = &self.description["requestBody"]["content"];
        let Some(media_type) = self.media_type() else {
            return BTreeSet::new();
        };
        let mut schema = resolved(&content[media_type]["schema"]);
        for step in pointer.split('/').skip(1) {
            schema = match step.parse::<usize>() {
                Ok(_) => resolved(&schema["items"]),
                Err(_) => resolved(&schema["properties"][step]),
            };
        }
        let properties = schema["properties"].as_object();
        properties
            .into_iter()
            .flatten()
            .map(|(name, _)| name.clone())
            .collect()
    }

    /// The example of its body.
    pub fn example(&self) -> Option<Value> {
        let (_, media) = self.media()?;
        if let Some(example) = media.get("example") {
            return Some(example.clone());
        }
        let schema = media["schema"]["$ref"].as_str()?;
        let schema = DOCUMENT.pointer(schema.trim_start_matches('#'))?;
        schema.get("example").cloned()
    }
}

/// The schema itself, or the one it refers to.
fn named(schema: &'static Value) -> &'static Value {
    let reference = schema["$ref"].as_str();
    let named = reference.and_then(|name| DOCUMENT.pointer(name.trim_start_matches('#')));
    named.unwrap_or(schema)
}

/// The same, where null is another possibility or the schema is one of several.
fn resolved(schema: &'static Value) -> &'static Value {
    let alternatives = ["oneOf", "anyOf"];
    let alternative = alternatives
        .iter()
        .find_map(|name| schema[*name].as_array());
    let schema = alternative
        .and_then(|schemas| schemas.iter().find(|schema| schema["type"] != "null"))
        .unwrap_or(schema);
    named(schema)
}

/// The properties that are marked as secrets.
fn secrets(schema: &'static Value) -> Vec<&'static str> {
    let properties = schema["properties"].as_object().into_iter().flatten();
    let own = properties.filter(|(_, property)| property["x-secret"] == true);
    let parts = schema["allOf"].as_array().into_iter().flatten();
    let others = parts.flat_map(|part| secrets(named(part)));
    own.map(|(name, _)| name.as_str()).chain(others).collect()
}
