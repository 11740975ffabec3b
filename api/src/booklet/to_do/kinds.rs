//! The kinds of things to do: what they are called, and the operation that settles them.

use entity::values::{Locale, Party, Role};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::foundation::policy::{Action, Reach, Resource};
use crate::kit::Ctx;

/// What is to be done: `sheet_item` (produce, contact or do what an action sheet raised), `plan_step`
/// (a step of the plan that is not done), `contract_to_sign` (a proposed contract lacks a signature),
/// `contract_to_propose` (a draft), `plan_to_agree` (the other party has proposed it),
/// `sheet_to_validate` (the other party has submitted it), `sheet_to_write` (a draft, by the day of its
/// appointment), `appointment_without_outcome` (it is over, and still planned), `contract_ending` (within
/// 30 days, and no other one is drawn up), `no_contact` (for as many weeks as the organization says),
/// `booklet_without_contract` (none is in force or drawn up), `import_to_apply` (checked, and waiting),
/// `webhook_disabled` (because the endpoint failed or is gone).
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Serialize,
    Deserialize,
    ToSchema,
    strum::Display,
    strum::EnumIter,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub(crate) enum ToDoKind {
    SheetItem,
    PlanStep,
    ContractToSign,
    ContractToPropose,
    PlanToAgree,
    SheetToValidate,
    SheetToWrite,
    AppointmentWithoutOutcome,
    ContractEnding,
    NoContact,
    BookletWithoutContract,
    ImportToApply,
    WebhookDisabled,
}

/// Whom something waits for.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Serialize,
    Deserialize,
    ToSchema,
    strum::Display,
    strum::EnumString,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub(crate) enum WaitingFor {
    Candidate,
    Tutor,
    Coordinator,
}

impl WaitingFor {
    /// Whom it waits for when it waits for somebody of this role.
    pub(super) fn role(role: Role) -> Option<Self> {
        match role {
            Role::Candidate => Some(Self::Candidate),
            Role::Tutor => Some(Self::Tutor),
            Role::Coordinator => Some(Self::Coordinator),
            _ => None,
        }
    }
}

impl From<Party> for WaitingFor {
    fn from(party: Party) -> Self {
        match party {
            Party::Candidate => Self::Candidate,
            Party::Tutor => Self::Tutor,
        }
    }
}

impl ToDoKind {
    /// What its objects are called in the API.
    pub(super) fn resource(self) -> &'static str {
        match self {
            Self::SheetItem => "sheet_item",
            Self::PlanStep => "plan_step",
            Self::ContractToSign | Self::ContractToPropose | Self::ContractEnding => "contract",
            Self::PlanToAgree => "plan",
            Self::SheetToValidate | Self::SheetToWrite => "action_sheet",
            Self::AppointmentWithoutOutcome => "appointment",
            Self::NoContact | Self::BookletWithoutContract => "booklet",
            Self::ImportToApply => "import",
            Self::WebhookDisabled => "webhook",
        }
    }

    /// The operation that settles it, and its cell of the policy table.
    fn settled_by(self) -> (&'static str, Resource, Action) {
        use Resource as R;
        match self {
            Self::SheetItem => ("settle_sheet_item", R::SheetItems, Action::Update),
            Self::PlanStep => ("update_plan_step", R::Plan, Action::Update),
            Self::ContractToSign => ("sign_contract", R::Contracts, Action::Sign),
            Self::ContractToPropose => ("propose_contract", R::Contracts, Action::Update),
            Self::PlanToAgree => ("agree_plan", R::Plan, Action::Agree),
            Self::SheetToValidate => ("validate_action_sheet", R::ActionSheets, Action::Agree),
            Self::SheetToWrite => ("submit_action_sheet", R::ActionSheets, Action::Agree),
            Self::AppointmentWithoutOutcome => {
                ("update_appointment", R::Appointments, Action::Update)
            }
            Self::ContractEnding => ("amend_contract", R::Contracts, Action::Create),
            Self::NoContact => ("create_follow_up", R::FollowUps, Action::Create),
            Self::BookletWithoutContract => ("create_contract", R::Contracts, Action::Create),
            Self::ImportToApply => ("apply_import", R::Imports, Action::Update),
            Self::WebhookDisabled => ("enable_webhook", R::Webhooks, Action::Update),
        }
    }

    /// The operation by which this caller settles it, if their role may: what waits for one party the
    /// other does not do, but coordinators record signatures on paper, and do what tutors do where they are the tutor.
    pub(super) fn action(
        self,
        ctx: &Ctx,
        waiting_for: WaitingFor,
        is_tutor: bool,
    ) -> Option<&'static str> {
        let (operation, resource, action) = self.settled_by();
        let permit = ctx.also(resource, action).ok()?.permit;
        if ctx.actor.role == Role::Coordinator && permit.reach == Reach::Own && !is_tutor {
            return None;
        }
        let me = match is_tutor {
            true => Some(WaitingFor::Tutor),
            false => WaitingFor::role(ctx.actor.role),
        };
        let is_mine = me == Some(waiting_for);
        let may = match self {
            Self::PlanToAgree | Self::SheetToValidate => is_mine,
            Self::ContractToSign => is_mine || ctx.actor.role == Role::Coordinator,
            // A candidate settles its own items, and cancels appointments alone.
            Self::SheetItem => is_mine || ctx.actor.role != Role::Candidate,
            Self::AppointmentWithoutOutcome => ctx.actor.role != Role::Candidate,
            _ => true,
        };
        may.then_some(operation)
    }

    /// In the reader's language, with the number of the contract or sheet.
    pub(super) fn numbered(self, locale: Locale, number: Option<i32>) -> String {
        let label = self.label(locale);
        match (number, locale) {
            (None, _) => label.to_owned(),
            (Some(number), Locale::Fr) => format!("{label} (n° {number})"),
            (Some(number), Locale::En) => format!("{label} (no. {number})"),
        }
    }

    /// In the reader's language.
    pub(crate) fn label(self, locale: Locale) -> &'static str {
        let [fr, en] = match self {
            Self::SheetItem => ["Élément d'une fiche action", "Item of an action sheet"],
            Self::PlanStep => ["Étape du plan", "Step of the plan"],
            Self::ContractToSign => ["Contrat à signer", "Contract to sign"],
            Self::ContractToPropose => ["Contrat à proposer", "Contract to propose"],
            Self::PlanToAgree => ["Plan à valider", "Plan to agree"],
            Self::SheetToValidate => ["Fiche action à valider", "Action sheet to validate"],
            Self::SheetToWrite => ["Fiche action à rédiger", "Action sheet to write"],
            Self::AppointmentWithoutOutcome => [
                "Rendez-vous sans suite notée",
                "Appointment without outcome",
            ],
            Self::ContractEnding => ["Contrat bientôt échu", "Contract about to end"],
            Self::NoContact => ["Sans contact depuis longtemps", "No contact for long"],
            Self::BookletWithoutContract => ["Livret sans contrat", "Booklet without contract"],
            Self::ImportToApply => ["Import à appliquer", "Import to apply"],
            Self::WebhookDisabled => ["Webhook désactivé", "Webhook disabled"],
        };
        match locale {
            Locale::Fr => fr,
            Locale::En => en,
        }
    }
}
