//! A row of the audit trail, whichever table it stands in: its canonical form, with every column.

use chrono::{DateTime, Utc};
use entity::{access_entry, event};
use sea_orm::sea_query::{Condition, Expr};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, ExprTrait, QueryFilter, QueryOrder,
};
use strum::{Display, EnumIter, EnumString};
use uuid::Uuid;

use super::former;
use super::head::Chain;
use crate::foundation::unscoped;

/// The tables whose rows are chained.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Display, EnumIter, EnumString,
)]
#[strum(serialize_all = "snake_case")]
pub(super) enum Source {
    Event,
    Access,
}

/// A row of one of them.
#[derive(Clone, Debug)]
pub(super) enum Row {
    Event(Box<event::Model>),
    Access(Box<access_entry::Model>),
}

impl From<event::Model> for Row {
    fn from(row: event::Model) -> Self {
        Self::Event(Box::new(row))
    }
}

impl From<access_entry::Model> for Row {
    fn from(row: access_entry::Model) -> Self {
        Self::Access(Box::new(row))
    }
}

impl Row {
    pub(super) fn source(&self) -> Source {
        match self {
            Self::Event(_) => Source::Event,
            Self::Access(_) => Source::Access,
        }
    }

    pub(super) fn sequence(&self) -> i64 {
        match self {
            Self::Event(row) => row.sequence,
            Self::Access(row) => row.sequence,
        }
    }

    pub(super) fn chain(&self) -> Chain {
        Chain::of(match self {
            Self::Event(row) => row.organization_id,
            Self::Access(row) => row.organization_id,
        })
    }

    pub(super) fn at(&self) -> DateTime<Utc> {
        match self {
            Self::Event(row) => row.at,
            Self::Access(row) => row.at,
        }
    }

    /// The link that it says binds it.
    pub(super) fn link(&self) -> Option<i64> {
        match self {
            Self::Event(row) => row.link,
            Self::Access(row) => row.link,
        }
    }

    /// Whether it has its place in the feed: what has none is just written, and of no link yet.
    pub(super) fn has_place(&self) -> bool {
        match self {
            Self::Event(row) => row.position.is_some(),
            Self::Access(_) => true,
        }
    }

    /// Whether others may learn of it.
    pub(super) fn is_shown(&self) -> bool {
        match self {
            Self::Event(row) => row.private_to.is_none(),
            Self::Access(row) => row.private_to.is_none(),
        }
    }

    /// As batches bind it: the columns of the table, in its order. A column that is added later must
    /// be left out where it is null, lest all hashes of before differ. Where it is not null, an instance of before
    /// that still runs beside us would bind the row without it.
    pub(super) fn canonical(&self) -> Result<Vec<u8>, DbErr> {
        let written = match self {
            Self::Event(row) => serde_json::to_vec(row),
            Self::Access(row) => serde_json::to_vec(row),
        };
        written.map_err(|error| DbErr::Custom(error.to_string()))
    }

    /// As links bound it that were of one row each.
    pub(super) fn formerly(&self) -> Result<Vec<u8>, DbErr> {
        match self {
            Self::Event(row) => former::event(row),
            Self::Access(row) => former::access(row),
        }
    }
}

/// A table whose rows are chained.
pub(super) trait Chained: EntityTrait {
    const SOURCE: Source;
    const SEQUENCE: Self::Column;
    const ORGANIZATION_ID: Self::Column;
    const LINK: Self::Column;
}

impl Chained for event::Entity {
    const SOURCE: Source = Source::Event;
    const SEQUENCE: event::Column = event::Column::Sequence;
    const ORGANIZATION_ID: event::Column = event::Column::OrganizationId;
    const LINK: event::Column = event::Column::Link;
}

impl Chained for access_entry::Entity {
    const SOURCE: Source = Source::Access;
    const SEQUENCE: access_entry::Column = access_entry::Column::Sequence;
    const ORGANIZATION_ID: access_entry::Column = access_entry::Column::OrganizationId;
    const LINK: access_entry::Column = access_entry::Column::Link;
}

/// The rows of these numbers that are there.
pub(super) async fn read(
    db: &impl ConnectionTrait,
    source: Source,
    sequences: Vec<i64>,
) -> Result<Vec<Row>, DbErr> {
    match source {
        Source::Event => found::<event::Entity>(db, of_numbers::<event::Entity>(sequences)).await,
        Source::Access => {
            let numbers = of_numbers::<access_entry::Entity>(sequences);
            found::<access_entry::Entity>(db, numbers).await
        }
    }
}

/// The rows of a chain between these numbers that name one of these links.
pub(super) async fn of_links(
    db: &impl ConnectionTrait,
    source: Source,
    chain: Chain,
    numbers: (i64, i64),
    links: (i64, i64),
) -> Result<Vec<Row>, DbErr> {
    match source {
        Source::Event => {
            let those = between::<event::Entity>(chain, numbers, links);
            found::<event::Entity>(db, those).await
        }
        Source::Access => {
            let those = between::<access_entry::Entity>(chain, numbers, links);
            found::<access_entry::Entity>(db, those).await
        }
    }
}

fn of_numbers<E: Chained>(sequences: Vec<i64>) -> Condition {
    Condition::all().add(E::SEQUENCE.is_in(sequences))
}

fn between<E: Chained>(chain: Chain, numbers: (i64, i64), links: (i64, i64)) -> Condition {
    owned::<E>(chain)
        .add(E::SEQUENCE.between(numbers.0, numbers.1))
        .add(E::LINK.between(links.0, links.1))
}

/// The rows of this chain.
pub(super) fn owned<E: Chained>(chain: Chain) -> Condition {
    Condition::all().add(match chain.organization_id() {
        Some(id) => E::ORGANIZATION_ID.eq(id),
        None => E::ORGANIZATION_ID.is_null(),
    })
}

/// The id of a row's chain.
pub(super) fn chain_of<E: Chained>() -> Expr {
    let owner = Expr::col(E::ORGANIZATION_ID.as_column_ref());
    owner.if_null(Uuid::nil())
}

async fn found<E: Chained>(db: &impl ConnectionTrait, those: Condition) -> Result<Vec<Row>, DbErr>
where
    Row: From<E::Model>,
{
    let found = unscoped::rows::<E>()
        .filter(those)
        .order_by_asc(E::SEQUENCE)
        .all(db)
        .await?;
    Ok(found.into_iter().map(Row::from).collect())
}
