//! What somebody may do now with an object, and why not: the answer of `GET …/actions`.
//!
//! A resource lists its operations, each with what the rule says that its handler asks too. What
//! the operation is comes from the API document, whether the role may at all from the policy.

use actix_web::http::header;
use actix_web::{CustomizeResponder, Responder};
use entity::values::Locale;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::request::identify::permit;
use super::{Code, Ctx, Page, Problem, Result, Standing};
use crate::foundation::operations::Operation;

/// Something that may be done with an object, now or not.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PossibleAction {
    /// Its operationId in the API document.
    #[schema(example = "propose_plan", max_length = 100)]
    name: String,
    /// The HTTP method.
    #[schema(example = "POST", max_length = 10)]
    method: String,
    /// Where to send it.
    #[schema(
        example = "/v1/booklets/0199f0a0-0000-7000-8000-000000000003/plan/propose",
        max_length = 200
    )]
    href: String,
    /// Whether the call is accepted now, given a valid body and, where it is needed, the present
    /// version in `If-Match`.
    #[schema(example = false)]
    allowed: bool,
    /// The `code` of the problem that it would meet; null when allowed.
    #[schema(example = "plan_empty", max_length = 64)]
    code: Option<String>,
    /// The `detail` of that problem, in the reader's language; null when allowed.
    #[schema(
        example = "Un plan sans étape ne peut pas être proposé. Ajoutez au moins une étape.",
        max_length = 2000
    )]
    reason: Option<&'static str>,
}

/// The list of them, never stored: it depends on person and time.
pub(crate) type PossibleActions = CustomizeResponder<Page<PossibleAction>>;

impl PossibleAction {
    fn of(operation: &Operation, id: Uuid, refusal: Option<&Problem>, locale: Locale) -> Self {
        let code = refusal.map(Problem::code);
        Self {
            name: operation.id.clone(),
            method: operation.method.clone(),
            href: operation.path.replace("{id}", &id.to_string()),
            allowed: refusal.is_none(),
            code: code.map(|code| code.to_string()),
            reason: code.map(|code| code.entry().remedy(locale)),
        }
    }
}

/// The operations on the object of this id, each with what its rule says. Those that the caller's
/// role or scopes never permit are left out.
///
/// # Errors
/// 500 when the API document has no such operation: a programming error.
pub(crate) fn possible(
    ctx: &Ctx,
    standing: &Standing,
    id: Uuid,
    ruled: impl IntoIterator<Item = (&'static str, Result<()>)>,
) -> Result<PossibleActions> {
    let mut items = Vec::new();
    for (name, rule) in ruled {
        let operation = ctx.state.operations.named(name);
        let operation = operation.ok_or(Problem::new(Code::InternalError))?;
        let permit = operation
            .policy
            .and_then(|(resource, action)| permit(resource, action, &ctx.actor).ok());
        if let Some(permit) = permit {
            let refusal = standing.reaches(permit, ctx.actor.role).and(rule).err();
            let action = PossibleAction::of(operation, id, refusal.as_ref(), ctx.locale);
            items.push(action);
        }
    }
    Ok(Page::whole(items)
        .customize()
        .insert_header((header::CACHE_CONTROL, "no-store")))
}
