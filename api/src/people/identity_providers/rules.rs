//! What a provider may be trusted for.

use super::dto::IdentityProviderInput;
use crate::kit::{FaultCode, Problem, Result};

/// The claim that `email_verified` speaks of (OpenID Connect Core, section 5.1).
pub(super) const VERIFIABLE: &str = "email";

/// No provider says of another claim that it verified it: whoever trusts one says so.
///
/// # Errors
/// 422 at `/require_verified_email`.
pub(super) fn may_trust(input: &IdentityProviderInput) -> Result<()> {
    if input.require_verified_email && input.email_claim != VERIFIABLE {
        return Err(Problem::fault(
            "/require_verified_email",
            FaultCode::NotAllowed,
        ));
    }
    Ok(())
}
