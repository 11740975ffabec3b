//! What travels about external references.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::foundation::operations::faults::cleaned;

/// The name that another system gives to the object.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"system": "crm", "external_id": "C-2041"}))]
pub(crate) struct ExternalReference {
    /// The other system. Case counts: `CRM` and `crm` are two. Spaces at the ends are left out.
    #[schema(min_length = 1, max_length = 40)]
    pub(crate) system: String,
    /// What it calls the object: no two objects of one kind in an organization.
    #[schema(min_length = 1, max_length = 120)]
    pub(crate) external_id: String,
}

/// All the references of one object, each once.
pub(crate) type ExternalReferences = BTreeSet<ExternalReference>;

/// Which object of another system.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct ReferenceFilter {
    /// Only what this other system knows.
    #[param(max_length = 40)]
    external_system: Option<String>,
    /// Only what another system calls so.
    #[param(max_length = 120)]
    external_id: Option<String>,
}

impl ReferenceFilter {
    /// The system, as names are kept.
    pub(super) fn system(&self) -> Option<String> {
        self.external_system.as_deref().map(cleaned)
    }

    /// The id, as names are kept.
    pub(super) fn id(&self) -> Option<String> {
        self.external_id.as_deref().map(cleaned)
    }

    /// Whether it leaves anything out.
    pub(crate) fn is_set(&self) -> bool {
        self.external_system.is_some() || self.external_id.is_some()
    }
}
