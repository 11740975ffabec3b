//! The scopes of OAuth 2.0 that the programs of others may be given: the one list, from which the
//! policy and the API document take theirs.

use entity::values::Texts;
use serde::{Deserialize, Serialize};
use strum::IntoEnumIterator;
use utoipa::ToSchema;

/// What a service account may do, within what the role `integration` may.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    strum::Display,
    strum::EnumIter,
    strum::EnumString,
    Serialize,
    Deserialize,
    ToSchema,
)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Scope {
    #[serde(rename = "booklets:read")]
    #[strum(serialize = "booklets:read")]
    BookletsRead,
    #[serde(rename = "booklets:write")]
    #[strum(serialize = "booklets:write")]
    BookletsWrite,
    #[serde(rename = "candidates:read")]
    #[strum(serialize = "candidates:read")]
    CandidatesRead,
    #[serde(rename = "candidates:write")]
    #[strum(serialize = "candidates:write")]
    CandidatesWrite,
    #[serde(rename = "directory:read")]
    #[strum(serialize = "directory:read")]
    DirectoryRead,
    #[serde(rename = "directory:write")]
    #[strum(serialize = "directory:write")]
    DirectoryWrite,
    #[serde(rename = "appointments:read")]
    #[strum(serialize = "appointments:read")]
    AppointmentsRead,
    #[serde(rename = "appointments:write")]
    #[strum(serialize = "appointments:write")]
    AppointmentsWrite,
    #[serde(rename = "follow-ups:read")]
    #[strum(serialize = "follow-ups:read")]
    FollowUpsRead,
    #[serde(rename = "follow-ups:write")]
    #[strum(serialize = "follow-ups:write")]
    FollowUpsWrite,
    #[serde(rename = "users:read")]
    #[strum(serialize = "users:read")]
    UsersRead,
    #[serde(rename = "users:write")]
    #[strum(serialize = "users:write")]
    UsersWrite,
    #[serde(rename = "events:read")]
    #[strum(serialize = "events:read")]
    EventsRead,
}

impl Scope {
    /// What it lets a program do.
    pub(crate) fn describe(self) -> String {
        let name = self.to_string();
        let (family, action) = name.split_once(':').unwrap_or((&name, "read"));
        let what = match family {
            "booklets" => "booklets, who accompanies them, and their milestones",
            "directory" => "the directory of useful addresses",
            "events" => "what happened, in order",
            other => other,
        };
        match action {
            "read" => format!("Read {what}"),
            _ => format!("Create and change {what}"),
        }
    }

    /// All of them.
    pub fn all() -> impl Iterator<Item = Self> {
        Self::iter()
    }

    /// Those of a row.
    pub(crate) fn stored(texts: &Texts) -> Vec<Self> {
        Self::listed(texts.0.iter().map(String::as_str))
    }

    /// Those among these names that are scopes.
    pub(crate) fn listed<'a>(names: impl IntoIterator<Item = &'a str>) -> Vec<Self> {
        names
            .into_iter()
            .filter_map(|name| name.parse().ok())
            .collect()
    }

    /// As OAuth 2.0 writes them: separated by spaces (RFC 6749, section 3.3).
    pub(crate) fn joined(scopes: &[Self]) -> String {
        let names: Vec<String> = scopes.iter().map(ToString::to_string).collect();
        names.join(" ")
    }
}
