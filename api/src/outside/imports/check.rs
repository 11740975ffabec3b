//! Checks the rows of a file page by page, in short transactions: whoever goes on after a crash begins
//! after the last page that was noted.

use std::collections::{BTreeMap, HashMap};

use entity::values::{ImportMode, ImportState};
use entity::{import, import_row};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Set,
};

use super::claims::Claims;
use super::compare::{Outcome, Purpose, compare};
use super::doubles::{self, Doubles};
use super::lease::{Lease, hold};
use super::row::Row;
use super::stage::{MOST_FAULTS, fault_row, write_faults};
use super::target::Target;
use crate::foundation::database::plan_by_values;
use crate::foundation::problem::FAULT_LIMIT;
use crate::foundation::unscoped;
use crate::kit::request::settle::keep_alone;
use crate::kit::{Ctx, Event, Fault, FaultCode, Result, verb};

/// How many rows are looked at together.
const PAGE: u64 = 500;

/// How many pages are looked at before other organizations have their turn.
const PAGES: usize = 20;

/// What the rows of a page, or of a file, come to.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Tally {
    pub(super) created: i32,
    pub(super) updated: i32,
    pub(super) unchanged: i32,
    pub(super) faulty: i32,
    pub(super) faults: i32,
}

/// Checks what was not checked yet, as much as one turn has; then the import is ready, or goes on to be
/// applied.
///
/// # Errors
/// 503 when the database does not answer.
pub(super) async fn check<T: Target>(
    ctx: &Ctx,
    lease: &Lease,
    import: &import::Model,
) -> Result<()> {
    let mut import = import.clone();
    for _ in 0..PAGES {
        let rows = rows_after(ctx.state.db.reader(), &import, import.place).await?;
        let Some(last) = rows.last().map(|row| row.place) else {
            return finish(ctx, lease).await;
        };
        let page = page::<T>(ctx, &import, rows).await?;
        match write_page(ctx, lease, last, page).await? {
            Some(written) => import = written,
            // Somebody cancelled it, or goes on in our place.
            None => return Ok(()),
        }
    }
    Ok(())
}

/// The next rows of a file.
///
/// # Errors
/// 503 when the database does not answer.
pub(super) async fn rows_after(
    db: &impl ConnectionTrait,
    import: &import::Model,
    place: i32,
) -> Result<Vec<import_row::Model>> {
    // Rows of this import alone.
    Ok(unscoped::rows::<import_row::Entity>()
        .filter(import_row::Column::ImportId.eq(import.id))
        .filter(import_row::Column::Place.gt(place))
        .filter(import_row::Column::IsFaulty.eq(false))
        .order_by_asc(import_row::Column::Place)
        .limit(PAGE)
        .all(db)
        .await?)
}

/// What is wrong with the rows of a page, by place and line, and what the others come to.
struct Page {
    tally: Tally,
    rows: i32,
    doubles: Doubles,
    faulty: BTreeMap<i32, (i32, Vec<Fault>)>,
}

async fn page<T: Target>(
    ctx: &Ctx,
    import: &import::Model,
    rows: Vec<import_row::Model>,
) -> Result<Page> {
    let txn = ctx.state.db.begin_to_read().await?;
    plan_by_values(&txn).await?;
    let mut page = Page {
        tally: Tally::default(),
        rows: i32::try_from(rows.len()).unwrap_or(i32::MAX),
        doubles: Doubles::default(),
        faulty: named_twice(&txn, import, &rows).await?,
    };
    let rows = rows.into_iter().map(Row::from).collect();
    let mut claims = Claims::default();
    let compared = compare::<T>(ctx, &txn, Purpose::Check, &mut claims, rows).await?;
    let mut new = Vec::new();
    for (place, line, outcome) in compared {
        if let Outcome::Faulty(faults) = outcome {
            let (_, known) = page.faulty.entry(place).or_insert((line, Vec::new()));
            known.extend(faults);
            known.truncate(FAULT_LIMIT);
        } else if !page.faulty.contains_key(&place) {
            match outcome {
                Outcome::Unchanged => page.tally.unchanged += 1,
                Outcome::Write(change) if change.before.is_some() => page.tally.updated += 1,
                Outcome::Write(change) => {
                    page.tally.created += 1;
                    new.extend(T::traits(&change.input).map(|traits| (line, traits)));
                }
                Outcome::Faulty(_) => {}
            }
        }
    }
    page.doubles = doubles::among(ctx, &txn, new).await?;
    txn.commit().await?;
    let faults: usize = page.faulty.values().map(|(_, faults)| faults.len()).sum();
    page.tally.faulty = i32::try_from(page.faulty.len()).unwrap_or(i32::MAX);
    page.tally.faults = i32::try_from(faults).unwrap_or(i32::MAX);
    Ok(page)
}

