//! Booklets out of a file: opened with all that comes with one, or changed as PATCH would.

use entity::values::Role;
use entity::{booklet, booklet_member, plan, stage_progress, vae_stage};
use sea_orm::sea_query::LockType;
use sea_orm::{EntityTrait, Set, TryIntoModel};
use uuid::Uuid;

use crate::booklet::booklets::dto::{BookletInput, searched};
use crate::booklet::booklets::{rules, writing};
use crate::foundation::unscoped;
use crate::kit::external_references::ExternalReferences;
use crate::kit::write::tx::writable;
use crate::kit::{Code, Ctx, Event, Fault, FaultCode, Problem, Result, Tx, new_id};
use crate::outside::imports::desk::Desk;
use crate::outside::imports::target::{Change, Target};
use crate::outside::imports::write::{stamped, write_references};
use crate::reference::vae_stages;

/// Each row is the body of `create_booklet`.
pub(crate) struct Rows;

/// What is left to do when all booklets are ready.
#[derive(Default)]
pub(crate) struct Left {
    /// The stages that new ones were given.
    stages: Vec<vae_stage::Model>,
    /// Which are handed over, and to whom.
    handovers: Vec<(Uuid, Uuid)>,
}

/// What is set when a booklet is opened, and stays.
const FIXED: [&str; 2] = ["candidate_id", "opened_on"];

impl Target for Rows {
    type Entity = booklet::Entity;
    type Row = booklet::Model;
    type Left = Left;
    type Input = BookletInput;
    const CREATES: &'static str = "create_booklet";
    const EXPORTED: &'static str = "booklets";
    const ALSO: &'static [&'static str] =
        &["candidate_external_id", "tutor_external_id", "tutor_email"];
    const USERS: &'static [(&'static str, Role)] = &[
        ("tutor_id", Role::Tutor),
        ("prescriber_id", Role::Prescriber),
        ("validator_id", Role::Validator),
    ];

    fn present(row: &booklet::Model, references: ExternalReferences) -> BookletInput {
        BookletInput::of(row, references)
    }

    fn adjusted(input: BookletInput, before: Option<&booklet::Model>) -> BookletInput {
        match before {
            Some(before) => input.over(before),
            None => input,
        }
    }

    fn judge(
        ctx: &Ctx,
        input: &BookletInput,
        before: Option<&booklet::Model>,
        changed: &[String],
    ) -> Result<()> {
        if let Some(before) = before {
            writable(before)?;
            let fixed = changed.iter().filter(|name| FIXED.contains(&name.as_str()));
            let fault = |name| Fault::new(format!("/{name}"), FaultCode::NotAllowed);
            let faults: Vec<Fault> = fixed.map(fault).collect();
            if !faults.is_empty() {
                return Err(Problem::invalid(faults));
            }
        }
        let opened_on = input.opened_on.unwrap_or(ctx.today);
        rules::closes_after_opening(opened_on, input.target_closing_on)
    }

    async fn write(desk: &mut Desk<Self>, page: Vec<Change<Self>>) -> Result<()> {
        if desk.left.stages.is_empty() {
            desk.left.stages = vae_stages::store::present(&desk.tx).await?;
        }
        let (tx, left) = (&mut desk.tx, &mut desk.left);
        let (mut rows, mut references) = (Vec::new(), Vec::new());
        let (mut members, mut plans, mut progress) = (Vec::new(), Vec::new(), Vec::new());
        for Change {
            before,
            input,
            changed,
            references: names,
        } in page
        {
            let tutor_id = input.tutor_id;
            let row = match &before {
                Some(before) => stamped(tx, Some(before), edited(input, before))?,
                None => stamped(tx, None, writing::opened(input, tx.today))?,
            };
            references.push((row.id, names));
            match before {
                Some(before) => {
                    if before.tutor_id != tutor_id {
                        left.handovers.push((before.id, tutor_id));
                    }
                    tx.record(Event::updated(&row, changed));
                }
                None => {
                    members.push(page_of(tx, &row, writing::tutoring(tutor_id, tx.today))?);
                    plans.push(page_of(tx, &row, writing::empty_plan())?);
                    for stage in &left.stages {
                        let begun = vae_stages::store::not_started(stage.code.clone());
                        progress.push(page_of(tx, &row, begun)?);
                    }
                    tx.record(Event::created(&row));
                }
            }
            rows.push(row);
        }
        members
            .iter()
            .for_each(|row: &booklet_member::Model| tx.record(Event::created(row)));
        plans
            .iter()
            .for_each(|row: &plan::Model| tx.record(Event::created(row)));
        desk.put(rows).await?;
        desk.put(members).await?;
        desk.put(plans).await?;
        desk.put::<stage_progress::Model>(progress).await?;
        write_references(desk, &references).await
    }

    async fn at_last(tx: &mut Tx, left: Left) -> Result<()> {
        let stages = vae_stages::store::held(tx, LockType::Share).await?;
        if !left.stages.is_empty() && stages != left.stages {
            return Err(Problem::new(Code::Conflict));
        }
        for (id, to) in left.handovers {
            // Found for the import before.
            let row = unscoped::row::<booklet::Entity>(id).one(tx.db()).await?;
            let row = row.ok_or(Problem::new(Code::Conflict))?;
            writing::change_tutor(tx, &row, to).await?;
        }
        Ok(())
    }
}

/// The booklet that is there with what may change about it.
fn edited(input: BookletInput, before: &booklet::Model) -> booklet::ActiveModel {
    let edit = input.into_edit(before);
    booklet::ActiveModel {
        tutor_id: Set(edit.tutor_id),
        prescriber_id: Set(edit.prescriber_id),
        validator_id: Set(edit.validator_id),
        purpose: Set(edit.purpose),
        search: Set(searched(edit.certification.as_ref())),
        certification: Set(edit.certification),
        target_closing_on: Set(edit.target_closing_on),
        ..before.clone().into()
    }
}

/// A page of a new booklet.
fn page_of<A>(
    tx: &Tx,
    booklet: &booklet::Model,
    mut page: A,
) -> Result<<A::Entity as EntityTrait>::Model>
where
    A: entity::row::NewRow + TryIntoModel<<A::Entity as EntityTrait>::Model>,
{
    page.stamp(new_id(), booklet.into(), tx.now);
    Ok(page.try_into_model()?)
}
