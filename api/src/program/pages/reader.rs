//! Who reads a page: their language, whether they chose it there, and whether they are a browser.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::http::header::{self, Accept, Header};
use actix_web::{FromRequest, HttpMessage, HttpRequest, HttpResponse, web};
use entity::values::Locale;
use serde::{Deserialize, Serialize};
use utoipa::IntoParams;

use crate::foundation::problem::catalogue::pick;
use crate::kit::{Call, Code, Problem};

/// The language chosen on a page.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Language {
    /// The language of the texts: `fr` or `en`. Without it, what `Accept-Language` prefers.
    #[param(inline, example = "fr")]
    lang: Option<Locale>,
}

/// The reader of a page.
#[derive(Debug)]
pub(crate) struct Reader {
    pub(crate) locale: Locale,
    /// Whether `Accept` prefers a page to JSON.
    pub(crate) prefers_html: bool,
    /// Whether the page itself was asked for in this language.
    has_chosen: bool,
}

impl Reader {
    /// The tag of the language (BCP 47).
    pub(crate) fn lang(&self) -> &'static str {
        pick(["fr", "en"], self.locale)
    }

    /// The address of another page, which keeps the language chosen.
    pub(crate) fn link(&self, path: &str) -> String {
        if self.has_chosen {
            format!("{path}?lang={}", self.lang())
        } else {
            path.to_owned()
        }
    }

    /// JSON in this reader's language.
    pub(crate) fn json(&self, body: &impl Serialize) -> HttpResponse {
        HttpResponse::Ok()
            .insert_header((header::CONTENT_LANGUAGE, self.lang()))
            .insert_header((header::VARY, "Accept, Accept-Language"))
            .json(body)
    }
}

impl FromRequest for Reader {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(read(request))
    }
}

fn read(request: &HttpRequest) -> Result<Reader, Problem> {
    let call = request.extensions().get::<Call>().cloned();
    let call = call.ok_or(Problem::new(Code::InternalError))?;
    let chosen = web::Query::<Language>::from_query(request.query_string())
        .or(Err(Problem::new(Code::MalformedQuery)))?
        .into_inner()
        .lang;
    Ok(Reader {
        locale: chosen.unwrap_or(call.locale),
        prefers_html: prefers_html(request),
        has_chosen: chosen.is_some(),
    })
}

/// Browsers name `text/html`; programs name JSON, anything at all, or nothing.
fn prefers_html(request: &HttpRequest) -> bool {
    let Ok(accept) = Accept::parse(request) else {
        return false;
    };
    let ranked = accept.ranked();
    let known = ranked.iter().find_map(|range| match range.essence_str() {
        "text/html" | "text/*" => Some(true),
        "application/json" | "application/problem+json" | "application/*" | "*/*" => Some(false),
        _ => None,
    });
    known.unwrap_or(false)
}
