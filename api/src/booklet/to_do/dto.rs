//! What travels about what is to be done.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::kinds::{ToDoKind, WaitingFor};

/// Something to do.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ToDo {
    /// What is to be done.
    pub(super) kind: ToDoKind,
    /// The item's or the step's own words; else, and for programs, what the kind is called in the
    /// reader's language, and the number of the contract or the sheet.
    #[schema(max_length = 2000)]
    pub(super) label: String,
    /// The day by which it should be done, where the organization is.
    pub(super) due_on: Option<NaiveDate>,
    /// Whether that day is over.
    pub(super) overdue: bool,
    /// Whom it waits for: the candidate, the tutor's side, or coordinators.
    pub(super) waiting_for: WaitingFor,
    /// Since when (UTC).
    pub(super) since: DateTime<Utc>,
    /// The booklet; null for imports and webhooks.
    pub(super) booklet_id: Option<Uuid>,
    /// Whose booklet it is.
    pub(super) candidate: Option<Named>,
    /// Accompagnateur, the main one.
    pub(super) tutor: Option<Named>,
    /// What `resource_id` names: `sheet_item`, `plan_step`, `contract`, `plan`, `action_sheet`,
    /// `appointment`, `booklet`, `import` or `webhook`.
    #[schema(max_length = 32)]
    pub(super) resource: &'static str,
    /// The object to act on.
    pub(super) resource_id: Uuid,
    /// The operation (`operationId`) that settles it, if the reader's role permits it. Whether
    /// something still hinders it is told by the object's `/actions`.
    #[schema(max_length = 64)]
    pub(super) action: Option<&'static str>,
}

/// Somebody's name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct Named {
    /// The candidate or user.
    pub(super) id: Uuid,
    /// Prénom and nom; null for those who may not read who it is, as programs without the scope.
    #[schema(max_length = 401)]
    pub(super) name: Option<String>,
}

/// Whom something should wait for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Whom {
    /// The caller's own role. Of tutors: not in booklets that they observe.
    Me,
    /// Candidates.
    Candidate,
    /// Tutors, and those who stand in for them.
    Tutor,
    /// Coordinators.
    Coordinator,
}

/// Which things to do.
#[derive(Clone, Copy, Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct ToDoFilter {
    /// Only what waits for them.
    #[param(inline)]
    pub(super) waiting_for: Option<Whom>,
    /// Only this kind.
    pub(super) kind: Option<ToDoKind>,
    /// Only what is due before this day.
    pub(super) due_before: Option<NaiveDate>,
    /// Only what is overdue, or only the rest.
    pub(super) overdue: Option<bool>,
    /// Only in booklets whose main tutor is this user.
    pub(super) tutor_id: Option<Uuid>,
    /// Only in this booklet.
    pub(super) booklet_id: Option<Uuid>,
}

/// Which page of them.
#[derive(Clone, Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Portion {
    /// The `next` of the page before, unchanged. Without it, or empty: the first page.
    #[param(max_length = 200, example = "")]
    pub(super) after: Option<String>,
    /// How many items at most, from 1 to 100. Default: 20.
    #[param(minimum = 1, maximum = 100, default = 20, example = 2)]
    pub(super) limit: Option<u64>,
}

/// How much is to be done.
#[derive(Debug, Default, Serialize, ToSchema)]
pub(crate) struct ToDoCounts {
    /// All of it.
    pub(super) total: u64,
    /// What is overdue of it.
    pub(super) overdue: u64,
    /// Whether all was counted. Of each kind 10,000 are: where there are more, all numbers are at
    /// least what they say.
    pub(super) complete: bool,
    /// By kind, in the order of the kinds; those of which there are none are left out.
    #[schema(max_items = 13)]
    pub(super) by_kind: Vec<KindCount>,
    /// By main tutor, whoever has the most overdue first: 200 at most.
    #[schema(max_items = 200)]
    pub(super) by_tutor: Vec<TutorCount>,
}

/// How much there is to do of a kind.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct KindCount {
    /// The kind.
    pub(super) kind: ToDoKind,
    /// What it is called in the reader's language.
    #[schema(max_length = 200)]
    pub(super) label: &'static str,
    /// How many there are.
    pub(super) count: u64,
    /// How many of them are overdue.
    pub(super) overdue: u64,
}

/// How much there is to do in the booklets of a tutor.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TutorCount {
    /// Accompagnateur, the main one.
    pub(super) tutor: Named,
    /// How many there are, whomever they wait for.
    pub(super) count: u64,
    /// How many of them are overdue.
    pub(super) overdue: u64,
}
