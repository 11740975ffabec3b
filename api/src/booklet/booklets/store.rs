//! The filters of the list of booklets, and what one holds.

use entity::values::{BookletState, ContractState};
use entity::{booklet, contract, objective, plan_step};
use sea_orm::sea_query::{Condition, Expr, ExprTrait, Query};
use sea_orm::{ColumnTrait, EntityTrait, JoinType, QueryFilter, QuerySelect, QueryTrait, Select};
use uuid::Uuid;

use super::dto::BookletFilter;
use crate::kit::{Ctx, Listed, Result, Sorts};

impl Listed for booklet::Entity {
    type Entity = Self;
    const SORTS: Sorts<Self> = &[
        ("created_at", booklet::Column::CreatedAt),
        ("updated_at", booklet::Column::UpdatedAt),
        ("opened_on", booklet::Column::OpenedOn),
    ];
}

pub(super) fn list(ctx: &Ctx, filter: &BookletFilter) -> Select<booklet::Entity> {
    use booklet::Column;
    ctx.select::<booklet::Entity>()
        .apply_if(filter.state, |query, state| {
            query.filter(in_state(ctx, state))
        })
        .apply_if(filter.candidate_id, |query, id| {
            query.filter(Column::CandidateId.eq(id))
        })
        .apply_if(filter.tutor_id, |query, id| {
            query.filter(Column::TutorId.eq(id))
        })
        .apply_if(filter.archived, |query, archived| {
            query.filter(if archived {
                Column::ArchivedAt.is_not_null()
            } else {
                Column::ArchivedAt.is_null()
            })
        })
}

/// As `rules::effective_state` has it.
fn in_state(ctx: &Ctx, state: BookletState) -> Condition {
    use booklet::Column;
    let stored = |state: BookletState| Condition::all().add(Column::State.eq(state));
    let in_force = Column::InForceUntil.gte(ctx.today);
    match state {
        BookletState::Active => stored(state).add(in_force),
        BookletState::Open => Condition::any().add(stored(state)).add(
            stored(BookletState::Active).add(
                Condition::any()
                    .add(Column::InForceUntil.is_null())
                    .add(Column::InForceUntil.lt(ctx.today)),
            ),
        ),
        _ => stored(state),
    }
}

/// What a booklet holds already, where that decides on what may be added.
pub(super) struct Contents {
    pub(super) contracts: Vec<(i32, ContractState)>,
    pub(super) objectives: usize,
    pub(super) plan_steps: usize,
}

/// The contents of a booklet within reach, in one query: a row for each contract, or one without.
pub(super) async fn contents(ctx: &Ctx, id: Uuid) -> Result<Contents> {
    let its_contracts = booklet::Entity::belongs_to(contract::Entity)
        .from(booklet::Column::Id)
        .to(contract::Column::BookletId);
    let rows: Vec<(Option<i32>, Option<ContractState>, i64, i64)> = ctx
        .select::<booklet::Entity>()
        .select_only()
        .columns([contract::Column::Number, contract::Column::State])
        .expr_as(rows_of(objective::Column::BookletId), "objectives")
        .expr_as(rows_of(plan_step::Column::BookletId), "plan_steps")
        .join(JoinType::LeftJoin, its_contracts.into())
        .filter(booklet::Column::Id.eq(id))
        .into_tuple()
        .all(ctx.state.db.reader())
        .await?;
    let count = |count: i64| usize::try_from(count).unwrap_or(usize::MAX);
    let (objectives, plan_steps) = rows
        .first()
        .map(|(.., objectives, plan_steps)| (count(*objectives), count(*plan_steps)))
        .unwrap_or_default();
    let contracts = rows
        .into_iter()
        .filter_map(|(number, state, ..)| number.zip(state))
        .collect();
    Ok(Contents {
        contracts,
        objectives,
        plan_steps,
    })
}

/// How many rows of another table name this booklet in that column.
fn rows_of<C: ColumnTrait>(booklet_id: C) -> Expr {
    let rows = Query::select()
        .expr(booklet_id.count())
        .from(booklet_id.entity_name())
        .and_where(
            booklet_id
                .into_expr()
                .equals((booklet::Entity, booklet::Column::Id)),
        )
        .to_owned();
    Expr::SubQuery(None, Box::new(rows.into()))
}
