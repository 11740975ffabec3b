//! From a provider's token to somebody: each request asks anew whether the provider is trusted and
//! the person active.

use uuid::Uuid;

use super::token::{self, Presented};
use super::{keys, store};
use crate::kit::ctx::Actor;
use crate::kit::{Call, Code, Problem, Result, Who};

/// Who sends this token of another issuer, as the database knows them now.
///
/// # Errors
/// 401 when nobody trusts it, it is not as it should be, or names nobody.
pub(crate) async fn authenticate(call: &Call, token: &str) -> Result<Actor> {
    let refused = || Problem::new(Code::Unauthenticated);
    let presented = Presented::read(token).ok_or_else(refused)?;
    let issuer = presented.issuer();
    let providers = store::trusting(call, issuer, presented.audiences()).await?;
    // Nobody is called for a token that nobody trusts.
    if providers.is_empty() {
        return Err(refused());
    }
    let key = keys::find(call, issuer, presented.key_id()).await;
    let key = key.ok_or_else(refused)?;
    let claims = token::verify(&presented, &key, call.now).ok_or_else(refused)?;
    let emails: Vec<(Uuid, String)> = providers
        .iter()
        .filter_map(|provider| Some((provider.organization_id, claims.email(provider)?)))
        .collect();
    if emails.is_empty() {
        return Err(refused());
    }
    let mut people = store::named(call, &emails).await?;
    let person = people.pop().filter(|_| people.is_empty());
    let person = person
        .filter(|person| person.signed_out_at.is_none_or(|at| claims.is_newer(at)))
        .ok_or_else(refused)?;
    call.traces.proven(Who {
        id: person.id,
        role: person.role,
        organization_id: Some(person.organization_id),
        session_id: None,
    });
    Ok(Actor {
        id: person.id,
        session_id: None,
        role: person.role,
        organization_id: Some(person.organization_id),
        timezone: person.timezone(),
        scopes: Vec::new(),
    })
}
