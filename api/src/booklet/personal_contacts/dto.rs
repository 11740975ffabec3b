//! What travels about personal contacts.

use entity::personal_contact;
use entity::values::AddressCategory;
use sea_orm::Set;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use validator::Validate;

use crate::kit::Meta;

/// The candidate's own contact at a body (§07: Mon contact).
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PersonalContact {
    #[serde(flatten)]
    meta: Meta,
    /// The booklet it belongs to.
    booklet_id: Uuid,
    /// Kind of body.
    category: AddressCategory,
    /// The body in the directory, if it is there.
    useful_address_id: Option<Uuid>,
    /// Mon contact: who.
    name: String,
    /// Fonction.
    function: Option<String>,
    /// Téléphone.
    phone: Option<String>,
    /// E-mail address.
    email: Option<String>,
    /// Commentaire.
    comment: Option<String>,
    /// Whether it is the one to call first; at most one per kind of body.
    is_main: bool,
}

impl From<personal_contact::Model> for PersonalContact {
    fn from(row: personal_contact::Model) -> Self {
        Self {
            meta: (&row).into(),
            booklet_id: row.booklet_id,
            category: row.category,
            useful_address_id: row.useful_address_id,
            name: row.name,
            function: row.function,
            phone: row.phone,
            email: row.email,
            comment: row.comment,
            is_main: row.is_main,
        }
    }
}

/// What is noted about a contact.
#[derive(Debug, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"category": "cep", "name": "Nadia Benali", "function": "Conseillère en évolution professionnelle", "phone": "+33467000001", "is_main": true}))]
pub(crate) struct PersonalContactInput {
    /// Kind of body.
    pub(super) category: AddressCategory,
    /// The body in the directory, if it is there.
    #[serde(default)]
    pub(super) useful_address_id: Option<Uuid>,
    /// Mon contact: who.
    #[schema(min_length = 1, max_length = 200)]
    name: String,
    /// Fonction.
    #[serde(default)]
    #[schema(max_length = 200)]
    function: Option<String>,
    /// Téléphone. Kept in international form (E.164); one as people dial it in France or overseas
    /// (`06 12 34 56 78`) is understood.
    #[serde(default)]
    #[schema(max_length = 16, pattern = r"^\+[1-9]\d{6,14}$")]
    phone: Option<String>,
    /// E-mail address.
    #[serde(default)]
    #[validate(email)]
    #[schema(min_length = 3, max_length = 254)]
    email: Option<String>,
    /// Commentaire.
    #[serde(default)]
    #[schema(max_length = 2000)]
    comment: Option<String>,
    /// Whether it is the one to call first: the former one of this kind no longer is. Default: no.
    #[serde(default)]
    pub(super) is_main: bool,
}

impl From<&personal_contact::Model> for PersonalContactInput {
    fn from(row: &personal_contact::Model) -> Self {
        Self {
            category: row.category,
            useful_address_id: row.useful_address_id,
            name: row.name.clone(),
            function: row.function.clone(),
            phone: row.phone.clone(),
            email: row.email.clone(),
            comment: row.comment.clone(),
            is_main: row.is_main,
        }
    }
}

impl From<PersonalContactInput> for personal_contact::ActiveModel {
    fn from(input: PersonalContactInput) -> Self {
        Self {
            category: Set(input.category),
            useful_address_id: Set(input.useful_address_id),
            name: Set(input.name),
            function: Set(input.function),
            phone: Set(input.phone),
            email: Set(input.email.map(|email| email.to_ascii_lowercase())),
            comment: Set(input.comment),
            is_main: Set(input.is_main),
            ..Default::default()
        }
    }
}

/// Which contacts.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct PersonalContactFilter {
    /// Only contacts at bodies of this kind.
    pub(super) category: Option<AddressCategory>,
    /// Only those to call first, or only the others.
    pub(super) is_main: Option<bool>,
}
