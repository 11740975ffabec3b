//! Passwords as they are compared: by one rule, where they are chosen and where they are given
//! (RFC 8265, section 4.2, `OpaqueString`). Keyboards write one letter in several ways.

use unicode_normalization::UnicodeNormalization;

/// Whether a field of this name is a secret that people type.
pub(super) fn is_secret(field: &str) -> bool {
    field == "password" || field.ends_with("_password")
}

/// The password that was typed: accents composed (NFC), every kind of blank the same, none taken
/// away. Nothing where there are control characters, which a password does not have.
pub(crate) fn opaque(typed: &str) -> Option<String> {
    if typed.chars().any(char::is_control) {
        return None;
    }
    let blank = |letter: char| if letter.is_whitespace() { ' ' } else { letter };
    Some(typed.chars().map(blank).nfc().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_the_same_however_it_is_typed() {
        assert_eq!(opaque(" été ").as_deref(), Some(" été "));
        assert_eq!(opaque("e\u{301}te\u{301}"), opaque("été"));
        assert_eq!(opaque("a\u{a0}b\u{3000}c").as_deref(), Some("a b c"));
        assert_eq!(opaque("Été"), Some("Été".to_owned()));
        assert_eq!(opaque("a\u{0}b"), None);
    }
}
