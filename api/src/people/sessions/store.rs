//! Which sessions a caller reaches: their own, while they last.

use chrono::{DateTime, Utc};
use entity::{session, user};
use sea_orm::sea_query::{Condition, Expr, ExprTrait};
use sea_orm::{ColumnTrait, EntityTrait, Set};

use crate::foundation::event_types::{Told, Verb};
use crate::foundation::policy::Reach;
use crate::kit::scope::nowhere;
use crate::kit::{Code, Ctx, Event, Listed, Problem, Result, Scoped, Sorts, Tx};

impl Scoped for session::Entity {
    fn scope(ctx: &Ctx) -> Condition {
        let column = |column: session::Column| Expr::col((Self, column));
        match ctx.permit.reach {
            Reach::Own => Condition::all()
                .add(column(session::Column::UserId).eq(ctx.actor.id))
                .add(column(session::Column::RevokedAt).is_null())
                .add(column(session::Column::ExpiresAt).gt(ctx.now)),
            _ => nowhere(),
        }
    }
}

impl Listed for session::Entity {
    type Entity = Self;
    const SORTS: Sorts<Self> = &[
        ("updated_at", session::Column::RotatedAt),
        ("created_at", session::Column::CreatedAt),
    ];

    fn changed_since(instant: DateTime<Utc>) -> Condition {
        Condition::all().add(session::Column::RotatedAt.gte(instant))
    }
}

/// Ends one.
pub(super) async fn end(tx: &Tx, row: session::Model) -> Result<()> {
    let ended = session::ActiveModel {
        id: Set(row.id),
        revoked_at: Set(Some(tx.now)),
        ..Default::default()
    };
    session::Entity::update(ended).exec(tx.db()).await?;
    Ok(())
}

/// What is told of sessions that were ended: it is the person's, who has a place in the trail.
pub(super) async fn told_of_oneself<V: Verb>(tx: &Tx, verb: V) -> Result<Event>
where
    user::Model: Told<V>,
{
    let oneself = tx.reference::<user::Entity>(tx.actor.id).await?;
    let oneself = oneself.ok_or(Problem::new(Code::Unauthenticated))?;
    Ok(Event::new(&oneself, verb))
}
