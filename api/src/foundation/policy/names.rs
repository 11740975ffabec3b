//! What rights are given on, and what one may do with it.

use strum::{Display, EnumIter, EnumString};

/// What rights are given on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Display, EnumIter, EnumString)]
#[strum(serialize_all = "snake_case")]
#[expect(missing_docs, reason = "the names of the API's chapters")]
pub enum Resource {
    Me,
    Organizations,
    Users,
    /// Whether mails to users left.
    Mails,
    ServiceAccounts,
    IdentityProviders,
    /// Endpoints that are told of changes.
    Webhooks,
    WebhookDeliveries,
    Candidates,
    Booklets,
    /// The whole booklet in one answer.
    FullBooklet,
    Members,
    /// States and dates only.
    Milestones,
    /// What is to be done, across booklets.
    ToDo,
    /// What others did, by booklet.
    News,
    Contracts,
    Templates,
    Objectives,
    Plan,
    Stages,
    StageReference,
    Appointments,
    ActionSheets,
    SheetItems,
    CompletedActions,
    FollowUps,
    Notes,
    UsefulAddresses,
    PersonalContacts,
    /// Files of rows to create or change; what they change takes the right to that too.
    Imports,
    Audit,
    /// The change feed.
    Events,
    /// A booklet opened to the admin.
    BreakGlass,
    /// The access log of an organization, and the technical part of all of it.
    Accesses,
    /// All that the organization takes away.
    Exports,
}

impl Resource {
    /// Whether its objects tell of people: who reads them is written to the access log. Oneself,
    /// organizations, service accounts, shared texts and the change feed do not.
    #[must_use]
    pub fn is_personal(self) -> bool {
        !matches!(
            self,
            Self::Me
                | Self::Organizations
                | Self::ServiceAccounts
                | Self::Webhooks
                | Self::WebhookDeliveries
                | Self::Templates
                | Self::StageReference
                | Self::UsefulAddresses
                | Self::Events
                | Self::Imports
        )
    }
}

/// What one may do with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Display, EnumIter, EnumString)]
#[strum(serialize_all = "snake_case")]
#[expect(missing_docs, reason = "the names say it")]
pub enum Action {
    Create,
    Read,
    Update,
    Delete,
    /// Propose a plan.
    Propose,
    /// Agree a plan; submit or validate a sheet.
    Agree,
    /// Sign a contract, or record a signature on paper. Not for substitutes.
    Sign,
    Terminate,
    Suspend,
    /// Close, withdraw, reopen, archive.
    Close,
    /// Create or change under the name that another system gives: both at once.
    Upsert,
    /// See who may be the same person.
    Compare,
    /// Make one of two that are the same person.
    Merge,
    /// Hold the invitation that activates somebody's account.
    Invite,
    /// End somebody's sessions.
    SignOut,
}

impl Action {
    /// Whether it changes nothing.
    #[must_use]
    pub fn is_read(self) -> bool {
        matches!(self, Self::Read | Self::Compare)
    }
}
