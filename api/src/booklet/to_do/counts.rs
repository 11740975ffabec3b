//! How much is to be done, by kind and by tutor, in one statement.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};

use entity::booklet;
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Asterisk, Expr, ExprTrait, Query, SelectStatement, SimpleExpr};
use uuid::Uuid;

use super::branches::{Asked, Branch};
use super::dto::{KindCount, ToDoCounts, TutorCount};
use super::kinds::ToDoKind;
use super::store::{Reader, of_booklet, together, with_tutors};
use crate::kit::{Code, Problem, Result};

/// How many rows of a branch are counted.
const MOST: u64 = 10_000;
/// How many tutors are told.
const TUTORS: usize = 200;

pub(super) async fn of(asked: &Asked<'_>) -> Result<ToDoCounts> {
    let branches = asked.branches();
    let Some(all) = together(branches.iter().map(|branch| counted(asked, branch))) else {
        return Ok(ToDoCounts {
            complete: true,
            ..ToDoCounts::default()
        });
    };
    let rows = asked.ctx.state.db.reader();
    let rows = rows.query_all(&with_tutors(all)).await?;
    let reader = Reader::of(asked);
    let mut by_branch: HashMap<i32, u64> = HashMap::new();
    let mut by_kind: BTreeMap<ToDoKind, [u64; 2]> = BTreeMap::new();
    let mut by_tutor: HashMap<Uuid, TutorCount> = HashMap::new();
    for row in &rows {
        let number: i32 = row.try_get("", "branch")?;
        let is_overdue: bool = row.try_get("", "overdue")?;
        let count: i64 = row.try_get("", "count")?;
        let count = u64::try_from(count).unwrap_or_default();
        let overdue = if is_overdue { count } else { 0 };
        let branch = branches.iter().find(|branch| branch.number == number);
        let branch = branch.ok_or(Problem::new(Code::InternalError))?;
        *by_branch.entry(number).or_default() += count;
        let [all, late] = by_kind.entry(branch.kind).or_default();
        (*all, *late) = (*all + count, *late + overdue);
        if let Some(tutor) = reader.tutor(row)? {
            let of_tutor = by_tutor.entry(tutor.id).or_insert(TutorCount {
                tutor,
                count: 0,
                overdue: 0,
            });
            of_tutor.count += count;
            of_tutor.overdue += overdue;
        }
    }
    let mut by_tutor: Vec<TutorCount> = by_tutor.into_values().collect();
    by_tutor.sort_by_key(|of| (Reverse((of.overdue, of.count)), of.tutor.id));
    by_tutor.truncate(TUTORS);
    Ok(ToDoCounts {
        total: by_kind.values().map(|[all, _]| all).sum(),
        overdue: by_kind.values().map(|[_, late]| late).sum(),
        complete: by_branch.values().all(|count| *count <= MOST),
        by_kind: by_kind
            .into_iter()
            .map(|(kind, [count, overdue])| KindCount {
                kind,
                label: kind.label(asked.ctx.locale),
                count,
                overdue,
            })
            .collect(),
        by_tutor,
    })
}

/// The rows of a branch by tutor, the overdue ones apart.
fn counted(asked: &Asked<'_>, branch: &Branch) -> SelectStatement {
    let mut rows = branch.rows.clone();
    let overdue = asked.due_before(&branch.due, asked.ctx.today);
    let never = SimpleExpr::Constant(false.into());
    rows.expr_as(SimpleExpr::Constant(branch.number.into()), "branch")
        .expr_as(of_booklet(branch, booklet::Column::TutorId), "tutor_id")
        .expr_as(overdue.unwrap_or(never), "overdue")
        .limit(MOST + 1);
    let groups = ["branch", "tutor_id", "overdue"];
    Query::select()
        .columns(groups)
        .expr_as(Expr::col(Asterisk).count(), "count")
        .from_subquery(rows, "row")
        .group_by_columns(groups)
        .to_owned()
}
