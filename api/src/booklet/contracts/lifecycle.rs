//! What happens to a contract within a transaction: proposed, withdrawn, signed, in force, ended.

use entity::values::{ContractState, MailKind, Party, SignatureMethod, UserState};
use entity::{booklet, candidate, contract, organization, signature, user};
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, QueryFilter, Set};
use uuid::Uuid;

use super::dto::{SignatureInput, Termination};
use super::store::signatures;
use super::{content, rules};
use crate::foundation::event_types::{Told, Verb};
use crate::kit::{ById, Code, Event, Problem, Result, Tx, new_id, verb};
use crate::people::mail::outbox::{Letter, post};

/// Freezes the content: names of the parties, and the hash of it all.
pub(super) async fn propose(
    tx: &Tx,
    booklet: &booklet::Model,
    draft: contract::Model,
) -> Result<contract::Model> {
    let candidate = needed::<candidate::Entity>(tx, booklet.candidate_id).await?;
    let tutor = needed::<user::Entity>(tx, booklet.tutor_id).await?;
    let organization = needed::<organization::Entity>(tx, booklet.organization_id).await?;
    let frozen = contract::Model {
        candidate_name: Some(full_name(&candidate.given_name, &candidate.family_name)),
        tutor_name: Some(full_name(&tutor.given_name, &tutor.family_name)),
        organization_name: Some(organization.name),
        ..draft.clone()
    };
    let content_sha256 = content::sha256(&content::canonical(&frozen)?);
    let change = contract::ActiveModel {
        state: Set(ContractState::Proposed),
        content_sha256: Set(Some(content_sha256)),
        candidate_name: Set(frozen.candidate_name),
        tutor_name: Set(frozen.tutor_name),
        organization_name: Set(frozen.organization_name),
        tutor_id: Set(Some(tutor.id)),
        proposed_at: Set(Some(tx.now)),
        ..Default::default()
    };
    tx.update(&draft, change).await
}

fn full_name(given_name: &str, family_name: &str) -> String {
    format!("{given_name} {family_name}")
}

/// A row that a foreign key points at.
async fn needed<E: ById>(tx: &Tx, id: Uuid) -> Result<E::Model> {
    let row = tx.reference::<E>(id).await?;
    row.ok_or(Problem::new(Code::InternalError))
}

/// Makes a proposed contract a draft again; whoever has signed signs anew.
pub(super) async fn withdraw(tx: &Tx, proposed: contract::Model) -> Result<contract::Model> {
    signature::Entity::delete_many()
        .filter(signature::Column::ContractId.eq(proposed.id))
        .exec(tx.db())
        .await?;
    let change = contract::ActiveModel {
        state: Set(ContractState::Draft),
        content_sha256: Set(None),
        candidate_name: Set(None),
        tutor_name: Set(None),
        organization_name: Set(None),
        tutor_id: Set(None),
        proposed_at: Set(None),
        ..Default::default()
    };
    tx.update(&proposed, change).await
}

/// Writes a party's signature; the second one brings the contract into force. Gives the last
/// event too, like `terminate`.
pub(super) async fn sign(
    tx: &mut Tx,
    booklet: &booklet::Model,
    proposed: contract::Model,
    party: Party,
    new: SignatureInput,
) -> Result<(contract::Model, Event)> {
    let candidate = needed::<candidate::Entity>(tx, booklet.candidate_id).await?;
    let given = signatures(tx, tx.db(), [proposed.id]).await?;
    let signed: Vec<Party> = given.iter().map(|signature| signature.party).collect();
    let (signer_id, is_complete) = rules::sign(
        &proposed,
        &signed,
        party,
        new.method,
        candidate.user_id,
        tx.actor.id,
        tx.today,
    )?;
    rules::names_content(&proposed, new.content_sha256.as_deref())?;
    let signed_on = rules::signed_on(new.method, new.signed_on, tx.today)?;
    let signer_name = match party {
        Party::Candidate => &proposed.candidate_name,
        Party::Tutor => &proposed.tutor_name,
    };
    let row = signature::ActiveModel {
        id: Set(new_id()),
        organization_id: Set(proposed.organization_id),
        booklet_id: Set(proposed.booklet_id),
        contract_id: Set(proposed.id),
        party: Set(party),
        signer_id: Set(signer_id),
        recorded_by: Set(tx.actor.id),
        signer_name: Set(signer_name.clone().unwrap_or_default()),
        place: Set(new.place),
        signed_on: Set(signed_on),
        signed_at: Set(tx.now),
        method: Set(new.method),
        content_sha256: Set(proposed.content_sha256.clone().unwrap_or_default()),
    };
    row.insert(tx.db()).await?;
    if let (Party::Candidate, SignatureMethod::Paper, Some(id)) = (party, new.method, signer_id) {
        tell_of_paper(tx, id, booklet).await?;
    }
    if is_complete {
        come_into_force(tx, booklet, &proposed).await
    } else {
        let contract = tx.touch(&proposed).await?;
        let event = signed_event(&contract);
        Ok((contract, event))
    }
}

