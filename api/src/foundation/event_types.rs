//! THE list of what is told of objects: a type of event that is not here cannot be written, for it
//! does not compile. The API document's union, the topics of webhooks and `docs/events.md` come from it.

use std::fmt;

use entity::row::Row;

pub mod verb;

/// What happened to an object: a verb, in the past, as the API writes it.
pub trait Verb {
    /// The verb.
    const NAME: &'static str;
}

/// A row of which this may be told.
#[diagnostic::on_unimplemented(
    message = "nothing is told of `{Self}` being `{V}`",
    note = "add the type of event, with its meaning, to the list in `foundation/event_types.rs`"
)]
pub trait Told<V: Verb>: Row {}

/// A type of event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kind {
    /// The kind of object.
    pub resource: &'static str,
    /// What happened to it.
    pub verb: &'static str,
    /// In a sentence.
    pub meaning: &'static str,
}

impl Kind {
    /// Whether it can be told in an organization's feed: the reference of stages is everybody's.
    #[must_use]
    pub fn is_of_an_organization(&self) -> bool {
        self.resource != entity::vae_stage::Model::NAME
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.resource, self.verb)
    }
}

macro_rules! told {
    ($($row:ident { $($verb:ident: $meaning:literal,)+ })+) => {
        $($(impl Told<verb::$verb> for entity::$row::Model {})+)+

        /// All types of events, by resource.
        pub const KINDS: &[Kind] = &[$($(Kind {
            resource: <entity::$row::Model as Row>::NAME,
            verb: <verb::$verb as Verb>::NAME,
            meaning: $meaning,
        },)+)+];
    };
}

