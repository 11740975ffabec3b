//! What travels about contract templates.

use entity::contract_template;
use entity::values::Texts;
use sea_orm::Set;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

use crate::kit::Meta;

/// One commitment of a party, « Je m'engage à … ».
#[derive(ToSchema)]
#[schema(
    min_length = 1,
    max_length = 2000,
    example = "Je m'engage à poursuivre les objectifs que nous fixons ensemble."
)]
#[expect(
    dead_code,
    reason = "describes the texts of a list in the API document"
)]
pub(crate) struct Commitment(String);

/// The texts that new contracts are copied from (§02). Changing them changes no contract.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ContractTemplate {
    #[serde(flatten)]
    meta: Meta,
    /// The organization it belongs to; null for the ones shared by all.
    organization_id: Option<Uuid>,
    /// Name, to choose it by.
    name: String,
    /// Préambule.
    preamble: String,
    /// Engagements du candidat.
    #[schema(value_type = Vec<Commitment>)]
    candidate_commitments: Texts,
    /// Engagements de l'accompagnateur.
    #[schema(value_type = Vec<Commitment>)]
    tutor_commitments: Texts,
}

impl From<contract_template::Model> for ContractTemplate {
    fn from(row: contract_template::Model) -> Self {
        Self {
            meta: (&row).into(),
            organization_id: row.organization_id,
            name: row.name,
            preamble: row.preamble,
            candidate_commitments: row.candidate_commitments,
            tutor_commitments: row.tutor_commitments,
        }
    }
}

/// A new template. What is absent is copied from the one that new contracts are copied from now.
#[derive(Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "name": "Contrat pédagogique – parcours court",
    "candidate_commitments": ["Je m'engage à porter mon projet.", "Je m'engage à vous prévenir à l'avance quand je ne suis pas disponible."]
}))]
pub(crate) struct ContractTemplateInput {
    /// Name, to choose it by.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 200)]
    name: Option<String>,
    /// Préambule.
    #[serde(default)]
    #[schema(max_length = 10000)]
    preamble: Option<String>,
    /// Engagements du candidat.
    #[serde(default)]
    #[schema(max_items = 50, value_type = Option<Vec<Commitment>>)]
    candidate_commitments: Option<Texts>,
    /// Engagements de l'accompagnateur.
    #[serde(default)]
    #[schema(max_items = 50, value_type = Option<Vec<Commitment>>)]
    tutor_commitments: Option<Texts>,
}

impl ContractTemplateInput {
    /// The new row, completed from a present one.
    pub(super) fn completed(
        self,
        from: contract_template::Model,
    ) -> contract_template::ActiveModel {
        contract_template::ActiveModel {
            name: Set(self.name.unwrap_or(from.name)),
            preamble: Set(self.preamble.unwrap_or(from.preamble)),
            candidate_commitments: Set(self
                .candidate_commitments
                .unwrap_or(from.candidate_commitments)),
            tutor_commitments: Set(self.tutor_commitments.unwrap_or(from.tutor_commitments)),
            ..Default::default()
        }
    }
}

/// What may change about a template.
#[derive(Debug, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"name": "Contrat pédagogique 2027"}))]
pub(crate) struct ContractTemplateEdit {
    /// Name, to choose it by.
    #[schema(min_length = 1, max_length = 200)]
    name: String,
    /// Préambule.
    #[schema(max_length = 10000)]
    preamble: String,
    /// Engagements du candidat.
    #[schema(max_items = 50, value_type = Vec<Commitment>)]
    candidate_commitments: Texts,
    /// Engagements de l'accompagnateur.
    #[schema(max_items = 50, value_type = Vec<Commitment>)]
    tutor_commitments: Texts,
}

impl From<&contract_template::Model> for ContractTemplateEdit {
    fn from(row: &contract_template::Model) -> Self {
        Self {
            name: row.name.clone(),
            preamble: row.preamble.clone(),
            candidate_commitments: row.candidate_commitments.clone(),
            tutor_commitments: row.tutor_commitments.clone(),
        }
    }
}

impl From<ContractTemplateEdit> for contract_template::ActiveModel {
    fn from(edit: ContractTemplateEdit) -> Self {
        Self {
            name: Set(edit.name),
            preamble: Set(edit.preamble),
            candidate_commitments: Set(edit.candidate_commitments),
            tutor_commitments: Set(edit.tutor_commitments),
            ..Default::default()
        }
    }
}
