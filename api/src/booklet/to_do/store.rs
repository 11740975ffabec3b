//! A page of things to do, in one statement.

use chrono::{DateTime, Days, NaiveDate, Utc};
use entity::values::Role;
use entity::{booklet, candidate, organization, user};
use sea_orm::sea_query::{
    Asterisk, Expr, ExprTrait, Order, Query, SelectStatement, SimpleExpr, UnionType,
};
use sea_orm::{ConnectionTrait, QueryResult};
use uuid::Uuid;

use super::branches::{Asked, Branch, Due, ENDING, Waiting};
use super::dto::{Named, ToDo};
use super::expressions::{earlier, word};
use super::kinds::{ToDoKind, WaitingFor};
use super::place::Place;
use crate::foundation::policy::{Action, Resource};
use crate::foundation::unscoped;
use crate::kit::{Code, Ctx, Problem, Result};
use crate::people::names::said_by;

/// What the branches are called once they are put together.
pub(super) const ALL: &str = "todo";

/// After how many weeks without contact this caller's organization wants something done.
pub(super) async fn no_contact_weeks(ctx: &Ctx) -> Result<Option<u64>> {
    let Some(id) = ctx.actor.organization_id else {
        return Ok(None);
    };
    // Whoever calls is of it.
    let own = unscoped::row::<organization::Entity>(id);
    let own = ctx.proven(own).await?;
    Ok(u64::try_from(own.no_contact_weeks).ok())
}

/// The first of the things to do after this place.
pub(super) async fn page(
    asked: &Asked<'_>,
    after: Option<Place>,
    limit: u64,
) -> Result<Vec<(Place, ToDo)>> {
    let branches = asked.branches();
    let selections = branches
        .iter()
        .filter_map(|branch| selection(asked, branch, after, limit));
    let Some(all) = together(selections) else {
        return Ok(Vec::new());
    };
    let rows = asked.ctx.state.db.reader();
    let rows = rows.query_all(&with_names(all)).await?;
    let reader = Reader::of(asked);
    let mut found = Vec::with_capacity(rows.len());
    for row in &rows {
        found.push(reader.read(&branches, row)?);
    }
    found.sort_by_key(|(place, _)| *place);
    found.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    Ok(found)
}

/// One statement of all of these, each with its own order and limit.
pub(super) fn together(
    selections: impl Iterator<Item = SelectStatement>,
) -> Option<SelectStatement> {
    let mut selections = selections.map(|rows| {
        Query::select()
            .column(Asterisk)
            .from_subquery(rows, "one")
            .to_owned()
    });
    let mut all = selections.next()?;
    all.unions(selections.map(|rows| (UnionType::All, rows)));
    Some(all)
}

/// Nothing, of this type.
pub(super) fn nothing(of: &'static str) -> Expr {
    Expr::Constant(sea_orm::Value::String(None)).cast_as(of)
}

fn or_nothing(value: Option<Expr>, of: &'static str) -> Expr {
    value.unwrap_or_else(|| nothing(of))
}

/// What the booklet says in this column, if the branch has one.
pub(super) fn of_booklet(branch: &Branch, column: booklet::Column) -> Expr {
    let own = branch
        .has_booklet
        .then(|| Expr::col((booklet::Entity, column)));
    or_nothing(own, "uuid")
}

/// The first rows of a branch after this place; none where all come before it.
fn selection(
    asked: &Asked<'_>,
    branch: &Branch,
    after: Option<Place>,
    limit: u64,
) -> Option<SelectStatement> {
    let mut rows = branch.rows.clone();
    let (day, at) = match &branch.due {
        Due::Never => (None, None),
        Due::On(column, _) => (Some(column.clone()), None),
        Due::At(column) => (None, Some(column.clone())),
    };
    let waiting_for = match &branch.waiting_for {
        Waiting::Always(one) => word(one),
        Waiting::ByRow(row) => row.clone(),
    };
    rows.expr_as(SimpleExpr::Constant(branch.number.into()), "branch")
        .expr_as(branch.id.clone(), "id")
        .expr_as(of_booklet(branch, booklet::Column::Id), "booklet_id")
        .expr_as(
            of_booklet(branch, booklet::Column::CandidateId),
            "candidate_id",
        )
        .expr_as(of_booklet(branch, booklet::Column::TutorId), "tutor_id")
        .expr_as(or_nothing(day.clone(), "date"), "day")
        .expr_as(or_nothing(at.clone(), "timestamptz"), "at")
        .expr_as(waiting_for, "waiting_for")
        .expr_as(branch.since.clone(), "since")
        .expr_as(or_nothing(branch.label.clone(), "text"), "label")
        .expr_as(or_nothing(branch.ordinal.clone(), "integer"), "ordinal");
    if let Some(place) = after {
        rows.and_where_option(behind(asked, branch, place)?);
    }
    for order in [day, at, Some(branch.id.clone())].into_iter().flatten() {
        rows.order_by_expr(order, Order::Asc);
    }
    Some(rows.limit(limit).to_owned())
}

