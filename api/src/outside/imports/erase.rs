//! Rows hold personal data: they go when their import is over, at the latest after a week.

use chrono::TimeDelta;
use entity::values::ImportState;
use entity::{import, import_fault, import_row};
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Set};
use uuid::{Timestamp, Uuid};

use super::{rules, store};
use crate::foundation::state::State;
use crate::foundation::unscoped;
use crate::kit::{Result, Tx};

/// How long a checked file waits to be applied.
const WAITS: TimeDelta = TimeDelta::days(7);
/// How long its report is kept once it is over.
const KEPT: TimeDelta = TimeDelta::days(90);
/// How long a file may be on its way before what a killed service left of it counts as abandoned: twice
/// what an upload may take.
const ARRIVES: TimeDelta = TimeDelta::hours(2);
/// How many faults the reports of an organization hold together, besides those of files under way.
const REPORTED: u64 = 100_000;
/// How many rows one statement deletes: others wait for it on SQLite.
const AT_A_TIME: i32 = 5000;

/// Deletes the rows of an import that is over.
///
/// # Errors
/// 503 when the database does not answer.
pub(super) async fn rows_of(state: &State, import_id: Uuid) -> Result<()> {
    use import_row::Column;
    // Lines that could not be read left places free, any number of them.
    while let Some(first) = first_place(state, import_id).await? {
        import_row::Entity::delete_many()
            .filter(Column::ImportId.eq(import_id))
            .filter(Column::Place.lt(first + AT_A_TIME))
            .exec(state.db.writer())
            .await?;
    }
    Ok(())
}

async fn first_place(state: &State, import_id: Uuid) -> Result<Option<i32>> {
    Ok(unscoped::rows::<import_row::Entity>()
        .select_only()
        .column(import_row::Column::Place)
        .filter(import_row::Column::ImportId.eq(import_id))
        .order_by_asc(import_row::Column::Place)
        .into_tuple()
        .one(state.db.writer())
        .await?)
}

/// The rows of an import that is cancelled, within its transaction.
///
/// # Errors
/// 503 when the database does not answer.
pub(super) async fn all_of(tx: &Tx, import: &import::Model) -> Result<()> {
    import_row::Entity::delete_many()
        .filter(import_row::Column::ImportId.eq(import.id))
        .exec(tx.db())
        .await?;
    Ok(())
}

/// Deletes the oldest reports of an organization, where they hold too much together.
///
/// # Errors
/// 503 when the database does not answer.
#[expect(clippy::disallowed_methods, reason = "the service itself asks")]
pub(super) async fn oldest_reports(state: &State, organization_id: Uuid) -> Result<()> {
    use import_fault::Column;
    let oldest = import_fault::Entity::find()
        .select_only()
        .column(Column::ImportId)
        .filter(Column::OrganizationId.eq(organization_id))
        .order_by_desc(Column::ImportId)
        .offset(REPORTED)
        .limit(1)
        .into_tuple::<Uuid>()
        .one(state.db.reader())
        .await?;
    if let Some(oldest) = oldest {
        import_fault::Entity::delete_many()
            .filter(Column::OrganizationId.eq(organization_id))
            .filter(Column::ImportId.lte(oldest))
            .exec(state.db.writer())
            .await?;
    }
    Ok(())
}

/// Everything of a file that did not arrive.
///
/// # Errors
/// 503 when the database does not answer.
pub(super) async fn abandoned(state: &State, import_id: Uuid) -> Result<()> {
    rows_of(state, import_id).await?;
    import_fault::Entity::delete_many()
        .filter(import_fault::Column::ImportId.eq(import_id))
        .exec(state.db.writer())
        .await?;
    Ok(())
}

/// Everything of a file on its way that ended, unless its import was written.
///
/// # Errors
/// 503 when the database does not answer.
pub(super) async fn unless_written(
    state: &State,
    organization_id: Uuid,
    import_id: Uuid,
) -> Result<()> {
    if store::is_written(state, organization_id, import_id).await? {
        return Ok(());
    }
    abandoned(state, import_id).await
}

/// Deletes what waits too long, what is left of files that never arrived, and old reports.
///
/// # Errors
/// 503 when the database does not answer.
pub async fn forget_old(state: &State) -> Result<()> {
    let now = state.clock.now();
    import::Entity::update_many()
        .set(import::ActiveModel {
            state: Set(ImportState::Cancelled),
            finished_at: Set(Some(now)),
            ..Default::default()
        })
        .col_expr(
            import::Column::Version,
            Expr::col(import::Column::Version).add(1),
        )
        .filter(import::Column::State.eq(ImportState::Ready))
        .filter(import::Column::UpdatedAt.lt(now - WAITS))
        .exec(state.db.writer())
        .await?;
    import::Entity::delete_many()
        .filter(import::Column::FinishedAt.lt(now - KEPT))
        .exec(state.db.writer())
        .await?;
    let imports = |state: Option<[ImportState; 3]>| {
        Query::select()
            .column(import::Column::Id)
            .from(import::Entity)
            .and_where_option(state.map(|states| import::Column::State.is_in(states)))
            .to_owned()
    };
    // Ids tell when they were made.
    let seconds = u64::try_from((now - ARRIVES).timestamp()).unwrap_or_default();
    let arrived = Uuid::new_v7(Timestamp::from_unix_time(seconds, 0, 0, 0));
    let over = unscoped::rows::<import_row::Entity>()
        .select_only()
        .column(import_row::Column::ImportId)
        .distinct()
        .filter(import_row::Column::ImportId.not_in_subquery(imports(Some(rules::UNFINISHED))))
        .filter(
            Condition::any()
                .add(import_row::Column::ImportId.lt(arrived))
                .add(import_row::Column::ImportId.in_subquery(imports(None))),
        )
        .into_tuple::<Uuid>()
        .all(state.db.reader())
        .await?;
    for import_id in over {
        rows_of(state, import_id).await?;
    }
    import_fault::Entity::delete_many()
        .filter(import_fault::Column::ImportId.not_in_subquery(imports(None)))
        .filter(import_fault::Column::ImportId.lt(arrived))
        .exec(state.db.writer())
        .await?;
    Ok(())
}
