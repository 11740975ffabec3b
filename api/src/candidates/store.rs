//! Which candidates a caller reaches, and the filters of their list.

use entity::values::Role;
use entity::{booklet, candidate};
use sea_orm::sea_query::{Condition, LockType, Query};
use sea_orm::{ColumnTrait, QueryFilter, QuerySelect, QueryTrait, Select};

use super::dto::CandidateFilter;
use crate::kit::scope::{booklets_of_member, in_organization, nowhere};
use crate::kit::search::holds;
use crate::kit::{Ctx, Result, Scoped, Tx};
use crate::policy::Reach;

impl Scoped for candidate::Entity {
    fn scope(ctx: &Ctx) -> Condition {
        let own = in_organization::<Self>(ctx);
        match (ctx.permit.reach, ctx.actor.role) {
            (Reach::Organization, _) => own,
            (Reach::Own, Role::Candidate) => own.add(candidate::Column::UserId.eq(ctx.actor.id)),
            (Reach::Own, Role::Tutor) => {
                let accompanied = Query::select()
                    .column(booklet::Column::CandidateId)
                    .from(booklet::Entity)
                    .and_where(booklet::Column::Id.in_subquery(booklets_of_member(ctx)))
                    .to_owned();
                own.add(candidate::Column::Id.in_subquery(accompanied))
            }
            _ => nowhere(),
        }
    }
}

pub(super) fn list(ctx: &Ctx, filter: &CandidateFilter) -> Select<candidate::Entity> {
    ctx.select::<candidate::Entity>()
        .apply_if(filter.q.as_deref(), |query, words| {
            query.filter(holds(candidate::Column::Search, words))
        })
        .apply_if(filter.user_id, |query, user| {
            query.filter(candidate::Column::UserId.eq(user))
        })
}

/// Whether the booklet's candidate has an account: is linked to a user, active or not.
pub(crate) async fn has_account(tx: &Tx, booklet: &booklet::Model) -> Result<bool> {
    let candidate = tx
        .reference::<candidate::Entity>(booklet.candidate_id)
        .await?;
    Ok(candidate.is_some_and(|row| row.user_id.is_some()))
}

/// The candidate's booklets, locked.
pub(super) async fn booklets(tx: &Tx, candidate: &candidate::Model) -> Result<Vec<booklet::Model>> {
    Ok(tx
        .all_of::<booklet::Entity>()
        .filter(booklet::Column::CandidateId.eq(candidate.id))
        .lock(LockType::Update)
        .all(tx.db())
        .await?)
}
