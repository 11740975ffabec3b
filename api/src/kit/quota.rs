//! How many rows of a kind there may be: far more than people write, and fewer than would stop the
//! others.

use chrono::{DateTime, Utc};
use entity::idempotency_key;
use entity::row::Owner;
use entity::values::Role;
use sea_orm::ActiveValue::{Set, Unchanged};
use sea_orm::sea_query::{Expr, ExprTrait, InsertStatement, Query};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, DbErr, EntityName, EntityTrait, FromQueryResult, Iterable,
    QueryFilter, QueryResult, QuerySelect,
};
use uuid::Uuid;

use super::{Ctx, Problem, Result, Tx};
use crate::foundation::database::Transaction;
use crate::foundation::state::State;
use crate::foundation::state::glances::EACH;
use crate::foundation::unscoped;

/// Programs that an organization has; each may hold connections open.
const SERVICE_ACCOUNTS: u32 = 200;
/// Keys of one program: the present ones, and those that they replace.
const API_KEYS: u32 = 20;
/// Answers of a person that are kept under an `Idempotency-Key` at a time.
const OF_A_PERSON: u64 = 5_000;
/// The same of a program, which may send a whole directory.
const OF_A_PROGRAM: u64 = 100_000;

/// What every booklet has from its beginning on, and no more of.
const MADE_WITH_A_BOOKLET: [&str; 2] = ["plans", "stage_progress"];

/// So many rows are counted now and then only, for counting them takes longer than writing one: the bound may
/// be passed by [`EACH`] in each process.
const MANY: u32 = 2000;

/// A place where there may be so many rows at most.
pub(super) struct Place {
    table: &'static str,
    /// The column that names whose they are.
    column: &'static str,
    owner: Uuid,
    most: u32,
}

impl Place {
    /// Where rows of this owner go; nothing where there is no bound.
    fn of<E: EntityTrait>(tx: &Tx, owner: &Owner) -> Option<Self> {
        let table = E::default().table_name();
        if MADE_WITH_A_BOOKLET.contains(&table) {
            return None;
        }
        let config = &tx.state.config;
        let Owner {
            organization_id,
            booklet_id,
            service_account_id,
        } = *owner;
        let (column, owner, most) = match (booklet_id, service_account_id, organization_id) {
            (Some(booklet), _, _) => ("booklet_id", booklet, config.booklet_rows.get()),
            (None, Some(account), _) => ("service_account_id", account, API_KEYS),
            (None, None, Some(organization)) => {
                let most = match table {
                    "service_accounts" => SERVICE_ACCOUNTS,
                    _ => config.organization_rows.get(),
                };
                ("organization_id", organization, most)
            }
            (None, None, None) => return None,
        };
        Some(Self {
            table,
            column,
            owner,
            most,
        })
    }

    /// One time of so many there is counted.
    fn each(&self) -> u32 {
        if self.most < MANY { 1 } else { EACH }
    }

    /// Whether another row has room, for the statement that writes it.
    fn has_room<E: EntityTrait>(&self) -> Expr {
        let last = Query::select()
            .expr(Expr::val(1))
            .from(E::default().table_ref())
            .and_where(Expr::col(self.column).eq(self.owner))
            .offset(u64::from(self.most) - 1)
            .limit(1)
            .to_owned();
        Expr::exists(last).not()
    }
}

/// The statement that writes a row of this owner, unless there are as many as there may be: then it writes
/// none. Where it goes, if that is bounded.
///
/// # Errors
/// None that a caller could cause.
pub(super) fn insertion<A: ActiveModelTrait>(
    tx: &Tx,
    owner: &Owner,
    mut row: A,
) -> Result<(InsertStatement, Option<Place>)> {
    let place = Place::of::<A::Entity>(tx, owner);
    let (mut columns, mut values) = (Vec::new(), Query::select());
    for column in <A::Entity as EntityTrait>::Column::iter() {
        if let Set(value) | Unchanged(value) = row.take(column) {
            columns.push(column);
            values.expr(column.save_as(Expr::val(value)));
        }
    }
    if let Some(place) = &place
        && tx
            .state
            .rows
            .is_due(&(place.table, place.owner), place.each())
    {
        values.and_where(place.has_room::<A::Entity>());
    }
    let mut insert = Query::insert();
    insert
        .into_table(A::Entity::default().table_ref())
        .columns(columns)
        .returning(unscoped::returning::<A::Entity>())
        .select_from(values)
        .map_err(|error| DbErr::Custom(error.to_string()))?;
    Ok((insert, place))
}

/// What the statement wrote.
///
/// # Errors
/// 409 with the number when it wrote nothing.
pub(super) fn written<M: FromQueryResult>(
    state: &State,
    row: Option<&QueryResult>,
    place: Option<Place>,
) -> Result<M> {
    let Some(row) = row else {
        let most = place.map_or(0, |place| place.most);
        return Err(Problem::quota(most.into()));
    };
    if let Some(place) = place {
        let each = place.each();
        state.rows.has_passed((place.table, place.owner), each);
    }
    Ok(M::from_query_result(row, "")?)
}

/// Refuses what a transaction has written when an organization has more rows of this kind by then than it
/// may have.
///
/// # Errors
/// 409 with the number.
pub(crate) async fn demand_within<E: EntityTrait>(tx: &Tx) -> Result<()> {
    let owner = Owner::from(Some(tx.organization_id()?));
    let Some(place) = Place::of::<E>(tx, &owner) else {
        return Ok(());
    };
    // Counted, and never shown.
    let beyond = unscoped::rows::<E>()
        .select_only()
        .expr(Expr::val(1))
        .filter(Expr::col(place.column).eq(place.owner))
        .offset(u64::from(place.most))
        .limit(1)
        .into_tuple::<i32>();
    match beyond.one(tx.db()).await? {
        Some(_) => Err(Problem::quota(place.most.into())),
        None => Ok(()),
    }
}

/// Refuses to keep a further answer of this caller when as many are kept since then as there may be. It
/// is counted now and then only.
///
/// # Errors
/// 409 with the number.
pub(super) async fn demand_room_for_answer(
    ctx: &Ctx,
    txn: &Transaction,
    since: DateTime<Utc>,
) -> Result<()> {
    use idempotency_key::{Column, Entity};
    let most = match ctx.actor.role {
        Role::Integration => OF_A_PROGRAM,
        _ => OF_A_PERSON,
    };
    let counted = &ctx.state.kept_answers;
    if counted.is_due(&ctx.actor.id, EACH) {
        // Counted, and never shown.
        let last = unscoped::rows::<Entity>()
            .select_only()
            .expr(Expr::val(1))
            .filter(Column::PrincipalId.eq(ctx.actor.id))
            .filter(Column::CreatedAt.gt(since))
            .offset(most - 1)
            .limit(1)
            .into_tuple::<i32>();
        if last.one(txn).await?.is_some() {
            return Err(Problem::quota(most));
        }
    }
    counted.has_passed(ctx.actor.id, EACH);
    Ok(())
}
