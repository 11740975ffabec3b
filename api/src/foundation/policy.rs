//! THE table: who may do what, and how far.
//!
//! One cell gives both the right (403 without it) and the row filter (404 outside it).
//! `x-roles` in the API document, the served documentation and the access test come from here.
//! What is not written is refused.

mod names;
#[cfg(test)]
mod tests;

use entity::values::Role;

use crate::foundation::scope::Scope;

pub use self::names::{Action, Resource};

/// How far a role reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// Never: 403, decided before any look-up.
    Nothing,
    /// A candidate's own booklet; the booklets a tutor, or a coordinator who tutors, is now a member of; oneself.
    Own,
    /// The one booklet that the admin opened by break-glass, while it is open: 403 when there is
    /// none, decided before any look-up.
    Opened,
    /// The booklets a prescriber referred or a validator is assigned to.
    Assigned,
    /// All of one's organization, and what is shared by all.
    Organization,
    /// The platform's rows.
    Everything,
}

/// The roles, in the order of the table's columns.
pub const ROLES: [Role; 7] = [
    Role::Candidate,
    Role::Tutor,
    Role::Coordinator,
    Role::Prescriber,
    Role::Validator,
    Role::Integration,
    Role::Admin,
];

const N: Reach = Reach::Nothing;
const O: Reach = Reach::Own;
const X: Reach = Reach::Opened;
const A: Reach = Reach::Assigned;
const G: Reach = Reach::Organization;
const E: Reach = Reach::Everything;

