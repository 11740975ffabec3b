//! Finds by letters, numbers and names of other systems: one statement for each kind, within reach.

use std::cmp::Reverse;

use entity::{Row, booklet, candidate, external_reference, name_gram, useful_address, user};
use sea_orm::sea_query::{Condition, Expr, ExprTrait, Order, Query, SelectStatement};
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait, Select};
use uuid::Uuid;

use super::dto::{Found, FoundAddress, FoundBooklet, FoundCandidate, FoundUser};
use super::rules::{Words, numbers};
use crate::booklet::booklets::effective_state;
use crate::foundation::policy::{Action, Reach, Resource};
use crate::foundation::unscoped;
use crate::kit::list::search::holds;
use crate::kit::{Ctx, Result, Scoped};
use crate::people::users::sees_names;

/// How many are shown of a kind.
const SHOWN: usize = 10;
/// How many whose letters fit best are compared.
const COMPARED: u64 = 200;

/// What other systems call so: kinds and ids.
type Called = Vec<(String, Uuid)>;

pub(super) async fn find(ctx: &Ctx, q: &str) -> Result<Found> {
    let (words, called) = (Words::of(q), called(ctx, q).await?);
    let candidates = candidates(ctx, q, &words, &called).await?;
    Ok(Found {
        booklets: booklets(ctx, &candidates, &called).await?,
        users: users(ctx, &words, &called).await?,
        useful_addresses: addresses(ctx, q, &called).await?,
        candidates: candidates.into_iter().map(found_candidate).collect(),
    })
}

async fn called(ctx: &Ctx, q: &str) -> Result<Called> {
    use external_reference::Column;
    // Ids alone: the rows are then read within reach.
    let names = unscoped::rows::<external_reference::Entity>()
        .select_only()
        .columns([Column::ResourceType, Column::ResourceId])
        .filter(Column::OrganizationId.is_in(ctx.actor.organization_id))
        .filter(Column::ExternalId.eq(q.trim()))
        .limit(COMPARED);
    ctx.told(names).await
}

fn of_kind(called: &Called, kind: &str) -> Vec<Uuid> {
    let of = called.iter().filter(|(of, _)| of == kind);
    of.map(|(_, id)| *id).collect()
}

/// Those whose names have most of the letters, and who are within reach.
fn by_letters<E: Scoped>(
    ctx: &Ctx,
    words: &Words,
    kind: &str,
    id: impl ColumnTrait,
) -> Option<SelectStatement> {
    use name_gram::Column;
    let grams = words.grams();
    if grams.is_empty() {
        return None;
    }
    // A wrong letter takes three of them away.
    let enough = i64::try_from(grams.len().div_ceil(3)).unwrap_or(i64::MAX);
    let mut found = Query::select()
        .column(Column::Id)
        .from(name_gram::Entity)
        .and_where(Column::OrganizationId.is_in(ctx.actor.organization_id))
        .and_where(Column::Kind.eq(kind))
        .and_where(Column::Gram.is_in(grams))
        .group_by_col(Column::Id)
        .and_having(Expr::col(Column::Gram).count().gte(enough))
        .order_by_expr(Expr::col(Column::Gram).count(), Order::Desc)
        .limit(COMPARED)
        .to_owned();
    if ctx.permit.reach != Reach::Organization {
        let reached = ctx.select::<E>().select_only().column(id).into_query();
        found.and_where(Column::Id.in_subquery(reached));
    }
    Some(found)
}

async fn candidates(
    ctx: &Ctx,
    q: &str,
    words: &Words,
    called: &Called,
) -> Result<Vec<candidate::Model>> {
    use candidate::Column;
    let Ok(ctx) = ctx.also(Resource::Candidates, Action::Read) else {
        return Ok(Vec::new());
    };
    let called = of_kind(called, "candidate");
    let numbers = numbers(q);
    let mut which = Condition::any()
        .add(Column::Id.is_in(called.iter().copied()))
        .add(Column::Phone.is_in(numbers.iter().cloned()))
        .add(Column::Email.eq(q.trim().to_ascii_lowercase()));
    let letters = by_letters::<candidate::Entity>(&ctx, words, "candidate", Column::Id);
    if let Some(letters) = letters {
        which = which.add(Column::Id.in_subquery(within(letters)));
    }
    let rows = read::<candidate::Entity>(&ctx, which).await?;
    let is_exact = |row: &candidate::Model| {
        let phone = row.phone.as_ref();
        let email = row.email.as_deref();
        called.contains(&row.id)
            || phone.is_some_and(|phone| numbers.contains(phone))
            || email.is_some_and(|email| email.eq_ignore_ascii_case(q.trim()))
    };
    Ok(best(rows, |row: &candidate::Model| match is_exact(row) {
        true => u32::MAX,
        false => words.fit(&format!("{} {}", row.given_name, row.family_name)),
    }))
}

