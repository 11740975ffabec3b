//! The orders of the list of booklets, and what one holds.

use entity::values::ContractState;
use entity::{booklet, contract, objective, plan_step};
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use sea_orm::{ColumnTrait, EntityTrait, JoinType, QueryFilter, QuerySelect};
use uuid::Uuid;

use crate::kit::{Ctx, Listed, Result, Sorts};

impl Listed for booklet::Entity {
    type Entity = Self;
    const SORTS: Sorts<Self> = &[
        ("created_at", booklet::Column::CreatedAt),
        ("updated_at", booklet::Column::UpdatedAt),
        ("opened_on", booklet::Column::OpenedOn),
        ("name", booklet::Column::CandidateKey),
        ("last_contact_on", booklet::Column::QuietSince),
        ("next_appointment_at", booklet::Column::NextAppointmentAt),
        ("contract_ends_on", booklet::Column::InForceUntil),
        ("last_activity_at", booklet::Column::LastActivityAt),
    ];
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
