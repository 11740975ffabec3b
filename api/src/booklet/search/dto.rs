//! What travels about a search.

use entity::values::{AddressCategory, BookletState, Role};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// What is sought.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Sought {
    /// A name or parts of it, though mistyped; a whole telephone number or e-mail address; what another
    /// system calls it.
    #[param(min_length = 2, max_length = 200)]
    pub(super) q: String,
}

/// What was found within reach, the best first.
#[derive(Debug, Default, Serialize, ToSchema)]
pub(crate) struct Found {
    /// Candidats.
    #[schema(max_items = 10)]
    pub(super) candidates: Vec<FoundCandidate>,
    /// Booklets: of these candidates, or that another system calls so.
    #[schema(max_items = 10)]
    pub(super) booklets: Vec<FoundBooklet>,
    /// People who can sign in.
    #[schema(max_items = 10)]
    pub(super) users: Vec<FoundUser>,
    /// Bodies of the directory (§07).
    #[schema(max_items = 10)]
    pub(super) useful_addresses: Vec<FoundAddress>,
}

/// A candidate who was found.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FoundCandidate {
    /// The candidate.
    pub(super) id: Uuid,
    /// Prénom and nom.
    #[schema(max_length = 401)]
    pub(super) name: String,
    /// Courriel.
    #[schema(max_length = 254)]
    pub(super) email: Option<String>,
    /// Téléphone.
    #[schema(max_length = 16)]
    pub(super) phone: Option<String>,
}

/// A booklet that was found.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FoundBooklet {
    /// The booklet.
    pub(super) id: Uuid,
    /// Whose it is.
    pub(super) candidate_id: Uuid,
    /// Accompagnateur, the main one.
    pub(super) tutor_id: Uuid,
    /// Its state.
    pub(super) state: BookletState,
    /// The certification aimed at.
    #[schema(max_length = 200)]
    pub(super) certification: Option<String>,
}

/// A user who was found.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FoundUser {
    /// The user.
    pub(super) id: Uuid,
    /// Prénom and nom.
    #[schema(max_length = 401)]
    pub(super) name: String,
    /// Rôle.
    pub(super) role: Role,
}

/// A body of the directory that was found.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FoundAddress {
    /// The address.
    pub(super) id: Uuid,
    /// Nom.
    #[schema(max_length = 200)]
    pub(super) name: String,
    /// Of which kind.
    pub(super) category: AddressCategory,
    /// Téléphone.
    #[schema(max_length = 16)]
    pub(super) phone: Option<String>,
}
