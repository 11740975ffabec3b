//! How many rows of a kind there may be: far more than people write, and fewer than would stop the
//! others.

use entity::row::Owner;
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{EntityTrait, QueryFilter, QuerySelect};

use super::{Problem, Result, Tx};
use crate::foundation::unscoped;

/// Programs that an organization has; each may hold connections open.
const SERVICE_ACCOUNTS: u32 = 200;

/// What every booklet has from its beginning on, and no more of.
const MADE_WITH_A_BOOKLET: [&str; 2] = ["plans", "stage_progress"];

/// Refuses a further row of this owner when there are as many as there may be.
///
/// # Errors
/// 409 with the number.
pub(super) async fn demand_room<E: EntityTrait>(tx: &Tx, owner: &Owner) -> Result<()> {
    let table = E::default();
    if MADE_WITH_A_BOOKLET.contains(&table.table_name()) {
        return Ok(());
    }
    let config = &tx.state.config;
    let (column, id, most) = match (owner.booklet_id, owner.organization_id) {
        (Some(booklet), _) => ("booklet_id", booklet, config.booklet_rows.get()),
        (None, Some(organization)) => {
            let most = match table.table_name() {
                "service_accounts" => SERVICE_ACCOUNTS,
                _ => config.organization_rows.get(),
            };
            ("organization_id", organization, most)
        }
        (None, None) => return Ok(()),
    };
    // Counted, and never shown.
    let last = unscoped::rows::<E>()
        .select_only()
        .expr(Expr::val(1))
        .filter(Expr::col(column).eq(id))
        .offset(u64::from(most) - 1)
        .limit(1)
        .into_tuple::<i32>();
    match last.one(tx.db()).await? {
        None => Ok(()),
        Some(_) => Err(Problem::quota(most.into())),
    }
}
