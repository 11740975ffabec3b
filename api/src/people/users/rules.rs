//! What may be done to whose account.

use entity::user;
use entity::values::{Role, UserState};

use crate::kit::write::tx::transition;
use crate::kit::{Code, Fault, FaultCode, Problem, Result};

/// The roles whose accounts this role makes and changes.
pub(crate) fn roles_managed_by(role: Role) -> &'static [Role] {
    match role {
        Role::Admin => &[Role::Coordinator],
        Role::Coordinator => &[
            Role::Candidate,
            Role::Tutor,
            Role::Coordinator,
            Role::Prescriber,
            Role::Validator,
        ],
        Role::Integration => &[Role::Candidate, Role::Tutor],
        _ => &[],
    }
}

/// Somebody may give this role to an account.
pub(super) fn may_give(giver: Role, role: Role) -> Result<()> {
    if roles_managed_by(giver).contains(&role) {
        Ok(())
    } else if role == Role::Integration || role == Role::Admin {
        Err(Problem::fault("/role", FaultCode::NotAllowed))
    } else {
        Err(Problem::new(Code::Forbidden))
    }
}

/// The states an account may be put in by hand: an invited one becomes active by accepting.
pub(super) fn may_become(user: &user::Model, state: UserState) -> Result<()> {
    let has_password = user.password_hash.is_some();
    match (user.state, state) {
        (now, then) if now == then => Ok(()),
        (_, UserState::Disabled) => Ok(()),
        (UserState::Disabled, UserState::Active) if has_password => Ok(()),
        (UserState::Disabled, UserState::Invited) if !has_password => Ok(()),
        _ => Err(Problem::new(Code::InvalidTransition)),
    }
}

/// Whether this change of role leaves whom they accompany accompanied: tutors and coordinators both may.
pub(super) fn goes_on_tutoring(before: Role, after: Role) -> bool {
    let tutors = |role| matches!(role, Role::Tutor | Role::Coordinator);
    tutors(before) && tutors(after)
}

/// Whoever has taken the account needs no invitation.
pub(super) fn may_be_invited(user: &user::Model) -> Result<()> {
    transition(user.state == UserState::Invited)
}

/// Who has the address of an active account moved can have its password sent there: that is for those
/// who run the organization, and for its owner (`POST /v1/me/email`).
///
/// # Errors
/// 422 at `/email`.
pub(super) fn may_move(mover: Role) -> Result<()> {
    if mover == Role::Coordinator {
        Ok(())
    } else {
        Err(Problem::fault("/email", FaultCode::NotAllowed))
    }
}

/// Whether this user can be named for this role.
pub(crate) fn fits(user: &user::Model, role: Role, pointer: &str) -> Result<(), Fault> {
    // A coordinator may tutor.
    let tutors = role == Role::Tutor && user.role == Role::Coordinator;
    if user.role != role && !tutors {
        return Err(Fault::new(pointer, FaultCode::WrongRole).with("expected", role.to_string()));
    }
    if user.state == UserState::Disabled {
        return Err(Fault::new(pointer, FaultCode::NotAllowed));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_platform_admin_makes_coordinators_alone() {
        assert!(may_give(Role::Admin, Role::Coordinator).is_ok());
        assert!(may_give(Role::Admin, Role::Tutor).is_err());
    }

    #[test]
    fn nobody_is_made_admin() {
        for giver in crate::foundation::policy::ROLES {
            assert!(may_give(giver, Role::Admin).is_err());
        }
    }
}
