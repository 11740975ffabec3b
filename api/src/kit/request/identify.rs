//! Before any handler: which operation is called, by whom, and whether their role may at all.
//!
//! Identity comes before the body is parsed, so that refusals come in order: 401, 403, then 400,
//! 415 and 422, then 404, then 428 and 412, then 409.

use std::collections::HashSet;
use std::sync::Arc;

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{self, HeaderMap};
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage, web};
use entity::values::Role;

use crate::foundation::limiter::{Allowance, Slot};
use crate::foundation::operations::Operation;
use crate::foundation::policy::{self, Permit, Reach};
use crate::foundation::problem::FAULT_LIMIT;
use crate::kit::ctx::Actor;
use crate::kit::held::hold;
use crate::kit::request::opened;
use crate::kit::request::proof::Ask;
use crate::kit::{Call, Code, Ctx, Fault, FaultCode, Problem, Result, coding};

/// In bytes, of a header that the API document bounds.
const LONGEST_HEADER: usize = 200;

/// The middleware. `authenticate` knows whose token it is, or refuses with 401; where that may be asked
/// together with a row, it is asked here at the latest, before the answer leaves.
///
/// # Errors
/// None of its own: refusals are answers.
pub async fn identify(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
    authenticate: impl AsyncFn(&Call, &str, Ask) -> Result<Actor>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let call = request.extensions().get::<Call>().cloned();
    let call = call.ok_or_else(|| Problem::new(Code::InternalError))?;
    match admit(&request, &call, authenticate).await {
        Ok(slot) => {
            if let Some(slot) = slot {
                hold(&request, slot);
            }
            let answered = next.call(request).await?;
            Ok(match call.prove(call.state.db.reader()).await {
                Ok(()) => answered.map_into_boxed_body(),
                Err(problem) => answered.error_response(problem),
            })
        }
        Err(problem) => {
            let proven = call.prove(call.state.db.reader()).await;
            let problem = proven.err().unwrap_or(problem);
            Ok(request.error_response(problem))
        }
    }
}

/// 401, 403, 429, and 400 for query parameters that are not as the API document has them.
async fn admit(
    request: &ServiceRequest,
    call: &Call,
    authenticate: impl AsyncFn(&Call, &str, Ask) -> Result<Actor>,
) -> Result<Option<Arc<Slot>>> {
    // The path as the framework routes it, percent-encoding undone.
    let path = request.match_info().as_str();
    let mut slot = None;
    if let Some(operation) = call.state.operations.find(request.method(), path) {
        call.traces.operation(&operation, path);
        if let Some((resource, action)) = operation.policy {
            let known = async {
                let token = bearer(request.headers());
                let token = token.ok_or(Problem::new(Code::Unauthenticated))?;
                authenticate(call, token, Ask::of(resource, action)).await
            };
            let actor = match known.await {
                Ok(actor) => actor,
                Err(problem) => {
                    count_address(request, call)?;
                    return Err(problem);
                }
            };
            count(request, call.state.limiter.check_person(actor.id))?;
            slot = call.state.concurrency.enter(actor.id)?.map(Arc::new);
            if let Some(slot) = &slot {
                // For who only waits: the slot can be freed, not kept.
                request.extensions_mut().insert(Arc::downgrade(slot));
            }
            let permit = permit(resource, action, &actor)?;
            if permit.reach == Reach::Opened {
                opened::require_any(call, &actor, &operation).await?;
            }
            request
                .extensions_mut()
                .insert(Ctx::new(call.clone(), actor, permit));
        } else {
            count_address(request, call)?;
        }
        check_query(request, &operation)?;
        check_headers(request.headers())?;
        check_accept(request, &operation)?;
        if operation.takes_body() {
            coding::check(request.headers())?;
        }
        request.extensions_mut().insert::<Arc<Operation>>(operation);
    } else if !path.starts_with("/health/") {
        // Pages, documents, and what is nowhere cost as well; who asks for health asks often.
        count_address(request, call)?;
    }
    Ok(slot)
}