/// A limited selection may not stand in `IN` by itself everywhere.
fn within(limited: SelectStatement) -> SelectStatement {
    Query::select()
        .column("id")
        .from_subquery(limited, "found")
        .to_owned()
}

async fn read<E: Scoped>(ctx: &Ctx, which: Condition) -> Result<Vec<E::Model>> {
    let rows: Select<E> = ctx.select::<E>().filter(which);
    Ok(rows.all(ctx.state.db.reader()).await?)
}

/// Those that fit, the best first; of those that fit alike, whoever was there first.
fn best<M: Row>(rows: Vec<M>, fit: impl Fn(&M) -> u32) -> Vec<M> {
    let mut rows: Vec<(u32, M)> = rows.into_iter().map(|row| (fit(&row), row)).collect();
    rows.retain(|(fit, _)| *fit > 0);
    rows.sort_by_key(|(fit, row)| (Reverse(*fit), row.id()));
    rows.into_iter().take(SHOWN).map(|(_, row)| row).collect()
}

fn found_candidate(row: candidate::Model) -> FoundCandidate {
    FoundCandidate {
        id: row.id,
        name: format!("{} {}", row.given_name, row.family_name),
        email: row.email,
        phone: row.phone,
    }
}

async fn booklets(
    ctx: &Ctx,
    candidates: &[candidate::Model],
    called: &Called,
) -> Result<Vec<FoundBooklet>> {
    use booklet::Column;
    let Ok(ctx) = ctx.also(Resource::Booklets, Action::Read) else {
        return Ok(Vec::new());
    };
    let called = of_kind(called, "booklet");
    let which = Condition::any()
        .add(Column::CandidateId.is_in(candidates.iter().map(|row| row.id)))
        .add(Column::Id.is_in(called.iter().copied()));
    let mut rows = ctx
        .select::<booklet::Entity>()
        .filter(which)
        .order_by_desc(Column::CreatedAt)
        .limit(COMPARED)
        .all(ctx.state.db.reader())
        .await?;
    // In the order of the candidates; of one, the newest first.
    let place = |row: &booklet::Model| {
        let of = candidates.iter().position(|one| one.id == row.candidate_id);
        of.filter(|_| !called.contains(&row.id))
            .map_or(0, |of| of + 1)
    };
    rows.sort_by_key(place);
    let shown = rows.into_iter().take(SHOWN).map(|row| FoundBooklet {
        state: effective_state(&row, ctx.today),
        id: row.id,
        candidate_id: row.candidate_id,
        tutor_id: row.tutor_id,
        certification: row.certification.map(|of| of.label),
    });
    Ok(shown.collect())
}

async fn users(ctx: &Ctx, words: &Words, called: &Called) -> Result<Vec<FoundUser>> {
    use user::Column;
    let Ok(ctx) = ctx.also(Resource::Users, Action::Read) else {
        return Ok(Vec::new());
    };
    // What a tutor does not see, nobody is found by.
    let called = match sees_names(ctx.actor.role) {
        true => of_kind(called, "user"),
        false => Vec::new(),
    };
    let mut which = Condition::any().add(Column::Id.is_in(called.iter().copied()));
    if let Some(letters) = by_letters::<user::Entity>(&ctx, words, "user", Column::Id) {
        which = which.add(Column::Id.in_subquery(within(letters)));
    }
    let rows = read::<user::Entity>(&ctx, which).await?;
    let rows = best(rows, |row| match called.contains(&row.id) {
        true => u32::MAX,
        false => words.fit(&format!("{} {}", row.given_name, row.family_name)),
    });
    let shown = rows.into_iter().map(|row| FoundUser {
        id: row.id,
        name: format!("{} {}", row.given_name, row.family_name),
        role: row.role,
    });
    Ok(shown.collect())
}

async fn addresses(ctx: &Ctx, q: &str, called: &Called) -> Result<Vec<FoundAddress>> {
    use useful_address::Column;
    let Ok(ctx) = ctx.also(Resource::UsefulAddresses, Action::Read) else {
        return Ok(Vec::new());
    };
    let which = Condition::any()
        .add(holds(Column::Search, q))
        .add(Column::Id.is_in(of_kind(called, "useful_address")));
    let rows = ctx
        .select::<useful_address::Entity>()
        .filter(which)
        .order_by_asc(Column::SortKey)
        .limit(SHOWN as u64)
        .all(ctx.state.db.reader())
        .await?;
    let shown = rows.into_iter().map(|row| FoundAddress {
        id: row.id,
        name: row.name,
        category: row.category,
        phone: row.phone,
    });
    Ok(shown.collect())
}
