//! The operations of the API document, as the service itself reads them: who may call each one, its
//! query parameters, the schema of its body. What is documented is what is enforced.

pub(crate) mod dates;
pub(crate) mod faults;
pub(crate) mod nulls;
mod parameter;
pub(crate) mod pointer;
mod read;
mod schema;
pub(crate) mod secret;
mod signs;
pub(crate) mod size;
pub(crate) mod written;

use std::collections::BTreeMap;
use std::sync::Arc;

use actix_web::http::Method;
use serde_json::Value;
use uuid::Uuid;

use self::parameter::Parameter;
pub(crate) use self::read::parse_policy;
use self::read::read_operation;
pub(crate) use self::schema::Schema;
use crate::foundation::policy::{Action, Resource};

/// What files of CSV are sent as, in both directions.
pub(crate) const CSV: &str = "text/csv";
/// What files of JSON Lines are sent as, in both directions.
pub(crate) const JSON_LINES: &str = "application/x-ndjson";
/// What workbooks are sent as.
pub(crate) const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// One operation of the API document.
#[derive(Debug)]
pub struct Operation {
    /// Its place among all operations, from 0.
    pub(crate) number: usize,
    pub(crate) id: String,
    pub(crate) method: String,
    /// As the API document writes it, with the names of its parameters.
    pub(crate) path: String,
    /// What it does to what; nothing for operations without identity.
    pub(crate) policy: Option<(Resource, Action)>,
    /// Query parameters, by name.
    query: BTreeMap<String, Parameter>,
    /// What its body must be.
    pub(crate) body: Schema,
    /// For a body of which any field may be absent: what it must result in.
    pub(crate) whole: Schema,
    /// Whether its body is a file, which may be too large to hold.
    pub(crate) is_upload: bool,
    /// Whether it may come without a body, which then counts as `{}`.
    pub(crate) body_is_optional: bool,
    /// The media types of its answers; JSON when it has none.
    answers: Vec<String>,
    /// Whether it answers a file: one of its own form, whatever `Accept` says.
    answers_file: bool,
    /// The fields of its answer that are shown once.
    pub(crate) secrets: Vec<String>,
}

impl Operation {
    /// Whether its body says what changes, and not what is to be there.
    pub(crate) fn is_patch(&self) -> bool {
        self.whole.source().is_some()
    }

    /// Whether it has a body, in JSON, as a form or as a file.
    pub(crate) fn takes_body(&self) -> bool {
        self.is_upload || self.body.source().is_some()
    }

    /// Whether a media range of `Accept` takes one of its answers.
    pub(crate) fn answers(&self, range: &str) -> bool {
        let mut answers = self.answers.iter();
        self.answers_file || answers.any(|media_type| is_within(media_type, range))
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

/// Whether a media range of `Accept` takes this media type.
pub(crate) fn is_within(media_type: &str, range: &str) -> bool {
    let whole = media_type.split('/').next();
    range == "*/*"
        || range == media_type
        || range.strip_suffix("/*").is_some_and(|of| whole == Some(of))
}

/// The operations, found by path and method.
#[derive(Debug, Default)]
pub struct Operations {
    router: matchit::Router<BTreeMap<String, Arc<Operation>>>,
    by_id: BTreeMap<String, Arc<Operation>>,
}

impl Operations {
    /// Reads them from the API document.
    ///
    /// # Errors
    /// When a path or a policy of the API document cannot be read: a programming error.
    pub fn read(document: &Value) -> Result<Self, String> {
        let mut operations = Self::default();
        for (path, item) in entries(document.get("paths")) {
            let mut methods = BTreeMap::new();
            for (method, operation) in entries(Some(item)) {
                if let Some(id) = operation.get("operationId").and_then(Value::as_str) {
                    let method = method.to_uppercase();
                    let operation = read_operation(document, id, (&method, path), operation)?;
                    let number = operations.by_id.len();
                    let operation = Operation {
                        number,
                        ..operation
                    };
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
    #[must_use]
    pub fn named(&self, id: &str) -> Option<&Operation> {
        self.by_id.get(id).map(Arc::as_ref)
    }

    /// The methods that this address answers, if it is one of the API document.
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
