//! What the framework answered by itself, as a problem that says what to do.

use actix_web::HttpResponse;
use actix_web::http::header::{self, HeaderValue};
use actix_web::http::{Method, StatusCode};
use entity::values::Locale;

use crate::kit::{Call, Code, Problem};

/// Writes a refusal out as a problem, whoever refused.
pub(super) fn explain(
    response: HttpResponse,
    call: &Call,
    method: &Method,
    path: &str,
) -> HttpResponse {
    let status = response.status();
    if !status.is_client_error() && !status.is_server_error() {
        return response;
    }
    let said = response.headers().get(header::CONTENT_TYPE);
    let is_explained = said.is_some_and(|kind| {
        let kinds: [&[u8]; 2] = [b"application/problem+json", b"text/html"];
        kinds.iter().any(|known| kind.as_bytes().starts_with(known))
    });
    if is_explained {
        return response;
    }
    if *method == Method::OPTIONS
        && let Some(methods) = call.state.operations.methods(path)
    {
        let allow = (header::ALLOW, methods.join(", "));
        let answer = HttpResponse::NoContent().insert_header(allow).finish();
        return with_origin_of(&response, answer);
    }
    let known = response
        .error()
        .and_then(|error| error.as_error::<Problem>())
        .cloned();
    let problem = known.unwrap_or_else(|| by_status(status, call, path));
    call.traces.code(problem.code());
    let base_url = call.state.config.public_url();
    let mut written = if path.starts_with("/oauth/") {
        problem.oauth_response(&base_url, call.locale, &call.request_id)
    } else {
        problem.response(&base_url, call.locale, &call.request_id)
    };
    let language = HeaderValue::from_static(match call.locale {
        Locale::Fr => "fr",
        Locale::En => "en",
    });
    written
        .headers_mut()
        .insert(header::CONTENT_LANGUAGE, language);
    with_origin_of(&response, written)
}

/// Keeps what was said about origins: without it a browser shows its script no answer at all.
pub(super) fn with_origin_of(before: &HttpResponse, mut after: HttpResponse) -> HttpResponse {
    for (name, value) in before.headers() {
        if name == header::VARY || name.as_str().starts_with("access-control-") {
            after.headers_mut().append(name.clone(), value.clone());
        }
    }
    after
}

fn by_status(status: StatusCode, call: &Call, path: &str) -> Problem {
    match status.as_u16() {
        404 | 405 => match call.state.operations.methods(path) {
            Some(methods) => Problem::new(Code::MethodNotAllowed).allow(methods.join(", ")),
            None => Problem::new(Code::NotFound),
        },
        406 => Problem::new(Code::NotAcceptable),
        408 => Problem::new(Code::RequestTimeout),
        413 => Problem::new(Code::PayloadTooLarge),
        415 => Problem::new(Code::UnsupportedMediaType),
        400..=499 => Problem::new(Code::BadRequest),
        _ => Problem::new(Code::InternalError),
    }
}