/// The rows of this page that name what a row before them names.
async fn named_twice(
    db: &impl ConnectionTrait,
    import: &import::Model,
    rows: &[import_row::Model],
) -> Result<BTreeMap<i32, (i32, Vec<Fault>)>> {
    use import_row::Column;
    let names = rows.iter().filter_map(|row| row.external_id.clone());
    // Lines rise with places.
    // Rows of this import alone.
    let first: Vec<(Option<String>, Option<String>, i32)> = unscoped::rows::<import_row::Entity>()
        .select_only()
        .columns([Column::System, Column::ExternalId])
        .expr(Column::Line.min())
        .filter(Column::ImportId.eq(import.id))
        .filter(Column::ExternalId.is_in(names))
        .group_by(Column::System)
        .group_by(Column::ExternalId)
        .into_tuple()
        .all(db)
        .await?;
    let first: HashMap<_, _> = first
        .into_iter()
        .map(|(system, external_id, line)| ((system, external_id), line))
        .collect();
    let doubles = rows.iter().filter_map(|row| {
        let line = first.get(&(row.system.clone(), row.external_id.clone()))?;
        let fault = Fault::new("/external_references/0/external_id", FaultCode::Duplicate);
        (*line < row.line).then(|| (row.place, (row.line, vec![fault.with("line", *line)])))
    });
    Ok(doubles.collect())
}

/// Writes down what a page came to, if the import is still ours.
async fn write_page(
    ctx: &Ctx,
    lease: &Lease,
    last: i32,
    page: Page,
) -> Result<Option<import::Model>> {
    use import::Column;
    let txn = ctx.state.db.begin().await?;
    let Some(import) = hold(&txn, lease, ImportState::Checking).await? else {
        return Ok(None);
    };
    let room = usize::try_from(MOST_FAULTS - import.faults_total).unwrap_or(0);
    let of = (import.organization_id, import.id);
    let mut faults = Vec::new();
    for (line, found) in page.faulty.values() {
        let one = |fault| fault_row(of, *line, &import.columns.0, fault, ctx);
        faults.extend(found.iter().map(one));
    }
    faults.truncate(room);
    write_faults(&txn, faults).await?;
    if !page.faulty.is_empty() {
        import_row::Entity::update_many()
            .col_expr(import_row::Column::IsFaulty, Expr::value(true))
            .filter(import_row::Column::ImportId.eq(import.id))
            .filter(import_row::Column::Place.is_in(page.faulty.keys().copied()))
            .exec(&txn)
            .await?;
    }
    let more = |column: Column, by: i32| (column, Expr::col(column).add(by));
    let tally = page.tally;
    let mut update = import::Entity::update_many()
        .col_expr(Column::Place, Expr::value(last))
        .col_expr(Column::Attempts, Expr::value(0))
        .col_expr(Column::UpdatedAt, Expr::value(ctx.state.clock.now()))
        .col_expr(
            Column::LeaseUntil,
            Expr::value(Some(lease.until(&ctx.state))),
        )
        .filter(Column::Id.eq(import.id));
    for (column, value) in [
        more(Column::Version, 1),
        more(Column::RowsChecked, page.rows),
        more(Column::RowsCreated, tally.created),
        more(Column::RowsUpdated, tally.updated),
        more(Column::RowsUnchanged, tally.unchanged),
        more(Column::RowsFaulty, tally.faulty),
        more(Column::FaultsTotal, tally.faults),
        more(Column::RowsSimilar, page.doubles.rows),
    ] {
        update = update.col_expr(column, value);
    }
    if !page.doubles.shown.is_empty() {
        let similar = doubles::joined(import.similar, page.doubles.shown);
        update = update.set(import::ActiveModel {
            similar: Set(similar),
            ..Default::default()
        });
    }
    let written = update.exec_with_returning(&txn).await?;
    txn.commit().await?;
    Ok(written.into_iter().next())
}

/// All rows were looked at.
async fn finish(ctx: &Ctx, lease: &Lease) -> Result<()> {
    let tx = ctx.clone().begin().await?;
    let Some(import) = hold(tx.db(), lease, ImportState::Checking).await? else {
        return Ok(());
    };
    let goes_on = match import.mode {
        Some(ImportMode::ValidRows) => true,
        Some(ImportMode::AllOrNothing) => import.rows_faulty == 0,
        None => false,
    };
    let state = if goes_on {
        ImportState::Applying
    } else {
        ImportState::Ready
    };
    let checked = import::ActiveModel {
        state: Set(state),
        mode: Set(import.mode.filter(|_| goes_on)),
        rows_checked: Set(import.rows_total),
        lease_id: Set(None),
        lease_until: Set(None),
        ..Default::default()
    };
    let import = tx.update(&import, checked).await?;
    let ctx = tx.commit(Event::new(&import, verb::Checked)).await?;
    keep_alone(&ctx).await
}
