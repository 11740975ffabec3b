//! Who may change what about a candidate, and what a birth date can be.

use chrono::NaiveDate;
use entity::candidate;
use entity::values::Role;
use migration::fold::person;
use sea_orm::Set;

use crate::kit::{Code, Fault, FaultCode, Problem, Result};

/// Which account and which other systems a candidate is known to is the organization's matter.
pub(super) fn may_link(role: Role) -> Result<()> {
    match role {
        Role::Coordinator | Role::Integration => Ok(()),
        _ => Err(Problem::new(Code::Forbidden)),
    }
}

/// The most names that other systems may have for somebody.
pub(super) const NAMES: usize = 20;

/// What a candidate takes from another one that is the same person: what it does not know itself. Says which fields.
///
/// # Errors
/// 409 when both sign in.
pub(super) fn merged(
    into: &candidate::Model,
    from: &candidate::Model,
) -> Result<(candidate::ActiveModel, Vec<String>)> {
    if into.user_id.is_some() && from.user_id.is_some() {
        return Err(Problem::new(Code::TwoAccounts));
    }
    let mut changed = Vec::new();
    let mut note = |name: &str, is_taken: bool| {
        if is_taken {
            changed.push(name.to_owned());
        }
    };
    let mut change = candidate::ActiveModel::default();
    macro_rules! take {
        ($($field:ident),+) => { $(
            let is_taken = into.$field.is_none() && from.$field.is_some();
            note(stringify!($field), is_taken);
            if is_taken {
                change.$field = Set(from.$field.clone());
            }
        )+ };
    }
    take!(user_id, birth_date, email, phone, accessibility_needs);
    if let Set(Some(email)) = &change.email {
        change.search = Set(person(&into.given_name, &into.family_name, email));
    }
    Ok((change, changed))
}

/// Nobody is born tomorrow.
pub(crate) fn is_born(birth_date: Option<NaiveDate>, today: NaiveDate) -> Result<()> {
    match birth_date {
        Some(day) if day > today => {
            let fault =
                Fault::new("/birth_date", FaultCode::Maximum).with("max", today.to_string());
            Err(Problem::invalid(vec![fault]))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_candidate_may_be_born_today_but_not_tomorrow() {
        let today = NaiveDate::default();
        assert!(is_born(None, today).is_ok());
        assert!(is_born(Some(today), today).is_ok());
        assert!(is_born(today.succ_opt(), today).is_err());
    }
}
