//! Whether a password is too easy to guess.

use migration::fold::fold;

use crate::foundation::problem::{FaultCode, Problem, Result};

/// Shorter words known of a person may stand in any password.
const MIN_KNOWN: usize = 3;
/// Letters and digits that a password has besides what is known of the person.
const MIN_OWN: usize = 4;
/// So many characters at either end are judged: the estimator's time grows faster than the text,
/// and what is hard to guess in part is so as a whole.
const JUDGED: usize = 32;

/// Refuses passwords that are common, or made of what is known of the person. Takes its time:
/// not for the threads that answer requests.
///
/// # Errors
/// 422 at this field.
pub(crate) fn check_strength(pointer: &str, password: &str, known: &[&str]) -> Result<()> {
    // The words within addresses and names are known too.
    let words: Vec<String> = known
        .iter()
        .flat_map(|text| text.split(|c: char| !c.is_alphanumeric()))
        .filter(|word| word.chars().count() >= MIN_KNOWN)
        .map(fold)
        .collect();
    let personal = words
        .iter()
        .fold(fold(password), |rest, word| rest.replace(word, ""));
    let own_part = personal.chars().filter(|c| c.is_alphanumeric()).count();
    let known: Vec<&str> = known
        .iter()
        .copied()
        .chain(words.iter().map(String::as_str))
        .collect();
    if own_part < MIN_OWN || is_common(password, &known) {
        return Err(Problem::fault(pointer, FaultCode::PasswordWeak));
    }
    Ok(())
}

fn is_common(password: &str, known: &[&str]) -> bool {
    let is_weak = |part: &str| zxcvbn::zxcvbn(part, known).score() < zxcvbn::Score::Two;
    let head: String = password.chars().take(JUDGED).collect();
    let beyond = password.chars().count().saturating_sub(JUDGED);
    let tail: String = password.chars().skip(beyond).collect();
    is_weak(&head) && (beyond == 0 || is_weak(&tail))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn common_and_personal_passwords_are_refused() {
        assert!(check_strength("/password", "motdepasse", &[]).is_err());
        assert!(
            check_strength(
                "/password",
                "camille.martin1",
                &["camille.martin@centre.example", "Martin"]
            )
            .is_err()
        );
        let albertine = ["a.quimper@centre.example", "Albertine", "Quimper"];
        assert!(check_strength("/password", "albertine quimper", &albertine).is_err());
        assert!(check_strength("/password", "a.quimper@centre.example", &albertine).is_err());
        assert!(check_strength("/password", "quatre chevaux mauves", &albertine).is_ok());
    }

    #[test]
    fn a_long_password_is_weak_when_both_its_ends_are() {
        assert!(check_strength("/password", &"a".repeat(128), &[]).is_err());
        let long = format!("{}quatre chevaux mauves", "a".repeat(100));
        assert!(check_strength("/password", &long, &[]).is_ok());
    }
}
