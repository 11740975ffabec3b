//! How a booklet is opened and changed, whatever it is named by. With a new one come its tutor's
//! membership, an empty plan, the stages of the VAE.

use chrono::{DateTime, NaiveDate};
use entity::values::{BookletState, MemberKind, PlanState, Role};
use entity::{booklet, booklet_member, candidate, plan};
use sea_orm::sea_query::{ExprTrait, LockType};
use sea_orm::{ColumnTrait, QueryFilter, Set};
use uuid::Uuid;

use super::dto::{BookletEdit, BookletInput, searched};
use super::rules;
use crate::kit::external_references;
use crate::kit::{Edited, Event, Result, Tx};
use crate::people::users::named_user;
use crate::reference::vae_stages;

/// Opens a booklet under this id, and all that comes with it.
pub(super) async fn open(tx: &mut Tx, id: Uuid, new: BookletInput) -> Result<booklet::Model> {
    let organization_id = tx.organization_id()?;
    let opened_on = new.opened_on.unwrap_or(tx.today);
    rules::closes_after_opening(opened_on, new.target_closing_on)?;
    tx.named::<candidate::Entity>(new.candidate_id, "/candidate_id")
        .await?;
    named_user(tx, new.tutor_id, Role::Tutor, "/tutor_id").await?;
    check_watchers(tx, new.prescriber_id, new.validator_id).await?;
    let tutor_id = new.tutor_id;
    let references = new.external_references.clone();
    let row = opened(new, tx.today);
    let booklet = tx.insert_as(id, Some(organization_id), row).await?;
    external_references::replace(tx, &booklet, &references).await?;
    begin_tutoring(tx, &booklet, tutor_id).await?;
    let plan = tx.insert(&booklet, empty_plan()).await?;
    tx.record(Event::created(&plan));
    for stage in vae_stages::store::held(tx, LockType::Share).await? {
        tx.insert(&booklet, vae_stages::store::not_started(stage.code))
            .await?;
    }
    Ok(booklet)
}

/// A new booklet, open.
pub(crate) fn opened(new: BookletInput, today: NaiveDate) -> booklet::ActiveModel {
    let purpose = new.purpose;
    let opened_on = new.opened_on.unwrap_or(today);
    booklet::ActiveModel {
        candidate_id: Set(new.candidate_id),
        tutor_id: Set(new.tutor_id),
        prescriber_id: Set(new.prescriber_id),
        validator_id: Set(new.validator_id),
        purpose: Set(purpose.unwrap_or_else(|| migration::content::PURPOSE.to_owned())),
        certification: Set(new.certification.clone()),
        state: Set(BookletState::Open),
        in_force_until: Set(None),
        suspension_reason: Set(None),
        reopening_reason: Set(None),
        opened_on: Set(opened_on),
        target_closing_on: Set(new.target_closing_on),
        closed_on: Set(None),
        closed_at: Set(None),
        closure_reason: Set(None),
        outcome: Set(None),
        quiet_since: Set(opened_on),
        candidate_key: Set(Vec::new()),
        next_due_on: Set(None),
        next_appointment_at: Set(None),
        stage: Set(None),
        // Raised by the event that tells of it.
        last_activity_at: Set(DateTime::UNIX_EPOCH),
        search: Set(searched(new.certification.as_ref())),
        archived_at: Set(None),
        ..Default::default()
    }
}

/// The membership of a main tutor, from today.
pub(crate) fn tutoring(user_id: Uuid, today: NaiveDate) -> booklet_member::ActiveModel {
    booklet_member::ActiveModel {
        user_id: Set(user_id),
        kind: Set(MemberKind::Tutor),
        starts_on: Set(today),
        ends_on: Set(None),
        ..Default::default()
    }
}

/// The plan that comes with a booklet.
pub(crate) fn empty_plan() -> plan::ActiveModel {
    plan::ActiveModel {
        state: Set(PlanState::Draft),
        proposed_by: Set(None),
        agreed_by_candidate_at: Set(None),
        agreed_by_tutor_at: Set(None),
        on_behalf: Set(false),
        source_template_id: Set(None),
        ..Default::default()
    }
}

/// Changes a booklet; who is named on it must be one who can be.
pub(super) async fn edit(
    tx: &mut Tx,
    row: &booklet::Model,
    edit: Edited<BookletEdit>,
) -> Result<booklet::Model> {
    let new = edit.value;
    rules::closes_after_opening(row.opened_on, new.target_closing_on)?;
    if new.tutor_id != row.tutor_id {
        change_tutor(tx, row, new.tutor_id).await?;
    }
    let prescriber = newly(new.prescriber_id, row.prescriber_id);
    let validator = newly(new.validator_id, row.validator_id);
    check_watchers(tx, prescriber, validator).await?;
    external_references::replace(tx, row, &new.external_references).await?;
    tx.edit(row, booklet::ActiveModel::from(new), &edit.changed)
        .await
}

/// Who is named now and was not before: somebody disabled since stays named.
fn newly(named: Option<Uuid>, before: Option<Uuid>) -> Option<Uuid> {
    named.filter(|_| named != before)
}

/// The people who watch from outside have the roles for it.
async fn check_watchers(tx: &Tx, prescriber: Option<Uuid>, validator: Option<Uuid>) -> Result<()> {
    if let Some(id) = prescriber {
        named_user(tx, id, Role::Prescriber, "/prescriber_id").await?;
    }
    if let Some(id) = validator {
        named_user(tx, id, Role::Validator, "/validator_id").await?;
    }
    Ok(())
}

/// Hands a booklet from one main tutor to another, today.
pub(crate) async fn change_tutor(tx: &mut Tx, booklet: &booklet::Model, to: Uuid) -> Result<()> {
    named_user(tx, to, Role::Tutor, "/tutor_id").await?;
    for user_id in [booklet.tutor_id, to] {
        end_memberships(tx, booklet, user_id).await?;
    }
    begin_tutoring(tx, booklet, to).await
}

async fn begin_tutoring(tx: &mut Tx, booklet: &booklet::Model, user_id: Uuid) -> Result<()> {
    let row = tx.insert(booklet, tutoring(user_id, tx.today)).await?;
    tx.record(Event::created(&row));
    Ok(())
}

async fn end_memberships(tx: &mut Tx, booklet: &booklet::Model, user_id: Uuid) -> Result<()> {
    use booklet_member::Column;
    let today: NaiveDate = tx.today;
    let rows = tx
        .all_of::<booklet_member::Entity>()
        .filter(Column::BookletId.eq(booklet.id))
        .filter(Column::UserId.eq(user_id))
        .filter(Column::EndsOn.is_null().or(Column::EndsOn.gt(today)))
        .all(tx.db())
        .await?;
    for row in rows {
        let end = booklet_member::ActiveModel {
            ends_on: Set(Some(today)),
            ..Default::default()
        };
        let row = tx.update(&row, end).await?;
        tx.record(Event::updated(&row, vec!["ends_on".to_owned()]));
    }
    Ok(())
}
