//! How somebody stands in a booklet: what decides, besides the page itself, on what they may do.

use entity::values::{MemberKind, Role};
use entity::{booklet, booklet_member, candidate};
use sea_orm::sea_query::{Expr, ExprTrait, IntoCondition, SelectStatement};
use sea_orm::{ColumnTrait, FromQueryResult, QueryFilter, QueryTrait};
use uuid::Uuid;

use crate::foundation::policy::{Permit, Reach};
use crate::foundation::unscoped::by_columns;
use crate::kit::scope::{present_membership, reaching};
use crate::kit::{BookletPage, Code, Ctx, Problem, Result};

/// The booklet that somebody reads, and what they are in it.
#[derive(Debug, FromQueryResult)]
pub(crate) struct Standing {
    #[sea_orm(nested)]
    pub(crate) booklet: booklet::Model,
    /// The account of its candidate.
    pub(crate) account: Option<Uuid>,
    /// The reader's membership of today: one at most.
    membership: Option<MemberKind>,
}

impl Standing {
    /// In the booklet of this id.
    ///
    /// # Errors
    /// 404 when there is none within reach.
    pub(crate) async fn in_booklet(ctx: &Ctx, id: Uuid) -> Result<Self> {
        let mut booklets = ctx
            .select::<booklet::Entity>()
            .filter(booklet::Column::Id.eq(id))
            .filter(ctx.proof());
        add_people(ctx, QueryTrait::query(&mut booklets), "");
        let found = booklets
            .into_model::<Self>()
            .one(ctx.state.db.reader())
            .await?;
        ctx.found_by_proof(found, ctx.state.db.reader()).await
    }

    /// In the booklet of this page, which comes along.
    ///
    /// # Errors
    /// 404 when there is none within reach.
    pub(crate) async fn on_page<E: BookletPage>(
        ctx: &Ctx,
        which: impl IntoCondition,
    ) -> Result<(E::Model, Self)> {
        let mut pages = by_columns(ctx.select::<E>())
            .filter(which.into_condition())
            .filter(ctx.proof());
        let its_booklet =
            Expr::col((E::default(), "booklet_id")).equals((booklet::Entity, booklet::Column::Id));
        QueryTrait::query(&mut pages).inner_join(booklet::Entity, its_booklet);
        let mut pages = pages.select_also(booklet::Entity);
        add_people(ctx, QueryTrait::query(&mut pages), "B_");
        let found = pages
            .into_model::<E::Model, Self>()
            .one(ctx.state.db.reader())
            .await?;
        let found = found.and_then(|(page, standing)| Some((page, standing?)));
        ctx.found_by_proof(found, ctx.state.db.reader()).await
    }

    /// Whether what the reader reads is within their reach for this too. For whoever accompanies that depends on
    /// their membership; all others reach what they read for all that their role permits.
    ///
    /// # Errors
    /// 404 when it is not.
    pub(in crate::kit) fn reaches(&self, permit: Permit, role: Role) -> Result<()> {
        let kinds = reaching(permit.action);
        let accompanies = matches!(role, Role::Tutor | Role::Coordinator);
        let by_membership = permit.reach == Reach::Own && accompanies;
        if by_membership && !self.membership.is_some_and(|kind| kinds.contains(&kind)) {
            return Err(Problem::new(Code::NotFound));
        }
        Ok(())
    }
}

/// Adds to a query of booklets their candidate's account and the caller's membership.
fn add_people(ctx: &Ctx, query: &mut SelectStatement, prefix: &str) {
    let booklet = |column| Expr::col((booklet::Entity, column));
    let candidate =
        booklet(booklet::Column::CandidateId).equals((candidate::Entity, candidate::Column::Id));
    let membership = booklet(booklet::Column::Id)
        .equals((booklet_member::Entity, booklet_member::Column::BookletId));
    query
        .expr_as(
            Expr::col((candidate::Entity, candidate::Column::UserId)),
            format!("{prefix}account"),
        )
        .expr_as(
            Expr::col((booklet_member::Entity, booklet_member::Column::Kind)),
            format!("{prefix}membership"),
        )
        .left_join(candidate::Entity, candidate)
        .left_join(
            booklet_member::Entity,
            present_membership(ctx).add(membership),
        );
}
