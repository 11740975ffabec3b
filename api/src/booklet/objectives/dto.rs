//! What travels about objectives.

use chrono::NaiveDate;
use entity::objective;
use entity::values::{ObjectiveKind, ObjectiveState};
use sea_orm::Set;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use validator::Validate;

use crate::kit::Meta;

/// An objective (§04: « Mes objectifs »).
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Objective {
    #[serde(flatten)]
    meta: Meta,
    /// The booklet it belongs to.
    booklet_id: Uuid,
    /// Which part of the page it stands in.
    kind: ObjectiveKind,
    /// Objectif.
    statement: String,
    /// Échéance.
    due_on: Option<NaiveDate>,
    /// Whether it is still pursued.
    state: ObjectiveState,
    /// The day it was achieved; null unless `state` is `achieved`.
    achieved_on: Option<NaiveDate>,
    /// Its place in the list, from 1.
    #[schema(minimum = 1, maximum = 200)]
    position: i32,
}

impl From<objective::Model> for Objective {
    fn from(row: objective::Model) -> Self {
        Self {
            meta: (&row).into(),
            booklet_id: row.booklet_id,
            kind: row.kind,
            statement: row.statement,
            due_on: row.due_on,
            state: row.state,
            achieved_on: row.achieved_on,
            position: row.position,
        }
    }
}

/// What is written about an objective.
#[derive(Debug, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"kind": "working", "statement": "Décrire deux situations de travail pour le livret 2", "due_on": "2026-12-15"}))]
pub(crate) struct ObjectiveInput {
    /// Which part of the page it stands in. A tutor writes `working` objectives alone.
    pub(super) kind: ObjectiveKind,
    /// Objectif.
    #[schema(min_length = 1, max_length = 2000)]
    statement: String,
    /// Échéance.
    #[serde(default)]
    due_on: Option<NaiveDate>,
    /// Whether it is still pursued. Default: `active`.
    #[serde(default = "active")]
    pub(super) state: ObjectiveState,
    /// The day it was achieved. Default: today, once `state` is `achieved`; given alone, it makes
    /// the objective `achieved`; in the other states it becomes null.
    #[serde(default)]
    pub(super) achieved_on: Option<NaiveDate>,
    /// Its place in the list, from 1; the others make way. Default: the last.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 200)]
    pub(super) position: Option<i32>,
}

fn active() -> ObjectiveState {
    ObjectiveState::Active
}

impl From<&objective::Model> for ObjectiveInput {
    fn from(row: &objective::Model) -> Self {
        Self {
            kind: row.kind,
            statement: row.statement.clone(),
            due_on: row.due_on,
            state: row.state,
            achieved_on: row.achieved_on,
            position: Some(row.position),
        }
    }
}

impl From<ObjectiveInput> for objective::ActiveModel {
    /// All but the place, which the list decides.
    fn from(input: ObjectiveInput) -> Self {
        Self {
            kind: Set(input.kind),
            statement: Set(input.statement),
            due_on: Set(input.due_on),
            state: Set(input.state),
            achieved_on: Set(input.achieved_on),
            ..Default::default()
        }
    }
}

/// Which objectives.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct ObjectiveFilter {
    /// Only those of this part of the page.
    pub(super) kind: Option<ObjectiveKind>,
    /// Only those in this state.
    pub(super) state: Option<ObjectiveState>,
}
