//! Where things to do come from, kind by kind: they say in SQL what the rules of these pages say.

use chrono::Days;
use entity::values::{
    AppointmentState, BookletState, ContractState, DisabledReason, ImportState, ItemState, Party,
    PlanState, Role, SheetState, StepState, WebhookState,
};
use entity::{
    action_sheet, appointment, booklet, contract, import, plan, plan_step, sheet_item, webhook,
};
use sea_orm::ColumnTrait;
use sea_orm::sea_query::{Expr, ExprTrait, Query};

use super::branches::{Asked, Branch, Due, ENDING, Waiting, new};
use super::expressions::{
    candidate_or_tutor, column, earlier, has_account, nothing_pending, signed_by, state_in, word,
};
use super::kinds::{ToDoKind, WaitingFor};

impl Asked<'_> {
    pub(super) fn sheet_items(&self) -> Vec<Branch> {
        use sheet_item::{Column, Entity};
        self.dated_or_not(Column::DueOn, || Branch {
            waiting_for: Waiting::ByRow(column(Column::Owner)),
            label: Some(column(Column::Label)),
            ..self.open::<Entity>(
                ToDoKind::SheetItem,
                state_in(Column::State, &[ItemState::Planned]),
            )
        })
    }

    pub(super) fn plan_steps(&self) -> Vec<Branch> {
        use StepState::{InProgress, Planned, Postponed};
        use plan_step::{Column, Entity};
        self.dated_or_not(Column::PlannedTo, || Branch {
            label: Some(column(Column::Label)),
            ..self.open::<Entity>(
                ToDoKind::PlanStep,
                state_in(Column::State, &[Planned, InProgress, Postponed]),
            )
        })
    }

    /// Those that have a day, in its order, and those that have none.
    fn dated_or_not<C: ColumnTrait>(&self, day: C, open: impl Fn() -> Branch) -> Vec<Branch> {
        let (mut dated, mut undated) = (open(), open());
        dated.rows.and_where(day.is_not_null());
        dated.due = Due::On(column(day), 0);
        undated.rows.and_where(day.is_null());
        vec![dated, undated]
    }

    pub(super) fn contracts(&self) -> Vec<Branch> {
        use ContractState::{Draft, InForce, Proposed};
        use contract::{Column, Entity};
        let of = |kind, state| Branch {
            due: Due::On(column(Column::StartsOn), 0),
            ordinal: Some(column(Column::Number)),
            ..self.open::<Entity>(kind, state_in(Column::State, &[state]))
        };
        let proposed = || Branch {
            since: Expr::col((Entity, Column::ProposedAt)).if_null(column(Column::UpdatedAt)),
            ..of(ToDoKind::ContractToSign, Proposed)
        };
        let mut candidates = proposed();
        // For those without account a signature on paper is recorded, once the tutor has signed.
        candidates
            .rows
            .and_where(signed_by(Party::Candidate).not())
            .and_where(has_account().or(signed_by(Party::Tutor)));
        candidates.waiting_for = Waiting::ByRow(candidate_or_tutor(has_account()));
        let mut tutors = proposed();
        tutors.rows.and_where(signed_by(Party::Tutor).not());
        if self.is_for_tutor_himself() {
            let me = self.ctx.actor.id;
            tutors.rows.and_where(Column::TutorId.eq(me));
        }
        let mut ending = of(ToDoKind::ContractEnding, InForce);
        let (today, last) = (self.ctx.today, self.ctx.today + Days::new(ENDING));
        ending
            .rows
            .and_where(Column::EndsOn.gte(today))
            .and_where(Column::EndsOn.lte(last))
            .and_where(nothing_pending());
        ending.due = Due::On(column(Column::EndsOn), 0);
        vec![
            candidates,
            tutors,
            of(ToDoKind::ContractToPropose, Draft),
            ending,
        ]
    }

    pub(super) fn plans_and_sheets(&self) -> Vec<Branch> {
        let the_other = |by: Expr| {
            let by_tutor = by.eq(word(&Party::Tutor));
            Waiting::ByRow(candidate_or_tutor(by_tutor.and(has_account())))
        };
        let proposed = {
            use plan::Column;
            let by_candidate = Expr::col((plan::Entity, Column::AgreedByCandidateAt));
            Branch {
                waiting_for: the_other(column(Column::ProposedBy)),
                since: by_candidate.if_null(
                    Expr::col((plan::Entity, Column::AgreedByTutorAt))
                        .if_null(column(Column::UpdatedAt)),
                ),
                ..self.open::<plan::Entity>(
                    ToDoKind::PlanToAgree,
                    state_in(Column::State, &[PlanState::Proposed]),
                )
            }
        };
        use action_sheet::{Column, Entity};
        let by_candidate = Expr::col((Entity, Column::ValidatedByCandidateAt));
        let submitted = Branch {
            waiting_for: the_other(column(Column::SubmittedBy)),
            ordinal: Some(column(Column::Number)),
            since: by_candidate.if_null(
                Expr::col((Entity, Column::ValidatedByTutorAt)).if_null(column(Column::UpdatedAt)),
            ),
            ..self.open::<Entity>(
                ToDoKind::SheetToValidate,
                state_in(Column::State, &[SheetState::Submitted]),
            )
        };
        let draft = Branch {
            due: Due::On(column(Column::AppointmentOn), 0),
            ordinal: Some(column(Column::Number)),
            ..self.open::<Entity>(
                ToDoKind::SheetToWrite,
                state_in(Column::State, &[SheetState::Draft]),
            )
        };
        vec![proposed, submitted, draft]
    }

    pub(super) fn without_outcome(&self) -> Vec<Branch> {
        use appointment::{Column, Entity};
        let planned = Column::State.eq(AppointmentState::Planned);
        let over = Column::EndsAt.lt(self.ctx.now);
        // What is over has begun.
        let begun = Column::StartsAt.lt(self.ctx.now);
        vec![Branch {
            due: Due::At(column(Column::StartsAt)),
            since: column(Column::EndsAt),
            ..self.open::<Entity>(
                ToDoKind::AppointmentWithoutOutcome,
                planned.and(begun).and(over),
            )
        }]
    }

    pub(super) fn booklets(&self) -> Vec<Branch> {
        use booklet::{Column, Entity};
        let of = |kind, which| {
            let mut rows = Query::select().from(Entity).to_owned();
            rows.cond_where(self.reached());
            self.live(&mut rows);
            rows.and_where(which);
            Branch {
                rows,
                ..new::<Entity>(kind)
            }
        };
        let mut branches = Vec::new();
        if let Some(weeks) = self.no_contact_weeks {
            let days = weeks * 7;
            let at_work = state_in(Column::State, &[BookletState::Open, BookletState::Active]);
            let long_ago = Column::QuietSince.lte(earlier(self.ctx.today, days));
            branches.push(Branch {
                due: Due::On(column(Column::QuietSince), days),
                ..of(ToDoKind::NoContact, at_work.and(long_ago))
            });
        }
        // Those whose contract has run out are open again, before the daily job says so.
        let run_out = Column::InForceUntil.lt(self.ctx.today);
        for which in [
            state_in(Column::State, &[BookletState::Open]),
            state_in(Column::State, &[BookletState::Active]).and(run_out),
        ] {
            let without = which.and(nothing_pending());
            branches.push(of(ToDoKind::BookletWithoutContract, without));
        }
        branches
    }

    /// What concerns the organization, and no booklet.
    pub(super) fn of_coordinators(&self) -> Vec<Branch> {
        let one = self.filter.tutor_id.or(self.filter.booklet_id);
        if self.ctx.actor.role != Role::Coordinator || one.is_some() {
            return Vec::new();
        }
        let own = self.ctx.actor.organization_id;
        let ready = state_in(import::Column::State, &[ImportState::Ready]);
        let disabled = webhook::Column::State.eq(WebhookState::Disabled);
        let failed = webhook::Column::DisabledReason.ne(DisabledReason::Asked);
        let webhook_since = Expr::col((webhook::Entity, webhook::Column::DisabledAt));
        let mut imports = new::<import::Entity>(ToDoKind::ImportToApply);
        imports
            .rows
            .from(import::Entity)
            .and_where_option(own.map(|id| import::Column::OrganizationId.eq(id)))
            .and_where(ready);
        imports.since = column(import::Column::UpdatedAt);
        let mut webhooks = new::<webhook::Entity>(ToDoKind::WebhookDisabled);
        webhooks
            .rows
            .from(webhook::Entity)
            .and_where_option(own.map(|id| webhook::Column::OrganizationId.eq(id)))
            .and_where(disabled.and(failed));
        webhooks.since = webhook_since.if_null(column(webhook::Column::UpdatedAt));
        let both = [imports, webhooks].into_iter();
        both.map(|branch| Branch {
            has_booklet: false,
            waiting_for: Waiting::Always(WaitingFor::Coordinator),
            ..branch
        })
        .collect()
    }
}
