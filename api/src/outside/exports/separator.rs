//! What stands between two values of a line.

use serde::Deserialize;
use utoipa::ToSchema;

/// What stands between two values of a CSV line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(in crate::outside) enum Separator {
    /// A comma.
    #[default]
    Comma,
    /// A semicolon, and a byte-order mark at the beginning: what spreadsheets in French open.
    Semicolon,
}

impl Separator {
    pub(super) fn sign(self) -> u8 {
        match self {
            Self::Comma => b',',
            Self::Semicolon => b';',
        }
    }

    /// What stands at the beginning of the file.
    pub(super) fn mark(self) -> &'static [u8] {
        match self {
            Self::Comma => b"",
            Self::Semicolon => "\u{feff}".as_bytes(),
        }
    }
}
