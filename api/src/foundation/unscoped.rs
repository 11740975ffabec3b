//! The one door to rows that no caller's reach filters. What callers are shown starts from
//! `ctx.select::<E>()`. Here start the service's own work, the look-ups that find out who asks, and rules
//! that must see more than the caller does; whoever comes through adds the filter that is needed.
#![expect(clippy::disallowed_methods, reason = "this is the door")]

use sea_orm::{EntityTrait, PrimaryKeyTrait, Select};

/// The rows of a table, whoever's they are.
pub(crate) fn rows<E: EntityTrait>() -> Select<E> {
    E::find()
}

/// The row of this key, whoever's it is.
pub(crate) fn row<E: EntityTrait>(
    key: impl Into<<E::PrimaryKey as PrimaryKeyTrait>::ValueType>,
) -> Select<E> {
    E::find_by_id(key)
}
