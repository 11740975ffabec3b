//! Gives committed events their sequence numbers in the feed of their organization: 1, 2, 3 …
//!
//! Readers do it, not writers. What is not committed yet is not seen, and gets a later number once it
//! is; so nothing ever appears behind a cursor. Elsewhere this is called a sequencer. See ADR 16.

use entity::{event, feed};
use sea_orm::sea_query::{
    Expr, ExprTrait, Func, OnConflict, Order, Query, SelectStatement, UpdateStatement,
    WindowStatement,
};
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QuerySelect, Set};
use uuid::Uuid;

use crate::foundation::database::{Database, Transaction, plan_by_values};
use crate::foundation::unscoped;

/// How many events get their numbers in one transaction.
const BATCH: u64 = 5000;

/// How far a feed goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct End {
    /// The last number given. All up to here can be read.
    pub last: i64,
    /// Whether committed events wait for theirs.
    pub is_more: bool,
}

/// How far the feed of an organization goes. One statement.
///
/// # Errors
/// When the database does not answer.
pub(super) async fn end(db: &Database, organization_id: Uuid) -> Result<End, DbErr> {
    let found: Option<(i64, bool)> = unscoped::row::<feed::Entity>(organization_id)
        .select_only()
        .column(feed::Column::LastPosition)
        .expr(Expr::exists(waiting(organization_id, 1)))
        .into_tuple()
        .one(db.reader())
        .await?;
    // A feed that nobody has read yet.
    let (last, is_more) = found.unwrap_or((0, true));
    Ok(End { last, is_more })
}

/// Gives their numbers to the committed events of an organization that have none, in the order in
/// which they were written, some thousands at a time.
///
/// # Errors
/// When the database does not answer, or others keep the feed locked for too long.
pub async fn assign_numbers(db: &Database, organization_id: Uuid) -> Result<End, DbErr> {
    let txn = db.begin().await?;
    plan_by_values(&txn).await?;
    let before = locked(&txn, organization_id).await?;
    let numbered = txn.execute(&numbering(organization_id, before)).await?;
    let numbered = numbered.rows_affected();
    let last = before.saturating_add_unsigned(numbered);
    if numbered > 0 {
        feed::Entity::update_many()
            .col_expr(feed::Column::LastPosition, Expr::value(last))
            .filter(feed::Column::OrganizationId.eq(organization_id))
            .exec(&txn)
            .await?;
    }
    txn.commit().await?;
    Ok(End {
        last,
        is_more: numbered == BATCH,
    })
}

/// The last number given, made if need be, and locked until the transaction ends: who comes next sees
/// all that was numbered before.
async fn locked(txn: &Transaction, organization_id: Uuid) -> Result<i64, DbErr> {
    let first = feed::ActiveModel {
        organization_id: Set(organization_id),
        last_position: Set(0),
    };
    // Written as it is where it exists: that locks it, and gives it, in one statement.
    let as_it_is = OnConflict::column(feed::Column::OrganizationId)
        .value(
            feed::Column::LastPosition,
            Expr::col((feed::Entity, feed::Column::LastPosition)),
        )
        .to_owned();
    let feed = feed::Entity::insert(first)
        .on_conflict(as_it_is)
        .exec_with_returning(txn)
        .await?;
    Ok(feed.last_position)
}

fn numbering(organization_id: Uuid, before: i64) -> UpdateStatement {
    let in_order = WindowStatement::new()
        .order_by(event::Column::Sequence, Order::Asc)
        .to_owned();
    let numbered = Query::select()
        .column(event::Column::Sequence)
        .expr_window_as(Func::cust("ROW_NUMBER"), in_order, "nth")
        .from_subquery(waiting(organization_id, BATCH), "waiting")
        .to_owned();
    Query::update()
        .table(event::Entity)
        .value(
            event::Column::Position,
            Expr::val(before).add(Expr::col(("numbered", "nth"))),
        )
        .from(sea_orm::sea_query::TableRef::SubQuery(
            numbered.into(),
            "numbered".into(),
        ))
        .and_where(
            Expr::col((event::Entity, event::Column::Sequence))
                .equals(("numbered", event::Column::Sequence)),
        )
        .to_owned()
}

/// The keys of those without a number.
fn waiting(organization_id: Uuid, at_most: u64) -> SelectStatement {
    Query::select()
        .column(event::Column::Sequence)
        .from(event::Entity)
        .and_where(event::Column::OrganizationId.eq(organization_id))
        .and_where(event::Column::Position.is_null())
        .order_by(event::Column::Sequence, Order::Asc)
        .limit(at_most)
        .to_owned()
}
