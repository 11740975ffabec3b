//! Folding, so that a search finds « École » for `ecole`, the same on SQLite and PostgreSQL.

use deunicode::deunicode_char;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Stands between two letters l in Catalan: Gal·la is `galla`.
const MIDDLE_DOT: char = '\u{b7}';

/// The text in lower case and in letters without marks: « Łukowski » is `lukowski`, « Ørsted » `orsted`, `œ` is `oe`.
/// Hyphens and apostrophes are spaces, for people type one for the other. Stored in `search` columns; what is
/// searched for is folded alike.
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for letter in text.to_lowercase().nfkd() {
        match letter {
            letter if is_combining_mark(letter) || is_unseen(letter) || letter == MIDDLE_DOT => {}
            letter if letter.is_whitespace() || is_joint(letter) => {
                // Once, however many there are.
                if !folded.ends_with(' ') {
                    folded.push(' ');
                }
            }
            letter if letter.is_alphabetic() && is_latin(letter) => {
                // Some are written with signs, which are no letters.
                let plain = deunicode_char(letter).unwrap_or_default().to_lowercase();
                folded.extend(plain.chars().filter(char::is_ascii_alphanumeric));
            }
            letter => folded.push(letter),
        }
    }
    folded
}

/// What a search for names looks through: each of them folded, and once more without its spaces, for who types
/// `ndiaye` means N'Diaye.
fn fold_names(names: &[&str]) -> String {
    let mut words = Vec::new();
    for name in names {
        let folded = fold(name).trim().to_owned();
        let joined = folded.replace(' ', "");
        words.extend(Some(joined).filter(|joined| *joined != folded));
        words.push(folded);
    }
    words.retain(|word| !word.is_empty());
    words.join(" ")
}

/// What a search for people looks through.
pub fn person(given_name: &str, family_name: &str, email: &str) -> String {
    let names = fold_names(&[given_name, family_name]);
    format!("{names} {}", fold(email)).trim_end().to_owned()
}

/// What a search for bodies that help looks through.
pub fn body(name: &str, missions: &str) -> String {
    format!("{} {}", fold_names(&[name]), fold(missions))
}

/// Letters that Unicode does not take apart have their plain ones in tables for the scripts of Europe alone: of
/// others, people expect to find their own.
fn is_latin(letter: char) -> bool {
    matches!(letter, '\u{80}'..='\u{2af}' | '\u{1d00}'..='\u{1dbf}' | '\u{1e00}'..='\u{1eff}' | '\u{2c60}'..='\u{2c7f}' | '\u{a720}'..='\u{a7ff}')
}

/// Hyphens, dashes and apostrophes.
fn is_joint(sign: char) -> bool {
    matches!(sign, '-' | '\'' | '`' | '\u{2b9}'..='\u{2bf}' | '\u{2010}'..='\u{2015}' | '\u{2018}'..='\u{201b}' | '\u{2032}' | '\u{2212}')
}

/// What takes no room on paper.
fn is_unseen(sign: char) -> bool {
    matches!(sign, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

/// The most bytes of a sort key.
const SORT_KEY_LENGTH: usize = 96;

/// What puts names in order, byte by byte, whatever the database: folded, and cut to a length that
/// still tells people apart. Stored in `sort_key` columns.
pub fn sort_key(name: &str) -> Vec<u8> {
    fold(name)
        .into_bytes()
        .into_iter()
        .take(SORT_KEY_LENGTH)
        .collect()
}

#[cfg(test)]
mod tests {
    use unicode_normalization::UnicodeNormalization;
    use unicode_normalization::char::is_combining_mark;

    use super::{fold, fold_names, person, sort_key};

    #[test]
    fn names_are_in_order_whatever_their_accents() {
        let mut names = ["Étienne", "Fabre", "Martinez Ana", "Martin Zoé", "Eluard"];
        names.sort_by_key(|name| sort_key(name));
        assert_eq!(
            names,
            ["Eluard", "Étienne", "Fabre", "Martin Zoé", "Martinez Ana"]
        );
    }

    #[test]
    fn case_accents_ligatures_and_apostrophes_make_no_difference() {
        assert_eq!(fold("L’École du CŒUR"), "l ecole du coeur");
        assert_eq!(fold("Ex Æquo, Ça où ? Noël"), "ex aequo, ca ou ? noel");
        assert_eq!(fold("E\u{301}cole"), fold("\u{c9}cole"));
    }

    #[test]
    fn folding_twice_changes_nothing() {
        let once = fold("DDETS-PP de l’Hérault – 0 800 00 70 70");
        assert_eq!(fold(&once), once);
    }

    #[test]
    fn letters_that_unicode_does_not_take_apart_are_folded_too() {
        for (text, folded) in [
            ("Łukowski", "lukowski"),
            ("Đặng", "dang"),
            ("Ørsted", "orsted"),
            ("Groß", "gross"),
            ("Þórður Ħ", "thordur h"),
            ("İnan Işık", "inan isik"),
            ("Jean-Pierre", "jean pierre"),
            ("Jean – Pierre", "jean pierre"),
            ("N’Diaye", "n diaye"),
            ("Ana\u{200b}\u{202e}", "ana"),
            ("Иван 北京", "иван 北京"),
            ("a.b@c.example", "a.b@c.example"),
        ] {
            assert_eq!(fold(text), folded, "{text}");
            assert_eq!(fold(folded), folded);
        }
    }

    #[test]
    fn every_name_in_latin_letters_is_found_as_it_is_typed_without_marks() {
        let letters = (0xc0..0x250).chain(0x1e00..0x1f00);
        let letters = letters.filter_map(char::from_u32);
        for letter in letters.filter(|letter| letter.is_alphabetic()) {
            let name = format!("Ma{letter}in O'{letter}e");
            let folded = fold(&name);
            assert!(folded.is_ascii(), "{name}: {folded}");
            assert_eq!(fold(&folded), folded, "{name}");
            let unmarked: String = name
                .nfd()
                .filter(|sign| !is_combining_mark(*sign))
                .collect();
            assert_eq!(fold(&unmarked), folded, "{name}");
            let searched = person(&name, "Roy", "");
            for typed in [folded.replace(' ', ""), folded] {
                assert!(searched.contains(&typed), "{name}: {typed} in {searched}");
            }
        }
    }

    #[test]
    fn a_name_is_found_however_its_parts_are_joined() {
        assert_eq!(
            fold_names(&["N'Diaye", "Jean-Pierre"]),
            "ndiaye n diaye jeanpierre jean pierre"
        );
        assert_eq!(fold_names(&["Inès", "", "Roy"]), "ines roy");
    }
}
