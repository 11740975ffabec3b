//! The API document: what stands above the operations, and the pass that adds what they all share.

mod audience;
mod bounds;
mod clients;
mod examples;
mod labels;
mod names;
mod nulls;
mod older;
mod operation;
mod page;
mod parameters;
mod published;
mod required;
mod routes;
mod security;
mod servers;
mod shared;
mod text;
mod webhooks;

use std::sync::Arc;

use clap::ValueEnum;
use serde_json::{Map, Value, json};
use utoipa::OpenApi;

use self::bounds::bound;
use self::clients::offer_json;
use self::labels::add_labels;
use self::names::{describe_once, pages_by_name, patches_by_name};
use self::nulls::take_nulls;
use self::older::{openapi_3_0, swagger_2_0};
use self::operation::{complete, versioned};
use self::published::published;
use self::required::require_answers;
pub(crate) use self::routes::routes;
use self::shared::{shared_answers, shared_headers};
use self::webhooks::add_webhooks;
use crate::foundation::operations::Operations;
use crate::foundation::problem::{FieldFault, ProblemBody};
use crate::foundation::state::ApiDocument;
use crate::outside::webhooks::{WebhookMessage, WebhookTest};

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Livret",
        description = include_str!("first_steps.md"),
        license(name = "MIT OR Apache-2.0", identifier = "MIT OR Apache-2.0"),
        contact(name = "The maintainers of Livret"),
    ),
    components(schemas(ProblemBody, FieldFault, WebhookMessage, WebhookTest)),
    tags(
        (name = "Identity", description = "Sign in: begin here. Oneself"),
        (name = "Organizations", description = "Training organizations"),
        (name = "People", description = "Users, invitations, service accounts, candidates"),
        (name = "Webhooks", description = "Other systems are told of changes"),
        (name = "Webhook messages", description = "What endpoints of others are sent: operations of the receiver"),
        (name = "Booklets", description = "§01 – the booklet, who accompanies it, how far it has come"),
        (name = "Contracts", description = "§02 and §03 – contrat pédagogique, signatures, the organization's pledge"),
        (name = "Objectives", description = "§04 – mes objectifs"),
        (name = "Plans", description = "§05 – plan d'accompagnement co-construit"),
        (name = "Stages", description = "§06 – the five stages of the VAE"),
        (name = "Addresses", description = "§07 – adresses utiles and personal contacts"),
        (name = "Action sheets", description = "§08 – appointments, action sheets and their items"),
        (name = "Completed actions", description = "§09 – bilan des actions"),
        (name = "Follow-ups", description = "§10 – suivi"),
        (name = "Notes", description = "§11 – notes"),
        (name = "Changes", description = "The change feed: what happened in the organization, for programs that follow it"),
        (name = "Imports", description = "Files of rows to create or change, from another system"),
        (name = "Exports", description = "All that the organization takes away: table by table, or whole"),
        (name = "Errors", description = "The problems that the API answers"),
    )
)]
struct Livret;

/// Reads the API document, once for all services of a process.
///
/// # Errors
/// When a path or a policy of the API document cannot be read: a programming error.
pub fn read_api_document() -> Result<ApiDocument, String> {
    let document = document();
    Ok(ApiDocument {
        operations: Arc::new(Operations::read(&document)?),
        text: text::short(&published(document)).into(),
    })
}

/// The form in which the API document is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Form {
    /// OpenAPI 3.1, the source.
    #[value(name = "3.1")]
    OpenApi31,
    /// OpenAPI 3.0.3.
    #[value(name = "3.0")]
    OpenApi30,
    /// Swagger 2.0.
    #[value(name = "2.0")]
    Swagger20,
}

/// The API document as text, as the files in `openapi/` hold it.
#[must_use]
pub fn api_document_text(form: Form) -> String {
    text::pretty(&in_form(document(), form))
}

/// The same as the service answers it.
fn short_text(form: Form) -> String {
    text::short(&in_form(document(), form))
}

fn in_form(document: Value, form: Form) -> Value {
    let document = published(document);
    match form {
        Form::OpenApi31 => document,
        Form::OpenApi30 => openapi_3_0(document),
        Form::Swagger20 => swagger_2_0(document),
    }
}

/// The API document as the code declares it: what its examples are made from.
#[must_use]
pub fn declared_api_document() -> Value {
    declared()
}

/// The whole API document.
fn document() -> Value {
    let mut document = declared();
    examples::add_recorded(&mut document);
    document
}

/// The API document as the code declares it, before the recorded examples are added.
fn declared() -> Value {
    let described = crate::program::resources::described(Livret::openapi());
    let mut document = serde_json::to_value(described).unwrap_or_default();
    pages_by_name(&mut document);
    add_webhooks(&mut document);
    add_security(&mut document);
    let versioned = versioned(&document);
    if let Some(paths) = document.get_mut("paths").and_then(Value::as_object_mut) {
        for (path, item) in paths {
            for (method, operation) in item.as_object_mut().into_iter().flatten() {
                if let Some(operation) = operation.as_object_mut() {
                    complete(path, method, operation, &versioned);
                }
            }
        }
    }
    take_nulls(&mut document);
    bound(&mut document);
    describe_once(&mut document);
    patches_by_name(&mut document);
    offer_json(&mut document);
    require_answers(&mut document);
    add_labels(&mut document);
    document
}

fn add_security(document: &mut Value) {
    let schemes = security::schemes();
    if let Some(document) = document.as_object_mut() {
        document.insert("security".into(), json!([{ "token": [] }]));
        document.insert("servers".into(), servers::servers(None));
    }
    if let Some(components) = document
        .get_mut("components")
        .and_then(Value::as_object_mut)
    {
        components.insert("securitySchemes".into(), schemes);
        components.insert("responses".into(), shared_answers());
        components.insert("headers".into(), shared_headers());
    }
}

/// All operations, to add to them.
fn operations(document: &mut Value) -> impl Iterator<Item = &mut Map<String, Value>> {
    let paths = document.get_mut("paths").and_then(Value::as_object_mut);
    let items = paths.into_iter().flat_map(Map::values_mut);
    items
        .filter_map(Value::as_object_mut)
        .flat_map(Map::values_mut)
        .filter_map(Value::as_object_mut)
}
