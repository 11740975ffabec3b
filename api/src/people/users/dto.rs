//! What travels about users.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use entity::user;
use entity::values::{Locale, Role, UserState};
use migration::fold::sort_key;
use sea_orm::Set;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use validator::Validate;

use crate::kit::external_references::{ExternalReference, ExternalReferences};
use crate::kit::{Meta, Several};

/// A person who can sign in. Tutors see names alone: the other fields are null for them.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct User {
    #[serde(flatten)]
    pub(crate) meta: Meta,
    /// The organization; the platform admin has none.
    pub(crate) organization_id: Option<Uuid>,
    /// Prénom.
    pub(crate) given_name: String,
    /// Nom.
    pub(crate) family_name: String,
    /// Rôle.
    pub(crate) role: Role,
    /// Whether the account can be used.
    pub(crate) state: UserState,
    /// E-mail address.
    pub(crate) email: Option<String>,
    /// Téléphone.
    pub(crate) phone: Option<String>,
    /// Language of texts.
    pub(crate) locale: Option<Locale>,
    /// Last time they signed in (UTC).
    pub(crate) last_login_at: Option<DateTime<Utc>>,
    /// What other systems call them.
    #[schema(max_items = 20)]
    external_references: Option<Vec<ExternalReference>>,
}

impl User {
    /// The user as this role may see them.
    pub(super) fn seen_by(viewer: Role, row: user::Model, references: ExternalReferences) -> Self {
        let mut user = Self {
            meta: (&row).into(),
            organization_id: row.organization_id,
            given_name: row.given_name,
            family_name: row.family_name,
            role: row.role,
            state: row.state,
            email: Some(row.email),
            phone: row.phone,
            locale: Some(row.locale),
            last_login_at: row.last_login_at,
            external_references: Some(references.into_iter().collect()),
        };
        if viewer == Role::Tutor {
            user.email = None;
            user.phone = None;
            user.locale = None;
            user.last_login_at = None;
            user.external_references = None;
        }
        user
    }
}

/// A person to invite.
#[derive(Debug, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"email": "nora.lopez@horizon.example", "given_name": "Nora", "family_name": "Lopez", "role": "tutor"}))]
pub(crate) struct UserInput {
    /// E-mail address; nobody else on the platform may have it.
    #[validate(email)]
    #[schema(min_length = 3, max_length = 254)]
    pub(super) email: String,
    /// Prénom.
    #[schema(min_length = 1, max_length = 200)]
    pub(super) given_name: String,
    /// Nom.
    #[schema(min_length = 1, max_length = 200)]
    pub(super) family_name: String,
    /// Rôle. A CRM gets a service account instead of a user.
    pub(super) role: Role,
    /// Téléphone. Kept in international form (E.164); one as people dial it in France or overseas
    /// (`06 12 34 56 78`) is understood.
    #[serde(default)]
    #[schema(max_length = 16, pattern = r"^\+[1-9]\d{6,14}$")]
    pub(super) phone: Option<String>,
    /// Language of texts. Default: the organization's.
    #[serde(default)]
    pub(super) locale: Option<Locale>,
    /// The organization, which the platform admin names; everybody else's is their own.
    #[serde(default)]
    pub(super) organization_id: Option<Uuid>,
    /// What other systems call them; the list is replaced whole.
    #[serde(default)]
    #[schema(max_items = 20)]
    pub(super) external_references: BTreeSet<ExternalReference>,
}

impl UserInput {
    /// The account as it could be made now.
    pub(super) fn of(row: &user::Model, references: ExternalReferences) -> Self {
        Self {
            email: row.email.clone(),
            given_name: row.given_name.clone(),
            family_name: row.family_name.clone(),
            role: row.role,
            phone: row.phone.clone(),
            locale: Some(row.locale),
            organization_id: None,
            external_references: references,
        }
    }

    /// Over this account: without a language, the one it has stays.
    pub(super) fn over(self, row: &user::Model) -> Self {
        Self {
            email: self.email.to_ascii_lowercase(),
            locale: self.locale.or(Some(row.locale)),
            ..self
        }
    }

