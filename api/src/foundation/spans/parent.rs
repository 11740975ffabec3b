//! The header `traceparent`, version 00 of W3C Trace Context.

use std::fmt;
use std::str::FromStr;

/// The header's name.
pub(crate) const NAME: &str = "traceparent";

/// A place in a trace: what is done next is a child of this span.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Parent {
    /// The trace; never 0.
    pub(crate) trace: u128,
    /// The span within it; never 0.
    pub(crate) span: u64,
    /// Whether the caller keeps what is told of it.
    pub(crate) is_sampled: bool,
}

/// Why a text is no place in a trace: whoever reads it acts as if there were none.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct NoParent;

impl FromStr for Parent {
    type Err = NoParent;

    /// Later versions may have more behind the flags, which is passed over.
    fn from_str(text: &str) -> Result<Self, NoParent> {
        let mut parts = text.split('-');
        let mut part = |length: usize| {
            let part = parts.next().filter(|part| part.len() == length);
            let is_hex = |part: &&str| {
                let mut bytes = part.bytes();
                bytes.all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
            };
            let part = part.filter(is_hex).ok_or(NoParent)?;
            u128::from_str_radix(part, 16).or(Err(NoParent))
        };
        let (version, trace, span, flags) = (part(2)?, part(32)?, part(16)?, part(2)?);
        let is_known = version != 0xff && (version != 0 || parts.next().is_none());
        match u64::try_from(span) {
            Ok(span) if is_known && trace != 0 && span != 0 => Ok(Self {
                trace,
                span,
                is_sampled: flags & 1 == 1,
            }),
            _ => Err(NoParent),
        }
    }
}

impl fmt::Display for Parent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let flags = u8::from(self.is_sampled);
        write!(f, "00-{:032x}-{:016x}-{flags:02x}", self.trace, self.span)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GIVEN: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    #[test]
    fn what_is_given_is_handed_on() {
        let parent: Parent = GIVEN.parse().unwrap();
        assert_eq!(parent.span, 0xb7ad_6b71_6920_3331);
        assert!(parent.is_sampled);
        assert_eq!(parent.to_string(), GIVEN);
        let of_later = GIVEN.replace("00-0af", "01-0af") + "-more";
        assert_eq!(of_later.parse(), Ok(parent));
    }

    #[test]
    fn what_is_no_place_in_a_trace_is_none() {
        for text in [
            "",
            "00",
            &GIVEN.to_uppercase(),
            &GIVEN.replace("00-0af", "ff-0af"),
            &GIVEN.replace("0af7651916cd43dd8448eb211c80319c", &"0".repeat(32)),
            &GIVEN.replace("b7ad6b7169203331", &"0".repeat(16)),
            &GIVEN.replace("-01", "-1"),
            &GIVEN.replace("0af", "+af"),
            &format!("{GIVEN}-more"),
        ] {
            assert_eq!(text.parse::<Parent>(), Err(NoParent), "{text}");
        }
    }
}
