//! What travels as the whole booklet.

use serde::Serialize;
use utoipa::ToSchema;

use crate::booklet::action_sheets::dto::ActionSheet;
use crate::booklet::appointments::dto::Appointment;
use crate::booklet::booklets::dto::Booklet;
use crate::booklet::completed_actions::dto::CompletedAction;
use crate::booklet::contracts::dto::Contract;
use crate::booklet::follow_ups::dto::FollowUp;
use crate::booklet::members::dto::BookletMember;
use crate::booklet::notes::dto::Note;
use crate::booklet::objectives::dto::Objective;
use crate::booklet::personal_contacts::dto::PersonalContact;
use crate::booklet::plan::dto::Plan;
use crate::booklet::stages::dto::Stage;
use crate::people::candidates::dto::Candidate;

/// The whole booklet, as far as the reader may see it. Each section in the order in which it was
/// written or stands on paper.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FullBooklet {
    /// §01 – the booklet.
    pub(super) booklet: Booklet,
    /// The candidate.
    pub(super) candidate: Candidate,
    /// Who accompanies or accompanied it.
    pub(super) members: Vec<BookletMember>,
    /// §02 and §03 – contracts with their signatures and the organization's pledge.
    pub(super) contracts: Vec<Contract>,
    /// §04 – mes objectifs.
    #[schema(max_items = 200)]
    pub(super) objectives: Vec<Objective>,
    /// §05 – the plan with its steps.
    pub(super) plan: Plan,
    /// §06 – the stages of the VAE.
    #[schema(max_items = 200)]
    pub(super) stages: Vec<Stage>,
    /// §07 – mon contact.
    pub(super) personal_contacts: Vec<PersonalContact>,
    /// Rendez-vous.
    pub(super) appointments: Vec<Appointment>,
    /// §08 – fiches action, with their items.
    pub(super) action_sheets: Vec<ActionSheet>,
    /// §09 – bilan des actions.
    pub(super) completed_actions: Vec<CompletedAction>,
    /// §10 – suivi.
    pub(super) follow_ups: Vec<FollowUp>,
    /// §11 – notes: the shared ones, and the reader's own.
    pub(super) notes: Vec<Note>,
}
