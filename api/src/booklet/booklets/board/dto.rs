//! What travels about many booklets at once.

use chrono::{DateTime, NaiveDate, Utc};
use entity::values::{BookletState, ContractState, PlanState, PreferredChannel};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::kit::Several;
use crate::people::names::Someone;

/// Which booklets.
#[derive(Clone, Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct BookletFilter {
    /// Only those in one of these states, with commas between.
    #[param(value_type = Option<Vec<BookletState>>, inline, style = Form, explode = false,
        min_items = 1, max_items = 5, example = json!(["open", "active"]))]
    pub(super) state: Option<Several<BookletState>>,
    /// Only this candidate's.
    pub(super) candidate_id: Option<Uuid>,
    /// Only those whose main tutor is one of these users, with commas between.
    #[param(value_type = Option<Vec<Uuid>>, style = Form, explode = false,
        min_items = 1, max_items = 50)]
    pub(super) tutor_id: Option<Several<Uuid>>,
    /// Only those that one of these users referred, with commas between.
    #[param(value_type = Option<Vec<Uuid>>, style = Form, explode = false,
        min_items = 1, max_items = 50)]
    pub(super) prescriber_id: Option<Several<Uuid>>,
    /// Only the archived ones, or only the others.
    pub(super) archived: Option<bool>,
    /// Only those that hold each of these words in the candidate's name or e-mail address or in the
    /// certification, or that another system calls so, them or their candidate. Case and accents make no
    /// difference.
    #[param(max_length = 200)]
    pub(super) q: Option<String>,
    /// Only those with an open item or step whose day is over, or only the others. Suspended, closed and
    /// withdrawn ones have none.
    pub(super) overdue: Option<bool>,
    /// Only those whose contract in force ends before this day.
    pub(super) contract_ends_before: Option<NaiveDate>,
    /// Only those whose last follow-up or held appointment was before this day; where there was none, those
    /// that were opened before it.
    pub(super) last_contact_before: Option<NaiveDate>,
    /// Only those whose stage in progress is the one of this code, the first of several.
    #[param(max_length = 40, example = "validation_file")]
    pub(super) stage: Option<String>,
    /// Only those opened on this day or later.
    pub(super) opened_from: Option<NaiveDate>,
    /// Only those opened on this day or earlier.
    pub(super) opened_to: Option<NaiveDate>,
}

/// What a list of booklets shows of one at a glance.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct Summary {
    /// Candidat; null for those who may not read who it is.
    pub(super) candidate: Option<Contact>,
    /// Accompagnateur, the main one; null for those who may not read who it is.
    pub(super) tutor: Option<Contact>,
    /// Prescripteur, who sees the milestones and whose they are.
    pub(super) prescriber: Option<Someone>,
    /// Certificateur, who sees the same.
    pub(super) validator: Option<Someone>,
    /// The contract in force, else the newest; null when there is none.
    pub(super) contract: Option<ContractSummary>,
    /// The plan.
    pub(super) plan: PlanSummary,
    /// The day of the last follow-up or held appointment; before there is one, the day of opening. The list's
    /// order and its filter, and what is to be done after a long silence, go by this day.
    pub(super) last_contact_on: NaiveDate,
    /// When the next planned appointment begins (UTC).
    pub(super) next_appointment_at: Option<DateTime<Utc>>,
    /// When something in the booklet last changed (UTC), at most a minute before the very last change.
    pub(super) last_activity_at: DateTime<Utc>,
    /// How many open items and steps should be done by now; 0 when it is not at work.
    #[schema(minimum = 0)]
    pub(super) overdue: i64,
    /// How many action sheets wait for the other party.
    #[schema(minimum = 0)]
    pub(super) to_validate: i64,
    /// The stage of the VAE in progress, the first of several.
    #[schema(max_length = 40)]
    pub(super) stage: Option<String>,
}

/// Somebody, and how to reach them.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct Contact {
    /// The candidate or user.
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
    /// How they prefer to be reached; of candidates.
    pub(super) preferred_channel: Option<PreferredChannel>,
}

/// A contract at a glance.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct ContractSummary {
    /// Its state.
    pub(super) state: ContractState,
    /// Its last day.
    pub(super) ends_on: NaiveDate,
}

/// A plan at a glance.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct PlanSummary {
    /// Its state.
    pub(super) state: PlanState,
    /// How many of its steps are done.
    #[schema(minimum = 0)]
    pub(super) done: i64,
    /// How many steps it has, cancelled ones apart.
    #[schema(minimum = 0)]
    pub(super) total: i64,
}

/// What booklets are counted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum GroupBy {
    /// Their states.
    State,
    /// Their main tutors: the load of each.
    Tutor,
    /// Their stages of the VAE in progress.
    Stage,
}

/// By what to count.
#[derive(Clone, Copy, Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Grouping {
    /// What to count them by. Default: `state`.
    #[param(inline)]
    pub(in crate::booklet::booklets) group_by: Option<GroupBy>,
}

/// How many booklets there are.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct BookletCounts {
    /// All of them.
    #[schema(minimum = 0)]
    pub(super) total: i64,
    /// How many of them have something overdue.
    #[schema(minimum = 0)]
    pub(super) overdue: i64,
    /// The groups, the largest first.
    #[schema(max_items = 200)]
    pub(super) groups: Vec<BookletCount>,
}

/// A group of booklets.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct BookletCount {
    /// The state, the tutor's id or the stage's code; null where no stage is in progress.
    #[schema(max_length = 40)]
    pub(super) key: Option<String>,
    /// The tutor's name, for those who may read it.
    #[schema(max_length = 401)]
    pub(super) name: Option<String>,
    /// How many booklets.
    #[schema(minimum = 0)]
    pub(super) count: i64,
    /// How many of them have something overdue.
    #[schema(minimum = 0)]
    pub(super) overdue: i64,
}
