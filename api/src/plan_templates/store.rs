//! Which plan templates a caller reaches, and the one a plan starts from.

use entity::{plan_template, vae_stage};
use sea_orm::sea_query::{Condition, Order};
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use crate::kit::scope::in_organization_or_shared;
use crate::kit::{Ctx, Fault, Problem, Result, Scoped, Tx};
use crate::policy::{Action, Resource};

impl Scoped for plan_template::Entity {
    fn scope(ctx: &Ctx) -> Condition {
        in_organization_or_shared::<Self>(ctx)
    }
}

/// The template named, else the organization's most recent one, else the shipped one.
pub(crate) async fn to_start_from(tx: &Tx, named: Option<Uuid>) -> Result<plan_template::Model> {
    use plan_template::Column;
    let mut query = tx
        .also(Resource::Templates, Action::Read)?
        .select::<plan_template::Entity>()
        .order_by(Column::OrganizationId.is_null(), Order::Asc)
        .order_by_desc(Column::Id);
    if let Some(id) = named {
        query = query.filter(Column::Id.eq(id));
    }
    query
        .one(tx.db())
        .await?
        .ok_or_else(|| Problem::fault("/template_id", "unknown_reference"))
}

/// Refuses codes that no stage of the VAE (§06) has; each comes with its pointer.
pub(crate) async fn known_stages(
    tx: &Tx,
    named: impl IntoIterator<Item = (String, &str)>,
) -> Result<()> {
    let named: Vec<(String, &str)> = named.into_iter().collect();
    if named.is_empty() {
        return Ok(());
    }
    let known: Vec<String> = tx
        .all_of::<vae_stage::Entity>()
        .select_only()
        .column(vae_stage::Column::Code)
        .into_tuple()
        .all(tx.db())
        .await?;
    let faults: Vec<Fault> = named
        .into_iter()
        .filter(|(_, code)| !known.iter().any(|stage| stage == code))
        .map(|(pointer, _)| Fault::new(pointer, "unknown_reference"))
        .collect();
    if faults.is_empty() {
        Ok(())
    } else {
        Err(Problem::invalid(faults))
    }
}
