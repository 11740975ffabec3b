//! Texts in CSV that a spreadsheet would calculate, made harmless, and given back.
//!
//! A cell begins where a text begins; and, in a program that takes another sign for the separator or
//! reads quotes its own way, after each such sign within the text.

use std::fmt::Write;

/// What spreadsheets take for the beginning of a formula, full-width forms included.
const FORMULA: [char; 8] = ['=', '+', '-', '@', '＝', '＋', '－', '＠'];
/// What some of them leave out at the beginning of a text, to look what follows.
const BLANK: [char; 3] = ['\t', '\r', '\n'];
/// What may stand between two cells, or at the beginning of one.
const BETWEEN: [char; 6] = [';', ',', '\t', '\r', '\n', '"'];

/// The apostrophe counts too, so that taking one away gives the text back.
fn is_marked(sign: char, is_first: bool) -> bool {
    sign == '\'' || FORMULA.contains(&sign) || (is_first && BLANK.contains(&sign))
}

/// What spreadsheets show, in English and in French, where they could not calculate.
const ERRORS: [&str; 17] = [
    "#N/A",
    "#REF!",
    "#VALUE!",
    "#NAME?",
    "#DIV/0!",
    "#NULL!",
    "#NUM!",
    "#SPILL!",
    "#CALC!",
    "#FIELD!",
    "#VALEUR!",
    "#NOM?",
    "#NUL!",
    "#NOMBRE!",
    "#PROPAGATION!",
    "#CALCUL!",
    "#CHAMP!",
];

/// Whether a cell shows that it could not be calculated.
pub(super) fn is_error(text: &str) -> bool {
    ERRORS.iter().any(|error| text.eq_ignore_ascii_case(error))
}

/// The text with an apostrophe before each formula that a cell could begin with.
pub(super) fn harmless(text: &str) -> String {
    // A name like this is no error, and comes back as a name.
    if is_error(text) {
        return format!("'{text}");
    }
    let mut written = String::with_capacity(text.len() + 1);
    let mut begins = true;
    for sign in text.chars() {
        if begins && is_marked(sign, written.is_empty()) {
            written.push('\'');
        }
        written.push(sign);
        begins = BETWEEN.contains(&sign);
    }
    written
}

/// The text that [`harmless`] was given. What is marked by nobody stays as it is.
pub(super) fn given_back(text: &str) -> String {
    if let Some(error) = text.strip_prefix('\'').filter(|text| is_error(text)) {
        return error.to_owned();
    }
    let mut written = String::with_capacity(text.len());
    let mut signs = text.chars().peekable();
    let mut begins = true;
    while let Some(sign) = signs.next() {
        let is_first = written.is_empty();
        let is_mark = begins && sign == '\'';
        let marked = signs.next_if(|next| is_mark && is_marked(*next, is_first));
        let sign = marked.unwrap_or(sign);
        written.push(sign);
        begins = BETWEEN.contains(&sign);
    }
    written
}

/// A list or an object, written as JSON, in which no cell could begin with a formula: JSON has its own
/// way to write any character of a text.
pub(super) fn harmless_json(json: &str) -> String {
    let mut written = String::with_capacity(json.len());
    let (mut is_text, mut is_escaped, mut begins) = (false, false, false);
    for sign in json.chars() {
        if is_text && begins && FORMULA.contains(&sign) {
            // Writing to a string cannot fail; each of these is one unit of UTF-16.
            let _ = write!(written, "\\u{:04x}", u32::from(sign));
        } else {
            written.push(sign);
        }
        if sign == '"' && !is_escaped {
            is_text = !is_text;
        }
        is_escaped = sign == '\\' && !is_escaped;
        begins = BETWEEN.contains(&sign);
    }
    written
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    #[test]
    fn a_formula_has_an_apostrophe_wherever_a_cell_could_begin() {
        for (text, written) in [
            ("=1+1", "'=1+1"),
            ("+33612345678", "'+33612345678"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("'tis", "''tis"),
            ("＝1", "'＝1"),
            ("a;=1+1", "a;'=1+1"),
            ("a,-1;@x\t+2", "a,'-1;'@x\t'+2"),
            ("a\n=1", "a\n'=1"),
            ("\t\t=1", "'\t\t'=1"),
            ("Bonjour,\nà demain", "Bonjour,\nà demain"),
            ("a;\"=1", "a;\"'=1"),
            ("a; =1", "a; =1"),
            ("#N/A", "'#N/A"),
            ("'#N/A", "''#N/A"),
            ("#1", "#1"),
            ("2026-11-23", "2026-11-23"),
            ("l'entretien, à 14 h", "l'entretien, à 14 h"),
        ] {
            assert_eq!(harmless(text), written);
            assert_eq!(given_back(written), text);
        }
    }

    #[test]
    fn every_text_comes_back() {
        let signs = ['\'', '=', ';', '"', '\n', 'a'];
        let mut texts = vec![String::new()];
        for _ in 0..5 {
            let longer = texts.iter().flat_map(|text| {
                let with = |sign: &char| format!("{text}{sign}");
                signs.iter().map(with).collect::<Vec<_>>()
            });
            texts = longer.collect();
            for text in &texts {
                assert_eq!(given_back(&harmless(text)), *text);
            }
        }
    }

    #[test]
    fn an_apostrophe_that_marks_nothing_stays() {
        for text in ["'t Hoff", "a;'b", "d'Artagnan"] {
            assert_eq!(given_back(text), text);
        }
    }

    #[test]
    fn a_list_keeps_its_values_and_begins_no_formula() {
        let list = json!(["=1", "a;=1", "\\\"=1", "x,-1\"@", "1-1", { "b": "＝" }]);
        let written = harmless_json(&list.to_string());
        assert_eq!(serde_json::from_str::<Value>(&written).unwrap(), list);
        for between in BETWEEN {
            for formula in FORMULA {
                let begins = format!("{between}{formula}");
                assert!(!written.contains(&begins), "{begins} in {written}");
            }
        }
        assert_eq!(harmless_json("[1,-2]"), "[1,-2]");
    }
}
