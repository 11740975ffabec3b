//! The rows that no link binds.

use entity::{access_entry, audit_link, event};
use sea_orm::sea_query::{Condition, Expr, Query, SelectStatement};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, ExprTrait, QueryFilter, QueryOrder, QuerySelect,
};

use super::head::Chain;
use super::row::{Chained, Row, Source, chain_of, owned};
use crate::foundation::unscoped;

/// The rows without link of a table, of all chains or of one, with numbers above the first and up to the
/// second, in their order, so many at most.
pub(super) async fn in_range(
    db: &impl ConnectionTrait,
    source: Source,
    range: (i64, i64),
    only: Option<Chain>,
    limit: u64,
) -> Result<Vec<Row>, DbErr> {
    match source {
        Source::Event => rows::<event::Entity>(db, range, only, limit).await,
        Source::Access => rows::<access_entry::Entity>(db, range, only, limit).await,
    }
}

async fn rows<E>(
    db: &impl ConnectionTrait,
    (above, to): (i64, i64),
    only: Option<Chain>,
    limit: u64,
) -> Result<Vec<Row>, DbErr>
where
    E: Chained,
    Row: From<E::Model>,
{
    let found = unscoped::rows::<E>()
        .filter(E::SEQUENCE.gt(above).and(E::SEQUENCE.lte(to)))
        .filter(only.map_or(Condition::all(), owned::<E>))
        .filter(Expr::exists(batch_of::<E>()).not())
        .filter(Expr::exists(own_link_of::<E>(only)).not())
        .order_by_asc(E::SEQUENCE)
        .limit(limit)
        .all(db)
        .await?;
    Ok(found.into_iter().map(Row::from).collect())
}

/// The link that a row names, if the row is one of those that it binds.
fn batch_of<E: Chained>() -> SelectStatement {
    use audit_link::Column;
    let of_row = |column: E::Column| Expr::col(column.as_column_ref());
    Query::select()
        .expr(Expr::val(1))
        .from(audit_link::Entity)
        .and_where(of_link(Column::ChainId).eq(chain_of::<E>()))
        .and_where(of_link(Column::Position).eq(of_row(E::LINK)))
        .and_where(Column::Source.eq(E::SOURCE.to_string()))
        .and_where(of_link(Column::RowSequence).lte(of_row(E::SEQUENCE)))
        .and_where(of_link(Column::LastSequence).gte(of_row(E::SEQUENCE)))
        .to_owned()
}

/// The link of its own that a row has which was bound before there were batches.
fn own_link_of<E: Chained>(only: Option<Chain>) -> SelectStatement {
    use audit_link::Column;
    let mut link = Query::select()
        .expr(Expr::val(1))
        .from(audit_link::Entity)
        .and_where(Column::Source.eq(E::SOURCE.to_string()))
        .and_where(of_link(Column::RowSequence).eq(Expr::col(E::SEQUENCE.as_column_ref())))
        .and_where(Column::LastSequence.is_null())
        .and_where(Expr::col(E::LINK.as_column_ref()).is_null())
        .to_owned();
    if let Some(chain) = only {
        link.and_where(Column::ChainId.eq(chain.id()));
    }
    link
}

fn of_link(column: audit_link::Column) -> Expr {
    Expr::col((audit_link::Entity, column))
}

/// The lowest number of a table above this one.
pub(super) async fn next_above(
    db: &impl ConnectionTrait,
    source: Source,
    above: i64,
) -> Result<Option<i64>, DbErr> {
    match source {
        Source::Event => lowest_above::<event::Entity>(db, above).await,
        Source::Access => lowest_above::<access_entry::Entity>(db, above).await,
    }
}

async fn lowest_above<E: Chained>(
    db: &impl ConnectionTrait,
    above: i64,
) -> Result<Option<i64>, DbErr> {
    let lowest: Option<Option<i64>> = unscoped::rows::<E>()
        .filter(E::SEQUENCE.gt(above))
        .select_only()
        .expr(E::SEQUENCE.min())
        .into_tuple()
        .one(db)
        .await?;
    Ok(lowest.flatten())
}
