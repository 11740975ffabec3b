//! What settings may be, where that is more than a text or a number.

use std::num::NonZeroU32;
use std::str::FromStr;

use clap::ValueEnum;

/// Where the service runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Environment {
    /// On somebody's machine.
    Development,
    /// For real people.
    Production,
}

/// SQLite's `synchronous` setting.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Synchronous {
    /// Each commit reaches the disk.
    Full,
    /// The database stays sound, but a power cut may undo the last commits.
    Normal,
}

impl From<Synchronous> for sqlx::sqlite::SqliteSynchronous {
    fn from(value: Synchronous) -> Self {
        match value {
            Synchronous::Full => Self::Full,
            Synchronous::Normal => Self::Normal,
        }
    }
}

/// Requests a second, or no limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RateLimit {
    /// No answer is ever 429.
    Off,
    /// So many requests a second, and as many at once.
    PerSecond(NonZeroU32),
}

impl FromStr for RateLimit {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text == "off" {
            return Ok(Self::Off);
        }
        text.parse()
            .map(Self::PerSecond)
            .or(Err("expected a number of requests a second, or off"))
    }
}
