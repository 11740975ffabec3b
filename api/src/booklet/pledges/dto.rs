//! What travels about pledges.

use entity::pledge;
use sea_orm::Set;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

use crate::kit::Meta;

/// What the organization promises (§03), copied into new contracts. Changing it changes no
/// contract.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Pledge {
    #[serde(flatten)]
    meta: Meta,
    /// The organization it belongs to; null for the ones shared by all.
    organization_id: Option<Uuid>,
    /// Title, « Nos engagements pour vous accompagner ».
    name: String,
    /// The promises, « nos engagements ».
    body: String,
}

impl From<pledge::Model> for Pledge {
    fn from(row: pledge::Model) -> Self {
        Self {
            meta: (&row).into(),
            organization_id: row.organization_id,
            name: row.name,
            body: row.body,
        }
    }
}

/// A new pledge. What is absent is copied from the one that new contracts are copied from now.
#[derive(Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"body": "Nous vous rappelons sous deux jours. Nous avançons à votre rythme, jusqu'au jury."}))]
pub(crate) struct PledgeInput {
    /// Title, « Nos engagements pour vous accompagner ».
    #[serde(default)]
    #[schema(min_length = 1, max_length = 200)]
    name: Option<String>,
    /// The promises, « nos engagements ».
    #[serde(default)]
    #[schema(min_length = 1, max_length = 10000)]
    body: Option<String>,
}

impl PledgeInput {
    /// The new row, completed from a present one.
    pub(super) fn completed(self, from: pledge::Model) -> pledge::ActiveModel {
        pledge::ActiveModel {
            name: Set(self.name.unwrap_or(from.name)),
            body: Set(self.body.unwrap_or(from.body)),
            ..Default::default()
        }
    }
}

/// What may change about a pledge.
#[derive(Debug, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"name": "Nos engagements pour vous accompagner en 2027"}))]
pub(crate) struct PledgeEdit {
    /// Title, « Nos engagements pour vous accompagner ».
    #[schema(min_length = 1, max_length = 200)]
    name: String,
    /// The promises, « nos engagements ».
    #[schema(min_length = 1, max_length = 10000)]
    body: String,
}

impl From<&pledge::Model> for PledgeEdit {
    fn from(row: &pledge::Model) -> Self {
        Self {
            name: row.name.clone(),
            body: row.body.clone(),
        }
    }
}

impl From<PledgeEdit> for pledge::ActiveModel {
    fn from(edit: PledgeEdit) -> Self {
        Self {
            name: Set(edit.name),
            body: Set(edit.body),
            ..Default::default()
        }
    }
}
