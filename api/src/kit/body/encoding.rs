//! The encoding of a text that arrives: the one that its mark or its sender declares; else UTF-8, or
//! Windows-1252 where the first letter beyond ASCII is no UTF-8 and nothing after it speaks against that.
//! What could be a third encoding is refused: a guess would change people's names.

use actix_web::web::BytesMut;
use encoding_rs::{Decoder, DecoderResult, Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

use crate::foundation::operations::XLSX;
use crate::kit::{Fault, FaultCode, Problem, Result};

/// What stands before a text to say its encoding.
const MARKS: [(&[u8], &Encoding); 3] = [
    (&[0xef, 0xbb, 0xbf], UTF_8),
    (&[0xff, 0xfe], UTF_16LE),
    (&[0xfe, 0xff], UTF_16BE),
];

/// What workbooks begin with, the new and the old.
const WORKBOOKS: [&[u8]; 2] = [b"PK\x03", &[0xd0, 0xcf, 0x11]];

/// How bytes become UTF-8 while they arrive.
pub(super) struct Decoding {
    stage: Stage,
    /// What is not decided yet: a few bytes.
    held: Vec<u8>,
}

enum Stage {
    /// Nothing came; declared, if anything was.
    Begins(Option<&'static Encoding>),
    /// ASCII so far, the last of it remembered.
    Plain(Doubt),
    /// Passes as it is: UTF-8, or no text at all.
    Passes,
    Decodes(Box<Decoder>, Option<Doubt>),
}

impl Decoding {
    /// Of a text, in the encoding that its sender declares.
    pub(super) fn of_text(declared: Option<&'static Encoding>) -> Self {
        Self {
            stage: Stage::Begins(declared),
            held: Vec::new(),
        }
    }

    /// Of what is no text.
    pub(super) fn none() -> Self {
        Self {
            stage: Stage::Passes,
            held: Vec::new(),
        }
    }

    /// The name of the encoding (WHATWG), in small letters.
    pub(super) fn name(&self) -> String {
        let encoding = match &self.stage {
            Stage::Decodes(decoder, _) => decoder.encoding(),
            _ => UTF_8,
        };
        encoding.name().to_ascii_lowercase()
    }

    /// Adds to `text` what the next bytes say.
    ///
    /// # Errors
    /// 422 where they say nothing in this encoding, or may be in another one.
    pub(super) fn feed(&mut self, part: &[u8], is_last: bool, text: &mut BytesMut) -> Result<()> {
        match &mut self.stage {
            Stage::Passes => text.extend_from_slice(part),
            Stage::Decodes(decoder, doubt) => {
                if doubt.as_mut().is_some_and(|doubt| doubt.is_raised_by(part)) {
                    return Err(unreadable());
                }
                decode(decoder, part, is_last, text)?;
            }
            Stage::Begins(declared) => {
                self.held.extend_from_slice(part);
                if self.held.len() < 3 && !is_last {
                    return Ok(());
                }
                let held = std::mem::take(&mut self.held);
                if WORKBOOKS.iter().any(|mark| held.starts_with(mark)) {
                    let fault = Fault::new("", FaultCode::Workbook);
                    return Err(Problem::invalid(vec![fault.with("expected", XLSX)]));
                }
                let marked = MARKS.iter().find(|(mark, _)| held.starts_with(mark));
                let (mark, encoding) = match (marked, *declared) {
                    (Some((mark, encoding)), _) => (mark.len(), Some(*encoding)),
                    (None, declared) => (0, declared),
                };
                self.stage = match encoding {
                    None => Stage::Plain(Doubt { before: [b' '; 2] }),
                    Some(encoding) if encoding == UTF_8 => Stage::Passes,
                    Some(encoding) => decodes(encoding, None),
                };
                return self.feed(held.get(mark..).unwrap_or_default(), is_last, text);
            }
            Stage::Plain(doubt) => {
                self.held.extend_from_slice(part);
                let held = std::mem::take(&mut self.held);
                let ascii = held.iter().take_while(|byte| byte.is_ascii()).count();
                let (ascii, letters) = held.split_at(ascii);
                // Nothing in it speaks against anything.
                doubt.is_raised_by(ascii);
                text.extend_from_slice(ascii);
                self.stage = match std::str::from_utf8(letters) {
                    Ok("") => return Ok(()),
                    Err(error) if error.valid_up_to() == 0 => match error.error_len() {
                        // The letter goes on in the next part.
                        None if !is_last => {
                            self.held = letters.to_vec();
                            return Ok(());
                        }
                        _ => decodes(WINDOWS_1252, Some(*doubt)),
                    },
                    _ => Stage::Passes,
                };
                return self.feed(letters, is_last, text);
            }
        }
        Ok(())
    }
}

fn decodes(encoding: &'static Encoding, doubt: Option<Doubt>) -> Stage {
    Stage::Decodes(Box::new(encoding.new_decoder_without_bom_handling()), doubt)
}

fn decode(
    decoder: &mut Decoder,
    mut part: &[u8],
    is_last: bool,
    text: &mut BytesMut,
) -> Result<()> {
    let mut written = String::with_capacity(part.len() + 64);
    loop {
        let (result, read) =
            decoder.decode_to_string_without_replacement(part, &mut written, is_last);
        part = part.get(read..).unwrap_or_default();
        text.extend_from_slice(written.as_bytes());
        written.clear();
        match result {
            DecoderResult::InputEmpty => return Ok(()),
            DecoderResult::OutputFull => written.reserve(part.len() + 64),
            DecoderResult::Malformed(..) => return Err(unreadable()),
        }
    }
}

fn unreadable() -> Problem {
    Problem::fault("", FaultCode::Encoding)
}

/// What speaks against Windows-1252: the letters of other encodings of DOS and of the Macintosh fall on
/// signs that French texts do not have, or not there.
#[derive(Clone, Copy)]
struct Doubt {
    before: [u8; 2],
}

impl Doubt {
    fn is_raised_by(&mut self, part: &[u8]) -> bool {
        part.iter().any(|byte| {
            let [first, second] = self.before;
            self.before = [second, *byte];
            let is_within_a_word = first.is_ascii_alphabetic() && byte.is_ascii_alphabetic();
            let is_small = first.is_ascii_lowercase() && byte.is_ascii_lowercase();
            match second {
                // … “ ” – —
                0x85 | 0x93 | 0x94 | 0x96 | 0x97 => is_within_a_word,
                // Œ
                0x8c => is_small,
                // € ‘ ’ • œ
                0x80 | 0x91 | 0x92 | 0x95 | 0x9c => false,
                0x81..=0x9f => true,
                // UTF-8, after all.
                0xc2 | 0xc3 => (0x80..=0xbf).contains(byte),
                _ => false,
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use encoding_rs::MACINTOSH;

    use super::*;

    fn read(
        bytes: &[u8],
        declared: Option<&'static Encoding>,
        size: usize,
    ) -> Option<(String, String)> {
        let mut decoding = Decoding::of_text(declared);
        let mut text = BytesMut::new();
        for part in bytes.chunks(size) {
            decoding.feed(part, false, &mut text).ok()?;
        }
        decoding.feed(&[], true, &mut text).ok()?;
        Some((String::from_utf8(text.to_vec()).ok()?, decoding.name()))
    }

    fn utf_16(text: &str, order: fn(u16) -> [u8; 2]) -> Vec<u8> {
        text.encode_utf16().flat_map(order).collect()
    }

    const TEXT: &str = "nom;prénom\nD’Aubigné – Œuvre;Zoë\nŁ?;x\n";

    #[test]
    fn a_text_is_read_in_whatever_parts_and_encoding_it_comes() {
        let western = TEXT.replace('Ł', "L");
        let (bytes, ..) = WINDOWS_1252.encode(&western);
        for size in 1..9 {
            let is = |bytes: &[u8], declared, text: &str, name: &str| {
                let expected = Some((text.to_owned(), name.to_owned()));
                assert_eq!(read(bytes, declared, size), expected, "{size}");
            };
            is(TEXT.as_bytes(), None, TEXT, "utf-8");
            is(format!("\u{feff}{TEXT}").as_bytes(), None, TEXT, "utf-8");
            is(&bytes, None, &western, "windows-1252");
            is(&bytes, Some(WINDOWS_1252), &western, "windows-1252");
            let marked = format!("\u{feff}{TEXT}");
            is(&utf_16(&marked, u16::to_le_bytes), None, TEXT, "utf-16le");
            is(&utf_16(&marked, u16::to_be_bytes), None, TEXT, "utf-16be");
            is(b"a;b", None, "a;b", "utf-8");
            is(b"", None, "", "utf-8");
            is(b"\xe9", None, "é", "windows-1252");
        }
    }

    #[test]
    fn what_may_be_in_a_third_encoding_is_refused() {
        let (macintosh, ..) = MACINTOSH.encode("Inès Lefèvre");
        let dos = b"In\x8as Lef\x8avre";
        let both = b"In\xe8s Zo\xc3\xab";
        for bytes in [&*macintosh, dos, both, b"Beno\x94t", b"Beno\x8ct"] {
            for size in 1..9 {
                assert_eq!(read(bytes, None, size), None, "{bytes:?} {size}");
            }
        }
        assert_eq!(
            read(&macintosh, Some(MACINTOSH), 3).unwrap().0,
            "Inès Lefèvre"
        );
        let odd = [0xff, 0xfe, b'a', 0, b'b'];
        assert_eq!(read(&odd, None, 9), None, "half a letter");
    }
}
