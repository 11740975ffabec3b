//! What a list shows of booklets at a glance, in one statement. What is of other tables is asked row by row:
//! a join would let PostgreSQL read everybody's first.

use std::collections::HashMap;

use chrono::NaiveDate;
use entity::values::{
    AppointmentState, ContractState, ItemState, PlanState, Role, SheetState, StepState,
};
use entity::{
    action_sheet, appointment, booklet, candidate, contract, plan, plan_step, sheet_item, user,
};
use sea_orm::sea_query::{CaseStatement, Expr, ExprTrait, Order, Query, SelectStatement};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryResult};
use uuid::Uuid;

use super::dto::{Contact, ContractSummary, PlanSummary, Summary};
use super::filter::overdue;
use crate::foundation::policy::{Action, Resource};
use crate::kit::{Ctx, Result};
use crate::people::names::Someone;

/// The summaries of these booklets, which are within reach, by their ids.
pub(in crate::booklet::booklets) async fn of(
    ctx: &Ctx,
    ids: &[Uuid],
) -> Result<HashMap<Uuid, Summary>> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let rows = ctx.state.db.reader().query_all(&question(ctx, ids)).await?;
    let reads = |resource| ctx.also(resource, Action::Read).is_ok();
    // How to reach a tutor is the users' own: programs need the right to read these.
    let is_person = ctx.actor.role != Role::Integration;
    let reads_tutors = reads(Resource::Members) && (is_person || reads(Resource::Users));
    let shows = (reads(Resource::Candidates), reads_tutors);
    let read = |row: &QueryResult| Ok((row.try_get("", "id")?, summary(ctx, row, shows)?));
    rows.iter().map(read).collect()
}

fn question(ctx: &Ctx, ids: &[Uuid]) -> SelectStatement {
    use booklet::Column;
    let mut rows = Query::select();
    rows.columns([
        Column::Id,
        Column::CandidateId,
        Column::TutorId,
        Column::PrescriberId,
        Column::ValidatorId,
        Column::LastActivityAt,
        Column::QuietSince,
        Column::Stage,
    ])
    .from(booklet::Entity)
    .and_where(Column::Id.is_in(ids.iter().copied()));
    for (name, value) in people().into_iter().chain(papers()).chain(days(ctx)) {
        rows.expr_as(value, name);
    }
    rows
}

fn people() -> Vec<(&'static str, Expr)> {
    let candidate = |column| of_one(column, candidate::Entity, booklet::Column::CandidateId);
    let tutor = |column| of_one(column, user::Entity, booklet::Column::TutorId);
    let prescriber = |column| of_one(column, user::Entity, booklet::Column::PrescriberId);
    let validator = |column| of_one(column, user::Entity, booklet::Column::ValidatorId);
    vec![
        ("candidate_given", candidate(candidate::Column::GivenName)),
        ("candidate_family", candidate(candidate::Column::FamilyName)),
        ("candidate_email", candidate(candidate::Column::Email)),
        ("candidate_phone", candidate(candidate::Column::Phone)),
        (
            "candidate_channel",
            candidate(candidate::Column::PreferredChannel),
        ),
        ("tutor_given", tutor(user::Column::GivenName)),
        ("tutor_family", tutor(user::Column::FamilyName)),
        ("tutor_email", tutor(user::Column::Email)),
        ("tutor_phone", tutor(user::Column::Phone)),
        ("prescriber_given", prescriber(user::Column::GivenName)),
        ("prescriber_family", prescriber(user::Column::FamilyName)),
        ("validator_given", validator(user::Column::GivenName)),
        ("validator_family", validator(user::Column::FamilyName)),
    ]
}

/// What contracts, plan and sheets say.
fn papers() -> Vec<(&'static str, Expr)> {
    let contract = |column: contract::Column| {
        let in_force = contract::Column::State.eq(ContractState::InForce);
        let first = CaseStatement::new().case(in_force, 0).finally(1);
        let rows = pages(contract::Entity)
            .column(column)
            .order_by_expr(first.into(), Order::Asc)
            .order_by(contract::Column::Number, Order::Desc)
            .limit(1)
            .to_owned();
        within(rows)
    };
    let plan = pages(plan::Entity).column(plan::Column::State).to_owned();
    let steps = |which: Expr| {
        let rows = pages(plan_step::Entity)
            .expr(plan_step::Column::Id.count())
            .and_where(which)
            .to_owned();
        within(rows)
    };
    let submitted = pages(action_sheet::Entity)
        .expr(action_sheet::Column::Id.count())
        .and_where(action_sheet::Column::State.eq(SheetState::Submitted))
        .to_owned();
    let state = plan_step::Column::State;
    vec![
        ("contract_state", contract(contract::Column::State)),
        ("contract_ends_on", contract(contract::Column::EndsOn)),
        ("plan_state", within(plan)),
        ("steps_done", steps(state.eq(StepState::Done))),
        ("steps", steps(state.ne(StepState::Cancelled))),
        ("to_validate", within(submitted)),
    ]
}

