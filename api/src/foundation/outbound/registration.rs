//! An address that somebody registers, as a field of a body.

use super::targets::{Refused, Targets};
use crate::foundation::limiter::Slot;
use crate::foundation::problem::{Fault, FaultCode, Problem, Result};

/// Refuses an address that the service will not call. The slot among those whose names are looked
/// up is the organization's.
///
/// # Errors
/// 422 at this pointer.
pub(crate) async fn check_field(
    targets: Targets,
    pointer: &str,
    address: &str,
    slot: Option<Slot>,
) -> Result<()> {
    match targets.check_name(address, slot).await {
        Ok(()) => Ok(()),
        Err(Refused::Private) => Err(Problem::fault(pointer, FaultCode::PrivateAddress)),
        Err(Refused::Malformed) => Err(malformed(pointer)),
    }
}

/// What is said of an address that is not as it should be.
pub(crate) fn malformed(pointer: &str) -> Problem {
    let fault = Fault::new(pointer, FaultCode::Format)
        .with("expected", "https://…")
        .with("example", "https://crm.example/livret");
    Problem::invalid(vec![fault])
}