#[rustfmt::skip]
#[expect(clippy::match_same_arms, reason = "a table has equal rows")]
fn row(resource: Resource, action: Action) -> [Reach; 7] {
    use Action as D;
    use Resource as R;
    match (resource, action) {
        //                                               cand tutor coord presc valid integ admin
        // A service account is nobody: it has no name, telephone or language.
        (R::Me, D::Read | D::Update)                  => [O,   O,    O,    O,    O,    N,    O],

        (R::Organizations, D::Create | D::Delete)     => [N,   N,    N,    N,    N,    N,    E],
        (R::Organizations, D::Read)                   => [G,   G,    G,    G,    G,    G,    E],
        (R::Organizations, D::Update)                 => [N,   N,    G,    N,    N,    N,    E],

        // The admin reaches coordinators alone, an integration candidates and tutors alone.
        (R::Users, D::Create | D::Update)             => [N,   N,    G,    N,    N,    G,    E],
        (R::Users, D::Read)                           => [O,   G,    G,    O,    O,    G,    E],
        (R::Users, D::Delete)                         => [N,   N,    G,    N,    N,    N,    E],
        // Names are an organization's own: the admin, who has none, gives none.
        (R::Users | R::Candidates | R::Booklets | R::UsefulAddresses, D::Upsert) => [N, N, G, N, N, G, N],
        // Whoever holds an invitation can take the account: another system never does.
        (R::Users, D::Invite)                         => [N,   N,    G,    N,    N,    N,    E],
        (R::Users, D::SignOut)                        => [N,   N,    G,    N,    N,    N,    E],
        (R::Mails, D::Read)                           => [N,   N,    G,    N,    N,    N,    E],

        (R::ServiceAccounts, D::Read)                 => [N,   N,    G,    N,    N,    N,    E],
        (R::ServiceAccounts, _)                       => [N,   N,    G,    N,    N,    N,    N],

        // Whoever runs one can act for everybody there: the organization alone decides.
        (R::IdentityProviders, D::Create | D::Read | D::Update | D::Delete) => [N, N, G, N, N, N, N],

        // The admin sees their states, not where they lead.
        (R::Webhooks, D::Read)                        => [N,   N,    G,    N,    N,    N,    E],
        (R::Webhooks, D::Create | D::Update | D::Delete) => [N, N,   G,    N,    N,    N,    N],
        (R::WebhookDeliveries, D::Read | D::Update)   => [N,   N,    G,    N,    N,    N,    N],

        (R::Candidates, D::Create)                    => [N,   N,    G,    N,    N,    G,    N],
        (R::Candidates, D::Read | D::Update)          => [O,   O,    G,    N,    N,    G,    N],
        (R::Candidates, D::Compare)                   => [N,   N,    G,    N,    N,    G,    N],
        (R::Candidates, D::Delete | D::Merge)         => [N,   N,    G,    N,    N,    N,    N],

        (R::Booklets, D::Create)                      => [N,   N,    G,    N,    N,    G,    N],
        (R::Booklets, D::Read)                        => [O,   O,    G,    N,    N,    G,    X],
        (R::Booklets, D::Update)                      => [N,   O,    G,    N,    N,    G,    N],
        (R::Booklets, D::Suspend)                     => [N,   O,    G,    N,    N,    N,    N],
        (R::Booklets, D::Close)                       => [N,   N,    G,    N,    N,    N,    N],

        (R::FullBooklet, D::Read)                     => [O,   O,    G,    N,    N,    N,    X],
        (R::Milestones, D::Read)                      => [O,   O,    G,    A,    A,    G,    X],
        // Made from pages of booklets: no more than these show.
        (R::ToDo, D::Read)                            => [O,   O,    G,    N,    N,    G,    X],
        // What the audit trails of one's booklets say, counted.
        (R::News, D::Read)                            => [O,   O,    G,    N,    N,    N,    N],
        (R::Audit, D::Read)                           => [O,   O,    G,    N,    N,    N,    X],
        (R::Events, D::Read)                          => [N,   N,    G,    N,    N,    G,    N],
        // The admin sees sign-ins and refusals that name no booklet.
        (R::Accesses, D::Read)                        => [N,   N,    G,    N,    N,    N,    E],

        // A file leaves all rules behind: people of the organization alone take one.
        (R::Exports, D::Read)                         => [N,   N,    G,    N,    N,    N,    N],

        // The admin reads what they opened, while it is open; it is ended by them or by a coordinator.
        (R::BreakGlass, D::Create)                    => [N,   N,    N,    N,    N,    N,    E],
        (R::BreakGlass, D::Read)                      => [O,   O,    G,    N,    N,    N,    O],
        (R::BreakGlass, D::Update)                    => [N,   N,    G,    N,    N,    N,    O],

        (R::Members, D::Read)                         => [O,   O,    G,    N,    N,    G,    X],
        (R::Members, D::Create | D::Update | D::Delete) => [N, N,    G,    N,    N,    N,    N],

        (R::Contracts, D::Create | D::Update)         => [N,   O,    G,    N,    N,    N,    N],
        (R::Contracts, D::Read)                       => [O,   O,    G,    N,    N,    N,    X],
        (R::Contracts, D::Sign)                       => [O,   O,    G,    N,    N,    N,    N],
        (R::Contracts, D::Terminate)                  => [N,   N,    G,    N,    N,    N,    N],

        // Contract templates, pledges and plan templates.
        (R::Templates, D::Read)                       => [G,   G,    G,    N,    N,    G,    E],
        (R::Templates, D::Create | D::Update | D::Delete) => [N, N,  G,    N,    N,    N,    E],

        // A coordinator may tutor: in the booklets that they accompany they do what a tutor does.
        // A tutor changes working objectives alone.
        (R::Objectives, D::Create | D::Update)        => [O,   O,    O,    N,    N,    N,    N],
        (R::Objectives, D::Read)                      => [O,   O,    G,    N,    N,    N,    X],
        (R::Objectives, D::Delete)                    => [O,   N,    N,    N,    N,    N,    N],

        (R::Plan, D::Create | D::Update | D::Delete)  => [N,   O,    G,    N,    N,    N,    N],
        (R::Plan, D::Read)                            => [O,   O,    G,    N,    N,    N,    X],
        (R::Plan, D::Propose | D::Agree)              => [O,   O,    O,    N,    N,    N,    N],

        (R::Stages, D::Read)                          => [O,   O,    G,    N,    N,    N,    X],
        (R::Stages, D::Update)                        => [O,   O,    G,    N,    N,    N,    N],
        (R::StageReference, D::Read)                  => [G,   G,    G,    G,    G,    G,    E],
        (R::StageReference, D::Create | D::Update | D::Delete) => [N, N, N, N,   N,    N,    E],

        // A candidate cancels, and changes nothing else.
        (R::Appointments, D::Create)                  => [N,   O,    G,    N,    N,    G,    N],
        (R::Appointments, D::Read)                    => [O,   O,    G,    N,    N,    G,    X],
        (R::Appointments, D::Update)                  => [O,   O,    G,    N,    N,    G,    N],
        (R::Appointments, D::Delete)                  => [N,   O,    G,    N,    N,    N,    N],

        (R::ActionSheets, D::Create | D::Update)      => [N,   O,    O,    N,    N,    N,    N],
        (R::ActionSheets, D::Read)                    => [O,   O,    G,    N,    N,    N,    X],
        (R::ActionSheets, D::Agree)                   => [O,   O,    O,    N,    N,    N,    N],

        // A candidate changes and settles the items it owns.
        (R::SheetItems, D::Create)                    => [N,   O,    O,    N,    N,    N,    N],
        (R::SheetItems, D::Read)                      => [O,   O,    G,    N,    N,    N,    X],
        (R::SheetItems, D::Update)                    => [O,   O,    O,    N,    N,    N,    N],

        (R::CompletedActions, D::Create | D::Update)  => [O,   O,    O,    N,    N,    N,    N],
        (R::CompletedActions, D::Read)                => [O,   O,    G,    N,    N,    N,    X],
        (R::CompletedActions, D::Delete)              => [N,   O,    O,    N,    N,    N,    N],

        (R::FollowUps, D::Create)                     => [N,   O,    G,    N,    N,    G,    N],
        (R::FollowUps, D::Read)                       => [O,   O,    G,    N,    N,    N,    X],
        (R::FollowUps, D::Update | D::Delete)         => [N,   O,    O,    N,    N,    N,    N],

        // A private note exists for its author alone.
        (R::Notes, D::Create | D::Update | D::Delete) => [O,   O,    O,    N,    N,    N,    N],
        (R::Notes, D::Read)                           => [O,   O,    G,    N,    N,    N,    X],

        (R::UsefulAddresses, D::Read)                 => [G,   G,    G,    G,    G,    G,    E],
        (R::UsefulAddresses, D::Create | D::Update)   => [N,   N,    G,    N,    N,    G,    E],
        (R::UsefulAddresses, D::Delete)               => [N,   N,    G,    N,    N,    N,    E],

        (R::PersonalContacts, D::Create | D::Update | D::Delete) => [O, O, O, N, N,    N,    N],
        (R::PersonalContacts, D::Read)                => [O,   O,    G,    N,    N,    N,    X],

        // What the rows are takes its own right, and scope, besides. A service account sees its own.
        (R::Imports, D::Create | D::Read | D::Update) => [N,   N,    G,    N,    N,    G,    N],

        _ => [N; 7],
    }
}

