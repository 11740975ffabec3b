//! What travels about the members of a booklet.

use chrono::NaiveDate;
use entity::values::{MemberKind, Role};
use entity::{booklet_member, user};
use sea_orm::Set;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use validator::{Validate, ValidationErrors};

use crate::kit::{Meta, dates_in_order};

/// Somebody who accompanies a booklet.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct BookletMember {
    #[serde(flatten)]
    meta: Meta,
    /// The booklet.
    booklet_id: Uuid,
    /// The user, of role tutor or coordinator.
    user_id: Uuid,
    /// Prénom.
    #[schema(max_length = 200)]
    given_name: String,
    /// Nom.
    #[schema(max_length = 200)]
    family_name: String,
    /// A tutor, a substitute or an observer.
    kind: MemberKind,
    /// First day of access.
    starts_on: NaiveDate,
    /// From this day on, no more access.
    ends_on: Option<NaiveDate>,
}

impl BookletMember {
    pub(super) fn of(row: &booklet_member::Model, user: Option<&user::Model>) -> Self {
        let name = |pick: fn(&user::Model) -> &String| user.map(pick).cloned().unwrap_or_default();
        Self {
            meta: row.into(),
            booklet_id: row.booklet_id,
            user_id: row.user_id,
            given_name: name(|user| &user.given_name),
            family_name: name(|user| &user.family_name),
            kind: row.kind,
            starts_on: row.starts_on,
            ends_on: row.ends_on,
        }
    }
}

/// Somebody's name, as the list of a booklet's members tells it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct Person {
    /// The user.
    id: Uuid,
    /// Prénom.
    #[schema(max_length = 200)]
    given_name: String,
    /// Nom.
    #[schema(max_length = 200)]
    family_name: String,
    /// Rôle.
    role: Role,
}

impl From<&user::Model> for Person {
    fn from(row: &user::Model) -> Self {
        Self {
            id: row.id,
            given_name: row.given_name.clone(),
            family_name: row.family_name.clone(),
            role: row.role,
        }
    }
}

/// Somebody to add to a booklet.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"user_id": "$aminata", "kind": "substitute"}))]
pub(crate) struct BookletMemberInput {
    /// A user of role tutor, or a coordinator who tutors.
    pub(super) user_id: Uuid,
    /// A tutor, a substitute or an observer.
    pub(super) kind: MemberKind,
    /// First day of access. Default: today.
    #[serde(default)]
    pub(super) starts_on: Option<NaiveDate>,
    /// From this day on, no more access.
    #[serde(default)]
    pub(super) ends_on: Option<NaiveDate>,
}

impl Validate for BookletMemberInput {
    fn validate(&self) -> Result<(), ValidationErrors> {
        dates_in_order(self.starts_on, self.ends_on, "ends_on")
    }
}

/// What may change about a member.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"ends_on": "2035-12-31"}))]
pub(crate) struct BookletMemberEdit {
    /// A tutor, a substitute or an observer.
    pub(super) kind: MemberKind,
    /// First day of access.
    pub(super) starts_on: NaiveDate,
    /// From this day on, no more access.
    pub(super) ends_on: Option<NaiveDate>,
}

impl Validate for BookletMemberEdit {
    fn validate(&self) -> Result<(), ValidationErrors> {
        dates_in_order(Some(self.starts_on), self.ends_on, "ends_on")
    }
}

impl From<&booklet_member::Model> for BookletMemberEdit {
    fn from(row: &booklet_member::Model) -> Self {
        Self {
            kind: row.kind,
            starts_on: row.starts_on,
            ends_on: row.ends_on,
        }
    }
}

impl From<BookletMemberEdit> for booklet_member::ActiveModel {
    fn from(edit: BookletMemberEdit) -> Self {
        Self {
            kind: Set(edit.kind),
            starts_on: Set(edit.starts_on),
            ends_on: Set(edit.ends_on),
            ..Default::default()
        }
    }
}

/// Which members.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct BookletMemberFilter {
    /// Only those with access today, or only the others.
    pub(super) current: Option<bool>,
}
