//! The filters of the list of booklets, and who may be named on one.

use entity::values::{BookletState, Role, UserState};
use entity::{booklet, user};
use sea_orm::sea_query::Condition;
use sea_orm::{ColumnTrait, QueryFilter, QueryTrait, Select};
use uuid::Uuid;

use super::dto::BookletFilter;
use crate::kit::{Ctx, Fault, FaultCode, Problem, Result, Tx};

pub(super) fn list(ctx: &Ctx, filter: &BookletFilter) -> Select<booklet::Entity> {
    use booklet::Column;
    ctx.select::<booklet::Entity>()
        .apply_if(filter.state, |query, state| {
            query.filter(in_state(ctx, state))
        })
        .apply_if(filter.candidate_id, |query, id| {
            query.filter(Column::CandidateId.eq(id))
        })
        .apply_if(filter.tutor_id, |query, id| {
            query.filter(Column::TutorId.eq(id))
        })
        .apply_if(filter.archived, |query, archived| {
            query.filter(if archived {
                Column::ArchivedAt.is_not_null()
            } else {
                Column::ArchivedAt.is_null()
            })
        })
}

/// As `rules::effective_state` has it.
fn in_state(ctx: &Ctx, state: BookletState) -> Condition {
    use booklet::Column;
    let stored = |state: BookletState| Condition::all().add(Column::State.eq(state));
    let in_force = Column::InForceUntil.gte(ctx.today);
    match state {
        BookletState::Active => stored(state).add(in_force),
        BookletState::Open => Condition::any().add(stored(state)).add(
            stored(BookletState::Active).add(
                Condition::any()
                    .add(Column::InForceUntil.is_null())
                    .add(Column::InForceUntil.lt(ctx.today)),
            ),
        ),
        _ => stored(state),
    }
}

/// A user named on a booklet, who must have this role and not be disabled.
pub(crate) async fn named_user(
    tx: &Tx,
    id: Uuid,
    role: Role,
    pointer: &str,
) -> Result<user::Model> {
    let user = tx.named::<user::Entity>(id, pointer).await?;
    if user.role != role {
        let fault = Fault::new(pointer, FaultCode::WrongRole).with("expected", role.to_string());
        return Err(Problem::invalid(vec![fault]));
    }
    if user.state == UserState::Disabled {
        return Err(Problem::fault(pointer, FaultCode::NotAllowed));
    }
    Ok(user)
}
