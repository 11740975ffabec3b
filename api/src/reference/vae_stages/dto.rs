//! What travels about the stages of the VAE.

use entity::vae_stage;
use entity::values::{Source, Sources, Texts};
use sea_orm::Set;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use crate::kit::Meta;

/// A stage of the VAE (§06). Length and form vary with the certifying body.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct VaeStage {
    #[serde(flatten)]
    meta: Meta,
    /// Its stable name.
    #[schema(example = "admissibility")]
    code: String,
    /// Its place in the order, from 1.
    #[schema(minimum = 1, example = 3)]
    position: i32,
    /// Étape.
    label: String,
    /// What happens at this stage, for the candidate.
    description: String,
    /// What the stage gives.
    #[schema(value_type = Vec<StageOutput>, max_items = 20)]
    outputs: Vec<String>,
    /// The pages that the texts were taken from, and resource centres.
    sources: Vec<Source>,
}

impl From<vae_stage::Model> for VaeStage {
    fn from(row: vae_stage::Model) -> Self {
        Self {
            meta: (&row).into(),
            code: row.code,
            position: row.position,
            label: row.label,
            description: row.description,
            outputs: row.outputs.0,
            sources: row.sources.0,
        }
    }
}

/// Which stage.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(crate) struct StageCode {
    /// The stage's code.
    #[param(max_length = 40, pattern = "^[a-z_]{2,40}$", example = "admissibility")]
    pub(super) code: String,
}

/// A stage to add.
#[derive(Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"code": "after_jury", "label": "Suites de la décision", "description": "Vous préparez la suite : emploi, autre bloc de compétences, nouvelle présentation.", "outputs": ["Le projet pour la suite"], "sources": [{"url": "https://vae.gouv.fr"}]}))]
pub(crate) struct VaeStageInput {
    /// Its stable name, which never changes.
    #[schema(max_length = 40, pattern = "^[a-z_]{2,40}$")]
    pub(super) code: String,
    /// Étape.
    #[schema(min_length = 1, max_length = 200)]
    label: String,
    /// What happens at this stage, for the candidate.
    #[schema(min_length = 1, max_length = 10000)]
    description: String,
    /// What the stage gives.
    #[serde(default)]
    #[schema(max_items = 20)]
    outputs: Vec<StageOutput>,
    /// The pages that the texts were taken from, and resource centres.
    #[serde(default)]
    #[schema(max_items = 20)]
    sources: Vec<Source>,
    /// Its place in the order, from 1; the later ones move on. Default: the last.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 200)]
    pub(super) position: Option<i32>,
}

/// What may change about a stage.
#[derive(Debug, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"sources": [{"url": "https://vae.gouv.fr", "checked_on": "2026-11-02"}]}))]
pub(crate) struct VaeStageEdit {
    /// Étape.
    #[schema(min_length = 1, max_length = 200)]
    label: String,
    /// What happens at this stage, for the candidate.
    #[schema(min_length = 1, max_length = 10000)]
    description: String,
    /// What the stage gives.
    #[schema(max_items = 20)]
    outputs: Vec<StageOutput>,
    /// The pages that the texts were taken from, and resource centres.
    #[schema(max_items = 20)]
    sources: Vec<Source>,
    /// Its place in the order, from 1; the others make room.
    #[schema(minimum = 1, maximum = 200)]
    pub(super) position: i32,
}

/// One thing that a stage gives.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(transparent)]
#[schema(
    min_length = 1,
    max_length = 200,
    example = "La décision de recevabilité"
)]
pub(crate) struct StageOutput(String);

fn outputs(list: Vec<StageOutput>) -> Texts {
    Texts(list.into_iter().map(|output| output.0).collect())
}

impl From<&vae_stage::Model> for VaeStageEdit {
    fn from(row: &vae_stage::Model) -> Self {
        Self {
            label: row.label.clone(),
            description: row.description.clone(),
            outputs: row.outputs.0.iter().cloned().map(StageOutput).collect(),
            sources: row.sources.0.clone(),
            position: row.position,
        }
    }
}

impl From<VaeStageInput> for vae_stage::ActiveModel {
    fn from(new: VaeStageInput) -> Self {
        Self {
            code: Set(new.code),
            label: Set(new.label),
            description: Set(new.description),
            outputs: Set(outputs(new.outputs)),
            sources: Set(Sources(new.sources)),
            ..Default::default()
        }
    }
}

impl From<VaeStageEdit> for vae_stage::ActiveModel {
    fn from(edit: VaeStageEdit) -> Self {
        Self {
            label: Set(edit.label),
            description: Set(edit.description),
            outputs: Set(outputs(edit.outputs)),
            sources: Set(Sources(edit.sources)),
            position: Set(edit.position),
            ..Default::default()
        }
    }
}
