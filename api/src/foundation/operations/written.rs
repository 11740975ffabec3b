//! Values as people write them, and as they are kept: one rule for each, wherever the value comes in. It is
//! applied before the API document's schema is, as blanks are trimmed: the schema says what is kept.

use url::Url;

use super::signs::on_one_line;

/// What is kept of a text that stands in a field of this name; nothing where it stays as it is.
pub(crate) fn as_kept(field: &str, text: &str) -> Option<String> {
    match field {
        "phone" => phone(text),
        "rncp_code" => rncp(text),
        "accessibilite_lieu" | "lien_source" | "site_web" | "urls" => web_address(text),
        "audience" | "certifier_name" | "email" | "family_name" | "function" | "given_name"
        | "name" | "nom" | "tutor_email" => on_one_line(text),
        _ => None,
    }
}

/// A telephone number as people in France write it: in international form (E.164), or, where it can be dialled
/// within France alone, its figures. Nothing when that could be another number.
pub(crate) fn phone(text: &str) -> Option<String> {
    let bare: String = text.chars().filter(|sign| !is_mark(*sign)).collect();
    if let Some(abroad) = bare.strip_prefix('+').or_else(|| bare.strip_prefix("00")) {
        return international(abroad);
    }
    let is_number = !bare.is_empty() && bare.bytes().all(|byte| byte.is_ascii_digit());
    if !is_number {
        return None;
    }
    match bare.strip_prefix('0') {
        Some(rest) if rest.len() == 9 && rest.starts_with('8') => Some(within_france(text, bare)),
        Some(rest) if rest.len() == 9 => national(rest),
        _ => is_short(&bare).then(|| within_france(text, bare)),
    }
}

/// Nine figures after the 0. Some numbers are given out overseas too, territory by territory: they are
/// understood with their country's code alone.
fn national(rest: &str) -> Option<String> {
    const SHARED: [&str; 4] = ["708", "939", "947", "976"];
    /// The first figures, and the code of the territory that has them.
    const OVERSEAS: [(&[&str], &str); 4] = [
        (&["590", "690", "691"], "590"),
        (&["594", "694"], "594"),
        (&["596", "696", "697"], "596"),
        (&["262", "263", "269", "639", "692", "693"], "262"),
    ];
    /// Of nobody: for films and for tests, in mainland France.
    const FICTION: &str = "63998";
    let begins = |with: &&str| rest.starts_with(*with);
    if rest.starts_with('0') || SHARED.iter().any(begins) {
        return None;
    }
    // Saint-Pierre-et-Miquelon: its numbers have six figures.
    if let Some(short) = rest.strip_prefix("508") {
        return Some(format!("+508{short}"));
    }
    let mut overseas = OVERSEAS.iter();
    let overseas = overseas.find(|(first, _)| first.iter().any(begins));
    let code = match overseas {
        Some((_, code)) if !rest.starts_with(FICTION) => code,
        _ => "33",
    };
    Some(format!("+{code}{rest}"))
}

/// What follows `+`; the 0 that is dialled within France alone is left out.
fn international(digits: &str) -> Option<String> {
    const FRENCH: [&str; 5] = ["33", "262", "590", "594", "596"];
    let without_zero = FRENCH.iter().find_map(|code| {
        let rest = digits.strip_prefix(code)?.strip_prefix('0')?;
        (rest.len() == 9).then(|| format!("{code}{rest}"))
    });
    let digits = without_zero.unwrap_or_else(|| digits.to_owned());
    let is_number = digits.bytes().all(|byte| byte.is_ascii_digit());
    let is_one = is_number && !digits.starts_with('0') && (7..=15).contains(&digits.len());
    is_one.then(|| format!("+{digits}"))
}

/// 15, 115, 3949, 118 712.
fn is_short(bare: &str) -> bool {
    matches!(
        (bare.len(), bare.as_bytes()),
        (2 | 3, [b'1', ..]) | (4, [b'1' | b'3', ..]) | (6, [b'1', b'1', b'8', ..])
    )
}

/// As it is written, with one blank here and there at most.
fn within_france(text: &str, bare: String) -> String {
    let is_plain = text
        .bytes()
        .all(|byte| byte.is_ascii_digit() || byte == b' ');
    let blanks = text.matches(' ').count();
    let suits = match bare.len() {
        2 | 3 => blanks == 0,
        4 => blanks == 0 || text.find(' ') == Some(2) && blanks == 1,
        6 => blanks == 0 || text.find(' ') == Some(3) && blanks == 1,
        _ => !text.contains("  "),
    };
    if is_plain && suits {
        text.to_owned()
    } else {
        bare
    }
}

