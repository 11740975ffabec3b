//! What travels about notes.

use entity::note;
use entity::values::Visibility;
use sea_orm::Set;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use validator::Validate;

use crate::kit::Meta;
use crate::people::names::{Signed, Someone};

/// A free page of the booklet (§11: Notes).
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Note {
    #[serde(flatten)]
    meta: Meta,
    /// The booklet it belongs to.
    booklet_id: Uuid,
    /// Who wrote it.
    author_id: Uuid,
    /// Who that is; absent when they are gone.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, value_type = Someone)]
    author: Option<Someone>,
    /// Notes.
    body: String,
    /// Who may read it.
    visibility: Visibility,
    /// Whether it is kept on top.
    pinned: bool,
}

impl From<note::Model> for Note {
    fn from(row: note::Model) -> Self {
        Self {
            meta: (&row).into(),
            booklet_id: row.booklet_id,
            author_id: row.author_id,
            author: None,
            body: row.body,
            visibility: row.visibility,
            pinned: row.pinned,
        }
    }
}

impl Signed for Note {
    fn by(&self) -> Option<Uuid> {
        Some(self.author_id)
    }

    fn sign(&mut self, who: Someone) {
        self.author = Some(who);
    }
}

/// What is written in a note.
#[derive(Debug, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"body": "Demander au chef d'équipe une attestation pour 2019.", "visibility": "shared", "pinned": true}))]
pub(crate) struct NoteInput {
    /// Notes.
    #[schema(min_length = 1, max_length = 10000)]
    body: String,
    /// Who may read it. Default: `private`.
    #[serde(default = "private")]
    pub(super) visibility: Visibility,
    /// Whether it is kept on top. Default: no.
    #[serde(default)]
    pinned: bool,
}

fn private() -> Visibility {
    Visibility::Private
}

impl From<&note::Model> for NoteInput {
    fn from(row: &note::Model) -> Self {
        Self {
            body: row.body.clone(),
            visibility: row.visibility,
            pinned: row.pinned,
        }
    }
}

impl From<NoteInput> for note::ActiveModel {
    fn from(input: NoteInput) -> Self {
        Self {
            body: Set(input.body),
            visibility: Set(input.visibility),
            pinned: Set(input.pinned),
            ..Default::default()
        }
    }
}

/// Which notes.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct NoteFilter {
    /// Only private ones, or only shared ones.
    pub(super) visibility: Option<Visibility>,
    /// Only those kept on top, or only the others.
    pub(super) pinned: Option<bool>,
    /// Only those of this author.
    pub(super) author_id: Option<Uuid>,
}
