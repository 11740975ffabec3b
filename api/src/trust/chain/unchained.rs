//! The rows that no chain binds yet.

use std::collections::BTreeSet;

use entity::{access_entry, audit_link, event};
use sea_orm::sea_query::{Condition, Expr, Query};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, ExprTrait, QueryFilter, QueryOrder,
    QuerySelect,
};

use super::head::Chain;
use super::row::{Row, Source};

/// Whose rows.
#[derive(Clone, Copy, Debug)]
pub(super) enum Which<'a> {
    /// Those of all chains but these.
    AllBut(&'a BTreeSet<Chain>),
    /// Those of this chain, which must be bound by it.
    Of(Chain),
}

/// A table whose rows are chained.
trait Chained: EntityTrait {
    const SEQUENCE: Self::Column;
    const ORGANIZATION_ID: Self::Column;
}

impl Chained for event::Entity {
    const SEQUENCE: event::Column = event::Column::Sequence;
    const ORGANIZATION_ID: event::Column = event::Column::OrganizationId;
}

impl Chained for access_entry::Entity {
    const SEQUENCE: access_entry::Column = access_entry::Column::Sequence;
    const ORGANIZATION_ID: access_entry::Column = access_entry::Column::OrganizationId;
}

/// The unchained rows of a table with numbers above the first and up to the second, in their
/// order, so many at most.
pub(super) async fn in_range(
    db: &impl ConnectionTrait,
    source: Source,
    range: (i64, i64),
    which: Which<'_>,
    limit: u64,
) -> Result<Vec<Row>, DbErr> {
    match source {
        Source::Event => rows::<event::Entity>(db, source, range, which, limit).await,
        Source::Access => rows::<access_entry::Entity>(db, source, range, which, limit).await,
    }
}

#[expect(clippy::disallowed_methods, reason = "the chains are over all rows")]
async fn rows<E>(
    db: &impl ConnectionTrait,
    source: Source,
    (above, to): (i64, i64),
    which: Which<'_>,
    limit: u64,
) -> Result<Vec<Row>, DbErr>
where
    E: Chained,
    Row: TryFrom<E::Model, Error = DbErr>,
{
    let found = E::find()
        .filter(E::SEQUENCE.gt(above).and(E::SEQUENCE.lte(to)))
        .filter(which.condition(E::ORGANIZATION_ID))
        .filter(no_link(
            source,
            which,
            Expr::col(E::SEQUENCE.as_column_ref()),
        ))
        .order_by_asc(E::SEQUENCE)
        .limit(limit)
        .all(db)
        .await?;
    found.into_iter().map(Row::try_from).collect()
}

impl Which<'_> {
    fn condition(self, organization_id: impl ColumnTrait) -> Condition {
        let of = |chain: Chain| match chain.organization_id() {
            Some(id) => organization_id.eq(id),
            None => organization_id.is_null(),
        };
        match self {
            Self::Of(chain) => Condition::all().add(of(chain)),
            Self::AllBut(chains) => chains.iter().fold(Condition::all(), |all, chain| {
                // `NOT (x = y)` is no truth when x is null.
                all.add(match chain.organization_id() {
                    Some(id) => organization_id.is_null().or(organization_id.ne(id)),
                    None => organization_id.is_not_null(),
                })
            }),
        }
    }
}

fn no_link(source: Source, which: Which<'_>, sequence: Expr) -> Condition {
    use audit_link::{Column, Entity};
    let mut link = Query::select()
        .expr(Expr::val(1))
        .from(Entity)
        .and_where(Column::Source.eq(source.to_string()))
        .and_where(Expr::col((Entity, Column::RowSequence)).eq(sequence))
        .to_owned();
    if let Which::Of(chain) = which {
        link.and_where(Column::ChainId.eq(chain.id()));
    }
    Condition::all().add(Expr::exists(link)).not()
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

#[expect(clippy::disallowed_methods, reason = "the chains are over all rows")]
async fn lowest_above<E: Chained>(
    db: &impl ConnectionTrait,
    above: i64,
) -> Result<Option<i64>, DbErr> {
    let lowest: Option<Option<i64>> = E::find()
        .filter(E::SEQUENCE.gt(above))
        .select_only()
        .expr(E::SEQUENCE.min())
        .into_tuple()
        .one(db)
        .await?;
    Ok(lowest.flatten())
}
