//! News tell of nothing that their reader may not read.

use crate::foundation::policy::{Action, Resource, reach};

use super::*;

#[test]
fn whoever_has_news_may_read_as_far_what_they_are_of() {
    use Resource::{
        ActionSheets, Appointments, Audit, Booklets, BreakGlass, CompletedActions, Contracts,
        FollowUps, Members, Notes, Objectives, PersonalContacts, Plan, SheetItems, Stages,
    };
    let pages = [
        ActionSheets,
        Appointments,
        Audit,
        Booklets,
        BreakGlass,
        CompletedActions,
        Contracts,
        FollowUps,
        Members,
        Notes,
        Objectives,
        PersonalContacts,
        Plan,
        SheetItems,
        Stages,
    ];
    for role in [Role::Candidate, Role::Tutor, Role::Coordinator] {
        let news = reach(Resource::News, Action::Read, role);
        assert_ne!(news, Reach::Nothing);
        for page in pages {
            assert_eq!(reach(page, Action::Read, role), news, "{page} {role}");
        }
    }
}
