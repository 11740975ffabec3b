//! What may be done with a contract, by whom, in which state.

use chrono::NaiveDate;
use chrono_tz::Tz;
use entity::values::{BookletState, ContractState, Party, Role, SignatureMethod};
use entity::{booklet, contract, signature};
use sea_orm::Set;
use uuid::Uuid;

use crate::kit::write::acts::day_of_act;
use crate::kit::write::tx::{transition, writable};
use crate::kit::{Code, Event, FaultCode, Problem, Result};

/// The state that counts and is shown: a contract whose date has passed is over.
pub(crate) fn effective_state(contract: &contract::Model, today: NaiveDate) -> ContractState {
    if contract.state == ContractState::InForce && contract.ends_on < today {
        ContractState::Ended
    } else {
        contract.state
    }
}

/// An action is possible in one state alone.
pub(super) fn must_be(
    state: ContractState,
    contract: &contract::Model,
    today: NaiveDate,
) -> Result<()> {
    transition(effective_state(contract, today) == state)
}

/// From `proposed` on content never changes.
pub(super) fn may_change(contract: &contract::Model) -> Result<()> {
    if contract.state == ContractState::Draft {
        Ok(())
    } else {
        Err(Problem::new(Code::ContractFrozen))
    }
}

/// Only a frozen contract has something to prove.
pub(super) fn may_prove(contract: &contract::Model) -> Result<()> {
    transition(contract.state != ContractState::Draft)
}

/// « Jusqu'au … »: a contract does not end before it starts.
pub(super) fn in_order(starts_on: NaiveDate, ends_on: NaiveDate) -> Result<()> {
    if starts_on <= ends_on {
        Ok(())
    } else {
        Err(Problem::fault("/ends_on", FaultCode::DatesOrder))
    }
}

/// A contract is drawn up in a booklet that is not closed, as its next one.
pub(crate) fn draw_up(booklet: &booklet::Model, present: &[(i32, ContractState)]) -> Result<i32> {
    writable(booklet)?;
    next_number(present)
}

/// The contract in force is amended by the booklet's next one.
pub(super) fn amend(
    contract: &contract::Model,
    present: &[(i32, ContractState)],
    today: NaiveDate,
) -> Result<i32> {
    must_be(ContractState::InForce, contract, today)?;
    next_number(present)
}

/// The number of a booklet's next contract; none while another one is being prepared.
fn next_number(present: &[(i32, ContractState)]) -> Result<i32> {
    let is_pending = |state| matches!(state, ContractState::Draft | ContractState::Proposed);
    if present.iter().any(|(_, state)| is_pending(*state)) {
        return Err(Problem::new(Code::ContractPending));
    }
    let last = present.iter().map(|(number, _)| *number).max();
    Ok(last.unwrap_or_default() + 1)
}

/// Whose signature this is: one's own, or the one named of those on paper.
pub(super) fn party(role: Role, method: SignatureMethod, named: Option<Party>) -> Result<Party> {
    use SignatureMethod::{Click, Paper};
    match (method, role, named) {
        (Paper, Role::Candidate, _) => Err(Problem::new(Code::NotAParty)),
        (Click, _, Some(_)) => Err(Problem::fault("/party", FaultCode::NotAllowed)),
        (Paper, _, None) => Err(Problem::fault("/party", FaultCode::Required)),
        (Click, Role::Candidate, None) => Ok(Party::Candidate),
        (Click, _, None) => Ok(Party::Tutor),
        (Paper, _, Some(party)) => Ok(party),
    }
}

/// The day on the paper: the paper came first. A click has no day but its instant.
pub(super) fn signed_on(
    method: SignatureMethod,
    given: Option<NaiveDate>,
    today: NaiveDate,
) -> Result<Option<NaiveDate>> {
    match (method, given) {
        (SignatureMethod::Paper, given) => day_of_act("signed_on", given, None, today).map(Some),
        (SignatureMethod::Click, None) => Ok(None),
        (SignatureMethod::Click, Some(_)) => {
            Err(Problem::fault("/signed_on", FaultCode::NotAllowed))
        }
    }
}

