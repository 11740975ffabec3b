//! A page of a list, as it is answered.

use actix_web::body::BoxBody;
use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, Responder};
use serde::Serialize;
use utoipa::ToSchema;

/// A page of a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct Page<T> {
    /// What the page holds, in the order of the list.
    #[schema(max_items = 100)]
    pub items: Vec<T>,
    /// Cursor of the next page, for `after`; null at the end, and for lists that answer whole.
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