/// What people put between figures; and the signs without width that address books add.
fn is_mark(sign: char) -> bool {
    sign.is_whitespace()
        || matches!(sign, '.' | '-' | '/' | '(' | ')' | '\u{2010}'..='\u{2013}')
        || matches!(sign, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

/// A page on the web as people type it, `www.exemple.fr`: with its scheme, its host and path in ASCII.
pub(crate) fn web_address(text: &str) -> Option<String> {
    let has_scheme = text.contains("://");
    let host = text.split(['/', '?', '#']).next().unwrap_or_default();
    let is_host = host.contains('.') && !host.contains(['@', ':']) && !host.starts_with('.');
    let is_host = is_host && !text.contains(' ');
    let whole = match has_scheme {
        true => text.to_owned(),
        false if is_host => format!("https://{text}"),
        false => return None,
    };
    let url = Url::parse(&whole).ok()?;
    let is_page = matches!(url.scheme(), "http" | "https") && url.has_host();
    // The parser ends a host with a slash; people do not.
    let is_bare = url.path() == "/" && url.query().is_none() && !text.ends_with('/');
    let kept = url.as_str();
    let kept = if is_bare {
        kept.strip_suffix('/').unwrap_or(kept)
    } else {
        kept
    };
    is_page.then(|| kept.to_owned())
}

/// `RNCP37715`: its figures.
fn rncp(text: &str) -> Option<String> {
    let before = text.get(..4)?;
    let code = text.get(4..)?.trim_start();
    before.eq_ignore_ascii_case("rncp").then(|| code.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_the_same_however_it_is_written() {
        for (text, kept) in [
            ("06 12 34 56 78", "+33612345678"),
            ("06.12.34.56.78", "+33612345678"),
            ("06-12-34-56-78", "+33612345678"),
            ("06/12/34/56/78", "+33612345678"),
            ("0612345678", "+33612345678"),
            ("06\u{a0}12\u{202f}34 56 78", "+33612345678"),
            ("(0)6 12 34 56 78", "+33612345678"),
            ("+33 6 12 34 56 78", "+33612345678"),
            ("+33 (0)6 12 34 56 78", "+33612345678"),
            ("+330612345678", "+33612345678"),
            ("0033612345678", "+33612345678"),
            ("\u{202a}+33 6 12 34 56 78\u{202c}", "+33612345678"),
            ("+33612345678", "+33612345678"),
            ("0590 12 34 56", "+590590123456"),
            ("0690 12 34 56", "+590690123456"),
            ("0594 12 34 56", "+594594123456"),
            ("0694 12 34 56", "+594694123456"),
            ("0596 12 34 56", "+596596123456"),
            ("0696 12 34 56", "+596696123456"),
            ("0262 12 34 56", "+262262123456"),
            ("0692 12 34 56", "+262692123456"),
            ("0269 12 34 56", "+262269123456"),
            ("0639 12 34 56", "+262639123456"),
            ("06 39 98 12 34", "+33639981234"),
            ("0508 41 23 45", "+508412345"),
            ("09 72 12 34 56", "+33972123456"),
            ("+32 470 12 34 56", "+32470123456"),
            ("0 800 00 70 70", "0 800 00 70 70"),
            ("0800.00.70.70", "0800007070"),
            ("0800  007070", "0800007070"),
            ("39 49", "39 49"),
            ("3949", "3949"),
            ("39.49", "3949"),
            ("115", "115"),
            ("118 712", "118 712"),
        ] {
            assert_eq!(phone(text).as_deref(), Some(kept), "{text}");
            assert_eq!(phone(kept).as_deref(), Some(kept), "{kept}");
        }
    }

    #[test]
    fn what_could_be_another_number_stays_as_it_is() {
        for text in [
            "612345678",
            "06 12 34 56 7",
            "06 12 34 56 78 9",
            "06 12 34 56 78 ou 07",
            "0976 12 34 56",
            "0708 12 34 56",
            "00 12",
            "+0612345678",
            "06 12 34 56 7O",
            "accueil",
            "",
            "+",
            "é",
        ] {
            assert_eq!(phone(text), None, "{text}");
        }
    }

    #[test]
    fn a_page_on_the_web_is_known_however_it_is_typed() {
        for (text, kept) in [
            ("www.exemple.fr", Some("https://www.exemple.fr")),
            (
                "exemple.fr/été?q=à",
                Some("https://exemple.fr/%C3%A9t%C3%A9?q=%C3%A0"),
            ),
            (
                "HTTPS://Exemple.FR/Été",
                Some("https://exemple.fr/%C3%89t%C3%A9"),
            ),
            (
                "https://forêt.example/",
                Some("https://xn--fort-ipa.example/"),
            ),
            ("exemple.fr/a:b", Some("https://exemple.fr/a:b")),
            ("http://exemple.fr", Some("http://exemple.fr")),
            ("https://exemple.fr", Some("https://exemple.fr")),
            ("https://exemple.fr/", Some("https://exemple.fr/")),
            (
                "https://exemple.fr/?a=1;b",
                Some("https://exemple.fr/?a=1;b"),
            ),
            ("ftp://exemple.fr", None),
            ("mailto:a@b.example", None),
            ("a@b.example", None),
            ("pas de site", None),
            ("néant", None),
        ] {
            assert_eq!(web_address(text).as_deref(), kept, "{text}");
            let again = kept.and_then(web_address);
            assert_eq!(again.as_deref(), kept, "{text}");
        }
    }

    #[test]
    fn a_code_of_the_rncp_has_no_need_of_its_prefix() {
        for (text, kept) in [
            ("RNCP37715", Some("37715")),
            ("rncp 37715", Some("37715")),
            ("37715", None),
            ("RS1234", None),
            ("écrn", None),
        ] {
            assert_eq!(rncp(text).as_deref(), kept, "{text}");
        }
    }
}
