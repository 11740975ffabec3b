//! From an answered request to its line in the access log: which ones deserve one, and what it tells.

use actix_web::http::StatusCode;
use entity::access_entry::ActiveModel;
use entity::values::{AccessKind, AccessOutcome};
use sea_orm::ActiveValue::NotSet;
use sea_orm::Set;

use crate::foundation::access_log::Seen;
use crate::foundation::operations::Operation;
use crate::foundation::policy::{Action, Resource};
use crate::kit::Call;
use crate::kit::request::traces::Trace;

/// The line of an answered request, unless nobody needs to know of it, or the event trail
/// tells already.
pub(in crate::kit) fn seen(trace: &Trace, call: &Call, status: StatusCode) -> Option<Seen> {
    let operation = trace.operation.as_deref()?;
    let outcome = match status.as_u16() {
        500.. => AccessOutcome::Failed,
        400.. => AccessOutcome::Refused,
        _ => AccessOutcome::Ok,
    };
    let kind = kind(operation, outcome, trace.is_kept)?;
    let own = trace.who.and_then(|who| who.organization_id);
    let code = trace.reason.map(ToOwned::to_owned);
    // Refused, tried out or repeated, nobody knows whether it was to be a private one.
    let own_note = trace
        .who
        .filter(|_| operation.policy == Some((Resource::Notes, Action::Create)))
        .map(|who| who.id);
    let named = operation.policy.map(|(resource, _)| resource.to_string());
    let resource = trace.dataset.map(ToOwned::to_owned).or(named);
    let line = ActiveModel {
        sequence: NotSet,
        organization_id: Set(own.or(trace.organization_id)),
        at: Set(call.now),
        actor_id: Set(trace.who.map(|who| who.id)),
        actor_role: Set(trace.who.map(|who| who.role.to_string())),
        session_id: Set(trace.who.and_then(|who| who.session_id)),
        kind: Set(kind.to_string()),
        operation: Set(operation.id.clone()),
        outcome: Set(outcome.to_string()),
        status: Set(i16::try_from(status.as_u16()).unwrap_or_default()),
        code: Set(code.or(trace.code.map(|code| code.to_string()))),
        resource: Set(resource),
        resource_id: Set(trace.id),
        booklet_id: Set(trace.booklet_id),
        address: Set(call.address.map(|address| address.to_string())),
        request_id: Set(Some(call.request_id.clone())),
        times: Set(1),
        private_to: Set(trace.private_to.or(own_note)),
        link: NotSet,
    };
    Some(Seen {
        line,
        is_cheap: !trace.is_proven || status == StatusCode::TOO_MANY_REQUESTS,
    })
}

/// What it tells of. A write that was answered and left no event, because it was a trial, a
/// repetition or changed nothing, showed what it would have changed.
fn kind(operation: &Operation, outcome: AccessOutcome, is_kept: bool) -> Option<AccessKind> {
    let Some((resource, action)) = operation.policy else {
        return operation.is_sign_in().then_some(AccessKind::SignIn);
    };
    let is_read = action.is_read();
    match outcome {
        AccessOutcome::Ok if is_kept || !resource.is_personal() => None,
        AccessOutcome::Ok => Some(AccessKind::Read),
        _ if is_read => Some(AccessKind::Read),
        _ => Some(AccessKind::Write),
    }
}
