//! Where something is: postal addresses taken apart and put together, départements.

use crate::reference::useful_addresses::rules::is_department;

/// In characters, as the directory has it.
const LONGEST_ADDRESS: usize = 2000;
const LONGEST_COMMUNE: usize = 200;

/// A postal address in the parts that the format has.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) adresse: Option<String>,
    pub(super) code_postal: Option<String>,
    pub(super) commune: Option<String>,
}

/// Takes an address apart so that [`together`] gives it back: what stands on other lines than the
/// commune, or cannot be told apart, stays in `adresse`.
pub(super) fn apart(text: &str) -> Place {
    let whole = || Some(text.to_owned());
    let Some((street, code, commune)) = commune_of(text) else {
        return Place {
            adresse: whole(),
            ..Place::default()
        };
    };
    let adresse = match street.strip_suffix(", ") {
        _ if street.is_empty() => None,
        Some(street) if !street.contains(&format!("{code} {commune}")) => Some(street.to_owned()),
        _ => whole(),
    };
    Place {
        adresse,
        code_postal: Some(code.to_owned()),
        commune: Some(commune.to_owned()),
    }
}

/// What comes before the postal code, the code, and the commune, to the end.
fn commune_of(text: &str) -> Option<(&str, &str, &str)> {
    let (start, _) = text.char_indices().rev().find(|(at, _)| {
        let before = text.get(..*at).unwrap_or_default();
        let is_first = before.is_empty() || before.ends_with([' ', '\n']);
        is_first && text.get(*at..at + 6).is_some_and(is_code_and_blank)
    })?;
    let commune = text.get(start + 6..)?;
    let is_one = !commune.is_empty() && !commune.contains([',', '\n']);
    let is_short = commune.chars().count() <= LONGEST_COMMUNE;
    let parts = (text.get(..start)?, text.get(start..start + 5)?, commune);
    (is_one && is_short && commune.trim() == commune).then_some(parts)
}

fn is_code_and_blank(text: &str) -> bool {
    let code = text.strip_suffix(' ').unwrap_or_default();
    code.len() == 5 && code.bytes().all(|byte| byte.is_ascii_digit())
}

/// One text of the parts; nothing without any.
pub(super) fn together(
    adresse: Option<&str>,
    complement: Option<&str>,
    code_postal: Option<&str>,
    commune: Option<&str>,
) -> Option<String> {
    let place = [code_postal, commune].into_iter().flatten();
    let place = place.collect::<Vec<_>>().join(" ");
    let is_said = adresse.is_some_and(|adresse| adresse.contains(&place));
    let place = Some(place.as_str()).filter(|place| !place.is_empty() && !is_said);
    let parts = [adresse, complement, place].into_iter().flatten();
    let parts: Vec<&str> = parts.filter(|part| !part.is_empty()).collect();
    let text: String = parts.join(", ").chars().take(LONGEST_ADDRESS).collect();
    (!text.is_empty()).then(|| text.trim_end().to_owned())
}

/// The département of a commune: by its code of INSEE, else by its postal code, of which some
/// beside a border are a neighbour's.
pub(super) fn department(code_insee: Option<&str>, code_postal: Option<&str>) -> Option<String> {
    let by_commune = code_insee.map(|code| first(&code.to_uppercase()));
    let by_post =
        || code_postal.map(|code| apart_by_post(code).map_or_else(|| first(code), str::to_owned));
    by_commune
        .filter(|code| is_department(code))
        .or_else(by_post)
        .filter(|code| is_department(code))
}

/// Overseas, three figures; elsewhere, two characters.
fn first(code: &str) -> String {
    let length = if code.starts_with("97") || code.starts_with("98") {
        3
    } else {
        2
    };
    code.chars().take(length).collect()
}

/// Where the first figures say too little: 20000 to 20199 is 2A, the rest of 20 is 2B; Saint-Barthélemy and
/// Saint-Martin have codes of Guadeloupe.
fn apart_by_post(code_postal: &str) -> Option<&'static str> {
    match code_postal {
        "97133" => return Some("977"),
        "97150" => return Some("978"),
        _ => {}
    }
    let rest = code_postal.strip_prefix("20")?;
    Some(if rest.starts_with(['0', '1']) {
        "2A"
    } else {
        "2B"
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_taken_apart_is_put_together_as_it_was() {
        for text in [
            "4 place du Marché, 31000 Toulouse",
            "31000 Toulouse",
            "1 place du Marché\n34000 Montpellier",
            "Bât. A, 12 rue des Lilas, 97400 Saint-Denis",
            "12345 rue longue",
            "Chez 31000 Toulouse, 31000 Toulouse",
            "BP 20100, 20100 Sartène, Corse",
            "Nulle part",
            "4 place du Marché,31000 Toulouse",
        ] {
            let Place {
                adresse,
                code_postal,
                commune,
            } = apart(text);
            let put = together(
                adresse.as_deref(),
                None,
                code_postal.as_deref(),
                commune.as_deref(),
            );
            assert_eq!(put.as_deref(), Some(text));
        }
        let apart = apart("4 place du Marché, 31000 Toulouse");
        assert_eq!(apart.adresse.as_deref(), Some("4 place du Marché"));
        assert_eq!(apart.code_postal.as_deref(), Some("31000"));
        assert_eq!(apart.commune.as_deref(), Some("Toulouse"));
    }

    #[test]
    fn a_department_is_that_of_the_commune() {
        for (insee, post, expected) in [
            (Some("34172"), Some("30000"), Some("34")),
            (Some("2a004"), None, Some("2A")),
            (Some("2B033"), None, Some("2B")),
            (Some("97105"), None, Some("971")),
            (Some("98735"), None, Some("987")),
            (Some("97701"), Some("97133"), Some("977")),
            (Some("97801"), Some("97150"), Some("978")),
            (Some("97502"), None, Some("975")),
            (None, Some("97133"), Some("977")),
            (None, Some("98800"), Some("988")),
            (None, Some("20000"), Some("2A")),
            (None, Some("20167"), Some("2A")),
            (None, Some("20200"), Some("2B")),
            (None, Some("20600"), Some("2B")),
            (None, Some("97600"), Some("976")),
            (None, Some("01000"), Some("01")),
            (None, Some("98000"), None),
            (None, None, None),
        ] {
            assert_eq!(
                department(insee, post).as_deref(),
                expected,
                "{insee:?} {post:?}"
            );
        }
    }
}
