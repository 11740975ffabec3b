//! Around every request: its name, its language, its line in the log, and the last touch on its
//! answer: problems written out, headers that protect, 304 for what has not changed.

mod explain;

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Instant;

use actix_web::body::{BodySize, BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::error::InternalError;
use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use actix_web::http::{Method, StatusCode};
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage, HttpResponse, web};
use entity::values::Locale;
use futures_util::FutureExt;

use self::explain::{explain, with_origin_of};
use crate::foundation::config::Config;
use crate::foundation::database;
use crate::foundation::limiter::Allowance;
use crate::foundation::metrics::Metrics;
use crate::foundation::operations::Operation;
use crate::foundation::spans::{self, Span};
use crate::foundation::state::State;
use crate::kit::held::with_slots;
use crate::kit::request::origin::client_address;
use crate::kit::request::proof::Proof;
use crate::kit::request::seen::seen;
use crate::kit::request::settle::Pending;
use crate::kit::request::traces::{Trace, Traces};
use crate::kit::request::unread::Unread;
use crate::kit::{Call, Code, Ctx, Problem, new_id};

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The outermost middleware.
///
/// # Errors
/// Only after a panic or a middleware's refusal, and then with the problem as its response.
pub async fn finish(
    mut request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let started = Instant::now();
    let state = request
        .app_data::<web::Data<State>>()
        .map(|data| data.clone().into_inner());
    let state: Arc<State> = state.ok_or_else(|| Problem::new(Code::InternalError))?;
    let call = Call {
        now: state.clock.now(),
        locale: locale(request.headers()),
        address: client_address(
            request.peer_addr().map(|peer| peer.ip()),
            request.headers(),
            &state.config.trusted_proxies,
        ),
        is_head: request.method() == Method::HEAD,
        request_id: request_id(request.headers()),
        pending: Pending::default(),
        traces: Traces::default(),
        proof: Proof::default(),
        state,
    };
    request.extensions_mut().insert(call.clone());
    let method = request.method().clone();
    if method == Method::HEAD {
        request.head_mut().method = Method::GET;
    }
    let path = request.path().to_owned();
    let known = request.headers().get(header::IF_NONE_MATCH).cloned();

    let unread = Unread::of(&mut request);
    let span = span(request.headers(), &path);
    let answered = AssertUnwindSafe(next.call(request)).catch_unwind();
    let answered = spans::within(span.as_ref(), answered);
    let outcome = database::of_a_request(answered).await;
    let (request, response) = match outcome {
        Ok(Ok(answered)) => {
            let (request, response) = answered.into_parts();
            (Some(request), response.map_into_boxed_body())
        }
        Ok(Err(error)) => (None, HttpResponse::from_error(error)),
        Err(_) => {
            tracing::error!(request_id = %call.request_id, "a handler panicked");
            (
                None,
                HttpResponse::from_error(Problem::new(Code::InternalError)),
            )
        }
    };

    let mut response = explain(response, &call, &method, &path);
    // A stream would last for nobody.
    if method == Method::HEAD && response.body().size() == BodySize::Stream {
        response = response.set_body(BoxBody::new(()));
    }
    if method == Method::GET || method == Method::HEAD {
        response = not_modified(known.as_ref(), response);
    }
    // Said to the compressor, not to the caller (RFC 9110, section 8.4.1).
    let encoding = response.headers().get(header::CONTENT_ENCODING);
    if encoding.is_some_and(|encoding| encoding == "identity") {
        response.headers_mut().remove(header::CONTENT_ENCODING);
    }
    protect(response.headers_mut(), &path, &call.state.config);
    if let Ok(id) = HeaderValue::from_str(&call.request_id) {
        response.headers_mut().insert(REQUEST_ID, id);
    }
    let allowance = request
        .as_ref()
        .and_then(|request| request.extensions().get::<Allowance>().copied());
    if let Some(allowance) = allowance {
        allowance.tell(response.headers_mut());
    }
    if let Some(request) = &request {
        response = response.map_body(|_, body| with_slots(request, body));
    }
    if let Some(unread) = unread {
        response = response.map_body(|_, body| unread.beside(body));
    }
    log(request.as_ref(), &method, &call, response.status(), started);
    let trace = call.traces.taken();
    count(&trace, &call.state.metrics, response.status(), started);
    if let Some(span) = span {
        tell(span, &trace, &method, &call.request_id, response.status());
    }
    let seen = seen(&trace, &call, response.status());
    call.state.access_log.note(seen);
    match request {
        Some(request) => Ok(ServiceResponse::new(request, response)),
        None => Err(InternalError::from_response("refused", response).into()),
    }
}

fn count(trace: &Trace, metrics: &Metrics, status: StatusCode, started: Instant) {
    let operation = trace.operation.as_ref();
    let operation = operation.map(|operation| operation.id.as_str());
    metrics.answered(operation, status.as_u16(), started.elapsed());
    if let Some(code) = trace.code {
        metrics.refused(code.to_string());
    }
}