told! {
    organization {
        Created: "The organization was made.",
        Updated: "Fields of the organization changed.",
        Deleted: "The organization is gone.",
    }
    user {
        Created: "Somebody was added to the organization.",
        Updated: "Fields of the user changed, among them perhaps role, state or external references.",
        Deleted: "The user is gone, with their private notes.",
        InvitationIssued: "An invitation was made; those of before no longer work.",
        Activated: "The user accepted the invitation: the account is active.",
        AddressLost: "Somebody proved, by a link sent there, that the address is theirs: this account, disabled or never proven, has no password any more. Give it another address and invite again.",
        EmailChangeRequested: "The user asked for another e-mail address, which is not confirmed yet.",
        EmailChanged: "The user confirmed another e-mail address.",
        PasswordChanged: "The user chose another password; their other sessions ended.",
        PasswordResetRequested: "A link for a forgotten password was sent.",
        PasswordReset: "The user chose another password by that link; their sessions ended.",
        SessionEnded: "The user ended one of their sessions.",
        OtherSessionsEnded: "The user ended their other sessions.",
        SignedOut: "A coordinator or administrator ended all sessions of the user.",
        RefreshTokenReused: "A used refresh token came again, as after a theft: its session ended.",
    }
    service_account {
        Created: "A program of others was given access.",
        Updated: "Fields of the service account changed.",
        Rotated: "The service account has a new secret.",
        Revoked: "The service account has no access any more.",
    }
    api_key {
        Created: "A service account was given a key.",
        Revoked: "The key is worth nothing any more, and gone.",
    }
    webhook {
        Created: "Another system is told of changes.",
        Updated: "Fields of the webhook changed.",
        Deleted: "The webhook is gone, with its log.",
        Rotated: "The webhook has a new secret.",
        Disabled: "Nothing is sent any more: a coordinator, 410 or five days of failures wanted it so.",
        Enabled: "The webhook goes on, from where it stopped or from now.",
        Redelivered: "What happened in a period was asked for again.",
        Tried: "The receiver behind the webhook was tried.",
    }
    webhook_delivery {
        Created: "A test message was asked for. The deliveries of changes are not told.",
        Redelivered: "The delivery was asked for again. Attempts and what became of them are not told.",
    }
    identity_provider {
        Created: "The organization trusts an identity provider.",
        Updated: "Fields of the identity provider changed.",
        Deleted: "The identity provider is trusted no more.",
    }
    import {
        Created: "A file came in; nothing of it is written yet.",
        Checked: "All rows were checked: the import is `ready`, or goes on to be applied.",
        Updated: "Somebody asked for the import to be applied.",
        Applied: "What the file says is written; each object that changed has its own event.",
        Failed: "Nothing was written.",
        Cancelled: "The import was given up, and its rows deleted.",
    }
    candidate {
        Created: "A candidate was added.",
        Updated: "Fields of the candidate changed, among them perhaps external references.",
        Merged: "The candidate was merged into another one that is the same person: `GET` of this id leads there (301).",
        Deleted: "The candidate is gone, and each of their booklets, which has its own `booklet.deleted`.",
    }
    booklet {
        Created: "A booklet was opened.",
        Updated: "Fields of the booklet changed, or its state because a contract came into force or ended.",
        Suspended: "Work on the booklet is suspended.",
        Resumed: "Work on the booklet goes on.",
        Closed: "The booklet is closed, with its outcome.",
        Withdrawn: "The candidate gave up.",
        Reopened: "The booklet is open again.",
        Archived: "The booklet went to the archive.",
        Deleted: "The booklet is gone with all its pages: whatever has this `booklet_id`.",
    }
    booklet_member {
        Created: "Somebody accompanies the booklet.",
        Updated: "Fields of the membership changed; `ends_on` when the booklet has another tutor.",
        Deleted: "The membership is gone.",
    }
    break_glass {
        Opened: "An administrator of the platform opened the booklet, for a while and a reason.",
        Ended: "The booklet is closed to the administrator again, before its time.",
    }
    contract_template {
        Created: "A template of contracts was written.",
        Updated: "Fields of the template changed.",
        Deleted: "The template is gone; contracts made from it stay.",
    }
    pledge {
        Created: "A pledge of the organization was written.",
        Updated: "Fields of the pledge changed.",
        Deleted: "The pledge is gone; contracts that quote it stay.",
    }
    contract {
        Created: "A contract was drafted, or an amendment to one.",
        Updated: "Fields of the draft changed.",
        Proposed: "The contract was proposed: its content is frozen.",
        Withdrawn: "The proposal was taken back: it is a draft again, without signatures.",
        Signed: "One of the two signed.",
        InForce: "Both have signed.",
        Superseded: "An amendment came into force instead.",
        Ended: "The contract's last day passed, or its booklet was closed.",
        Terminated: "The contract was terminated before its end.",
    }
    objective {
        Created: "An objective was written.",
        Updated: "Fields of the objective changed, among them perhaps state or position.",
        Deleted: "The objective is gone.",
    }
    plan_template {
        Created: "A template of plans was written.",
        Updated: "Fields or rows of the template changed.",
        Deleted: "The template is gone; plans made from it stay.",
    }
    plan {
        Created: "The empty plan of a new booklet.",
        Updated: "The plan changed with its steps: after an edit it is a draft again.",
        Ordered: "The steps stand in another order.",
        Proposed: "One of the two proposed the plan.",
        Agreed: "The other agreed.",
    }
    plan_step {
        Created: "A step was added.",
        Updated: "Fields of the step changed, among them perhaps state or position.",
        Postponed: "The step has later dates, and a reason.",
        Deleted: "The step is gone.",
    }
    vae_stage {
        Created: "A stage was added to the reference that all organizations share.",
        Updated: "Fields of the stage changed.",
        Deleted: "The stage is gone from the reference.",
    }
    stage_progress {
        Updated: "How far a stage has come changed.",
    }
    useful_address {
        Created: "An address was added to the directory.",
        Updated: "Fields of the address changed.",
        Deleted: "The address is gone.",
    }
    personal_contact {
        Created: "A contact was added to the booklet.",
        Updated: "Fields of the contact changed; `is_main` when another one became the main one.",
        Deleted: "The contact is gone.",
    }
    appointment {
        Created: "An appointment was made.",
        Updated: "Fields of the appointment changed, among them perhaps its state; `plan_step_id` when the step is gone.",
        Deleted: "The appointment is gone.",
    }
    action_sheet {
        Created: "An action sheet was begun.",
        Updated: "Fields of the sheet changed.",
        Submitted: "One of the two submitted the sheet.",
        Reopened: "The sheet is a draft again.",
        Locked: "The other validated the sheet: it never changes any more.",
    }
    sheet_item {
        Created: "An item was raised on a sheet.",
        Updated: "Fields of the item changed.",
        Settled: "The item is done, or dropped.",
        CarriedOn: "The item goes on to the next sheet.",
    }
    completed_action {
        Created: "An action was completed: written by hand, or derived from a sheet that was locked.",
        Updated: "Fields of the completed action changed.",
        Deleted: "The completed action is gone.",
    }
    follow_up {
        Created: "A contact between two appointments was written down.",
        Updated: "Fields of the follow-up changed.",
        Deleted: "The follow-up is gone.",
    }
    note {
        Created: "A note was written that others may read.",
        Updated: "Fields of the note changed.",
        Deleted: "The note is gone.",
    }
}
