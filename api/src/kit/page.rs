//! Lists in pages: newest first, by keyset, with a cursor that is opaque and bound to the list.

use std::sync::Arc;

use actix_web::body::BoxBody;
use actix_web::dev::Payload;
use actix_web::http::header;
use actix_web::{FromRequest, HttpMessage, HttpRequest, HttpResponse, Responder};
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use entity::Row;
use sea_orm::sea_query::{Expr, ExprTrait, Order};
use sea_orm::{ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::{Call, Code, Problem, Result};
use crate::app::State;

/// Bytes of a cursor's MAC.
const MAC_LENGTH: usize = 16;

/// Which page of a list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Paging {
    /// The `next` of the page before, unchanged. Without it, or empty: the first page.
    #[param(max_length = 200, example = "")]
    after: Option<String>,
    /// How many items at most, from 1 to 100. Default: 20.
    #[param(minimum = 1, maximum = 100, default = 20, example = 2)]
    limit: Option<u64>,
    /// Only what changed at this instant or later (RFC 3339).
    #[param(example = "2020-01-01T00:00:00Z")]
    updated_since: Option<DateTime<Utc>>,
    /// The list and its filters, which the cursor is bound to.
    #[serde(skip)]
    #[param(ignore)]
    list: String,
    #[serde(skip)]
    #[param(ignore)]
    state: Option<Arc<State>>,
}

/// A page of a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct Page<T> {
    /// What the page holds, newest first.
    pub items: Vec<T>,
    /// Cursor of the next page, for `after`; null at the end.
    #[schema(max_length = 200)]
    pub next: Option<String>,
}

impl<T> Page<T> {
    /// A short list, whole.
    pub fn whole(items: Vec<T>) -> Self {
        Self { items, next: None }
    }

    /// The same page of something else.
    pub fn map<U>(self, show: impl FnMut(T) -> U) -> Page<U> {
        Page {
            items: self.items.into_iter().map(show).collect(),
            next: self.next,
        }
    }
}

impl Paging {
    /// Reads the page of this query, newest first.
    ///
    /// # Errors
    /// 400 when the cursor is not one of this list.
    pub async fn fetch<E>(
        self,
        db: &impl ConnectionTrait,
        query: Select<E>,
    ) -> Result<Page<E::Model>>
    where
        E: EntityTrait,
        E::Model: Row,
    {
        self.fetch_by(db, query, ("id", "updated_at"), Row::id)
            .await
    }

    /// The same for rows that another column puts in order, and another dates.
    ///
    /// # Errors
    /// 400 when the cursor is not one of this list.
    pub async fn fetch_by<E, K: Key>(
        self,
        db: &impl ConnectionTrait,
        query: Select<E>,
        (order, date): (&'static str, &'static str),
        key: impl Fn(&E::Model) -> K,
    ) -> Result<Page<E::Model>>
    where
        E: EntityTrait,
    {
        let limit = self.limit.unwrap_or(20);
        let column = |name: &'static str| Expr::col((E::default(), name));
        let mut query = query.order_by(column(order), Order::Desc).limit(limit + 1);
        if let Some(after) = self.after.as_deref().filter(|after| !after.is_empty()) {
            query = query.filter(column(order).lt(self.open::<K>(after)?));
        }
        if let Some(instant) = self.updated_since {
            query = query.filter(column(date).gte(instant));
        }
        let mut items = query.all(db).await?;
        let mut next = None;
        if items.len() as u64 > limit {
            items.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
            next = items.last().map(|row| self.seal(&key(row))).transpose()?;
        }
        Ok(Page { items, next })
    }

    /// The cursor that goes on after this row.
    fn seal(&self, key: &impl Key) -> Result<String> {
        let mut bytes = key.bytes();
        bytes.extend(self.mac(&bytes)?);
        Ok(BASE64_URL_SAFE_NO_PAD.encode(bytes))
    }

    /// The row that a cursor goes on after.
    fn open<K: Key>(&self, cursor: &str) -> Result<K> {
        let refused = || Problem::new(Code::InvalidCursor);
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(cursor).or(Err(refused()))?;
        let key_length = bytes.len().saturating_sub(MAC_LENGTH);
        let (key, mac) = bytes.split_at_checked(key_length).ok_or_else(refused)?;
        if self.mac(key)? != mac {
            return Err(refused());
        }
        K::read(key).ok_or_else(refused)
    }

    fn mac(&self, key: &[u8]) -> Result<Vec<u8>> {
        let state = self
            .state
            .as_ref()
            .ok_or(Problem::new(Code::InternalError))?;
        let mac = state.keys.mac(&[b"cursor", self.list.as_bytes(), key]);
        Ok(mac.as_ref().iter().copied().take(MAC_LENGTH).collect())
    }
}

/// What puts the rows of a list in order.
pub trait Key: Into<sea_orm::Value> + Sized {
    /// As a cursor holds it.
    fn bytes(&self) -> Vec<u8>;
    /// Out of a cursor.
    fn read(bytes: &[u8]) -> Option<Self>;
}

impl Key for Uuid {
    fn bytes(&self) -> Vec<u8> {
        self.as_bytes().to_vec()
    }

    fn read(bytes: &[u8]) -> Option<Self> {
        Self::from_slice(bytes).ok()
    }
}

impl Key for i64 {
    fn bytes(&self) -> Vec<u8> {
        self.to_be_bytes().to_vec()
    }

    fn read(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self::from_be_bytes)
    }
}

impl FromRequest for Paging {
    type Error = Problem;
    type Future = std::future::Ready<Result<Self>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        std::future::ready(read(request))
    }
}

fn read(request: &HttpRequest) -> Result<Paging> {
    let malformed = || Problem::new(Code::MalformedQuery);
    let query = actix_web::web::Query::<Paging>::from_query(request.query_string());
    let mut paging = query.or(Err(malformed()))?.into_inner();
    if paging
        .limit
        .is_some_and(|limit| !(1..=100).contains(&limit))
    {
        return Err(malformed());
    }
    let mut filters: Vec<&str> = request
        .query_string()
        .split('&')
        .filter(|pair| !pair.starts_with("after=") && !pair.starts_with("limit="))
        .collect();
    filters.sort_unstable();
    paging.list = format!("{}?{}", request.path(), filters.join("&"));
    paging.state = request
        .extensions()
        .get::<Call>()
        .map(|call| call.state.clone());
    Ok(paging)
}

impl<T: Serialize> Responder for Page<T> {
    type Body = BoxBody;

    fn respond_to(self, request: &HttpRequest) -> HttpResponse {
        let mut response = HttpResponse::Ok();
        if let Some(next) = &self.next {
            let filters = request
                .query_string()
                .split('&')
                .filter(|pair| !pair.is_empty() && !pair.starts_with("after="))
                .map(|pair| format!("{pair}&"))
                .collect::<String>();
            let link = format!("<{}?{filters}after={next}>; rel=\"next\"", request.path());
            response.insert_header((header::LINK, link));
        }
        response.json(self)
    }
}
