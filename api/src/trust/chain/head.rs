//! Which chain, and how far it has come.

use std::fmt;
use std::str::FromStr;

use uuid::Uuid;

/// Whose chain: an organization's, or the platform's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Chain(Uuid);

impl Chain {
    /// The chain of this organization's rows; without one, the platform's.
    #[must_use]
    pub fn of(organization_id: Option<Uuid>) -> Self {
        Self(organization_id.unwrap_or_default())
    }

    pub(super) fn id(self) -> Uuid {
        self.0
    }

    /// The name of its lock: the end of its id, which is random.
    pub(super) fn lock(self) -> i32 {
        let [.., a, b, c, d] = self.0.into_bytes();
        i32::from_be_bytes([a, b, c, d])
    }

    /// The organization of its rows.
    pub(super) fn organization_id(self) -> Option<Uuid> {
        (!self.0.is_nil()).then_some(self.0)
    }
}

impl fmt::Display for Chain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.organization_id() {
            Some(id) => write!(f, "{id}"),
            None => f.write_str("platform"),
        }
    }
}

impl FromStr for Chain {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text == "platform" {
            return Ok(Self::of(None));
        }
        text.parse().map(Self).or(Err(format!(
            "{text} is neither an organization's id nor platform"
        )))
    }
}

/// A place in a chain, written `<organization>:<position>:<hash>`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// Whose chain.
    pub chain: Chain,
    /// How many links it has.
    pub position: i64,
    /// The hash there.
    pub hash: String,
}

impl fmt::Display for Head {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.chain, self.position, self.hash)
    }
}

impl FromStr for Head {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let malformed = || format!("{text} is not <organization>:<position>:<hash>");
        let mut parts = text.trim().splitn(3, ':');
        let (Some(chain), Some(position), Some(hash)) = (parts.next(), parts.next(), parts.next())
        else {
            return Err(malformed());
        };
        let is_hash = hash.len() == 64 && hash.bytes().all(|byte| byte.is_ascii_hexdigit());
        let position = position.parse().ok().filter(|position| *position > 0);
        match (position, is_hash) {
            (Some(position), true) => Ok(Self {
                chain: chain.parse()?,
                position,
                hash: hash.to_owned(),
            }),
            _ => Err(malformed()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_is_read_as_it_is_written() {
        for chain in ["platform", "01a20744-99a9-7658-b609-f511341d099b"] {
            let text = format!("{chain}:12:{}", "0a".repeat(32));
            assert_eq!(text.parse::<Head>().unwrap().to_string(), text);
        }
    }

    #[test]
    fn what_is_no_head_is_refused() {
        let hash = "0a".repeat(32);
        for text in [
            String::new(),
            "platform:12".to_owned(),
            format!("platform:0:{hash}"),
            format!("platform:x:{hash}"),
            format!("nobody:1:{hash}"),
            "platform:1:0a".to_owned(),
        ] {
            assert!(text.parse::<Head>().is_err(), "{text}");
        }
    }
}
