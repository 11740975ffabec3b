//! What others did since an instant, by booklet: one statement, of the newest changes.

use chrono::{DateTime, TimeDelta, Utc};
use entity::event::{self, Column};
use entity::values::Role;
use entity::{booklet, candidate, user};
use sea_orm::sea_query::{
    Asterisk, CommonTableExpression, Condition, Expr, ExprTrait, JoinType, Order, Query,
    SelectStatement, WithClause, WithQuery,
};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryResult, Set, Value};
use uuid::Uuid;

use super::dto::{BookletNews, News, TypeCount};
use crate::foundation::policy::Reach;
use crate::foundation::unscoped;
use crate::kit::list::cursor::Cursor;
use crate::kit::scope::in_organization;
use crate::kit::{BookletPage, Call, Code, Ctx, Problem, Result, Scoped, Tx};
use crate::outside::changes::store::{Reader, Wanted};
use crate::people::names::{Someone, said_by};

/// How many changes are counted.
const MOST: u64 = 10_000;
/// How long ago something may have been done and be told only now: it was being written.
const LATE: TimeDelta = TimeDelta::seconds(30);

/// What the newest changes, and the booklets of a page, are called within the statement.
const RECENT: &str = "recent";
const SHOWN: &str = "shown";
const COUNTED: &str = "counted";
const BOOKLET: [&str; 3] = ["booklet_id", "candidate_id", "tutor_id"];

/// Where a page of booklets ended.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    last_at: DateTime<Utc>,
    booklet_id: Uuid,
}

impl Place {
    pub(super) fn seal(self, call: &Call, list: &str) -> Result<String> {
        let place = Cursor {
            value: self.last_at.into(),
            key: self.booklet_id.into(),
        };
        place.seal(call, list)
    }

    pub(super) fn open(text: &str, call: &Call, list: &str) -> Result<Self> {
        let place = Cursor::open(text, call, list)?;
        match (place.value, place.key) {
            (Value::ChronoDateTimeUtc(Some(last_at)), Value::Uuid(Some(booklet_id))) => Ok(Self {
                last_at,
                booklet_id,
            }),
            _ => Err(Problem::new(Code::InvalidCursor)),
        }
    }
}

/// Since when something is new to the caller, who is proven by it.
pub(super) async fn since(ctx: &Ctx, asked: Option<DateTime<Utc>>) -> Result<DateTime<Utc>> {
    let oneself = unscoped::row::<user::Entity>(ctx.actor.id);
    let oneself = ctx.proven(oneself).await?;
    let kept = oneself.news_seen_at.or(oneself.previous_login_at);
    Ok(asked.or(kept).unwrap_or(oneself.created_at))
}

/// Until when the caller has seen what is new; never earlier than before.
pub(super) async fn see(tx: &Tx, until: DateTime<Utc>) -> Result<()> {
    use user::Column;
    let is_later = Column::NewsSeenAt
        .is_null()
        .or(Column::NewsSeenAt.lt(until));
    user::Entity::update_many()
        .set(user::ActiveModel {
            news_seen_at: Set(Some(until)),
            ..Default::default()
        })
        .filter(Column::Id.eq(tx.actor.id))
        .filter(is_later)
        .exec(tx.db())
        .await?;
    Ok(())
}

/// What of the organization's changes is told to the caller, who is proven by it, as they happen.
pub(super) async fn wanted(ctx: &Ctx) -> Result<Wanted> {
    since(ctx, None).await?;
    Ok(Wanted {
        organization_id: ctx.organization_id()?,
        reader: Some(Reader {
            id: ctx.actor.id,
            told: event::Entity::scope(ctx).add(news_to(ctx)),
        }),
        ..Wanted::default()
    })
}

/// What others did with pages of booklets, but for what is private.
fn news_to(ctx: &Ctx) -> Condition {
    let not_mine = Column::ActorId
        .is_null()
        .or(Column::ActorId.ne(ctx.actor.id));
    Condition::all()
        .add(Column::BookletId.is_not_null())
        .add(Column::PrivateTo.is_null())
        .add(not_mine)
}

/// A page of what is new since this instant, without its cursor, and the place after which the next one begins.
pub(super) async fn read(
    ctx: &Ctx,
    since: DateTime<Utc>,
    after: Option<Place>,
    limit: u64,
) -> Result<(News, Option<Place>)> {
    let db = ctx.state.db.reader();
    let rows = db.query_all(&question(ctx, since, after, limit)).await?;
    let mut news = News {
        since,
        until: Ord::max(since, ctx.now - LATE),
        total: 0,
        booklets: 0,
        complete: true,
        items: Vec::new(),
        next: None,
    };
    for row in &rows {
        news.total = row.try_get("", "changes")?;
        news.booklets = row.try_get("", "booklets")?;
        let booklet_id: Uuid = row.try_get("", "booklet_id")?;
        if news.items.last().map(|last| last.booklet_id) != Some(booklet_id) {
            news.items.push(booklet_news(row)?);
        }
        if let Some(last) = news.items.last_mut() {
            last.by_type.push(TypeCount {
                kind: row.try_get("", "kind")?,
                count: row.try_get("", "count")?,
            });
        }
    }
    news.complete = u64::try_from(news.total).unwrap_or_default() <= MOST;
    let is_more = news.items.len() as u64 > limit;
    news.items
        .truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    let last = news.items.last().filter(|_| is_more).map(|last| Place {
        last_at: last.last_at,
        booklet_id: last.booklet_id,
    });
    Ok((news, last))
}

