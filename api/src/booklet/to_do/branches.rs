//! What is asked for, and how the answer is put together: each branch is a selection of rows that are
//! open, in the order in which they are due.

use chrono::{DateTime, NaiveDate, NaiveTime, TimeZone, Utc};
use entity::values::{BookletState, Role};
use entity::{booklet, candidate};
use sea_orm::sea_query::{Condition, Expr, ExprTrait, Query, SelectStatement};
use sea_orm::{ColumnTrait, EntityTrait};
use uuid::Uuid;

use super::dto::{ToDoFilter, Whom};
use super::expressions::{earlier, state_not_in};
use super::kinds::{ToDoKind, WaitingFor};
use super::store;
use crate::foundation::policy::{Action, Reach};
use crate::kit::scope::in_organization;
use crate::kit::{Ctx, Result, Scoped};

/// How many days before its end a contract is about to end.
pub(super) const ENDING: u64 = 30;

/// Who asks for what.
pub(super) struct Asked<'a> {
    pub(super) ctx: &'a Ctx,
    pub(super) filter: &'a ToDoFilter,
    /// After how many weeks without contact something is to be done; none for the platform.
    pub(super) no_contact_weeks: Option<u64>,
}

/// When the rows of a branch are due, and thereby their order.
pub(super) enum Due {
    /// No day is set.
    Never,
    /// So many days after this column's.
    On(Expr, u64),
    /// On the day of this instant.
    At(Expr),
}

/// Whom the rows of a branch wait for.
pub(super) enum Waiting {
    Always(WaitingFor),
    /// The candidate or the tutor.
    ByRow(Expr),
}

/// Rows that are to do.
pub(super) struct Branch {
    pub(super) kind: ToDoKind,
    /// Their place among the branches, once all are put together.
    pub(super) number: i32,
    pub(super) rows: SelectStatement,
    pub(super) id: Expr,
    pub(super) has_booklet: bool,
    pub(super) due: Due,
    pub(super) waiting_for: Waiting,
    pub(super) since: Expr,
    pub(super) label: Option<Expr>,
    pub(super) ordinal: Option<Expr>,
}

impl<'a> Asked<'a> {
    pub(super) async fn by(ctx: &'a Ctx, filter: &'a ToDoFilter) -> Result<Self> {
        Ok(Self {
            ctx,
            filter,
            no_contact_weeks: store::no_contact_weeks(ctx).await?,
        })
    }
}