/// Keeps what is left of the caller's quota for the answer, and refuses above it.
fn count(
    request: &ServiceRequest,
    (allowance, outcome): (Option<Allowance>, Result<()>),
) -> Result<()> {
    if let Some(allowance) = allowance {
        request.extensions_mut().insert(allowance);
    }
    outcome
}

fn count_address(request: &ServiceRequest, call: &Call) -> Result<()> {
    match call.address {
        Some(address) => count(request, call.state.limiter.check_address(address)),
        None => Ok(()),
    }
}

/// The token of the header `Authorization: Bearer` (RFC 6750, section 2.1).
pub(crate) fn bearer(headers: &HeaderMap) -> Option<&str> {
    let mut values = headers.get_all(header::AUTHORIZATION);
    let (scheme, token) = values.next()?.to_str().ok()?.split_once(' ')?;
    // Of several, nobody knows which one a proxy before us has looked at.
    if values.next().is_some() {
        return None;
    }
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

/// What the table and the scopes let somebody do, and how far.
///
/// # Errors
/// 403 when that is nothing.
pub(crate) fn permit(
    resource: policy::Resource,
    action: policy::Action,
    actor: &Actor,
) -> Result<Permit> {
    let reach = policy::reach(resource, action, actor.role);
    if reach == Reach::Nothing {
        return Err(Problem::new(Code::Forbidden));
    }
    if actor.role == Role::Integration
        && let Some(scope) = policy::scope(resource, action)
        && !actor.scopes.contains(&scope)
    {
        return Err(Problem::lacking(scope));
    }
    Ok(Permit {
        resource,
        action,
        reach,
    })
}

/// An operation answers the media types of its description and no others (RFC 9110, section 12.5.1).
fn check_accept(request: &ServiceRequest, operation: &Operation) -> Result<()> {
    if accepts(request.headers(), |range| operation.answers(range)) {
        Ok(())
    } else {
        Err(Problem::new(Code::NotAcceptable))
    }
}

/// Whether the header `Accept` takes an answer that is in these media ranges; all of them without it.
pub(crate) fn accepts(headers: &HeaderMap, is_in: impl Fn(&str) -> bool) -> bool {
    let mut ranges = headers
        .get_all(header::ACCEPT)
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .peekable();
    let is_taken = |range: &str| {
        let mut parts = range.split(';').map(str::trim);
        let is_known = parts.next().is_some_and(&is_in);
        is_known && !parts.any(|part| matches!(part, "q=0" | "q=0.0" | "q=0.00" | "q=0.000"))
    };
    ranges.peek().is_none() || ranges.any(is_taken)
}

/// Headers that hold versions and preferences have the length that the API document says.
fn check_headers(headers: &HeaderMap) -> Result<()> {
    let bounded = [
        header::IF_MATCH,
        header::IF_NONE_MATCH,
        header::HeaderName::from_static("last-event-id"),
        header::HeaderName::from_static("prefer"),
    ];
    let mut values = bounded.iter().flat_map(|name| headers.get_all(name));
    if values.any(|value| value.len() > LONGEST_HEADER) {
        Err(Problem::new(Code::BadRequest))
    } else {
        Ok(())
    }
}

fn check_query(request: &ServiceRequest, operation: &Operation) -> Result<()> {
    let malformed = || Problem::new(Code::MalformedQuery);
    let pairs = web::Query::<Vec<(String, String)>>::from_query(request.query_string());
    let pairs = pairs.or(Err(malformed()))?;
    let mut seen = HashSet::new();
    let mut faults = Vec::new();
    for (name, value) in pairs.iter() {
        if faults.len() >= FAULT_LIMIT {
            break;
        }
        if !seen.insert(name) {
            faults.push(Fault::new(name, FaultCode::RepeatedParameter));
        }
        match operation.parameter(name) {
            Some(parameter) => parameter.check(name, value, &mut faults),
            None => faults.push(Fault::new(name, FaultCode::UnknownParameter)),
        }
    }
    if faults.is_empty() {
        Ok(())
    } else {
        Err(malformed().because(faults))
    }
}
