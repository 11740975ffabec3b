//! What a SIRET and a time zone look like.

use std::str::FromStr;

use validator::ValidationError;

use crate::kit::FaultCode;

/// SIREN of La Poste, whose many establishments outran the usual check digit.
const LA_POSTE: &str = "356000000";

/// The check digit of a SIRET (Luhn; for La Poste, the sum of the digits).
pub(super) fn siret(text: &str) -> Result<(), ValidationError> {
    let digits: Vec<u32> = text.chars().filter_map(|c| c.to_digit(10)).collect();
    let luhn: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(index, digit)| match (index % 2, digit * 2) {
            (0, _) => *digit,
            (_, doubled) if doubled > 9 => doubled - 9,
            (_, doubled) => doubled,
        })
        .sum();
    let is_post_office = text.starts_with(LA_POSTE) && digits.iter().sum::<u32>().is_multiple_of(5);
    if digits.len() == 14 && (luhn.is_multiple_of(10) || is_post_office) {
        Ok(())
    } else {
        Err(ValidationError::new(FaultCode::Siret.into()))
    }
}

/// The name of a time zone in the IANA's database.
pub(crate) fn timezone(name: &str) -> Result<(), ValidationError> {
    chrono_tz::Tz::from_str(name)
        .map(drop)
        .or(Err(ValidationError::new(FaultCode::Timezone.into())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_siret_ends_with_its_check_digit() {
        assert!(siret("73282932000074").is_ok());
        assert!(siret("73282932000075").is_err());
        assert!(siret("7328293200007").is_err());
    }

    #[test]
    fn a_post_office_has_a_check_of_its_own() {
        assert!(siret("35600000049837").is_ok());
        assert!(siret("35600000049838").is_err());
    }

    #[test]
    fn a_time_zone_is_one_of_the_iana() {
        assert!(timezone("Indian/Reunion").is_ok());
        assert!(timezone("Europe/Lutetia").is_err());
    }
}