/// What is told of an answer to those who follow traces; nothing of questions whether the service lives, which are many.
fn span(headers: &HeaderMap, path: &str) -> Option<Span> {
    let parent = headers
        .get(spans::NAME)
        .and_then(|value| value.to_str().ok());
    let parent = parent.and_then(|value| value.parse().ok());
    (!path.starts_with("/health/")).then(|| Span::of_request(parent))
}

/// Names and ids: no address, no query, nobody.
fn tell(span: Span, trace: &Trace, method: &Method, request_id: &str, status: StatusCode) {
    let operation = trace.operation.as_ref();
    let operation = operation.map_or("unknown", |operation| operation.id.as_str());
    let told = [
        ("http.request.method", method.as_str()),
        ("livret.request_id", request_id),
    ];
    span.end(operation, Some(status.as_u16()), &told);
}

/// 304 when the caller already has this version.
fn not_modified(known: Option<&HeaderValue>, response: HttpResponse) -> HttpResponse {
    let known = known.and_then(|value| value.to_str().ok());
    let present = response
        .headers()
        .get(header::ETAG)
        .and_then(|value| value.to_str().ok());
    let same = known.zip(present).is_some_and(|(known, present)| {
        known
            .split(',')
            .map(str::trim)
            .any(|tag| tag == "*" || tag.trim_start_matches("W/") == present)
    });
    if !same || response.status() != StatusCode::OK {
        return response;
    }
    let mut empty = HttpResponse::NotModified();
    for name in [header::ETAG, header::CACHE_CONTROL] {
        if let Some(value) = response.headers().get(&name) {
            empty.insert_header((name, value.clone()));
        }
    }
    with_origin_of(&response, empty.finish())
}

/// Headers for every answer. Pages set their own content policy; JSON needs none at all.
fn protect(headers: &mut HeaderMap, path: &str, config: &Config) {
    let mut default = |name: HeaderName, value: &'static str| {
        if !headers.contains_key(&name) {
            headers.insert(name, HeaderValue::from_static(value));
        }
    };
    default(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    default(header::REFERRER_POLICY, "no-referrer");
    default(header::CROSS_ORIGIN_RESOURCE_POLICY, "same-origin");
    default(header::CROSS_ORIGIN_OPENER_POLICY, "same-origin");
    default(
        header::PERMISSIONS_POLICY,
        "camera=(), geolocation=(), microphone=()",
    );
    // Browsers ignore it over plain HTTP (RFC 6797, section 8.1).
    if config.public_url().starts_with("https://") {
        default(header::STRICT_TRANSPORT_SECURITY, "max-age=31536000");
    }
    default(
        header::CONTENT_SECURITY_POLICY,
        if path.starts_with("/docs/") {
            "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'"
        } else {
            "default-src 'none'; frame-ancestors 'none'"
        },
    );
    if path.starts_with("/oauth/") {
        default(header::CACHE_CONTROL, "no-store");
    }
    if path.starts_with("/v1/") {
        default(header::CACHE_CONTROL, "private, no-cache");
        headers.append(
            header::VARY,
            HeaderValue::from_static("Authorization, Accept-Language"),
        );
    }
}

/// The caller's own id if it is harmless in a log, else a new one.
fn request_id(headers: &HeaderMap) -> String {
    headers
        .get(REQUEST_ID)
        .and_then(|value| value.to_str().ok())
        .filter(|id| {
            (8..=64).contains(&id.len())
                && id
                    .bytes()
                    .all(|b| b.is_ascii_alphanumeric() || b"._-".contains(&b))
        })
        .map_or_else(|| new_id().to_string(), ToOwned::to_owned)
}

/// French unless English is preferred (RFC 9110, section 12.5.4).
fn locale(headers: &HeaderMap) -> Locale {
    let header = headers
        .get(header::ACCEPT_LANGUAGE)
        .and_then(|value| value.to_str().ok());
    let mut best = (0.0, Locale::Fr);
    for entry in header.unwrap_or_default().split(',') {
        let mut parts = entry.split(';');
        let language = parts.next().unwrap_or_default().trim().to_ascii_lowercase();
        let quality = parts
            .find_map(|part| part.trim().strip_prefix("q=")?.parse::<f32>().ok())
            .unwrap_or(1.0);
        let locale = match language.split('-').next() {
            Some("fr") => Locale::Fr,
            Some("en") => Locale::En,
            _ => continue,
        };
        if quality > best.0 {
            best = (quality, locale);
        }
    }
    best.1
}

/// One line a request. Ids in, personal data never.
fn log(
    request: Option<&actix_web::HttpRequest>,
    method: &Method,
    call: &Call,
    status: StatusCode,
    started: Instant,
) {
    let extensions = request.map(|request| request.extensions());
    let extensions = extensions.as_ref();
    let actor = extensions
        .and_then(|known| known.get::<Ctx>())
        .map(|ctx| ctx.actor.id.to_string());
    let operation = extensions
        .and_then(|known| known.get::<Arc<Operation>>())
        .map(|operation| operation.id.clone());
    tracing::info!(
        request_id = %call.request_id,
        %method,
        operation = operation.as_deref().unwrap_or("-"),
        actor = actor.as_deref().unwrap_or("-"),
        status = status.as_u16(),
        micros = u64::try_from(started.elapsed().as_micros()).unwrap_or(u64::MAX),
        "answered"
    );
}
