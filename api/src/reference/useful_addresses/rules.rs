//! What can be searched for, and which départements there are.

use migration::fold::body;

/// What a search looks through.
pub(super) fn search_text(name: &str, missions: &str) -> String {
    body(name, missions)
}

/// Metropolitan départements from 01 to 95, Corsica as 2A and 2B; overseas, départements and collectivités as
/// INSEE numbers them: 971 to 978, 984, 986 to 989.
pub(crate) fn is_department(code: &str) -> bool {
    matches!(
        code.as_bytes(),
        [b'0', b'1'..=b'9']
            | [b'1' | b'3'..=b'8', b'0'..=b'9']
            | [b'9', b'0'..=b'5']
            | [b'2', b'1'..=b'9' | b'A' | b'B']
            | [b'9', b'7', b'1'..=b'8']
            | [b'9', b'8', b'4' | b'6'..=b'9']
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn departments_are_those_of_number_plates() {
        for code in [
            "01", "19", "21", "34", "95", "2A", "2B", "971", "976", "977", "978", "984", "988",
        ] {
            assert!(is_department(code), "{code}");
        }
        for code in [
            "", "00", "1", "20", "96", "2C", "2a", "970", "979", "980", "985", "034",
        ] {
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
        assert!(text.contains("a l ecole"));
    }
}
