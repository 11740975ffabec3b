//! What the caller read before, and on which they want to build: `If-Match`, `If-None-Match`.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::http::header::{self, HeaderMap, HeaderName};
use actix_web::{FromRequest, HttpRequest};
use entity::Row;
use utoipa::IntoParams;
use utoipa::openapi::path::{Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::{ObjectBuilder, Required, Type};

use crate::kit::answer::etag;
use crate::kit::{Code, Problem, Result};

/// The version that the caller read, from the header `If-Match`.
#[derive(Debug, Default)]
pub struct IfMatch(Option<String>);

impl IfMatch {
    /// The versions that the header names, if it is there.
    #[must_use]
    pub fn of(headers: &HeaderMap) -> Self {
        Self(joined(headers, &header::IF_MATCH))
    }

    /// Demands the version.
    ///
    /// # Errors
    /// 428 without one, 412 when the row has another by now.
    pub fn require<M: Row>(&self, row: &M) -> Result<()> {
        if self.0.is_none() {
            return Err(Problem::new(Code::PreconditionRequired));
        }
        self.honour(row)
    }

    /// Demands one version by its name, as the caller has read it: `*`, which any version is, names none,
    /// and a list does not say which.
    ///
    /// # Errors
    /// 428 without one, 412 when the row has another by now.
    pub fn require_one<M: Row>(&self, row: &M) -> Result<()> {
        let tag = self.0.as_deref().unwrap_or_default().trim();
        if tag.is_empty() || tag == "*" || tag.contains(',') {
            return Err(Problem::new(Code::PreconditionRequired));
        }
        self.honour(row)
    }

    /// Checks the version if the caller named one.
    ///
    /// # Errors
    /// 412 when the row has another by now, or the version is none at all.
    pub fn honour<M: Row>(&self, row: &M) -> Result<()> {
        if self.allows(row.version()) {
            Ok(())
        } else {
            Err(self.refusal())
        }
    }

    /// A tag that can never match, whatever the version, is no stale one: a weak tag (RFC 9110, section
    /// 13.1.1), as a proxy that compresses makes it, or one without its double quotes.
    fn refusal(&self) -> Problem {
        let is_strong = |tag: &str| {
            let rest = tag.strip_prefix('"');
            let opaque = rest.and_then(|rest| rest.strip_suffix('"'));
            tag == "*" || opaque.is_some_and(|opaque| !opaque.contains('"'))
        };
        let mut tags = self.0.iter().flat_map(|tags| tags.split(','));
        let is_one = tags.all(|tag| is_strong(tag.trim()));
        Problem::new(if is_one {
            Code::Stale
        } else {
            Code::InvalidEtag
        })
    }

    /// Whether this version will do.
    #[must_use]
    pub fn allows(&self, version: i32) -> bool {
        let wanted = self.0.as_deref();
        wanted.is_none_or(|tags| names(tags, version))
    }
}

/// What an action says of it; PATCH, PUT and DELETE all demand it, which the API document adds.
impl IntoParams for IfMatch {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let description = "The etag of the object as last read: when sent, the action is refused if \
                           the object has changed since.";
        vec![precondition("If-Match", description, "\"1\"")]
    }
}

impl FromRequest for IfMatch {
    type Error = Problem;
    type Future = Ready<Result<Self>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Ok(Self::of(request.headers())))
    }
}

/// What must be true of an address for its object to be put there (RFC 9110, section 13.1).
#[derive(Debug, Default)]
pub struct PutCondition {
    if_match: IfMatch,
    if_none_match: Option<String>,
}

impl PutCondition {
    /// Checks an address where nothing is yet.
    ///
    /// # Errors
    /// 412 when the caller wants to change what is there.
    pub fn honour_absence(&self) -> Result<()> {
        match self.if_match.0 {
            Some(_) => Err(self.if_match.refusal()),
            None => Ok(()),
        }
    }

    /// Checks an address where this row is.
    ///
    /// # Errors
    /// 412 when the caller wants to make it (`If-None-Match: *`), or read another version.
    pub fn honour<M: Row>(&self, row: &M) -> Result<()> {
        self.if_match.honour(row)?;
        let unwanted = self.if_none_match.as_deref();
        if unwanted.is_some_and(|tags| names(tags, row.version())) {
            return Err(Problem::new(Code::Stale));
        }
        Ok(())
    }
}

impl IntoParams for PutCondition {
    fn into_params(of: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let mut parameters = IfMatch::into_params(of);
        let description =
            "`*`: only make a new object, and refuse to change one that is there (412).";
        // Harmless: what Swagger UI fills in beforehand is no object's version.
        parameters.push(precondition("If-None-Match", description, "\"0\""));
        parameters
    }
}

impl FromRequest for PutCondition {
    type Error = Problem;
    type Future = Ready<Result<Self>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let headers = request.headers();
        ready(Ok(Self {
            if_match: IfMatch::of(headers),
            if_none_match: joined(headers, &header::IF_NONE_MATCH),
        }))
    }
}

fn precondition(name: &str, description: &str, example: &str) -> Parameter {
    let schema = ObjectBuilder::new()
        .schema_type(Type::String)
        .max_length(Some(200));
    ParameterBuilder::new()
        .name(name)
        .parameter_in(ParameterIn::Header)
        .required(Required::False)
        .description(Some(description))
        .schema(Some(schema))
        .example(Some(example.into()))
        .build()
}

/// The tags of a header, wherever it stands.
fn joined(headers: &HeaderMap, name: &HeaderName) -> Option<String> {
    let values: Vec<&str> = headers
        .get_all(name)
        .map(|value| value.to_str().unwrap_or("unreadable"))
        .collect();
    (!values.is_empty()).then(|| values.join(","))
}

/// Whether one of these tags is that of the version.
fn names(tags: &str, version: i32) -> bool {
    let now = etag(version);
    tags.split(',')
        .map(str::trim)
        .any(|tag| tag == "*" || tag == now)
}
