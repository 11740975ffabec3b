//! What travels about a booklet's progress on the stages.

use chrono::NaiveDate;
use entity::values::StageState;
use entity::{stage_progress, vae_stage};
use sea_orm::Set;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use validator::Validate;

use crate::kit::Meta;

/// How far a booklet has come on one stage of the VAE (§06).
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Stage {
    #[serde(flatten)]
    meta: Meta,
    /// The booklet it belongs to.
    booklet_id: Uuid,
    /// The stage's stable name.
    #[schema(example = "admissibility", max_length = 40)]
    code: String,
    /// The stage's place in the order, from 1.
    #[schema(minimum = 1, example = 3)]
    position: i32,
    /// Étape.
    #[schema(
        example = "Recevabilité : livret 1 ou dossier de faisabilité",
        max_length = 200
    )]
    label: String,
    /// How far it has come.
    state: StageState,
    /// Commencée le.
    started_on: Option<NaiveDate>,
    /// Terminée le.
    completed_on: Option<NaiveDate>,
    /// Commentaire.
    comment: Option<String>,
}

impl Stage {
    /// The progress as shown together with its stage of the reference.
    pub(crate) fn shown(row: stage_progress::Model, stage: &vae_stage::Model) -> Self {
        Self {
            meta: (&row).into(),
            booklet_id: row.booklet_id,
            code: row.code,
            position: stage.position,
            label: stage.label.clone(),
            state: row.state,
            started_on: row.started_on,
            completed_on: row.completed_on,
            comment: row.comment,
        }
    }
}

/// Which stage of which booklet.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(crate) struct StageOfBooklet {
    /// The booklet's id.
    pub(super) id: Uuid,
    /// The stage's code.
    #[param(max_length = 40, pattern = "^[a-z_]{2,40}$", example = "admissibility")]
    pub(super) code: String,
}

/// What may change about the progress on a stage.
#[derive(Debug, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"state": "done", "started_on": "2026-09-07", "completed_on": "2026-11-16", "comment": "Recevabilité accordée, valable trois ans."}))]
pub(crate) struct StageEdit {
    /// How far it has come.
    pub(super) state: StageState,
    /// Commencée le. Default: today, when the stage becomes `in_progress`.
    pub(super) started_on: Option<NaiveDate>,
    /// Terminée le, not before the start. Default: today, when the stage becomes `done`.
    pub(super) completed_on: Option<NaiveDate>,
    /// Commentaire.
    #[schema(max_length = 2000)]
    pub(super) comment: Option<String>,
}

impl From<&stage_progress::Model> for StageEdit {
    fn from(row: &stage_progress::Model) -> Self {
        Self {
            state: row.state,
            started_on: row.started_on,
            completed_on: row.completed_on,
            comment: row.comment.clone(),
        }
    }
}

impl From<StageEdit> for stage_progress::ActiveModel {
    fn from(edit: StageEdit) -> Self {
        Self {
            state: Set(edit.state),
            started_on: Set(edit.started_on),
            completed_on: Set(edit.completed_on),
            comment: Set(edit.comment),
            ..Default::default()
        }
    }
}