/// The table's cell.
#[must_use]
pub fn reach(resource: Resource, action: Action, role: Role) -> Reach {
    ROLES
        .iter()
        .zip(row(resource, action))
        .find_map(|(candidate, reach)| (*candidate == role).then_some(reach))
        .unwrap_or(Reach::Nothing)
}

/// The roles that may do this at all. Not the admin where they read by break-glass alone.
pub fn roles(resource: Resource, action: Action) -> impl Iterator<Item = Role> {
    ROLES.into_iter().filter(move |role| {
        !matches!(
            reach(resource, action, *role),
            Reach::Nothing | Reach::Opened
        )
    })
}

/// Whether the admin may, in a booklet opened by break-glass.
#[must_use]
pub fn by_break_glass(resource: Resource, action: Action) -> bool {
    reach(resource, action, Role::Admin) == Reach::Opened
}

/// The scope that a service account needs besides its role.
#[must_use]
pub fn scope(resource: Resource, action: Action) -> Option<Scope> {
    let (read, write) = match resource {
        Resource::Users => (Scope::UsersRead, Scope::UsersWrite),
        Resource::Candidates => (Scope::CandidatesRead, Scope::CandidatesWrite),
        Resource::Booklets | Resource::Members | Resource::Milestones | Resource::ToDo => {
            (Scope::BookletsRead, Scope::BookletsWrite)
        }
        Resource::Appointments => (Scope::AppointmentsRead, Scope::AppointmentsWrite),
        Resource::FollowUps => (Scope::FollowUpsRead, Scope::FollowUpsWrite),
        Resource::UsefulAddresses => (Scope::DirectoryRead, Scope::DirectoryWrite),
        Resource::Events => return action.is_read().then_some(Scope::EventsRead),
        // Its organization, the texts that all read, and imports, whose rows take their own scope.
        Resource::Organizations
        | Resource::Templates
        | Resource::StageReference
        | Resource::Imports
        // Closed to service accounts: a cell that opens to them needs a scope.
        | Resource::Me
        | Resource::Mails
        | Resource::ServiceAccounts
        | Resource::IdentityProviders
        | Resource::Webhooks
        | Resource::WebhookDeliveries
        | Resource::FullBooklet
        | Resource::Contracts
        | Resource::Objectives
        | Resource::Plan
        | Resource::Stages
        | Resource::ActionSheets
        | Resource::SheetItems
        | Resource::CompletedActions
        | Resource::Notes
        | Resource::PersonalContacts
        | Resource::Audit
        | Resource::News
        | Resource::BreakGlass
        | Resource::Accesses
        | Resource::Exports => return None,
    };
    Some(if action.is_read() { read } else { write })
}

/// What the caller was allowed to do, and how far.
#[derive(Clone, Copy, Debug)]
pub struct Permit {
    /// What on.
    pub resource: Resource,
    /// To do what.
    pub action: Action,
    /// How far.
    pub reach: Reach,
}
