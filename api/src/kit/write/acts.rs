//! Paper comes first: the day on which something was done that is written here afterwards.

use chrono::NaiveDate;

use crate::kit::{Fault, FaultCode, Problem, Result};

/// The day of the field of this name: as given, else today.
///
/// # Errors
/// 422 for a day that has not come where the organization is, and for one before what had to be there first.
pub(crate) fn day_of_act(
    field: &str,
    given: Option<NaiveDate>,
    earliest: Option<NaiveDate>,
    today: NaiveDate,
) -> Result<NaiveDate> {
    let Some(day) = given else {
        return Ok(today);
    };
    let (code, bound, limit) = match earliest {
        _ if day > today => (FaultCode::Maximum, "max", today),
        Some(earliest) if day < earliest => (FaultCode::Minimum, "min", earliest),
        _ => return Ok(day),
    };
    let fault = Fault::new(format!("/{field}"), code).with(bound, limit.to_string());
    Err(Problem::invalid(vec![fault]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_done_was_done_by_today_and_after_what_came_first() {
        let day = |day| NaiveDate::from_ymd_opt(2026, 11, day).unwrap();
        let of = |given, earliest: Option<u32>| {
            let earliest = earliest.map(day);
            let found = day_of_act("closed_on", given, earliest, day(30));
            found.map_err(|problem| problem.into_faults().remove(0).code())
        };
        assert_eq!(of(None, None), Ok(day(30)));
        assert_eq!(of(Some(day(2)), Some(2)), Ok(day(2)));
        assert_eq!(of(Some(day(30)), None), Ok(day(30)));
        assert_eq!(of(Some(day(1)), Some(2)), Err(FaultCode::Minimum));
        let tomorrow = day(30).succ_opt();
        assert_eq!(of(tomorrow, None), Err(FaultCode::Maximum));
    }
}