    /// What it changes of this account.
    pub(super) fn into_edit(self, row: &user::Model) -> UserEdit {
        UserEdit {
            email: self.email,
            given_name: self.given_name,
            family_name: self.family_name,
            phone: self.phone,
            locale: self.locale.unwrap_or(row.locale),
            role: row.role,
            state: row.state,
            external_references: self.external_references,
        }
    }
}

/// What may change about a user.
#[derive(Debug, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"phone": "+33612345678"}))]
pub(crate) struct UserEdit {
    /// E-mail address; nobody else on the platform may have it.
    #[validate(email)]
    #[schema(min_length = 3, max_length = 254)]
    pub(super) email: String,
    /// Prénom.
    #[schema(min_length = 1, max_length = 200)]
    pub(super) given_name: String,
    /// Nom.
    #[schema(min_length = 1, max_length = 200)]
    pub(super) family_name: String,
    /// Téléphone. Kept in international form (E.164); one as people dial it in France or overseas
    /// (`06 12 34 56 78`) is understood.
    #[schema(max_length = 16, pattern = r"^\+[1-9]\d{6,14}$")]
    pub(super) phone: Option<String>,
    /// Language of texts.
    pub(super) locale: Locale,
    /// Rôle. Not while the person accompanies a booklet, but from tutor to coordinator and back.
    pub(super) role: Role,
    /// `disabled` ends all sessions at once; `active` lets them sign in again.
    pub(super) state: UserState,
    /// What other systems call them; the list is replaced whole.
    #[schema(max_items = 20)]
    pub(super) external_references: BTreeSet<ExternalReference>,
}

impl UserEdit {
    /// The editable fields as they are now.
    pub(super) fn of(row: &user::Model, references: ExternalReferences) -> Self {
        Self {
            email: row.email.clone(),
            given_name: row.given_name.clone(),
            family_name: row.family_name.clone(),
            phone: row.phone.clone(),
            locale: row.locale,
            role: row.role,
            state: row.state,
            external_references: references,
        }
    }

    /// The case of an e-mail address makes no difference.
    pub(super) fn in_lower_case(self) -> Self {
        Self {
            email: self.email.to_ascii_lowercase(),
            ..self
        }
    }
}

impl From<UserEdit> for user::ActiveModel {
    fn from(edit: UserEdit) -> Self {
        Self {
            email: Set(edit.email),
            sort_key: Set(sort_key(&format!(
                "{} {}",
                edit.family_name, edit.given_name
            ))),
            given_name: Set(edit.given_name),
            family_name: Set(edit.family_name),
            phone: Set(edit.phone),
            locale: Set(edit.locale),
            role: Set(edit.role),
            state: Set(edit.state),
            ..Default::default()
        }
    }
}

/// Which users.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct UserFilter {
    /// Only those of one of these roles, with commas between.
    #[param(value_type = Option<Vec<Role>>, inline, style = Form, explode = false,
        min_items = 1, max_items = 7, example = json!(["tutor"]))]
    pub(super) role: Option<Several<Role>>,
    /// Only those in one of these states, with commas between.
    #[param(value_type = Option<Vec<UserState>>, inline, style = Form, explode = false,
        min_items = 1, max_items = 3, example = json!(["active"]))]
    pub(super) state: Option<Several<UserState>>,
}

/// An invitation to hand over, on paper if need be.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Invitation {
    /// Address where the account is activated; its fragment holds the token.
    #[schema(format = "uri", required = false, extensions(("x-secret" = json!(true))))]
    pub(super) url: String,
    /// For `POST /v1/auth/invitations/accept`. Shown this once.
    #[schema(required = false, max_length = 200, extensions(("x-secret" = json!(true))))]
    pub(super) token: String,
    /// Until when it works (UTC): 14 days.
    pub(super) expires_at: DateTime<Utc>,
    /// Whether it is also sent to the person's e-mail address.
    pub(super) mailed: bool,
}
