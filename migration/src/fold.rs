//! Folding, so that a search finds « École » for `ecole`, the same on SQLite and PostgreSQL.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// The text in lower case, without accents, ligatures undone (`œ` is `oe`) and apostrophes
/// straight. Stored in `search` columns; what is searched for is folded alike.
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for letter in text.to_lowercase().nfd().filter(|c| !is_combining_mark(*c)) {
        match letter {
            'œ' => folded.push_str("oe"),
            'æ' => folded.push_str("ae"),
            '’' => folded.push('\''),
            _ => folded.push(letter),
        }
    }
    folded
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
    use super::{fold, sort_key};

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
        assert_eq!(fold("L’École du CŒUR"), "l'ecole du coeur");
        assert_eq!(fold("Ex Æquo, Ça où ? Noël"), "ex aequo, ca ou ? noel");
        assert_eq!(fold("E\u{301}cole"), fold("\u{c9}cole"));
    }

    #[test]
    fn folding_twice_changes_nothing() {
        let once = fold("DDETS-PP de l’Hérault – 0 800 00 70 70");
        assert_eq!(fold(&once), once);
    }
}