/// What is behind this place in a branch: all (no condition), some, or nothing at all (`None`).
fn behind(asked: &Asked<'_>, branch: &Branch, place: Place) -> Option<Option<Expr>> {
    let same = branch.number == place.branch;
    let past = branch.number < place.branch;
    let pair = |key: &Expr, value: Expr| {
        let row = Expr::tuple([key.clone(), branch.id.clone()]);
        Some(row.gt(Expr::tuple([value, Expr::val(place.id)])))
    };
    match (&branch.due, place.due_on) {
        (Due::Never, Some(_)) => Some(None),
        (Due::Never, None) if same => Some(Some(branch.id.clone().gt(place.id))),
        (Due::Never, None) => (!past).then_some(None),
        (_, None) => None,
        (Due::On(column, later), Some(day)) => {
            let day = earlier(day, *later);
            Some(match (same, past) {
                (true, _) => pair(column, Expr::val(day)),
                (_, true) => Some(column.clone().gt(day)),
                _ => Some(column.clone().gte(day)),
            })
        }
        (Due::At(column), Some(day)) => Some(match (same, past) {
            (true, _) => pair(column, Expr::val(place.at?)),
            (_, true) => Some(column.clone().gte(asked.start_of(day + Days::new(1)))),
            _ => Some(column.clone().gte(asked.start_of(day))),
        }),
    }
}

/// The same with the names of candidates and tutors.
fn with_names(all: SelectStatement) -> SelectStatement {
    use candidate::Column::{FamilyName, GivenName};
    with_tutors(all)
        .expr_as(said_by(GivenName, (ALL, "candidate_id")), "candidate_given")
        .expr_as(
            said_by(FamilyName, (ALL, "candidate_id")),
            "candidate_family",
        )
        .to_owned()
}

/// The same with the names of tutors.
pub(super) fn with_tutors(all: SelectStatement) -> SelectStatement {
    use user::Column::{FamilyName, GivenName};
    Query::select()
        .column((ALL, Asterisk))
        .expr_as(said_by(GivenName, (ALL, "tutor_id")), "tutor_given")
        .expr_as(said_by(FamilyName, (ALL, "tutor_id")), "tutor_family")
        .from_subquery(all, ALL)
        .to_owned()
}

/// Reads rows as one caller is shown them.
pub(super) struct Reader<'a> {
    asked: &'a Asked<'a>,
    /// Whether they may read who the candidate is, and who accompanies a booklet.
    names_candidates: bool,
    names_tutors: bool,
}

impl<'a> Reader<'a> {
    pub(super) fn of(asked: &'a Asked<'a>) -> Self {
        let reads = |resource| asked.ctx.also(resource, Action::Read).is_ok();
        Self {
            asked,
            names_candidates: reads(Resource::Candidates),
            names_tutors: reads(Resource::Members),
        }
    }

    fn read(&self, branches: &[Branch], row: &QueryResult) -> Result<(Place, ToDo)> {
        let unreadable = || Problem::new(Code::InternalError);
        let ctx = self.asked.ctx;
        let number: i32 = row.try_get("", "branch")?;
        let mut branches = branches.iter();
        let branch = branches.find(|branch| branch.number == number);
        let branch = branch.ok_or_else(unreadable)?;
        let kind = branch.kind;
        let id: Uuid = row.try_get("", "id")?;
        let at: Option<DateTime<Utc>> = row.try_get("", "at")?;
        let due_on = match &branch.due {
            Due::Never => None,
            Due::On(_, later) => {
                let day: NaiveDate = row.try_get("", "day")?;
                Some(day + Days::new(*later))
            }
            Due::At(_) => at.map(|at| at.with_timezone(&ctx.actor.timezone).date_naive()),
        };
        let tutor_id: Option<Uuid> = row.try_get("", "tutor_id")?;
        let waiting_for: String = row.try_get("", "waiting_for")?;
        let waiting_for: WaitingFor = waiting_for.parse().or(Err(unreadable()))?;
        let since = match (kind, due_on) {
            (ToDoKind::NoContact, Some(day)) => self.asked.start_of(day),
            (ToDoKind::ContractEnding, Some(day)) => self.asked.start_of(earlier(day, ENDING)),
            _ => row.try_get("", "since")?,
        };
        let shown = ToDo {
            kind,
            label: label(ctx, kind, row)?,
            due_on,
            overdue: due_on.is_some_and(|day| day < ctx.today),
            waiting_for,
            since,
            booklet_id: row.try_get("", "booklet_id")?,
            candidate: named(row, "candidate", self.names_candidates)?,
            tutor: self.tutor(row)?,
            resource: kind.resource(),
            resource_id: id,
            action: kind.action(ctx, waiting_for, tutor_id == Some(ctx.actor.id)),
        };
        let place = Place {
            due_on,
            branch: number,
            at,
            id,
        };
        Ok((place, shown))
    }

    pub(super) fn tutor(&self, row: &QueryResult) -> Result<Option<Named>> {
        named(row, "tutor", self.names_tutors)
    }
}

/// The words of an item or a step, which programs do not read; else those of its kind.
fn label(ctx: &Ctx, kind: ToDoKind, row: &QueryResult) -> Result<String> {
    let own: Option<String> = row.try_get("", "label")?;
    let own = own.filter(|_| ctx.actor.role != Role::Integration);
    let ordinal: Option<i32> = row.try_get("", "ordinal")?;
    Ok(own.unwrap_or_else(|| kind.numbered(ctx.locale, ordinal)))
}

fn named(row: &QueryResult, who: &str, is_told: bool) -> Result<Option<Named>> {
    let id: Option<Uuid> = row.try_get("", &format!("{who}_id"))?;
    let part = |part: &str| row.try_get::<Option<String>>("", &format!("{who}_{part}"));
    let (given, family) = (part("given")?, part("family")?);
    let name = given.zip(family);
    let name = name.map(|(given, family)| format!("{given} {family}"));
    Ok(id.map(|id| Named {
        id,
        name: name.filter(|_| is_told),
    }))
}
