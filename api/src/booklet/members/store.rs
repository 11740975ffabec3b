//! Which members a caller reaches, and their names.

use std::collections::{BTreeSet, HashMap};

use entity::{booklet, booklet_member, user};
use sea_orm::sea_query::{Condition, ExprTrait};
use sea_orm::{ColumnTrait, ConnectionTrait, QueryFilter, QueryTrait, Select};
use uuid::Uuid;

use super::dto::{BookletMember, BookletMemberFilter, Person};
use crate::foundation::unscoped;
use crate::kit::{BookletPage, Code, Ctx, Listed, Problem, Result, Sorts, Tx};

impl BookletPage for booklet_member::Entity {}

impl Listed for booklet_member::Entity {
    type Entity = Self;
    const SORTS: Sorts<Self> = &[
        ("created_at", booklet_member::Column::CreatedAt),
        ("updated_at", booklet_member::Column::UpdatedAt),
        ("starts_on", booklet_member::Column::StartsOn),
    ];
}

pub(super) fn list(
    ctx: &Ctx,
    booklet_id: Uuid,
    filter: &BookletMemberFilter,
) -> Select<booklet_member::Entity> {
    use booklet_member::Column;
    let current = Condition::all()
        .add(Column::StartsOn.lte(ctx.today))
        .add(Column::EndsOn.is_null().or(Column::EndsOn.gt(ctx.today)));
    ctx.select::<booklet_member::Entity>()
        .filter(Column::BookletId.eq(booklet_id))
        .apply_if(filter.current, |query, wanted| {
            query.filter(if wanted { current } else { current.not() })
        })
}

/// The members with their names, in one more query.
pub(crate) async fn with_names(
    db: &impl ConnectionTrait,
    rows: &[booklet_member::Model],
) -> Result<Vec<BookletMember>> {
    let users = accounts(db, rows.iter().map(|row| row.user_id)).await?;
    Ok(rows
        .iter()
        .map(|row| BookletMember::of(row, users.get(&row.user_id)))
        .collect())
}

/// The names of these users, who are within reach.
pub(crate) async fn names(
    db: &impl ConnectionTrait,
    ids: impl Iterator<Item = Uuid>,
) -> Result<HashMap<Uuid, String>> {
    let users = accounts(db, ids).await?.into_iter();
    let name = |user: user::Model| format!("{} {}", user.given_name, user.family_name);
    Ok(users.map(|(id, user)| (id, name(user))).collect())
}

async fn accounts(
    db: &impl ConnectionTrait,
    ids: impl Iterator<Item = Uuid>,
) -> Result<HashMap<Uuid, user::Model>> {
    let ids: BTreeSet<Uuid> = ids.collect();
    // What names them was within reach.
    let users = unscoped::rows::<user::Entity>()
        .filter(user::Column::Id.is_in(ids))
        .all(db)
        .await?;
    Ok(users.into_iter().map(|user| (user.id, user)).collect())
}

/// The main tutors of these booklets, by the booklets' ids.
pub(crate) async fn main_tutors(
    db: &impl ConnectionTrait,
    booklets: &[booklet::Model],
) -> Result<HashMap<Uuid, Person>> {
    let users = accounts(db, booklets.iter().map(|booklet| booklet.tutor_id)).await?;
    let tutor = |booklet: &booklet::Model| {
        let user = users.get(&booklet.tutor_id)?;
        Some((booklet.id, Person::from(user)))
    };
    Ok(booklets.iter().filter_map(tutor).collect())
}

/// Refuses a second membership at the same time, besides the one that changes.
pub(super) async fn not_yet_member(
    tx: &Tx,
    booklet_id: Uuid,
    user_id: Uuid,
    changing: Option<Uuid>,
) -> Result<()> {
    use booklet_member::Column;
    let present = tx
        .all_of::<booklet_member::Entity>()
        .filter(Column::BookletId.eq(booklet_id))
        .filter(Column::UserId.eq(user_id))
        .filter(Column::EndsOn.is_null().or(Column::EndsOn.gt(tx.today)))
        .apply_if(changing, |query, id| query.filter(Column::Id.ne(id)))
        .one(tx.db())
        .await?;
    if present.is_some() {
        Err(Problem::new(Code::Conflict))
    } else {
        Ok(())
    }
}
