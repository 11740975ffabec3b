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

/// The unchained rows of a table with numbers above the first and up to the second, in their
/// order, so many at most.
#[expect(clippy::disallowed_methods, reason = "the chains are over all rows")]
pub(super) async fn in_range(
    db: &impl ConnectionTrait,
    source: Source,
    (above, to): (i64, i64),
    which: Which<'_>,
    limit: u64,
) -> Result<Vec<Row>, DbErr> {
    match source {
        Source::Event => {
            use event::{Column, Entity};
            let found = Entity::find()
                .filter(Column::Sequence.gt(above).and(Column::Sequence.lte(to)))
                .filter(which.condition(Column::OrganizationId))
                .filter(no_link(
                    source,
                    which,
                    Expr::col((Entity, Column::Sequence)),
                ))
                .order_by_asc(Column::Sequence)
                .limit(limit);
            found
                .all(db)
                .await?
                .into_iter()
                .map(Row::try_from)
                .collect()
        }
        Source::Access => {
            use access_entry::{Column, Entity};
            let found = Entity::find()
                .filter(Column::Sequence.gt(above).and(Column::Sequence.lte(to)))
                .filter(which.condition(Column::OrganizationId))
                .filter(no_link(
                    source,
                    which,
                    Expr::col((Entity, Column::Sequence)),
                ))
                .order_by_asc(Column::Sequence)
                .limit(limit);
            found
                .all(db)
                .await?
                .into_iter()
                .map(Row::try_from)
                .collect()
        }
    }
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
#[expect(clippy::disallowed_methods, reason = "the chains are over all rows")]
pub(super) async fn next_above(
    db: &impl ConnectionTrait,
    source: Source,
    above: i64,
) -> Result<Option<i64>, DbErr> {
    let lowest: Option<Option<i64>> = match source {
        Source::Event => {
            use event::{Column, Entity};
            let above = Entity::find().filter(Column::Sequence.gt(above));
            let lowest = above.select_only().expr(Column::Sequence.min());
            lowest.into_tuple().one(db).await?
        }
        Source::Access => {
            use access_entry::{Column, Entity};
            let above = Entity::find().filter(Column::Sequence.gt(above));
            let lowest = above.select_only().expr(Column::Sequence.min());
            lowest.into_tuple().one(db).await?
        }
    };
    Ok(lowest.flatten())
}
