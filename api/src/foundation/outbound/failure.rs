//! Why a call has no answer.

use std::error::Error;

use strum::Display;

use super::targets::Refused;

/// Why there is no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Display)]
pub(crate) enum Failure {
    /// The address may not be called.
    #[strum(serialize = "the address may not be called")]
    Refused,
    /// Nobody is there, or under another certificate.
    #[strum(serialize = "no answer")]
    Unreachable,
    /// Not in time.
    #[strum(serialize = "no answer in time")]
    Late,
    /// Another status than 200, a redirect among them.
    #[strum(serialize = "an answer with another status than 200")]
    Status,
    /// More than we read.
    #[strum(serialize = "too long an answer")]
    TooLong,
    /// Not the JSON that was expected.
    #[strum(serialize = "an answer that cannot be read")]
    Unreadable,
}

impl From<Refused> for Failure {
    fn from(_: Refused) -> Self {
        Self::Refused
    }
}

impl Failure {
    /// A name that leads into a private network is found out by the resolver alone.
    pub(super) fn of(error: &reqwest::Error) -> Self {
        let mut cause: Option<&(dyn Error + 'static)> = error.source();
        while let Some(error) = cause {
            if error.is::<Refused>() {
                return Self::Refused;
            }
            cause = error.source();
        }
        if error.is_timeout() {
            Self::Late
        } else {
            Self::Unreachable
        }
    }
}
