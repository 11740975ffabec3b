//! The signs of a text that nobody sees: they make two names of one, or show another name than is kept. One rule
//! for all texts, in the spirit of RFC 8264 (section 9) and RFC 8266.

use std::borrow::Cow;

/// The text without them. Joiners stay where they join: in scripts that need them, and in signs made of several.
pub(crate) fn seen(text: &str) -> Cow<'_, str> {
    if !text.chars().any(|sign| is_unseen(sign) || is_joiner(sign)) {
        return Cow::Borrowed(text);
    }
    let mut seen = String::with_capacity(text.len());
    for sign in text.chars().filter(|sign| !is_unseen(*sign)) {
        // Latin letters have none.
        let joins = seen
            .chars()
            .next_back()
            .is_some_and(|last| last >= '\u{300}');
        if !is_joiner(sign) || joins {
            seen.push(sign);
        }
    }
    while seen.chars().next_back().is_some_and(is_joiner) {
        seen.pop();
    }
    Cow::Owned(seen)
}

/// A text on one line: what ends a line or leaps within one is a space.
pub(crate) fn on_one_line(text: &str) -> Option<String> {
    let breaks = |sign: char| matches!(sign, '\t'..='\r' | '\u{85}' | '\u{2028}' | '\u{2029}');
    let parts = text.split(breaks).map(str::trim);
    let parts = || parts.clone().filter(|part| !part.is_empty());
    text.contains(breaks)
        .then(|| parts().collect::<Vec<_>>().join(" "))
}

/// Without width, or turning the direction of what follows; and control characters besides those that divide
/// lines. NUL is told apart: it is refused.
fn is_unseen(sign: char) -> bool {
    match sign {
        '\0' | '\t' | '\n' | '\r' | '\u{85}' => false,
        '\u{ad}'
        | '\u{61c}'
        | '\u{180e}'
        | '\u{200b}'
        | '\u{200e}'
        | '\u{200f}'
        | '\u{feff}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}'
        | '\u{fff9}'..='\u{fffb}' => true,
        sign => sign.is_control(),
    }
}

fn is_joiner(sign: char) -> bool {
    matches!(sign, '\u{200c}' | '\u{200d}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_kept_as_it_is_seen() {
        for (text, kept) in [
            ("A\u{200b}na", "Ana"),
            ("\u{202e}anA\u{202c}", "anA"),
            ("\u{feff}Ana\u{ad}", "Ana"),
            ("An\u{200d}a\u{200c}", "Ana"),
            ("Ana\u{1}\u{7f}\u{9f}", "Ana"),
            ("\u{200d}", ""),
            ("می\u{200c}خواهم", "می\u{200c}خواهم"),
            ("👩\u{200d}🔧", "👩\u{200d}🔧"),
            ("a\tb\r\nc\0", "a\tb\r\nc\0"),
        ] {
            assert_eq!(seen(text), kept, "{text:?}");
            assert_eq!(seen(kept), kept);
        }
    }

    #[test]
    fn a_name_stands_on_one_line() {
        for (text, kept) in [
            ("Ana\r\nRoy", Some("Ana Roy")),
            ("Ana \t Roy\u{2028}", Some("Ana Roy")),
            ("Ana  Roy", None),
        ] {
            assert_eq!(on_one_line(text).as_deref(), kept);
        }
    }
}