fn signed_event(contract: &contract::Model) -> Event {
    Event::new(contract, verb::Signed).of_content(contract.content_sha256.clone())
}

/// Tells a candidate with an account that somebody recorded their signature.
async fn tell_of_paper(tx: &Tx, candidate: Uuid, booklet: &booklet::Model) -> Result<()> {
    let candidate = needed::<user::Entity>(tx, candidate).await?;
    if candidate.state != UserState::Active {
        return Ok(());
    }
    let letter = Letter {
        kind: MailKind::PaperSignatureNotice,
        about: &candidate,
        to: &candidate.email,
        link: &booklet.id.to_string(),
        until: None,
    };
    post(tx.db(), tx, letter).await?;
    Ok(())
}

/// The contract signed by both replaces the one in force, and makes the booklet active.
async fn come_into_force(
    tx: &mut Tx,
    booklet: &booklet::Model,
    signed: &contract::Model,
) -> Result<(contract::Model, Event)> {
    let former = in_force(tx, booklet).await?;
    let replaced = former
        .iter()
        .find(|former| rules::effective_state(former, tx.today) == ContractState::InForce);
    let change = contract::ActiveModel {
        state: Set(ContractState::InForce),
        supersedes_id: Set(replaced.map_or(signed.supersedes_id, |former| Some(former.id))),
        ..Default::default()
    };
    let contract = tx.update(signed, change).await?;
    tx.record(signed_event(&contract));
    tx.record(Event::new(&contract, verb::InForce));
    for former in former {
        match rules::effective_state(&former, tx.today) {
            ContractState::InForce => {
                finish(tx, &former, ContractState::Superseded, verb::Superseded).await?;
            }
            _ => finish(tx, &former, ContractState::Ended, verb::Ended).await?,
        }
    }
    let active = rules::with_contract(booklet, contract.ends_on);
    let event = update_booklet(tx, booklet, active).await?;
    Ok((contract, event))
}

/// The contracts stored as in force: one at most.
async fn in_force(tx: &Tx, booklet: &booklet::Model) -> Result<Vec<contract::Model>> {
    let query = tx
        .all_of::<contract::Entity>()
        .filter(contract::Column::BookletId.eq(booklet.id))
        .filter(contract::Column::State.eq(ContractState::InForce));
    Ok(query.all(tx.db()).await?)
}

async fn finish<V: Verb>(
    tx: &mut Tx,
    contract: &contract::Model,
    state: ContractState,
    verb: V,
) -> Result<()>
where
    contract::Model: Told<V>,
{
    let change = contract::ActiveModel {
        state: Set(state),
        ..Default::default()
    };
    let contract = tx.update(contract, change).await?;
    tx.record(Event::new(&contract, verb));
    Ok(())
}

/// Terminates the contract in force; the booklet goes on without.
pub(super) async fn terminate(
    tx: &mut Tx,
    booklet: &booklet::Model,
    contract: &contract::Model,
    signatures: &[signature::Model],
    given: Termination,
) -> Result<(contract::Model, Event)> {
    let zone = tx.actor.timezone;
    let day = rules::terminated_on(given.terminated_on, signatures, zone, tx.today)?;
    let change = contract::ActiveModel {
        state: Set(ContractState::Terminated),
        terminated_on: Set(Some(day)),
        terminated_at: Set(Some(tx.now)),
        termination_reason: Set(Some(given.reason)),
        ..Default::default()
    };
    let contract = tx.update(contract, change).await?;
    tx.record(Event::new(&contract, verb::Terminated));
    let event = update_booklet(tx, booklet, rules::without_contract(booklet)).await?;
    Ok((contract, event))
}

async fn update_booklet(
    tx: &Tx,
    booklet: &booklet::Model,
    change: booklet::ActiveModel,
) -> Result<Event> {
    let after = tx.update(booklet, change).await?;
    Ok(rules::booklet_event(booklet, &after))
}

/// Ends the contract in force of a booklet that is being closed or withdrawn. The booklet itself
/// is left to the caller.
pub(crate) async fn end_contracts(tx: &mut Tx, booklet: &booklet::Model) -> Result<()> {
    for contract in in_force(tx, booklet).await? {
        finish(tx, &contract, ContractState::Ended, verb::Ended).await?;
    }
    Ok(())
}
