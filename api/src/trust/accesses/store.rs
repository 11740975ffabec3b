//! Which lines of the access log a caller reaches, and the names that go with them.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use entity::access_entry::{self, Column};
use entity::values::{AccessKind, AccessOutcome, Role};
use entity::{booklet, user};
use sea_orm::sea_query::{Condition, Expr, ExprTrait};
use sea_orm::{ColumnTrait, QueryFilter, QueryTrait, Select};
use uuid::Uuid;

use super::dto::AccessFilter;
use crate::booklet::notes::store::for_these_eyes;
use crate::foundation::access_log::every_booklet;
use crate::foundation::policy::{Action, Reach, Resource};
use crate::foundation::unscoped;
use crate::kit::scope::{in_booklets, in_organization};
use crate::kit::{Ctx, Listed, Page, Result, Scoped, Sorts};

impl Scoped for access_entry::Entity {
    fn scope(ctx: &Ctx) -> Condition {
        if ctx.permit.reach == Reach::Everything {
            return technical();
        }
        in_booklets::<Self>(ctx, "booklet_id").add(for_these_eyes::<Self>(ctx))
    }
}

/// Sign-ins, refusals and gaps, of all organizations, that name no booklet.
fn technical() -> Condition {
    let read = Column::Kind.eq(AccessKind::Read.to_string());
    let ok = Column::Outcome.eq(AccessOutcome::Ok.to_string());
    Condition::all()
        .add(Column::BookletId.is_null())
        .add(Column::PrivateTo.is_null())
        .add(Condition::all().add(read).add(ok).not())
}

impl Listed for access_entry::Entity {
    type Entity = Self;
    const SORTS: Sorts<Self> = &[("sequence", Column::Sequence)];

    fn changed_since(instant: DateTime<Utc>) -> Condition {
        Condition::all().add(Column::At.gte(instant))
    }
}

/// The lines about this booklet, exports that held it among others included.
pub(super) fn of_booklet(ctx: &Ctx, booklet_id: Uuid) -> Select<access_entry::Entity> {
    let own = access_entry::Entity::scope(ctx).add(Column::BookletId.eq(booklet_id));
    let mut lines = Condition::any().add(own);
    if let Some(organization_id) = ctx.actor.organization_id {
        lines = lines.add(of_all_booklets(ctx, booklet_id, organization_id));
    }
    // Each alternative is within reach.
    unscoped::rows::<access_entry::Entity>().filter(lines)
}

/// The exports of all booklets since this one is there, if it is within reach.
fn of_all_booklets(ctx: &Ctx, booklet_id: Uuid, organization_id: Uuid) -> Condition {
    let since = Expr::col(booklet::Column::CreatedAt.as_column_ref())
        .lte(Expr::col(Column::At.as_column_ref()));
    let reached = ctx
        .select::<booklet::Entity>()
        .filter(booklet::Column::Id.eq(booklet_id))
        .filter(since)
        .into_query();
    Condition::all()
        .add(Column::BookletId.eq(every_booklet(organization_id)))
        .add(Column::OrganizationId.eq(organization_id))
        .add(Expr::exists(reached))
}

/// The lines of the organization.
pub(super) fn list(ctx: &Ctx, filter: &AccessFilter) -> Select<access_entry::Entity> {
    ctx.select::<access_entry::Entity>()
        .apply_if(filter.actor_id, |query, id| {
            query.filter(Column::ActorId.eq(id))
        })
        .apply_if(filter.booklet_id, |query, id| {
            query.filter(Column::BookletId.eq(id))
        })
        .apply_if(filter.kind, |query, kind| {
            query.filter(Column::Kind.eq(kind.to_string()))
        })
        .apply_if(filter.operation.as_deref(), |query, operation| {
            query.filter(Column::Operation.eq(operation))
        })
        .apply_if(filter.outcome, |query, outcome| {
            query.filter(Column::Outcome.eq(outcome.to_string()))
        })
        .apply_if(filter.from, |query, from| {
            query.filter(Column::At.gte(from))
        })
        .apply_if(filter.to, |query, to| query.filter(Column::At.lt(to)))
}

/// The present names of those who called. Who reads of their booklet may know who looked at it,
/// if they are of the same organization; the admin knows the coordinators.
pub(super) async fn names(
    ctx: &Ctx,
    page: &Page<access_entry::Model>,
) -> Result<HashMap<Uuid, String>> {
    let ids: Vec<Uuid> = page.items.iter().filter_map(|row| row.actor_id).collect();
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let people = match ctx.actor.role {
        Role::Admin => ctx
            .also(Resource::Users, Action::Read)?
            .select::<user::Entity>(),
        _ => colleagues(ctx),
    };
    let people = people
        .filter(user::Column::Id.is_in(ids))
        .all(ctx.state.db.reader())
        .await?;
    let name = |person: user::Model| format!("{} {}", person.given_name, person.family_name);
    Ok(people
        .into_iter()
        .map(|person| (person.id, name(person)))
        .collect())
}

/// The people of the organization: a name is all that a candidate sees of them.
fn colleagues(ctx: &Ctx) -> Select<user::Entity> {
    unscoped::rows::<user::Entity>().filter(in_organization::<user::Entity>(ctx))
}
