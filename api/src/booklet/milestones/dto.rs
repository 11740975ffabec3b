//! What travels about milestones.

use chrono::{DateTime, NaiveDate, Utc};
use entity::values::{
    AppointmentState, BookletState, ContactMode, ContractState, Outcome, Party, PlanState,
    SheetState, SignatureMethod, StageState, StepState,
};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::people::names::Someone;

/// How far a booklet has come: states and dates, no free text.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Milestones {
    /// The booklet.
    pub(super) booklet_id: Uuid,
    /// Candidat; null for programs that may not read candidates.
    pub(super) candidate: Option<Someone>,
    /// Accompagnateur, the main one; null for the same.
    pub(super) tutor: Option<Someone>,
    /// Its state.
    pub(super) state: BookletState,
    /// Number of the certification in the RNCP, if known.
    #[schema(max_length = 6)]
    pub(super) rncp_code: Option<String>,
    /// The day it was opened.
    pub(super) opened_on: NaiveDate,
    /// The day it should close.
    pub(super) target_closing_on: Option<NaiveDate>,
    /// The day it was closed or withdrawn.
    pub(super) closed_on: Option<NaiveDate>,
    /// When that was written down (UTC).
    pub(super) closed_at: Option<DateTime<Utc>>,
    /// What the jury granted.
    pub(super) outcome: Option<Outcome>,
    /// The contracts, in order.
    pub(super) contracts: Vec<ContractMilestone>,
    /// The plan.
    pub(super) plan: Option<PlanMilestone>,
    /// The steps of the plan, in order.
    #[schema(max_items = 200)]
    pub(super) plan_steps: Vec<StepMilestone>,
    /// The stages of the VAE, in order.
    #[schema(max_items = 200)]
    pub(super) stages: Vec<StageMilestone>,
    /// The appointments, in order.
    pub(super) appointments: Vec<AppointmentMilestone>,
    /// The action sheets, in order.
    pub(super) action_sheets: Vec<SheetMilestone>,
    /// The follow-ups, in order.
    pub(super) follow_ups: Vec<FollowUpMilestone>,
}

/// A contract's state and dates.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ContractMilestone {
    /// Its number within the booklet.
    pub(super) number: i32,
    /// Its state.
    pub(super) state: ContractState,
    /// From this day.
    pub(super) starts_on: NaiveDate,
    /// To this day.
    pub(super) ends_on: NaiveDate,
    /// The day it was terminated.
    pub(super) terminated_on: Option<NaiveDate>,
    /// When that was written down (UTC).
    pub(super) terminated_at: Option<DateTime<Utc>>,
    /// Who has signed, and when.
    #[schema(max_items = 2)]
    pub(super) signatures: Vec<SignatureMilestone>,
}

/// A signature's dates.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SignatureMilestone {
    /// Whose it is.
    pub(super) party: Party,
    /// How it was given.
    pub(super) method: SignatureMethod,
    /// The day on the paper; null for a click.
    pub(super) signed_on: Option<NaiveDate>,
    /// When it was written down (UTC): for a click, when it was given.
    pub(super) signed_at: DateTime<Utc>,
}

/// The plan's state and instants.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PlanMilestone {
    /// Its state.
    pub(super) state: PlanState,
    /// When the candidate agreed (UTC).
    pub(super) agreed_by_candidate_at: Option<DateTime<Utc>>,
    /// When the tutor agreed (UTC).
    pub(super) agreed_by_tutor_at: Option<DateTime<Utc>>,
}

/// A plan step's state and dates.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct StepMilestone {
    /// Its place in the plan.
    pub(super) position: i32,
    /// Its state.
    pub(super) state: StepState,
    /// Planned from this day.
    pub(super) planned_from: Option<NaiveDate>,
    /// Planned to this day.
    pub(super) planned_to: Option<NaiveDate>,
    /// Done this day.
    pub(super) done_on: Option<NaiveDate>,
}

/// A stage's state and dates.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct StageMilestone {
    /// Its code.
    #[schema(max_length = 40)]
    pub(super) code: String,
    /// Its state.
    pub(super) state: StageState,
    /// Begun this day.
    pub(super) started_on: Option<NaiveDate>,
    /// Completed this day.
    pub(super) completed_on: Option<NaiveDate>,
}

/// An appointment's state and time.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AppointmentMilestone {
    /// When it begins (UTC).
    pub(super) starts_at: DateTime<Utc>,
    /// Its state.
    pub(super) state: AppointmentState,
}

/// An action sheet's state and dates.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SheetMilestone {
    /// Its number within the booklet.
    pub(super) number: i32,
    /// Its state.
    pub(super) state: SheetState,
    /// The appointment's day.
    pub(super) appointment_on: NaiveDate,
    /// The next appointment's day.
    pub(super) next_appointment_on: Option<NaiveDate>,
}

/// A follow-up's date and mode.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FollowUpMilestone {
    /// The day of the contact.
    pub(super) contacted_on: NaiveDate,
    /// How.
    pub(super) contact_mode: ContactMode,
}
