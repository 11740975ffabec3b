//! What the table says of whom.

use strum::IntoEnumIterator;

use super::*;

#[test]
fn what_service_accounts_may_takes_a_scope_but_for_what_all_read() {
    let open = Resource::iter().flat_map(|resource| {
        Action::iter()
            .filter(move |action| {
                reach(resource, *action, Role::Integration) != Reach::Nothing
                    && scope(resource, *action).is_none()
            })
            .map(move |action| format!("{resource}.{action}"))
    });
    let expected = [
        "organizations.read",
        "templates.read",
        "stage_reference.read",
        "imports.create",
        "imports.read",
        "imports.update",
    ];
    assert_eq!(open.collect::<Vec<_>>(), expected);
}

#[test]
fn whoever_upserts_may_create_and_change_as_far() {
    for (resource, role) in Resource::iter().flat_map(|r| ROLES.map(|role| (r, role))) {
        let upsert = reach(resource, Action::Upsert, role);
        if upsert != Reach::Nothing {
            assert_eq!(upsert, reach(resource, Action::Create, role), "{resource}");
            assert_eq!(upsert, reach(resource, Action::Update, role), "{resource}");
        }
    }
}