impl Asked<'_> {
    /// When this day begins where the organization is.
    pub(super) fn start_of(&self, day: NaiveDate) -> DateTime<Utc> {
        let midnight = day.and_time(NaiveTime::MIN);
        let local = self.ctx.actor.timezone.from_local_datetime(&midnight);
        // Where a day begins later, on the day that clocks are put forward.
        let first = local.earliest().map(|local| local.to_utc());
        first.unwrap_or_else(|| midnight.and_utc())
    }

    fn is_for_themselves(&self, role: Role) -> bool {
        self.filter.waiting_for == Some(Whom::Me) && self.ctx.actor.role == role
    }

    pub(super) fn is_for_tutor_himself(&self) -> bool {
        self.is_for_themselves(Role::Tutor)
    }

    /// The coordinator who asks what waits for themselves: in booklets that is what waits for the tutor, where they are.
    fn tutoring_coordinator(&self) -> Option<Uuid> {
        let asks = self.is_for_themselves(Role::Coordinator);
        asks.then_some(self.ctx.actor.id)
    }

    /// Of whom only what waits is asked for.
    fn whom(&self, has_booklet: bool) -> Option<Option<WaitingFor>> {
        self.filter.waiting_for.map(|whom| match whom {
            Whom::Me if has_booklet && self.tutoring_coordinator().is_some() => {
                Some(WaitingFor::Tutor)
            }
            Whom::Me => WaitingFor::role(self.ctx.actor.role),
            Whom::Candidate => Some(WaitingFor::Candidate),
            Whom::Tutor => Some(WaitingFor::Tutor),
            Whom::Coordinator => Some(WaitingFor::Coordinator),
        })
    }

    /// All branches that can have something for this question.
    pub(super) fn branches(&self) -> Vec<Branch> {
        let all = [
            self.sheet_items(),
            self.plan_steps(),
            self.contracts(),
            self.plans_and_sheets(),
            self.without_outcome(),
            self.booklets(),
            self.of_coordinators(),
        ];
        let numbered = (0..).zip(all.into_iter().flatten());
        let numbered = numbered.map(|(number, branch)| Branch { number, ..branch });
        numbered
            .filter_map(|branch| self.narrowed(branch))
            .collect()
    }

    /// The branch with the filters of the question, if it can have anything then.
    fn narrowed(&self, mut branch: Branch) -> Option<Branch> {
        let (filter, today) = (self.filter, self.ctx.today);
        if filter.kind.is_some_and(|kind| kind != branch.kind) {
            return None;
        }
        match (self.whom(branch.has_booklet), &branch.waiting_for) {
            // Rows tell the two parties apart.
            (Some(None), _) | (Some(Some(WaitingFor::Coordinator)), Waiting::ByRow(_)) => {
                return None;
            }
            (Some(Some(whom)), Waiting::Always(one)) if whom != *one => return None,
            (Some(Some(whom)), Waiting::ByRow(row)) => {
                branch.rows.and_where(row.clone().eq(whom.to_string()));
            }
            _ => {}
        }
        let is_due = filter.due_before.is_some() || filter.overdue == Some(true);
        if is_due && matches!(branch.due, Due::Never) {
            return None;
        }
        let before = filter.due_before.into_iter();
        let before = before.chain((filter.overdue == Some(true)).then_some(today));
        for day in before {
            branch
                .rows
                .and_where_option(self.due_before(&branch.due, day));
        }
        if filter.overdue == Some(false) {
            let past = self.due_before(&branch.due, today);
            branch.rows.and_where_option(past.map(ExprTrait::not));
        }
        Some(branch)
    }

    /// Whether it is due before this day; none where nothing is due.
    pub(super) fn due_before(&self, due: &Due, day: NaiveDate) -> Option<Expr> {
        match due {
            Due::Never => None,
            Due::On(column, later) => Some(column.clone().lt(earlier(day, *later))),
            Due::At(column) => Some(column.clone().lt(self.start_of(day))),
        }
    }

    /// The booklets within reach; of tutors for themselves, where they do more than observe.
    pub(super) fn reached(&self) -> Condition {
        let mut ctx = self.ctx.clone();
        if self.is_for_tutor_himself() {
            ctx.permit.action = Action::Update;
        }
        booklet::Entity::scope(&ctx)
    }

    /// Booklets that are closed, withdrawn or suspended ask for nothing. Said so that no index of states is
    /// taken: those of one person are found by who they are.
    pub(super) fn live(&self, rows: &mut SelectStatement) {
        use BookletState::{Closed, Suspended, Withdrawn};
        let its_candidate = Expr::col((booklet::Entity, booklet::Column::CandidateId))
            .equals((candidate::Entity, candidate::Column::Id));
        let tutors = [self.filter.tutor_id, self.tutoring_coordinator()];
        let booklet = self.filter.booklet_id;
        rows.left_join(candidate::Entity, its_candidate)
            .and_where(state_not_in(
                booklet::Column::State,
                &[Suspended, Closed, Withdrawn],
            ))
            .and_where_option(booklet.map(|id| booklet::Column::Id.eq(id)));
        for tutor in tutors.into_iter().flatten() {
            rows.and_where(booklet::Column::TutorId.eq(tutor));
        }
    }

    /// The pages of booklets that are at work. All those of an organization are read in the order of
    /// their index, and so asked for by themselves; a person's by their booklets.
    pub(super) fn pages<E: EntityTrait>(&self) -> SelectStatement {
        let its_booklet =
            Expr::col((E::default(), "booklet_id")).equals((booklet::Entity, booklet::Column::Id));
        let is_narrow = self
            .filter
            .tutor_id
            .or(self.tutoring_coordinator())
            .is_some();
        let is_whole = self.ctx.permit.reach == Reach::Organization && !is_narrow;
        let reached = match is_whole {
            true => in_organization::<E>(self.ctx),
            false => self.reached(),
        };
        let mut rows = Query::select()
            .from(E::default())
            .inner_join(booklet::Entity, its_booklet)
            .cond_where(reached)
            .to_owned();
        self.live(&mut rows);
        rows
    }

    /// Pages of this kind that are open.
    pub(super) fn open<E: EntityTrait>(&self, kind: ToDoKind, which: Expr) -> Branch {
        let mut rows = self.pages::<E>();
        rows.and_where(which);
        Branch {
            rows,
            ..new::<E>(kind)
        }
    }
}

/// What most branches have in common.
pub(super) fn new<E: EntityTrait>(kind: ToDoKind) -> Branch {
    Branch {
        kind,
        number: 0,
        rows: SelectStatement::new(),
        id: Expr::col((E::default(), "id")),
        has_booklet: true,
        due: Due::Never,
        waiting_for: Waiting::Always(WaitingFor::Tutor),
        since: Expr::col((E::default(), "created_at")),
        label: None,
        ordinal: None,
    }
}
