//! Which changes of the feed are wanted: from where on, how many, of which types.

use actix_web::dev::Payload;
use actix_web::web::Query;
use actix_web::{FromRequest, HttpRequest};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa::openapi::path::{Parameter, ParameterBuilder, ParameterIn, ParameterStyle};
use utoipa::openapi::schema::{ArrayBuilder, ObjectBuilder, Type};
use utoipa::openapi::{Required, Schema};
use uuid::Uuid;

use super::store::Wanted;
use crate::foundation::event_types::KINDS;
use crate::kit::{Code, Problem, Result};

/// Where to go on from.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(in crate::outside) struct Start {
    /// The `next` of the page before, or the `id` of the last event of the stream, unchanged. Without
    /// it, or empty: the beginning. `latest`: the end, which gives a cursor for what is to come.
    #[param(max_length = 200, example = "")]
    pub(super) after: Option<String>,
}

/// How much, and how long to wait for it.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Portion {
    /// How many changes at most, from 1 to 100. Default: 20.
    #[param(minimum = 1, maximum = 100, default = 20, example = 2)]
    pub(super) limit: Option<u64>,
    /// For how many seconds to wait when there is nothing, from 0 to 30. Default: 0.
    #[param(minimum = 0, maximum = 30, default = 0, example = 0)]
    pub(super) wait: Option<u64>,
}

/// `type` and `resource`, each in order, so that a cursor knows them again.
#[derive(Debug)]
pub(super) struct ChangeFilter {
    types: Vec<String>,
    resources: Vec<String>,
}

#[derive(Deserialize)]
struct Asked {
    #[serde(rename = "type")]
    types: Option<String>,
    resource: Option<String>,
}

impl ChangeFilter {
    /// Applied to the feed of this organization.
    pub(super) fn of(self, organization_id: Uuid) -> Wanted {
        Wanted {
            organization_id,
            types: self.types,
            resources: self.resources,
            reader: None,
        }
    }
}

impl FromRequest for ChangeFilter {
    type Error = Problem;
    type Future = std::future::Ready<Result<Self>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let asked = Query::<Asked>::from_query(request.query_string());
        let read = asked.map(|asked| Self {
            types: names(asked.types.as_deref()),
            resources: names(asked.resource.as_deref()),
        });
        std::future::ready(read.or(Err(Problem::new(Code::MalformedQuery))))
    }
}

/// The API document's schema was checked before.
fn names(listed: Option<&str>) -> Vec<String> {
    let names = listed.into_iter().flat_map(|names| names.split(','));
    let mut names: Vec<String> = names.map(ToOwned::to_owned).collect();
    names.sort_unstable();
    names
}

impl IntoParams for ChangeFilter {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let kinds = || KINDS.iter().filter(|kind| kind.is_of_an_organization());
        let types = kinds().map(ToString::to_string).collect();
        let mut resources: Vec<String> = kinds().map(|kind| kind.resource.to_owned()).collect();
        resources.dedup();
        vec![
            several(
                "type",
                "Only changes of these types, with commas between.",
                types,
                "booklet.created",
            ),
            several(
                "resource",
                "Only changes of these kinds of objects, with commas between.",
                resources,
                "booklet",
            ),
        ]
    }
}

fn several(name: &str, description: &str, values: Vec<String>, example: &'static str) -> Parameter {
    let count = values.len();
    let value = ObjectBuilder::new()
        .schema_type(Type::String)
        .enum_values(Some(values));
    let schema = ArrayBuilder::new()
        .items(value)
        .min_items(Some(1))
        .max_items(Some(count))
        .unique_items(true);
    ParameterBuilder::new()
        .name(name)
        .parameter_in(ParameterIn::Query)
        .required(Required::False)
        .description(Some(description))
        .style(Some(ParameterStyle::Form))
        .explode(Some(false))
        .schema(Some(Schema::Array(schema.build())))
        .example(Some(vec![example].into()))
        .build()
}
