//! Which candidates a caller reaches, and the filters of their list.

use std::collections::HashMap;

use entity::values::Role;
use entity::{booklet, candidate};
use sea_orm::sea_query::{Condition, LockType, Query};
use sea_orm::{ColumnTrait, QueryFilter, QuerySelect, QueryTrait, Select};
use uuid::Uuid;

use super::dto::CandidateFilter;
use crate::foundation::policy::Reach;
use crate::kit::list::search::holds;
use crate::kit::scope::{booklets_of_member, in_organization, nowhere};
use crate::kit::{Ctx, Listed, Result, Scoped, Sorts, Tx};

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
            // The whole booklet shows whose it is.
            (Reach::Opened, Role::Admin) => {
                let opened = Query::select()
                    .column(booklet::Column::CandidateId)
                    .from(booklet::Entity)
                    .cond_where(booklet::Entity::scope(ctx))
                    .to_owned();
                Condition::all().add(candidate::Column::Id.in_subquery(opened))
            }
            _ => nowhere(),
        }
    }
}

impl Listed for candidate::Entity {
    type Entity = Self;
    const SORTS: Sorts<Self> = &[
        ("created_at", candidate::Column::CreatedAt),
        ("updated_at", candidate::Column::UpdatedAt),
        ("name", candidate::Column::SortKey),
    ];
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

/// The candidates of these booklets, by their own ids.
pub(crate) async fn of_booklets(
    ctx: &Ctx,
    booklets: &[booklet::Model],
) -> Result<HashMap<Uuid, candidate::Model>> {
    let ids = booklets.iter().map(|booklet| booklet.candidate_id);
    let rows = ctx
        .select::<candidate::Entity>()
        .filter(candidate::Column::Id.is_in(ids))
        .all(ctx.state.db.reader())
        .await?;
    Ok(rows.into_iter().map(|row| (row.id, row)).collect())
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
