//! The catalogue of problems: every code this API answers, and every fault of a field.

mod faults;
pub(crate) mod patterns;
mod problems;

use std::time::Duration;

use actix_web::http::StatusCode;
use entity::values::Locale;
use serde::{Deserialize, Serialize};
use strum::{Display, EnumIter, EnumString};

pub use self::faults::FaultCode;
use super::Problem;

/// Stable name of a problem; the last part of its `type` address.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, EnumString, Display, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
#[expect(missing_docs, reason = "`entry` says what each one means")]
pub enum Code {
    MalformedJson,
    MalformedPath,
    MalformedQuery,
    BadRequest,
    InvalidCursor,
    InvalidIdempotencyKey,
    InvalidEtag,
    Unauthenticated,
    InvalidCredentials,
    InvalidRefreshToken,
    InvalidClient,
    InvalidRequest,
    InvalidGrant,
    InvalidScope,
    UnsupportedGrantType,
    Forbidden,
    NotAParty,
    NotFound,
    MethodNotAllowed,
    NotAcceptable,
    RequestTimeout,
    Conflict,
    InUse,
    EmailTaken,
    UserLinked,
    TwoAccounts,
    ExternalReferenceTaken,
    BookletClosed,
    InvalidTransition,
    ContractPending,
    ContractFrozen,
    AlreadySigned,
    LastCoordinator,
    MainTutor,
    PlanNotEmpty,
    PlanEmpty,
    OwnProposal,
    SheetLocked,
    SheetFrozen,
    SheetItemsOpen,
    VarianceReasonMissing,
    ItemSettled,
    ItemNotOnSheet,
    DerivedAction,
    TooManyWebhooks,
    WebhookDisabled,
    TooManyImports,
    QuotaReached,
    InvitationInvalid,
    LinkInvalid,
    Stale,
    PayloadTooLarge,
    UnsupportedMediaType,
    Invalid,
    IdempotencyKeyReused,
    SpreadsheetLimit,
    AnswerTooLarge,
    PreconditionRequired,
    TooManyRequests,
    TooManyAttempts,
    InternalError,
    Unavailable,
    ReadOnly,
    MailNotConfigured,
    ImportFaulty,
}

/// What a problem says.
pub(crate) struct Entry {
    pub(crate) status: StatusCode,
    title: [&'static str; 2],
    cause: [&'static str; 2],
    remedy: [&'static str; 2],
}

impl Entry {
    pub(crate) fn title(&self, locale: Locale) -> &'static str {
        pick(self.title, locale)
    }

    /// Why it happens.
    pub(crate) fn cause(&self, locale: Locale) -> &'static str {
        pick(self.cause, locale)
    }

    /// What to do next.
    pub(crate) fn remedy(&self, locale: Locale) -> &'static str {
        pick(self.remedy, locale)
    }
}

/// The French or the English one.
pub(crate) fn pick<T>([fr, en]: [T; 2], locale: Locale) -> T {
    match locale {
        Locale::Fr => fr,
        Locale::En => en,
    }
}

impl Code {
    /// What OAuth 2.0 clients look for in `error` (RFC 6749, section 5.2).
    pub(crate) fn oauth_name(self) -> Option<&'static str> {
        match self {
            Self::InvalidClient => Some("invalid_client"),
            Self::InvalidRequest => Some("invalid_request"),
            Self::InvalidGrant => Some("invalid_grant"),
            Self::InvalidScope => Some("invalid_scope"),
            Self::UnsupportedGrantType => Some("unsupported_grant_type"),
            _ => None,
        }
    }

    /// The problem as it may come, with its faults.
    pub(crate) fn example(self) -> Problem {
        let problem = Problem::new(self);
        match self {
            Self::Invalid => problem.because(vec![
                FaultCode::Format.example().at("/contacted_on"),
                FaultCode::Required.example().at("/comment"),
            ]),
            Self::InvalidRequest => {
                problem.because(vec![FaultCode::Required.example().at("/grant_type")])
            }
            Self::MalformedQuery => problem.because(vec![FaultCode::UnknownParameter.example()]),
            Self::ImportFaulty => {
                problem.because(vec![FaultCode::Format.example().at("/17/birth_date")])
            }
            Self::QuotaReached => problem.because(vec![FaultCode::MaxItems.example()]),
            Self::SheetItemsOpen => problem.because(vec![FaultCode::Unanswered.example()]),
            Self::VarianceReasonMissing => {
                problem.because(vec![FaultCode::VarianceReasonMissing.example()])
            }
            Self::MethodNotAllowed => problem.allow("GET, PATCH, HEAD, OPTIONS".to_owned()),
            Self::TooManyRequests | Self::TooManyAttempts | Self::Unavailable => {
                problem.retry_after(Duration::from_secs(1))
            }
            Self::ReadOnly => problem.retry_after(Duration::from_secs(30)),
            _ => problem,
        }
    }
}

#[cfg(test)]
mod tests {
    use strum::IntoEnumIterator;

    use super::*;

    /// RFC 6749, section 5.2, of `error_description`.
    #[test]
    fn what_is_to_be_done_can_be_said_to_oauth_clients() {
        for code in Code::iter() {
            let remedy = code.entry().remedy(Locale::En);
            let is_allowed = |byte: u8| matches!(byte, b' '..=b'~') && !b"\"\\".contains(&byte);
            assert!(remedy.bytes().all(is_allowed), "{code}: {remedy}");
        }
    }
}
