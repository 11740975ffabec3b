//! Request bodies: read within bounds, cleaned, and checked against the API document's own schema, so
//! that what is documented is what is enforced, and all faults come back at once.

use std::ops::Deref;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use actix_web::dev::Payload;
use actix_web::http::header;
use actix_web::{FromRequest, HttpMessage, HttpRequest, web};
use chrono::{DateTime, Utc};
use futures_util::StreamExt;
use serde::de::DeserializeOwned;
use serde_json::Value;
use validator::Validate;

use crate::foundation::operations::faults::{check, clean, collect};
use crate::foundation::operations::nulls::without_nulls;
use crate::foundation::operations::pointer::Pointer;
use crate::foundation::operations::size::is_too_detailed;
use crate::foundation::operations::{Operation, dates};
use crate::foundation::problem::FAULT_LIMIT;
use crate::foundation::state::State;
use crate::kit::{Code, FaultCode, Problem, Result};

/// The largest body, in bytes.
pub(crate) const BODY_LIMIT: usize = 1024 * 1024;

/// A JSON body, valid.
#[derive(Debug)]
pub struct Json<T>(pub T);

impl<T> Deref for Json<T> {
    type Target = T;
    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T: DeserializeOwned + Validate + 'static> FromRequest for Json<T> {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let body = read_body(request, payload, &["application/json"]);
        Box::pin(async move { typed(body.await?).map(Self) })
    }
}

/// Turns checked JSON into the type that the handler works with.
///
/// # Errors
/// 422 for what the schema cannot say: rules across fields, checksums, e-mail addresses.
pub(crate) fn typed<T: DeserializeOwned + Validate>(value: Value) -> Result<T> {
    let typed: T = serde_json::from_value(value).map_err(|error| {
        // The schema and the type disagree: say so to us, and something usable to the caller.
        let (line, kind) = (error.line(), error.classify());
        tracing::warn!(line, ?kind, "a body passed its schema but not its type");
        Problem::fault("", FaultCode::NotAllowed)
    })?;
    typed.validate().map_err(|errors| {
        let mut faults = Vec::new();
        collect("", &errors, &mut faults);
        Problem::invalid(faults)
    })?;
    Ok(typed)
}

/// Reads, cleans and checks a JSON body.
pub(in crate::kit) fn read_body(
    request: &HttpRequest,
    payload: &mut Payload,
    media_types: &'static [&'static str],
) -> impl Future<Output = Result<Value>> + use<> {
    let operation = operation_of(request);
    let bytes = read_bytes(request, payload, media_types);
    let state = request.app_data::<web::Data<State>>().cloned();
    async move {
        let bytes = bytes.await?;
        let state = state.ok_or(Problem::new(Code::InternalError))?;
        parsed(&bytes, &*operation?, state.clock.now())
    }
}

/// What these bytes say, cleaned and checked as the body of an operation at this moment.
///
/// # Errors
/// 413 for more values than a body may have, 400 for what is no JSON, 422 with all faults.
pub fn parsed(bytes: &[u8], operation: &Operation, now: DateTime<Utc>) -> Result<Value> {
    if is_too_detailed(bytes) {
        return Err(Problem::new(Code::PayloadTooLarge));
    }
    let value = serde_json::from_slice(bytes).or(Err(Problem::new(Code::MalformedJson)))?;
    checked(value, operation, now)
}

/// The operation that this request was admitted to.
pub(crate) fn operation_of(request: &HttpRequest) -> Result<Arc<Operation>> {
    let operation = request.extensions().get::<Arc<Operation>>().cloned();
    operation.ok_or(Problem::new(Code::NotFound))
}

/// Reads a body that is sent as one of these media types.
pub(crate) fn read_bytes(
    request: &HttpRequest,
    payload: &mut Payload,
    media_types: &'static [&'static str],
) -> impl Future<Output = Result<web::Bytes>> + use<> {
    let media_type = media_type(request);
    let optional = operation_of(request).is_ok_and(|operation| operation.body_is_optional);
    let bytes = whole_body(request, payload);
    async move {
        let is_declared = media_types.contains(&media_type.as_str());
        let may_be_absent = optional && media_type.is_empty();
        if !is_declared && !may_be_absent {
            return Err(Problem::new(Code::UnsupportedMediaType));
        }
        let bytes = bytes.await?;
        match bytes.is_empty() {
            true if optional => Ok(web::Bytes::from_static(b"{}")),
            false if !is_declared => Err(Problem::new(Code::UnsupportedMediaType)),
            _ => Ok(bytes),
        }
    }
}

/// Reads a body as it is sent, within its bounds of size and time.
pub(in crate::kit) fn whole_body(
    request: &HttpRequest,
    payload: &mut Payload,
) -> impl Future<Output = Result<web::Bytes>> + use<> {
    let bytes = gathered(payload.take(), announced(request));
    let state = request.app_data::<web::Data<State>>();
    let seconds = state.map(|state| state.config.body_seconds.get().into());
    let deadline = Duration::from_secs(seconds.unwrap_or_default());
    async move {
        let in_time = tokio::time::timeout(deadline, bytes).await;
        in_time.or(Err(Problem::new(Code::RequestTimeout)))?
    }
}

/// How long a body says that it is.
fn announced(request: &HttpRequest) -> usize {
    let length = request.headers().get(header::CONTENT_LENGTH);
    let length = length.and_then(|length| length.to_str().ok()?.parse().ok());
    length.unwrap_or_default()
}

/// The body whole, no larger than it may be.
async fn gathered(mut payload: Payload, announced: usize) -> Result<web::Bytes> {
    let too_large = || Problem::new(Code::PayloadTooLarge);
    if announced > BODY_LIMIT {
        return Err(too_large());
    }
    let mut whole = web::BytesMut::new();
    while let Some(part) = payload.next().await {
        let part = part.or(Err(Problem::new(Code::BadRequest)))?;
        if whole.len() + part.len() > BODY_LIMIT {
            return Err(too_large());
        }
        whole.extend_from_slice(&part);
    }
    Ok(whole.freeze())
}

/// Cleans a body and checks it against the operation's schema.
pub(crate) fn checked(
    mut value: Value,
    operation: &Operation,
    now: DateTime<Utc>,
) -> Result<Value> {
    let mut faults = Vec::new();
    clean(&mut value, Pointer::Root, &mut faults);
    if faults.len() < FAULT_LIMIT {
        check(&operation.body, &value, &mut faults);
        dates::check(&value, Pointer::Root, now, &mut faults);
        faults.truncate(FAULT_LIMIT);
    }
    if faults.is_empty() {
        if !operation.is_patch() {
            without_nulls(&mut value);
        }
        Ok(value)
    } else {
        Err(Problem::invalid(faults))
    }
}

pub(in crate::kit) fn media_type(request: &HttpRequest) -> String {
    request
        .headers()
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split(';').next())
        .map(|value| value.trim().to_ascii_lowercase())
        .unwrap_or_default()
}
