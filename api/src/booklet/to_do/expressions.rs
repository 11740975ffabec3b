//! Conditions and values that several branches are made of. States are written out, not bound, as the
//! partial indexes of `m0032_work_list` have them: a bound one finds no such index.

use chrono::{Days, NaiveDate};
use entity::values::{ContractState, Party};
use entity::{booklet, candidate, contract, signature};
use sea_orm::sea_query::{CaseStatement, Expr, ExprTrait, Query, SelectStatement};
use sea_orm::{ActiveEnum, ColumnTrait};

use super::kinds::WaitingFor;

/// So many days before this one.
pub(super) fn earlier(day: NaiveDate, days: u64) -> NaiveDate {
    day.checked_sub_days(Days::new(days)).unwrap_or(day)
}

pub(super) fn column<C: ColumnTrait>(column: C) -> Expr {
    Expr::col(column.as_column_ref())
}

/// A word written out, not bound.
pub(super) fn word(value: &impl ToString) -> Expr {
    Expr::Constant(value.to_string().into())
}

pub(super) fn state_in<C, V>(state: C, values: &[V]) -> Expr
where
    C: ColumnTrait,
    V: ActiveEnum<Value = String>,
{
    let words = values.iter().map(|value| word(&value.to_value()));
    match values {
        [one] => column(state).eq(word(&one.to_value())),
        _ => column(state).is_in(words),
    }
}

pub(super) fn state_not_in<C, V>(state: C, values: &[V]) -> Expr
where
    C: ColumnTrait,
    V: ActiveEnum<Value = String>,
{
    column(state).is_not_in(values.iter().map(|value| word(&value.to_value())))
}

/// Whether the booklet's candidate has an account.
pub(super) fn has_account() -> Expr {
    candidate::Column::UserId.is_not_null()
}

pub(super) fn candidate_or_tutor(is_candidate: Expr) -> Expr {
    CaseStatement::new()
        .case(is_candidate, word(&WaitingFor::Candidate))
        .finally(word(&WaitingFor::Tutor))
        .into()
}

/// Whether this party has signed the contract.
pub(super) fn signed_by(party: Party) -> Expr {
    use signature::Column;
    let its = column(Column::ContractId).equals((contract::Entity, contract::Column::Id));
    let signatures = Query::select()
        .expr(Column::Id.count())
        .from(signature::Entity)
        .and_where(its)
        .and_where(Column::Party.eq(party))
        .to_owned();
    within(signatures).gt(0)
}

/// Whether no contract of the booklet is being prepared.
pub(super) fn nothing_pending() -> Expr {
    let other = |column| Expr::col(("pending", column));
    let states = [ContractState::Draft, ContractState::Proposed];
    let pending = Query::select()
        .expr(other(contract::Column::Id).count())
        .from_as(contract::Entity, "pending")
        .and_where(
            other(contract::Column::BookletId).equals((booklet::Entity, booklet::Column::Id)),
        )
        .and_where(other(contract::Column::State).is_in(states.map(|state| state.to_value())))
        .to_owned();
    within(pending).eq(0)
}

/// A count of few rows, asked of each row. `EXISTS` would let PostgreSQL read all such rows of everybody
/// first.
fn within(count: SelectStatement) -> Expr {
    Expr::SubQuery(None, Box::new(count.into()))
}
