//! How many booklets there are, by state, tutor or stage: one statement, and one for the tutors' names.

use std::cmp::Reverse;
use std::collections::HashMap;

use entity::booklet;
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ColumnTrait, QuerySelect, TryGetable};
use uuid::Uuid;

use super::dto::{BookletCount, BookletCounts, BookletFilter, GroupBy};
use super::filter::{effective_state, list, overdue};
use crate::booklet::members;
use crate::foundation::policy::{Action, Resource};
use crate::kit::{Ctx, Result};

/// How many groups are told.
const GROUPS: usize = 200;

pub(in crate::booklet::booklets) async fn by(
    ctx: &Ctx,
    filter: &BookletFilter,
    group_by: GroupBy,
) -> Result<BookletCounts> {
    let mut names: HashMap<String, String> = HashMap::new();
    let groups = match group_by {
        GroupBy::State => counted::<String>(ctx, filter, effective_state(ctx)).await?,
        GroupBy::Stage => {
            let stage = Expr::col(booklet::Column::Stage.as_column_ref());
            counted::<String>(ctx, filter, stage).await?
        }
        GroupBy::Tutor => {
            let tutor = Expr::col(booklet::Column::TutorId.as_column_ref());
            let groups = counted::<Uuid>(ctx, filter, tutor).await?;
            if ctx.also(Resource::Members, Action::Read).is_ok() {
                let shown = groups.iter().take(GROUPS);
                let ids = shown.filter_map(|(key, ..)| *key);
                let all = members::store::names(ctx.state.db.reader(), ids).await?;
                names = all
                    .into_iter()
                    .map(|(id, name)| (id.to_string(), name))
                    .collect();
            }
            let named = groups.into_iter();
            named
                .map(|(key, count, overdue)| (key.map(|id| id.to_string()), count, overdue))
                .collect()
        }
    };
    let total: i64 = groups.iter().map(|(_, count, _)| count).sum();
    let overdue: i64 = groups.iter().map(|(.., overdue)| overdue).sum();
    let shown = groups.into_iter().take(GROUPS);
    Ok(BookletCounts {
        total,
        overdue,
        groups: shown
            .map(|(key, count, overdue)| BookletCount {
                name: key.as_ref().and_then(|key| names.get(key).cloned()),
                key,
                count,
                overdue,
            })
            .collect(),
    })
}

/// What the groups have in common, how many booklets each has, and how many of these have something overdue;
/// the largest first.
async fn counted<K: TryGetable>(
    ctx: &Ctx,
    filter: &BookletFilter,
    key: Expr,
) -> Result<Vec<(Option<K>, i64, i64)>> {
    let question = list(ctx, filter)
        .select_only()
        .expr_as(key, "key")
        .expr_as(booklet::Column::Id.count(), "count")
        .expr_as(overdue(ctx).sum(), "overdue")
        .group_by(Expr::col("key"));
    let mut groups: Vec<(Option<K>, i64, i64)> = ctx.told(question).await?;
    groups.sort_by_key(|(_, count, _)| Reverse(*count));
    Ok(groups)
}
