//! The verbs that events are told with.

use super::Verb;

macro_rules! verbs {
    ($($verb:ident = $name:literal,)+) => { $(
        #[doc = concat!("`", $name, "`")]
        #[derive(Clone, Copy, Debug)]
        pub struct $verb;
        impl Verb for $verb {
            const NAME: &'static str = $name;
        }
    )+ };
}

verbs! {
    Activated = "activated",
    AddressLost = "address_lost",
    Agreed = "agreed",
    Applied = "applied",
    Archived = "archived",
    Cancelled = "cancelled",
    CarriedOn = "carried_on",
    Checked = "checked",
    Closed = "closed",
    Created = "created",
    Deleted = "deleted",
    Disabled = "disabled",
    EmailChangeRequested = "email_change_requested",
    EmailChanged = "email_changed",
    Enabled = "enabled",
    Ended = "ended",
    Failed = "failed",
    InForce = "in_force",
    InvitationIssued = "invitation_issued",
    Locked = "locked",
    Merged = "merged",
    Opened = "opened",
    Ordered = "ordered",
    OtherSessionsEnded = "other_sessions_ended",
    PasswordChanged = "password_changed",
    PasswordReset = "password_reset",
    PasswordResetRequested = "password_reset_requested",
    Postponed = "postponed",
    Proposed = "proposed",
    Redelivered = "redelivered",
    RefreshTokenReused = "refresh_token_reused",
    Reopened = "reopened",
    Resumed = "resumed",
    Revoked = "revoked",
    Rotated = "rotated",
    SessionEnded = "session_ended",
    Settled = "settled",
    Signed = "signed",
    SignedOut = "signed_out",
    Submitted = "submitted",
    Superseded = "superseded",
    Suspended = "suspended",
    Terminated = "terminated",
    Tried = "tried",
    Updated = "updated",
    Withdrawn = "withdrawn",
}