/// What is not yet signed by both is not terminated.
pub(super) fn terminated_on(
    given: Option<NaiveDate>,
    signatures: &[signature::Model],
    zone: Tz,
    today: NaiveDate,
) -> Result<NaiveDate> {
    let day = |signature: &signature::Model| {
        let written = signature.signed_at.with_timezone(&zone).date_naive();
        signature.signed_on.unwrap_or(written)
    };
    let complete = signatures.iter().map(day).max();
    day_of_act("terminated_on", given, complete, today)
}

/// A proposed contract is signed once by each party. Says who this one is, and whether it is the
/// last to sign.
pub(super) fn sign(
    contract: &contract::Model,
    signed: &[Party],
    party: Party,
    method: SignatureMethod,
    account: Option<Uuid>,
    actor: Uuid,
    today: NaiveDate,
) -> Result<(Option<Uuid>, bool)> {
    must_be(ContractState::Proposed, contract, today)?;
    let signer = signer(contract, account, party, method, actor)?;
    Ok((signer, completes(party, signed)?))
}

/// Whether there is a signature that somebody of this role may give or record now.
pub(super) fn may_sign(
    contract: &contract::Model,
    signed: &[Party],
    role: Role,
    account: Option<Uuid>,
    actor: Uuid,
    today: NaiveDate,
) -> Result<()> {
    use SignatureMethod::{Click, Paper};
    let ways = [
        (Click, None),
        (Paper, Some(Party::Candidate)),
        (Paper, Some(Party::Tutor)),
    ];
    let mut refusal = Problem::new(Code::NotAParty);
    for (method, named) in ways {
        let Ok(party) = party(role, method, named) else {
            continue;
        };
        match sign(contract, signed, party, method, account, actor, today) {
            Ok(_) => return Ok(()),
            Err(problem) => refusal = problem,
        }
    }
    Err(refusal)
}

/// Who this party is; nobody signs for someone else.
fn signer(
    contract: &contract::Model,
    candidate: Option<Uuid>,
    party: Party,
    method: SignatureMethod,
    actor: Uuid,
) -> Result<Option<Uuid>> {
    let signer = match party {
        Party::Candidate => candidate,
        Party::Tutor => contract.tutor_id,
    };
    let is_the_tutor = contract.tutor_id == Some(actor);
    let is_for_another = match method {
        SignatureMethod::Click => signer != Some(actor),
        // Who has an account could sign themselves: nobody writes down both signatures of a contract
        // to which they are party.
        SignatureMethod::Paper => party == Party::Candidate && signer.is_some() && is_the_tutor,
    };
    if is_for_another {
        return Err(Problem::new(Code::NotAParty));
    }
    Ok(signer)
}

/// Whoever names the content they sign names that of this contract.
pub(super) fn names_content(contract: &contract::Model, sha256: Option<&str>) -> Result<()> {
    if sha256.is_none_or(|named| contract.content_sha256.as_deref() == Some(named)) {
        Ok(())
    } else {
        Err(Problem::fault("/content_sha256", FaultCode::OtherContent))
    }
}

/// A party signs once. Says whether this signature is the second and last.
fn completes(party: Party, signed: &[Party]) -> Result<bool> {
    if signed.contains(&party) {
        Err(Problem::new(Code::AlreadySigned))
    } else {
        Ok(!signed.is_empty())
    }
}

/// What a contract in force makes of its booklet: active, unless suspended.
pub(super) fn with_contract(booklet: &booklet::Model, until: NaiveDate) -> booklet::ActiveModel {
    booklet::ActiveModel {
        state: Set(match booklet.state {
            BookletState::Open => BookletState::Active,
            other => other,
        }),
        in_force_until: Set(Some(until)),
        ..Default::default()
    }
}

/// What is left of a booklet when no contract is in force any more: open, unless suspended.
pub(super) fn without_contract(booklet: &booklet::Model) -> booklet::ActiveModel {
    booklet::ActiveModel {
        state: Set(match booklet.state {
            BookletState::Active => BookletState::Open,
            other => other,
        }),
        in_force_until: Set(None),
        ..Default::default()
    }
}

/// What the contracts of a booklet changed about it.
pub(super) fn booklet_event(before: &booklet::Model, after: &booklet::Model) -> Event {
    let mut changed = vec!["in_force_until".to_owned()];
    if before.state != after.state {
        changed.push("state".to_owned());
    }
    Event::updated(after, changed)
}

#[cfg(test)]
mod tests;