fn booklet_news(row: &QueryResult) -> Result<BookletNews> {
    let someone = |who: &str, role| -> Result<Someone> {
        let part = |part: &str| row.try_get::<String>("", &format!("{who}_{part}"));
        Ok(Someone {
            id: row.try_get("", &format!("{who}_id"))?,
            name: format!("{} {}", part("given")?, part("family")?),
            role,
        })
    };
    Ok(BookletNews {
        booklet_id: row.try_get("", "booklet_id")?,
        candidate: someone("candidate", Role::Candidate)?,
        tutor: someone("tutor", Role::Tutor)?,
        last_at: row.try_get("", "last_at")?,
        total: row.try_get("", "total")?,
        by_type: Vec::new(),
    })
}

fn question(ctx: &Ctx, since: DateTime<Utc>, after: Option<Place>, limit: u64) -> WithQuery {
    let counted = Query::select()
        .columns(["booklet_id", "kind"])
        .expr_as(Expr::col(Asterisk).count(), "count")
        .from(RECENT)
        .group_by_columns(["booklet_id", "kind"])
        .to_owned();
    let of_all = |expression: Expr| {
        let all = Query::select().expr(expression).from(RECENT).to_owned();
        Expr::SubQuery(None, Box::new(all.into()))
    };
    let same = Expr::col((COUNTED, "booklet_id")).equals((SHOWN, "booklet_id"));
    let candidate = |column| said_by(column, (SHOWN, "candidate_id"));
    let tutor = |column| said_by(column, (SHOWN, "tutor_id"));
    let told = Query::select()
        .column((SHOWN, Asterisk))
        .columns([(COUNTED, "kind"), (COUNTED, "count")])
        .expr_as(candidate(candidate::Column::GivenName), "candidate_given")
        .expr_as(candidate(candidate::Column::FamilyName), "candidate_family")
        .expr_as(tutor(user::Column::GivenName), "tutor_given")
        .expr_as(tutor(user::Column::FamilyName), "tutor_family")
        .expr_as(of_all(Expr::col(Asterisk).count()), "changes")
        .expr_as(of_all(Expr::col("booklet_id").count_distinct()), "booklets")
        .from(SHOWN)
        .join_subquery(JoinType::InnerJoin, counted, COUNTED, same)
        .order_by((SHOWN, "last_at"), Order::Desc)
        .order_by((SHOWN, "booklet_id"), Order::Desc)
        .order_by((COUNTED, "kind"), Order::Asc)
        .to_owned();
    let within = [(RECENT, recent(ctx, since)), (SHOWN, shown(after, limit))];
    let mut clause = WithClause::new();
    for (name, rows) in within {
        let rows = CommonTableExpression::new()
            .table_name(name)
            .query(rows)
            .to_owned();
        clause.cte(rows);
    }
    told.with(clause)
}

/// The newest changes. All those of an organization are found by when they were made, a person's by their
/// booklets.
fn recent(ctx: &Ctx, since: DateTime<Utc>) -> SelectStatement {
    let own = |column: Column| Expr::col((event::Entity, column));
    let its = own(Column::BookletId).equals((booklet::Entity, booklet::Column::Id));
    let reached = match ctx.permit.reach {
        Reach::Organization => in_organization::<event::Entity>(ctx),
        _ => booklet::Entity::scope(ctx),
    };
    Query::select()
        .expr_as(own(Column::BookletId), "booklet_id")
        .expr_as(own(Column::Kind), "kind")
        .expr_as(own(Column::At), "at")
        .column((booklet::Entity, booklet::Column::CandidateId))
        .column((booklet::Entity, booklet::Column::TutorId))
        .from(event::Entity)
        .inner_join(booklet::Entity, its)
        .cond_where(reached)
        .cond_where(event::Entity::narrow(ctx))
        .cond_where(news_to(ctx))
        .and_where(Column::At.gt(since))
        .order_by((event::Entity, Column::At), Order::Desc)
        .limit(MOST + 1)
        .to_owned()
}

/// The booklets of a page, and one more.
fn shown(after: Option<Place>, limit: u64) -> SelectStatement {
    let last_at = || Expr::col("at").max();
    let behind = after.map(|place| {
        let row = Expr::tuple([last_at(), Expr::col("booklet_id")]);
        row.lt(Expr::tuple([
            Expr::val(place.last_at),
            Expr::val(place.booklet_id),
        ]))
    });
    Query::select()
        .columns(BOOKLET)
        .expr_as(last_at(), "last_at")
        .expr_as(Expr::col(Asterisk).count(), "total")
        .from(RECENT)
        .group_by_columns(BOOKLET)
        .cond_having(Condition::all().add_option(behind))
        .order_by("last_at", Order::Desc)
        .order_by("booklet_id", Order::Desc)
        .limit(limit + 1)
        .to_owned()
}

#[cfg(test)]
mod tests;
