//! The one shape in which this API says no: RFC 9457 problem details.

mod body;
pub mod catalogue;
mod fault;

use std::time::Duration;

use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderValue};
use actix_web::{HttpResponse, HttpResponseBuilder, ResponseError};
use entity::values::Locale;
use sea_orm::{DbErr, SqlErr};

use crate::foundation::scope::Scope;

pub use self::body::{FieldFault, ProblemBody, Warning};
pub use self::catalogue::{Code, FaultCode};
pub use self::fault::Fault;

/// The most faults that one answer tells.
pub(crate) const FAULT_LIMIT: usize = 100;

/// The longest pointer of a fault, in characters: further ones end there.
pub(crate) const POINTER_LIMIT: usize = 500;

/// The bytes that the faults of one answer take together: with the rest it stays below 64 KiB.
const FAULTS_SIZE: usize = 60 * 1024;

/// What a handler, a rule or a query gives.
pub type Result<T, E = Problem> = std::result::Result<T, E>;

/// A refusal. The middleware [`finish`](crate::kit::finish) writes it out in the reader's language.
#[derive(Clone, Debug)]
pub struct Problem {
    code: Code,
    faults: Vec<Fault>,
    allow: Option<String>,
    retry_after: Option<Duration>,
    scope: Option<Scope>,
    is_of_coding: bool,
}

impl Problem {
    /// The problem of this code.
    #[must_use]
    pub fn new(code: Code) -> Self {
        Self {
            code,
            faults: Vec::new(),
            allow: None,
            retry_after: None,
            scope: None,
            is_of_coding: false,
        }
    }

    /// Invalid data: all faults at once, a hundred at most.
    #[must_use]
    pub fn invalid(mut faults: Vec<Fault>) -> Self {
        faults.truncate(FAULT_LIMIT);
        Self {
            faults,
            ..Self::new(Code::Invalid)
        }
    }

    /// Invalid data: one fault.
    #[must_use]
    pub fn fault(pointer: &str, code: FaultCode) -> Self {
        Self::invalid(vec![Fault::new(pointer, code)])
    }

    /// As many as there may be are there already.
    #[must_use]
    pub(crate) fn quota(most: u64) -> Self {
        let fault = Fault::new("", FaultCode::MaxItems).with("max", most);
        Self::new(Code::QuotaReached).because(vec![fault])
    }

    /// The same problem, with the faults that explain it.
    #[must_use]
    pub fn because(mut self, mut faults: Vec<Fault>) -> Self {
        faults.truncate(FAULT_LIMIT);
        self.faults = faults;
        self
    }

    /// The same problem under another name, where the call site knows a better one: a `conflict`
    /// is an `email_taken` there.
    #[must_use]
    pub fn renamed(mut self, from: Code, to: Code) -> Self {
        if self.code == from {
            self.code = to;
        }
        self
    }

    /// The methods that the address does answer.
    #[must_use]
    pub fn allow(mut self, methods: String) -> Self {
        self.allow = Some(methods);
        self
    }

    /// When to come back.
    #[must_use]
    pub fn retry_after(mut self, wait: Duration) -> Self {
        self.retry_after = Some(wait);
        self
    }

    /// The body came in a content coding: the media type alone would have been taken.
    #[must_use]
    pub(crate) fn of_coding(mut self) -> Self {
        self.is_of_coding = true;
        self
    }

    /// A program lacks the scope that it needs for this.
    #[must_use]
    pub(crate) fn lacking(scope: Scope) -> Self {
        Self {
            scope: Some(scope),
            ..Self::new(Code::Forbidden)
        }
    }

    /// The faults that explain it.
    pub(crate) fn into_faults(self) -> Vec<Fault> {
        self.faults
    }

    /// Its code.
    #[must_use]
    pub fn code(&self) -> Code {
        self.code
    }

    fn retry_after_seconds(&self) -> Option<u64> {
        self.retry_after.map(|wait| {
            wait.as_millis()
                .div_ceil(1000)
                .try_into()
                .unwrap_or(u64::MAX)
        })
    }

    /// What is sent.
    #[must_use]
    pub fn body(&self, base_url: &str, locale: Locale, request_id: &str) -> ProblemBody {
        let entry = self.code.entry();
        ProblemBody {
            kind: format!("{base_url}/problems/{}", self.code),
            title: entry.title(locale),
            status: entry.status.as_u16(),
            code: self.code.to_string(),
            error: self.code.oauth_name(),
            error_description: self.code.oauth_name().map(|_| entry.remedy(Locale::En)),
            detail: entry.remedy(locale),
            request_id: request_id.to_owned(),
            errors: self.told(locale),
            retry_after: self.retry_after_seconds(),
        }
    }

