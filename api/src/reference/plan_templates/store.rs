//! Which plan templates a caller reaches, and the stages that their rows name.

use entity::{plan_template, vae_stage};
use sea_orm::QuerySelect;
use sea_orm::sea_query::Condition;

use crate::kit::scope::in_organization_or_shared;
use crate::kit::{Ctx, Fault, FaultCode, Listed, Problem, Result, Scoped, Sorts, Tx};

impl Scoped for plan_template::Entity {
    fn scope(ctx: &Ctx) -> Condition {
        in_organization_or_shared::<Self>(ctx)
    }
}

impl Listed for plan_template::Entity {
    type Entity = Self;
    const SORTS: Sorts<Self> = &[
        ("created_at", plan_template::Column::CreatedAt),
        ("updated_at", plan_template::Column::UpdatedAt),
    ];
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
        .map(|(pointer, _)| Fault::new(pointer, FaultCode::UnknownReference))
        .collect();
    if faults.is_empty() {
        Ok(())
    } else {
        Err(Problem::invalid(faults))
    }
}