/// When there will be contact, and what is overdue.
fn days(ctx: &Ctx) -> Vec<(&'static str, Expr)> {
    let at = appointment::Column::StartsAt;
    let next = pages(appointment::Entity)
        .expr(at.min())
        .and_where(appointment::Column::State.eq(AppointmentState::Planned))
        .and_where(at.gte(ctx.now))
        .to_owned();
    let items = pages(sheet_item::Entity)
        .expr(sheet_item::Column::Id.count())
        .and_where(sheet_item::Column::State.eq(ItemState::Planned))
        .and_where(sheet_item::Column::DueOn.lt(ctx.today))
        .to_owned();
    let steps = pages(plan_step::Entity)
        .expr(plan_step::Column::Id.count())
        .and_where(plan_step::Column::State.is_not_in([StepState::Done, StepState::Cancelled]))
        .and_where(plan_step::Column::PlannedTo.lt(ctx.today))
        .to_owned();
    vec![
        ("next_at", within(next)),
        ("is_overdue", overdue(ctx)),
        ("overdue_items", within(items)),
        ("overdue_steps", within(steps)),
    ]
}

/// The pages of a booklet.
fn pages<E: EntityTrait>(of: E) -> SelectStatement {
    let its = Expr::col((E::default(), "booklet_id"));
    Query::select()
        .from(of)
        .and_where(its.equals((booklet::Entity, booklet::Column::Id)))
        .to_owned()
}

/// What the row that a booklet names says in this column.
fn of_one<E: EntityTrait>(column: impl ColumnTrait, of: E, named: booklet::Column) -> Expr {
    let its = Expr::col((E::default(), "id"));
    let row = Query::select()
        .column(column)
        .from(of)
        .and_where(its.equals((booklet::Entity, named)))
        .to_owned();
    within(row)
}

fn within(one: SelectStatement) -> Expr {
    Expr::SubQuery(None, Box::new(one.into()))
}

fn summary(ctx: &Ctx, row: &QueryResult, shows: (bool, bool)) -> Result<Summary> {
    let state: Option<ContractState> = row.try_get("", "contract_state")?;
    let ends_on: Option<NaiveDate> = row.try_get("", "contract_ends_on")?;
    let is_overdue: i32 = row.try_get("", "is_overdue")?;
    let items: i64 = row.try_get("", "overdue_items")?;
    let steps: i64 = row.try_get("", "overdue_steps")?;
    let plan: Option<PlanState> = row.try_get("", "plan_state")?;
    let (candidate, tutor) = shows;
    Ok(Summary {
        candidate: candidate.then(|| contact(row, "candidate")).transpose()?,
        tutor: tutor.then(|| contact(row, "tutor")).transpose()?,
        prescriber: watcher(row, "prescriber", Role::Prescriber, tutor)?,
        validator: watcher(row, "validator", Role::Validator, tutor)?,
        contract: state.zip(ends_on).map(|(state, ends_on)| ContractSummary {
            state: match state {
                ContractState::InForce if ends_on < ctx.today => ContractState::Ended,
                state => state,
            },
            ends_on,
        }),
        plan: PlanSummary {
            state: plan.unwrap_or(PlanState::Draft),
            done: row.try_get("", "steps_done")?,
            total: row.try_get("", "steps")?,
        },
        last_contact_on: row.try_get("", "quiet_since")?,
        next_appointment_at: row.try_get("", "next_at")?,
        last_activity_at: row.try_get("", "last_activity_at")?,
        overdue: if is_overdue == 1 { items + steps } else { 0 },
        to_validate: row.try_get("", "to_validate")?,
        stage: row.try_get("", "stage")?,
    })
}

/// Who watches from outside, for those who may read who users are.
fn watcher(row: &QueryResult, who: &str, role: Role, is_told: bool) -> Result<Option<Someone>> {
    let id: Option<Uuid> = row.try_get("", &format!("{who}_id"))?;
    let part = |part: &str| row.try_get::<Option<String>>("", &format!("{who}_{part}"));
    let names = part("given")?.zip(part("family")?);
    let told = id.zip(names).filter(|_| is_told);
    Ok(told.map(|(id, (given, family))| Someone {
        id,
        name: format!("{given} {family}"),
        role,
    }))
}

fn contact(row: &QueryResult, who: &str) -> Result<Contact> {
    let text = |part: &str| row.try_get::<String>("", &format!("{who}_{part}"));
    let maybe = |part: &str| row.try_get::<Option<String>>("", &format!("{who}_{part}"));
    Ok(Contact {
        id: row.try_get("", &format!("{who}_id"))?,
        name: format!("{} {}", text("given")?, text("family")?),
        email: maybe("email")?,
        phone: maybe("phone")?,
        preferred_channel: match who {
            "candidate" => row.try_get("", "candidate_channel")?,
            _ => None,
        },
    })
}
