//! What travels about plan templates.

use entity::plan_template;
use entity::values::{PlanTemplateRow, PlanTemplateRows};
use sea_orm::Set;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

use crate::kit::Meta;

/// A plan to start from (§05: Objectif / Étape / Durée / Modalité).
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PlanTemplate {
    #[serde(flatten)]
    meta: Meta,
    /// The organization whose template it is; null for those shared by all.
    organization_id: Option<Uuid>,
    /// Nom.
    name: String,
    /// Its rows, in order.
    #[schema(max_items = 200)]
    rows: Vec<PlanTemplateRow>,
}

impl From<plan_template::Model> for PlanTemplate {
    fn from(row: plan_template::Model) -> Self {
        Self {
            meta: (&row).into(),
            organization_id: row.organization_id,
            name: row.name,
            rows: numbered(row.rows.0),
        }
    }
}

/// What is written about a plan template.
#[derive(Debug, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"name": "Plan pour les métiers de la propreté", "rows": [{"objective": "Présenter les attendus du livret 2", "label": "Présentation du livret de validation", "activity": "interview", "grouping": "individual", "duration_minutes": 90, "vae_stage": "validation_file"}]}))]
pub(crate) struct PlanTemplateInput {
    /// Nom.
    #[schema(min_length = 1, max_length = 200)]
    name: String,
    /// Its rows, in order; replaced as a whole. Default: none.
    #[serde(default)]
    #[schema(max_items = 200)]
    pub(super) rows: Vec<PlanTemplateRow>,
}

impl From<&plan_template::Model> for PlanTemplateInput {
    fn from(row: &plan_template::Model) -> Self {
        Self {
            name: row.name.clone(),
            rows: numbered(row.rows.0.clone()),
        }
    }
}

impl From<PlanTemplateInput> for plan_template::ActiveModel {
    fn from(input: PlanTemplateInput) -> Self {
        Self {
            name: Set(input.name),
            rows: Set(PlanTemplateRows(numbered(input.rows))),
            ..Default::default()
        }
    }
}

/// The rows by the positions given, else as they come; numbered from 1 without holes.
pub(crate) fn numbered(mut rows: Vec<PlanTemplateRow>) -> Vec<PlanTemplateRow> {
    for (place, row) in (1..).zip(&mut rows) {
        row.position.get_or_insert(place);
    }
    rows.sort_by_key(|row| row.position);
    for (place, row) in (1..).zip(&mut rows) {
        row.position = Some(place);
    }
    rows
}
