//! `include=`: what an answer shows besides its object, so that one screen takes one call.

use std::collections::HashMap;
use std::fmt::Display;
use std::str::FromStr;

use actix_web::dev::Payload;
use actix_web::web::Query;
use actix_web::{FromRequest, HttpRequest};
use serde::Deserialize;
use strum::IntoEnumIterator;
use utoipa::IntoParams;
use utoipa::openapi::path::{Parameter, ParameterBuilder, ParameterIn, ParameterStyle};
use utoipa::openapi::schema::{ArrayBuilder, ObjectBuilder, Type};
use utoipa::openapi::{Required, Schema};
use uuid::Uuid;

use crate::foundation::policy::{Action, Resource};
use crate::kit::{Code, Ctx, Problem, Result};

/// What an operation can show besides its object: a closed list, written as the API document names it.
pub trait Part: Copy + PartialEq + Display + FromStr + IntoEnumIterator + 'static {}

impl<P: Copy + PartialEq + Display + FromStr + IntoEnumIterator + 'static> Part for P {}

/// A part as it is shown: absent when not asked for, null when it is not there or not within the
/// reach of a direct read.
pub type Included<T> = Option<Option<Box<T>>>;

/// The parts asked for.
#[derive(Debug)]
pub struct Include<P>(Vec<P>);

impl<P: Part> Include<P> {
    /// These parts.
    pub fn of(parts: impl IntoIterator<Item = P>) -> Self {
        Self(parts.into_iter().collect())
    }

    /// Whether this part is asked for.
    pub fn has(&self, part: P) -> bool {
        self.0.contains(&part)
    }

    /// Whether nothing is asked for.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// What stands beside the objects of an answer, by id.
#[derive(Debug)]
pub struct Beside<T>(Option<HashMap<Uuid, T>>);

impl<T: Clone> Beside<T> {
    /// Reads it if it is asked for, as a direct read of this resource would.
    ///
    /// # Errors
    /// 503 when the database does not answer.
    pub async fn read(
        ctx: &Ctx,
        is_asked: bool,
        resource: Resource,
        read: impl AsyncFnOnce(&Ctx) -> Result<HashMap<Uuid, T>>,
    ) -> Result<Self> {
        if !is_asked {
            return Ok(Self(None));
        }
        match ctx.also(resource, Action::Read) {
            Ok(ctx) => Ok(Self(Some(read(&ctx).await?))),
            Err(_) => Ok(Self(Some(HashMap::new()))),
        }
    }

    /// All of it.
    pub fn values(&self) -> impl Iterator<Item = &T> {
        self.0.iter().flat_map(HashMap::values)
    }

    /// The same of something else.
    pub fn map<U>(self, mut show: impl FnMut(T) -> U) -> Beside<U> {
        let shown = self
            .0
            .map(|all| all.into_iter().map(|(id, one)| (id, show(one))).collect());
        Beside(shown)
    }

    /// What stands beside an object, under this id.
    #[must_use]
    pub fn of(&self, id: Uuid) -> Included<T> {
        let all = self.0.as_ref()?;
        Some(all.get(&id).cloned().map(Box::new))
    }
}

#[derive(Deserialize)]
struct Asked {
    include: Option<String>,
}

impl<P: Part> FromRequest for Include<P> {
    type Error = Problem;
    type Future = std::future::Ready<Result<Self>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        std::future::ready(read(request))
    }
}

/// The API document's schema was checked before: a part that is not known now is our fault.
fn read<P: Part>(request: &HttpRequest) -> Result<Include<P>> {
    let malformed = || Problem::new(Code::MalformedQuery);
    let asked = Query::<Asked>::from_query(request.query_string()).or(Err(malformed()))?;
    let parts = asked.include.as_deref().into_iter();
    let parts: Result<Vec<P>> = parts
        .flat_map(|names| names.split(','))
        .map(|name| name.parse().or(Err(malformed())))
        .collect();
    Ok(Include(parts?))
}

impl<P: Part> IntoParams for Include<P> {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let names: Vec<String> = P::iter().map(|part| part.to_string()).collect();
        let count = names.len();
        let example = names.first().cloned();
        let part = ObjectBuilder::new()
            .schema_type(Type::String)
            .enum_values(Some(names));
        let parts = ArrayBuilder::new()
            .items(part)
            .min_items(Some(1))
            .max_items(Some(count))
            .unique_items(true);
        let include = ParameterBuilder::new()
            .name("include")
            .parameter_in(ParameterIn::Query)
            .required(Required::False)
            .description(Some(
                "What to show besides, with commas between. Each is a property of the same name: \
                 null when it is not there or not within the reach of a direct read. The answer \
                 then has no `ETag`, which would speak of the object alone.",
            ))
            .style(Some(ParameterStyle::Form))
            .explode(Some(false))
            .schema(Some(Schema::Array(parts.build())))
            .example(example.map(|part| vec![part].into()))
            .build();
        vec![include]
    }
}
