//! From a reach to a row filter, added to every query: elsewhere row-level security.

use entity::values::{MemberKind, Role};
use entity::{booklet, booklet_member, candidate};
use sea_orm::sea_query::{Condition, Expr, ExprTrait, Query, SelectStatement};
use sea_orm::{ColumnTrait, EntityTrait, PrimaryKeyTrait};
use uuid::Uuid;

use super::Ctx;
use super::request::opened::{booklets_ever_opened, booklets_open_now};
use crate::foundation::policy::{Action, Reach};

/// A table whose rows the caller reaches in part.
pub trait Scoped: EntityTrait {
    /// The rows within the caller's reach.
    fn scope(ctx: &Ctx) -> Condition;
}

/// A table whose rows are named by an id.
pub trait ById: EntityTrait<PrimaryKey: PrimaryKeyTrait<ValueType: From<Uuid>>> {}

impl<E: EntityTrait<PrimaryKey: PrimaryKeyTrait<ValueType: From<Uuid>>>> ById for E {}

/// A table whose rows are pages of a booklet: reached with it, and narrowed by `narrow`.
pub trait BookletPage: EntityTrait {
    /// What restricts the reach further, by kind, owner or author.
    #[must_use]
    fn narrow(_ctx: &Ctx) -> Condition {
        Condition::all()
    }
}

impl<E: BookletPage> Scoped for E {
    fn scope(ctx: &Ctx) -> Condition {
        in_booklets::<E>(ctx, "booklet_id").add(E::narrow(ctx))
    }
}

impl Scoped for booklet::Entity {
    fn scope(ctx: &Ctx) -> Condition {
        in_booklets::<Self>(ctx, "id")
    }
}

/// Rows of the caller's organization.
#[must_use]
pub fn in_organization<E: EntityTrait>(ctx: &Ctx) -> Condition {
    match ctx.actor.organization_id {
        Some(id) => Condition::all().add(Expr::col((E::default(), "organization_id")).eq(id)),
        None => nowhere(),
    }
}

/// Rows that organizations have, as far as the permit reaches: those of the caller's, or for the
/// platform all of them.
#[must_use]
pub fn of_organizations<E: EntityTrait>(ctx: &Ctx) -> Condition {
    match ctx.permit.reach {
        Reach::Everything => Condition::all(),
        Reach::Organization => in_organization::<E>(ctx),
        _ => nowhere(),
    }
}

/// Rows of the caller's organization and those shared by all; for the admin, the shared ones.
#[must_use]
pub fn in_organization_or_shared<E: EntityTrait>(ctx: &Ctx) -> Condition {
    let column = || Expr::col((E::default(), "organization_id"));
    let shared = Condition::any().add(column().is_null());
    match ctx.actor.organization_id {
        Some(id) if ctx.permit.action.is_read() => shared.add(column().eq(id)),
        Some(id) => Condition::all().add(column().eq(id)),
        None => shared,
    }
}

/// No row at all.
#[must_use]
pub fn nowhere() -> Condition {
    Condition::all().add(Expr::val(1).eq(0))
}

/// Rows whose booklet is within reach; this column names it.
pub(crate) fn in_booklets<E: EntityTrait>(ctx: &Ctx, column: &'static str) -> Condition {
    let booklet_id = Expr::col((E::default(), column));
    let within = |ids: SelectStatement| Condition::all().add(booklet_id.in_subquery(ids));
    let (me, now) = (ctx.actor.id, ctx.now);
    let reached = match (ctx.permit.reach, ctx.actor.role) {
        // The admin is of no organization.
        (Reach::Opened, Role::Admin) => return within(booklets_open_now(me, now)),
        (Reach::Own, Role::Admin) => return within(booklets_ever_opened(me)),
        (Reach::Everything, Role::Admin) => return Condition::all(),
        (Reach::Own, Role::Candidate) => within(booklets_of_candidate(me)),
        (Reach::Own, Role::Tutor | Role::Coordinator) => within(booklets_of_member(ctx)),
        (Reach::Assigned, Role::Prescriber) => {
            within(booklets_where(booklet::Column::PrescriberId, me))
        }
        (Reach::Assigned, Role::Validator) => {
            within(booklets_where(booklet::Column::ValidatorId, me))
        }
        (Reach::Organization, _) => Condition::all(),
        _ => nowhere(),
    };
    reached.add(in_organization::<E>(ctx))
}

fn booklets_of_candidate(user_id: Uuid) -> SelectStatement {
    Query::select()
        .column((booklet::Entity, booklet::Column::Id))
        .from(booklet::Entity)
        .inner_join(
            candidate::Entity,
            Expr::col((candidate::Entity, candidate::Column::Id))
                .equals((booklet::Entity, booklet::Column::CandidateId)),
        )
        .and_where(candidate::Column::UserId.eq(user_id))
        .to_owned()
}

fn booklets_where(column: booklet::Column, user_id: Uuid) -> SelectStatement {
    Query::select()
        .column(booklet::Column::Id)
        .from(booklet::Entity)
        .and_where(column.eq(user_id))
        .to_owned()
}

/// The booklets one is now a member of, in a way that reaches them for the present permit.
pub(crate) fn booklets_of_member(ctx: &Ctx) -> SelectStatement {
    use booklet_member::Column;
    let kinds = reaching(ctx.permit.action).iter().copied();
    Query::select()
        .column(Column::BookletId)
        .from(booklet_member::Entity)
        .and_where(Column::Kind.is_in(kinds))
        .cond_where(present_membership(ctx))
        .to_owned()
}

/// The caller's memberships of today.
pub(super) fn present_membership(ctx: &Ctx) -> Condition {
    use booklet_member::Column;
    Condition::all()
        .add(Column::UserId.eq(ctx.actor.id))
        .add(Column::StartsOn.lte(ctx.today))
        .add(
            Condition::any()
                .add(Column::EndsOn.is_null())
                .add(Column::EndsOn.gt(ctx.today)),
        )
}

/// The members who reach a booklet for this: an observer reads, a substitute does not sign.
pub(super) fn reaching(action: Action) -> &'static [MemberKind] {
    use MemberKind::{Observer, Substitute, Tutor};
    match action {
        Action::Read => &[Tutor, Substitute, Observer],
        Action::Sign => &[Tutor],
        _ => &[Tutor, Substitute],
    }
}
