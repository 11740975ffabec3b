//! Who may change what about a candidate, and what a birth date can be.

use chrono::NaiveDate;
use entity::values::Role;

use crate::kit::{Code, Fault, FaultCode, Problem, Result};

/// Which account and which other systems a candidate is known to is the organization's matter.
pub(super) fn may_link(role: Role) -> Result<()> {
    match role {
        Role::Coordinator | Role::Integration => Ok(()),
        _ => Err(Problem::new(Code::Forbidden)),
    }
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
