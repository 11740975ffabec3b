//! What handlers answer, and the versions that answers carry.

use actix_web::body::BoxBody;
use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder, Responder};
use chrono::{DateTime, Utc};
use entity::Row;
use sea_orm::EntityName;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::list::include::{Include, Part};

/// What every object carries.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Meta {
    /// Made by the service (UUIDv7).
    pub id: Uuid,
    /// Starts at 1 and rises with each change.
    #[schema(minimum = 1, example = 1)]
    pub version: i32,
    /// The version as `If-Match` wants it, quotes included.
    #[schema(example = "\"1\"", max_length = 40)]
    pub etag: String,
    /// When it was made (UTC).
    pub created_at: DateTime<Utc>,
    /// When it last changed (UTC).
    pub updated_at: DateTime<Utc>,
}

impl<M: Row> From<&M> for Meta {
    fn from(row: &M) -> Self {
        Self {
            id: row.id(),
            version: row.version(),
            etag: etag(row.version()),
            created_at: row.created_at(),
            updated_at: row.updated_at(),
        }
    }
}

pub(super) fn etag(version: i32) -> String {
    format!("\"{version}\"")
}

/// 200 with one object and its `ETag`.
#[derive(Debug)]
pub struct Tagged<T> {
    etag: Option<String>,
    body: T,
}

impl<T> Tagged<T> {
    /// The object that shows this row.
    pub fn of<M: Row>(row: M) -> Self
    where
        T: From<M>,
    {
        Self {
            etag: Some(etag(row.version())),
            body: T::from(row),
        }
    }

    /// The object that shows this row together with others.
    pub fn with<M: Row>(row: &M, body: T) -> Self {
        Self {
            etag: Some(etag(row.version())),
            body,
        }
    }

    /// Shown with other objects: the version of this one does not speak of them, so the answer has
    /// no tag.
    #[must_use]
    pub fn including<P: Part>(mut self, include: &Include<P>) -> Self {
        self.etag = self.etag.filter(|_| include.is_empty());
        self
    }

    fn written(self, mut response: HttpResponseBuilder) -> HttpResponse
    where
        T: Serialize,
    {
        if let Some(etag) = self.etag {
            response.insert_header((header::ETAG, etag));
        }
        response.json(self.body)
    }
}

impl<T: Serialize> Responder for Tagged<T> {
    type Body = BoxBody;

    fn respond_to(self, _: &HttpRequest) -> HttpResponse {
        self.written(HttpResponse::Ok())
    }
}

/// 200 with the object, or 301 with the address where it is now.
#[derive(Debug)]
pub enum Found<T> {
    /// The object is here.
    Here(Tagged<T>),
    /// Another address has it.
    Moved(String),
}

impl<T> Found<T> {
    /// What is asked for is the object of this kind that has this id.
    #[must_use]
    pub fn moved<M: Row>(id: Uuid) -> Self {
        Self::Moved(address::<M>(id))
    }
}

impl<T: Serialize> Responder for Found<T> {
    type Body = BoxBody;

    fn respond_to(self, request: &HttpRequest) -> HttpResponse {
        match self {
            Self::Here(tagged) => tagged.respond_to(request),
            Self::Moved(address) => HttpResponse::MovedPermanently()
                .insert_header((header::LOCATION, address))
                .finish(),
        }
    }
}

/// 201 with the new object, its `ETag` and its `Location`.
#[derive(Debug)]
pub struct Created<T> {
    location: String,
    tagged: Tagged<T>,
}

impl<T> Created<T> {
    /// The object that shows this new row.
    pub fn of<M: Row>(row: M) -> Self
    where
        T: From<M>,
    {
        Self {
            location: location(&row),
            tagged: Tagged::of(row),
        }
    }

    /// The object that shows this new row together with others.
    pub fn with<M: Row>(row: &M, body: T) -> Self {
        Self {
            location: location(row),
            tagged: Tagged::with(row, body),
        }
    }

    /// At another address than its id's.
    #[must_use]
    pub fn at(mut self, location: String) -> Self {
        self.location = location;
        self
    }
}

/// The collection's address is its table's name.
fn location<M: Row>(row: &M) -> String {
    address::<M>(row.id())
}

fn address<M: Row>(id: Uuid) -> String {
    let collection = M::Entity::default().table_name().replace('_', "-");
    format!("/v1/{collection}/{id}")
}

impl<T: Serialize> Responder for Created<T> {
    type Body = BoxBody;

    fn respond_to(self, _: &HttpRequest) -> HttpResponse {
        let mut response = HttpResponse::Created();
        response.insert_header((header::LOCATION, self.location));
        self.tagged.written(response)
    }
}

/// 201 where there was nothing at the address, 200 where there was something.
#[derive(Debug)]
pub enum Put<T> {
    /// The object is new.
    New(Created<T>),
    /// The object was there.
    Known(Tagged<T>),
}

impl<T: Serialize> Responder for Put<T> {
    type Body = BoxBody;

    fn respond_to(self, request: &HttpRequest) -> HttpResponse {
        match self {
            Self::New(created) => created.respond_to(request),
            Self::Known(tagged) => tagged.respond_to(request),
        }
    }
}

/// 200 with a view that has no version of its own.
#[derive(Debug)]
pub struct Whole<T>(pub T);

impl<T: Serialize> Responder for Whole<T> {
    type Body = BoxBody;

    fn respond_to(self, _: &HttpRequest) -> HttpResponse {
        HttpResponse::Ok().json(self.0)
    }
}

/// 204.
#[derive(Debug)]
pub struct NoContent;

impl Responder for NoContent {
    type Body = BoxBody;

    fn respond_to(self, _: &HttpRequest) -> HttpResponse {
        HttpResponse::NoContent().finish()
    }
}
