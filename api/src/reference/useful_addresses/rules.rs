//! What can be searched for, and which départements there are.

use migration::fold::body;

/// What a search looks through.
pub(super) fn search_text(name: &str, missions: &str) -> String {
    body(name, missions)
}

/// Metropolitan départements from 01 to 95 with 2A and 2B, and those overseas from 971 to 976.
pub(crate) fn is_department(code: &str) -> bool {
    matches!(
        code.as_bytes(),
        [b'0', b'1'..=b'9']
            | [b'1'..=b'8', b'0'..=b'9']
            | [b'9', b'0'..=b'5']
            | [b'2', b'A' | b'B']
            | [b'9', b'7', b'1'..=b'6']
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn departments_are_those_of_number_plates() {
        for code in ["01", "34", "95", "2A", "2B", "971", "976"] {
            assert!(is_department(code), "{code}");
        }
        for code in ["", "00", "1", "96", "2C", "2a", "970", "977", "034"] {
            assert!(!is_department(code), "{code}");
        }
    }

    #[test]
    fn a_search_finds_name_and_missions_without_accents() {
        let text = search_text(
            "Cap emploi",
            "Accompagne les personnes en situation de handicap à l’école",
        );
        assert!(text.contains("cap emploi"));
        assert!(text.contains("a l'ecole"));
    }
}