    /// The faults, as many as there is room for.
    fn told(&self, locale: Locale) -> Vec<FieldFault> {
        let mut size = 0;
        let bodies = self.faults.iter().map(|fault| fault.body(locale));
        let mut fits = |body: &FieldFault| {
            size += serde_json::to_string(body).map_or(FAULTS_SIZE, |text| text.len() + 1);
            size <= FAULTS_SIZE
        };
        bodies.take_while(|body| fits(body)).collect()
    }

    /// What is sent to OAuth 2.0 clients, which look for `error` whatever the problem (RFC 6749,
    /// section 5.2); the description has no letter beyond ASCII.
    pub(crate) fn oauth_body(
        &self,
        base_url: &str,
        locale: Locale,
        request_id: &str,
    ) -> ProblemBody {
        let entry = self.code.entry();
        let general = match entry.status.as_u16() {
            401 => "invalid_client",
            429 | 503 => "temporarily_unavailable",
            400..=499 => "invalid_request",
            _ => "server_error",
        };
        ProblemBody {
            error: Some(self.code.oauth_name().unwrap_or(general)),
            error_description: Some(body::oauth_remedy(self.code)),
            ..self.body(base_url, locale, request_id)
        }
    }

    /// Writes the problem out.
    pub(crate) fn response(
        &self,
        base_url: &str,
        locale: Locale,
        request_id: &str,
    ) -> HttpResponse {
        let body = self.body(base_url, locale, request_id);
        self.written(&body, "application/problem+json")
    }

    /// Writes the problem out for an OAuth 2.0 client, which reads no other media type.
    pub(crate) fn oauth_response(
        &self,
        base_url: &str,
        locale: Locale,
        request_id: &str,
    ) -> HttpResponse {
        let body = self.oauth_body(base_url, locale, request_id);
        self.written(&body, "application/json")
    }

    fn written(&self, body: &ProblemBody, media_type: &'static str) -> HttpResponse {
        let entry = self.code.entry();
        let mut response = HttpResponseBuilder::new(entry.status);
        if let Some(allow) = &self.allow {
            response.insert_header((header::ALLOW, allow.as_str()));
        }
        if let Some(seconds) = self.retry_after_seconds() {
            response.insert_header((header::RETRY_AFTER, seconds));
        }
        if let Some(scope) = self.scope {
            // RFC 6750, section 3.1.
            let lacking = format!("Bearer error=\"insufficient_scope\", scope=\"{scope}\"");
            response.insert_header((header::WWW_AUTHENTICATE, lacking));
        }
        if self.is_of_coding {
            // Sent then alone (RFC 9110, section 12.5.3).
            response.insert_header((header::ACCEPT_ENCODING, "identity"));
        }
        match entry.status {
            StatusCode::UNAUTHORIZED => {
                let scheme = match self.code {
                    Code::InvalidClient => "Basic realm=\"livret\"",
                    _ => "Bearer",
                };
                response.insert_header((header::WWW_AUTHENTICATE, scheme));
            }
            StatusCode::UNSUPPORTED_MEDIA_TYPE => {
                response.insert_header((
                    header::HeaderName::from_static("accept-patch"),
                    "application/merge-patch+json, application/json",
                ));
            }
            _ => {}
        }
        let mut response = response.json(body);
        response
            .headers_mut()
            .insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type));
        response
    }
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.code)
    }
}

impl ResponseError for Problem {
    fn status_code(&self) -> StatusCode {
        self.code.entry().status
    }

    /// Only carries the problem: language and request id are known to the middleware.
    fn error_response(&self) -> HttpResponse {
        HttpResponse::new(self.status_code())
    }
}

impl From<DbErr> for Problem {
    /// A constraint that the code did not foresee is a conflict; a database that does not answer
    /// is unavailable; anything else is our fault, and is logged here once.
    fn from(error: DbErr) -> Self {
        match error.sql_err() {
            Some(SqlErr::UniqueConstraintViolation(_)) => return Self::new(Code::Conflict),
            Some(SqlErr::ForeignKeyConstraintViolation(_)) => return Self::new(Code::InUse),
            _ => {}
        }
        tracing::error!(error = %error, "the database refused a query");
        if crate::foundation::database::is_read_only(&error) {
            Self::new(Code::ReadOnly).retry_after(Duration::from_secs(30))
        } else if crate::foundation::database::is_unavailable(&error) {
            Self::new(Code::Unavailable).retry_after(Duration::from_secs(1))
        } else {
            Self::new(Code::InternalError)
        }
    }
}
