//! The filters of the list of booklets. A condition that most rows fulfil is written so that SQLite takes no
//! index for it (`NOT`): the list is then read in its order until a page is full.

use entity::values::BookletState;
use entity::{booklet, candidate, external_reference};
use migration::fold::fold;
use sea_orm::sea_query::{CaseStatement, Condition, Expr, ExprTrait, Query};
use sea_orm::{ActiveEnum, ColumnTrait, Iterable, QueryFilter, QueryTrait, Select};

use super::dto::BookletFilter;
use crate::kit::Ctx;
use crate::kit::list::order::ordered;
use crate::kit::list::search::has;

/// The booklets within reach that are asked for.
pub(in crate::booklet::booklets) fn list(
    ctx: &Ctx,
    filter: &BookletFilter,
) -> Select<booklet::Entity> {
    use booklet::Column;
    let states = filter.state.as_ref().map(|states| &*states.0);
    ctx.select::<booklet::Entity>()
        .apply_if(states, |query, states| match states {
            [state] => query.filter(in_state(ctx, *state)),
            states => query.filter(in_states(ctx, states)),
        })
        .apply_if(filter.candidate_id, |query, id| {
            query.filter(Column::CandidateId.eq(id))
        })
        .apply_if(filter.tutor_id.clone(), |query, ids| {
            query.filter(Column::TutorId.is_in(ids.0))
        })
        .apply_if(filter.prescriber_id.clone(), |query, ids| {
            query.filter(Column::PrescriberId.is_in(ids.0))
        })
        .apply_if(filter.archived, |query, archived| {
            query.filter(if archived {
                Column::ArchivedAt.is_not_null()
            } else {
                Column::ArchivedAt.is_null()
            })
        })
        .apply_if(filter.q.as_deref(), |query, words| {
            query.filter(found(ctx, words))
        })
        .apply_if(filter.overdue, |query, wanted| {
            query.filter(if wanted {
                is_overdue(ctx)
            } else {
                is_not_overdue(ctx)
            })
        })
        .apply_if(filter.contract_ends_before, |query, day| {
            let ends = || ordered(Column::InForceUntil);
            query.filter(ends().gte(ctx.today)).filter(ends().lt(day))
        })
        .apply_if(filter.last_contact_before, |query, day| {
            query.filter(Column::QuietSince.gte(day).not())
        })
        .apply_if(filter.stage.as_deref(), |query, code| {
            query.filter(Column::Stage.eq(code))
        })
        .apply_if(filter.opened_from, |query, day| {
            query.filter(Column::OpenedOn.lt(day).not())
        })
        .apply_if(filter.opened_to, |query, day| {
            query.filter(Column::OpenedOn.gt(day).not())
        })
}

fn word(state: &BookletState) -> Expr {
    Expr::val(state.to_value())
}

/// As `rules::effective_state` has it: of one state, by its index.
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

/// The same of several, which most booklets may be in.
fn in_states(ctx: &Ctx, states: &[BookletState]) -> Expr {
    use BookletState::{Active, Open};
    if states.contains(&Open) == states.contains(&Active) {
        let others = BookletState::iter().filter(|state| !states.contains(state));
        return booklet::Column::State.is_not_in(others);
    }
    effective_state(ctx).is_in(states.iter().map(word))
}

/// The same as a value.
pub(super) fn effective_state(ctx: &Ctx) -> Expr {
    use booklet::Column;
    let active = Column::State.eq(BookletState::Active);
    let ran_out = Column::InForceUntil
        .is_null()
        .or(Column::InForceUntil.lt(ctx.today));
    CaseStatement::new()
        .case(active.and(ran_out), word(&BookletState::Open))
        .finally(Expr::col(Column::State.as_column_ref()))
        .into()
}

/// 1 if it is at work and something that is open should be done by now, else 0.
pub(super) fn overdue(ctx: &Ctx) -> Expr {
    CaseStatement::new()
        .case(is_overdue(ctx), Expr::Constant(1.into()))
        .finally(Expr::Constant(0.into()))
        .into()
}

const AT_REST: [BookletState; 3] = [
    BookletState::Suspended,
    BookletState::Closed,
    BookletState::Withdrawn,
];

fn is_overdue(ctx: &Ctx) -> Expr {
    use booklet::Column;
    let at_work = Column::State.is_not_in(AT_REST);
    Column::NextDueOn.gte(ctx.today).not().and(at_work)
}

fn is_not_overdue(ctx: &Ctx) -> Expr {
    use booklet::Column;
    let in_time = Column::NextDueOn
        .is_null()
        .or(Column::NextDueOn.gte(ctx.today));
    in_time.or(Column::State.is_in(AT_REST))
}

/// Those that hold each of these words, or that another system calls so.
fn found(ctx: &Ctx, words: &str) -> Condition {
    let by_words = fold(words)
        .split_whitespace()
        .fold(Condition::all(), |all, word| {
            let of_candidate = Query::select()
                .column(candidate::Column::Search)
                .from(candidate::Entity)
                .and_where(
                    Expr::col((candidate::Entity, candidate::Column::Id))
                        .equals((booklet::Entity, booklet::Column::CandidateId)),
                )
                .to_owned();
            let of_candidate = Expr::SubQuery(None, Box::new(of_candidate.into()));
            let own = Expr::col(booklet::Column::Search.as_column_ref());
            all.add(has(own, word).or(has(of_candidate, word)))
        });
    use external_reference::Column;
    let called = |resource: &str| {
        Query::select()
            .column(Column::ResourceId)
            .from(external_reference::Entity)
            .and_where_option(
                ctx.actor
                    .organization_id
                    .map(|id| Column::OrganizationId.eq(id)),
            )
            .and_where(Column::ExternalId.eq(words.trim()))
            .and_where(Column::ResourceType.eq(resource))
            .to_owned()
    };
    Condition::any()
        .add(by_words)
        .add(booklet::Column::Id.in_subquery(called("booklet")))
        .add(booklet::Column::CandidateId.in_subquery(called("candidate")))
}
