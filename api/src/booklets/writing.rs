//! How a booklet is opened and changed, whatever it is named by. With a new one come its tutor's
//! membership, an empty plan, the stages of the VAE.

use chrono::NaiveDate;
use entity::values::{BookletState, MemberKind, PlanState, Role, StageState};
use entity::{booklet, booklet_member, candidate, plan, stage_progress};
use sea_orm::sea_query::{ExprTrait, LockType};
use sea_orm::{ColumnTrait, QueryFilter, Set};
use uuid::Uuid;

use super::dto::{BookletEdit, NewBooklet};
use super::rules;
use super::store::named_user;
use crate::external_references;
use crate::kit::{Edited, Event, Result, Tx};
use crate::vae_stages;

/// Opens a booklet under this id, and all that comes with it.
pub(super) async fn open(tx: &mut Tx, id: Uuid, new: NewBooklet) -> Result<booklet::Model> {
    let organization_id = tx.organization_id()?;
    let opened_on = new.opened_on.unwrap_or(tx.today);
    rules::closes_after_opening(opened_on, new.target_closing_on)?;
    let candidate = tx
        .named::<candidate::Entity>(new.candidate_id, "/candidate_id")
        .await?;
    named_user(tx, new.tutor_id, Role::Tutor, "/tutor_id").await?;
    check_watchers(tx, new.prescriber_id, new.validator_id).await?;
    let row = booklet::ActiveModel {
        candidate_id: Set(candidate.id),
        tutor_id: Set(new.tutor_id),
        prescriber_id: Set(new.prescriber_id),
        validator_id: Set(new.validator_id),
        purpose: Set(new
            .purpose
            .unwrap_or_else(|| migration::content::PURPOSE.to_owned())),
        certification: Set(new.certification),
        state: Set(BookletState::Open),
        opened_on: Set(opened_on),
        target_closing_on: Set(new.target_closing_on),
        ..Default::default()
    };
    let booklet = tx.insert_as(id, Some(organization_id), row).await?;
    external_references::replace(tx, &booklet, &new.external_references).await?;
    begin_tutoring(tx, &booklet, new.tutor_id).await?;
    let plan = plan::ActiveModel {
        state: Set(PlanState::Draft),
        on_behalf: Set(false),
        ..Default::default()
    };
    let plan = tx.insert(&booklet, plan).await?;
    tx.record(Event::created(&plan));
    for stage in vae_stages::store::held(tx, LockType::Share).await? {
        let progress = stage_progress::ActiveModel {
            code: Set(stage.code),
            state: Set(StageState::NotStarted),
            ..Default::default()
        };
        tx.insert(&booklet, progress).await?;
    }
    Ok(booklet)
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
async fn change_tutor(tx: &mut Tx, booklet: &booklet::Model, to: Uuid) -> Result<()> {
    named_user(tx, to, Role::Tutor, "/tutor_id").await?;
    for user_id in [booklet.tutor_id, to] {
        end_memberships(tx, booklet, user_id).await?;
    }
    begin_tutoring(tx, booklet, to).await
}

async fn begin_tutoring(tx: &mut Tx, booklet: &booklet::Model, user_id: Uuid) -> Result<()> {
    let row = booklet_member::ActiveModel {
        user_id: Set(user_id),
        kind: Set(MemberKind::Tutor),
        starts_on: Set(tx.today),
        ..Default::default()
    };
    let row = tx.insert(booklet, row).await?;
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
