//! Commits a write together with its answer, not before: so a dry run answers what the write would, and a
//! repeated request is answered as it was the first time. Elsewhere called a unit of work per request.

use std::sync::{Arc, Mutex, PoisonError};

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue};
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage, HttpResponse};
use uuid::Uuid;

use crate::foundation::database::Transaction;

use crate::kit::request::idempotency::Attempt;
use crate::kit::request::proof::Ask;
use crate::kit::{Code, Ctx, Problem, Result};

const PREFER: HeaderName = HeaderName::from_static("prefer");
const PREFERENCE_APPLIED: HeaderName = HeaderName::from_static("preference-applied");
/// The preference (RFC 7240) for an answer without effect.
const DRY_RUN: &str = "dry-run";

/// A transaction that a handler finished, waiting for its answer.
#[derive(Debug)]
pub(in crate::kit) struct Finished {
    pub(in crate::kit) txn: Transaction,
    /// The booklet that was written in.
    pub(in crate::kit) booklet_id: Option<Uuid>,
    /// The organization whose feed tells of it.
    pub(in crate::kit) organization_id: Option<Uuid>,
}

/// Where a call leaves the transaction that it finished. Dropped there, it changed nothing.
#[derive(Clone, Debug, Default)]
pub(in crate::kit) struct Pending(Arc<Mutex<Option<Finished>>>);

impl Pending {
    pub(in crate::kit) fn put(&self, finished: Finished) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(finished);
    }

    fn take(&self) -> Option<Finished> {
        let mut slot = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        slot.take()
    }
}

/// The innermost middleware, around the handlers of those whom we know.
///
/// # Errors
/// None of its own: refusals are answers.
pub async fn settle(
    mut request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let ctx = request.extensions().get::<Ctx>().cloned();
    let Some(ctx) = ctx.filter(|ctx| !ctx.permit.action.is_read()) else {
        let answered = next.call(request).await?;
        return Ok(answered.map_into_boxed_body());
    };
    let is_dry_run = prefers_dry_run(request.headers());
    let attempt = match begin(&mut request, &ctx, is_dry_run).await {
        Ok(Begun::Before(answer)) => return Ok(request.into_response(answer)),
        Ok(Begun::Now(attempt)) => attempt,
        Err(problem) => return Ok(request.error_response(problem)),
    };
    let answered = next.call(request).await?.map_into_boxed_body();
    let (request, response) = answered.into_parts();
    let finished = ctx.pending.take();
    let settled = match (finished, attempt) {
        _ if is_dry_run => Ok(applied(response)),
        (Some(finished), attempt) if response.status().is_success() => {
            keep(&ctx, finished, attempt, response).await
        }
        // Who comes after the same request is answered as that was: it may have been refused for what that
        // one did, or have found nothing left to do.
        (_, Some(attempt)) => {
            let before = attempt.replay(&ctx).await;
            before.map(|before| before.unwrap_or(response))
        }
        _ => Ok(response),
    };
    let response = settled.unwrap_or_else(HttpResponse::from_error);
    Ok(ServiceResponse::new(request, response))
}

/// What is known before the handler runs.
enum Begun {
    /// The same request was answered so.
    Before(HttpResponse),
    /// It is to be executed, and its answer kept where it has a key.
    Now(Option<Attempt>),
}

async fn begin(request: &mut ServiceRequest, ctx: &Ctx, is_dry_run: bool) -> Result<Begun> {
    if is_dry_run {
        return Ok(Begun::Now(None));
    }
    let Some(attempt) = Attempt::read(request, ctx).await? else {
        return Ok(Begun::Now(None));
    };
    // What does nothing outside its transaction is simply tried: when its answer cannot be kept, or it is
    // refused, it is answered as it was before, if it was.
    if Ask::of(ctx.permit.resource, ctx.permit.action) == Ask::WithARow {
        return Ok(Begun::Now(Some(attempt)));
    }
    Ok(match attempt.answered_before(request, ctx).await? {
        Some(answer) => Begun::Before(answer),
        None => Begun::Now(Some(attempt)),
    })
}

/// Commits what nobody waits for an answer to: the service's own work.
///
/// # Errors
/// 503 when the database does not answer.
pub(crate) async fn keep_alone(ctx: &Ctx) -> Result<()> {
    match ctx.pending.take() {
        Some(finished) => commit(ctx, finished).await,
        None => Ok(()),
    }
}

/// Commits, together with the answer where it may be asked for again.
async fn keep(
    ctx: &Ctx,
    finished: Finished,
    attempt: Option<Attempt>,
    response: HttpResponse,
) -> Result<HttpResponse> {
    let Some(attempt) = attempt else {
        commit(ctx, finished).await?;
        return Ok(response);
    };
    let (head, body) = response.into_parts();
    let body = body
        .try_into_bytes()
        .or(Err(Problem::new(Code::InternalError)))?;
    let kept = attempt.keep_answer(ctx, &finished, &head, &body).await;
    match kept {
        Ok(()) => {
            commit(ctx, finished).await?;
            Ok(head.set_body(BoxBody::new(body)))
        }
        Err(refusal) => {
            finished.txn.rollback().await?;
            attempt.replay(ctx).await?.ok_or(refusal)
        }
    }
}

async fn commit(ctx: &Ctx, finished: Finished) -> Result<()> {
    finished.txn.commit().await?;
    ctx.traces.kept();
    ctx.state.bell.ring(finished.organization_id);
    Ok(())
}

fn applied(mut response: HttpResponse) -> HttpResponse {
    let applied = HeaderValue::from_static(DRY_RUN);
    response.headers_mut().insert(PREFERENCE_APPLIED, applied);
    response
}

/// Among other preferences perhaps; those that we do not know count for nothing.
pub(crate) fn prefers_dry_run(headers: &HeaderMap) -> bool {
    headers
        .get_all(PREFER)
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split([',', ';']))
        .any(|preference| preference.trim().eq_ignore_ascii_case(DRY_RUN))
}
