//! Who sees that a booklet was opened, and how it is written down.

use chrono::TimeDelta;
use entity::break_glass::{self, ActiveModel, Column};
use entity::user;
use entity::values::Role;
use sea_orm::sea_query::Condition;
use sea_orm::{ColumnTrait, PaginatorTrait, QueryFilter, Select, Set};
use uuid::Uuid;

use super::dto::BreakGlassInput;
use super::rules;
use crate::foundation::unscoped;
use crate::kit::{BookletPage, Code, Ctx, Listed, Problem, Result, Sorts, Tx};

/// How many booklets an administrator has open at a time.
const OPEN_AT_ONCE: u64 = 5;

impl BookletPage for break_glass::Entity {
    /// An admin sees their own.
    fn narrow(ctx: &Ctx) -> Condition {
        let all = Condition::all();
        match ctx.actor.role {
            Role::Admin => all.add(Column::AdminId.eq(ctx.actor.id)),
            _ => all,
        }
    }
}

impl Listed for break_glass::Entity {
    type Entity = Self;
    const SORTS: Sorts<Self> = &[
        ("created_at", Column::CreatedAt),
        ("updated_at", Column::UpdatedAt),
        ("expires_at", Column::ExpiresAt),
    ];
}

pub(super) fn list(ctx: &Ctx, booklet_id: Uuid) -> Select<break_glass::Entity> {
    ctx.select::<break_glass::Entity>()
        .filter(Column::BookletId.eq(booklet_id))
}

/// A new one, from now on. Whoever needs many booklets does not need break-glass.
pub(super) async fn opening(tx: &Tx, input: BreakGlassInput) -> Result<ActiveModel> {
    let admin = tx.reference::<user::Entity>(tx.actor.id).await?;
    let admin = admin.ok_or(Problem::new(Code::Unauthenticated))?;
    // One's own, counted.
    let open = unscoped::rows::<break_glass::Entity>()
        .filter(Column::AdminId.eq(admin.id))
        .filter(Column::EndedAt.is_null())
        .filter(Column::ExpiresAt.gt(tx.now));
    if open.count(tx.db()).await? >= OPEN_AT_ONCE {
        return Err(Problem::quota(OPEN_AT_ONCE));
    }
    Ok(ActiveModel {
        admin_id: Set(admin.id),
        admin_name: Set(format!("{} {}", admin.given_name, admin.family_name)),
        reason: Set(input.reason),
        expires_at: Set(tx.now + TimeDelta::minutes(input.minutes.into())),
        ..Default::default()
    })
}

/// Ends it; one that is over stays as it is.
pub(super) async fn end(tx: &mut Tx, row: &break_glass::Model) -> Result<break_glass::Model> {
    let changed = match rules::is_over(row, tx.now) {
        true => Vec::new(),
        false => vec!["ended_at".to_owned(), "ended_by".to_owned()],
    };
    let change = ActiveModel {
        ended_at: Set(Some(tx.now)),
        ended_by: Set(Some(tx.actor.id)),
        ..Default::default()
    };
    tx.edit(row, change, &changed).await
}
