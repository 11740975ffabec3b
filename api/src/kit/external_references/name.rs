//! The name that another system gives to an object, as an address holds it.

use std::future::{Ready, ready};
use std::ops::Deref;

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use serde::Deserialize;
use utoipa::IntoParams;

use super::ExternalReference;
use crate::foundation::operations::faults::cleaned;
use crate::kit::{Code, Path, Problem, Result};

/// In characters, as the schema of [`ExternalReference`] has it.
const LONGEST_SYSTEM: usize = 40;
const LONGEST_ID: usize = 120;
/// What stands where octets were not UTF-8: it could be the name of several objects.
const UNREADABLE: char = '\u{FFFD}';

/// What another system calls the object.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(crate) struct NameInAddress {
    /// The other system.
    #[param(min_length = 1, max_length = 40, example = "crm")]
    system: String,
    /// What it calls the object; percent-encoded, `/` as `%2F`.
    #[param(min_length = 1, max_length = 120, example = "C-2041")]
    external_id: String,
}

/// The name in the address.
#[derive(Debug)]
pub(crate) struct ExternalName(ExternalReference);

impl Deref for ExternalName {
    type Target = ExternalReference;
    fn deref(&self) -> &ExternalReference {
        &self.0
    }
}

impl FromRequest for ExternalName {
    type Error = Problem;
    type Future = Ready<Result<Self>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let path = Path::<NameInAddress>::from_request(request, payload).into_inner();
        let malformed = || Problem::new(Code::MalformedPath);
        ready(path.or(Err(malformed())).and_then(|path| {
            let NameInAddress {
                system,
                external_id,
            } = path.into_inner();
            Ok(Self(ExternalReference {
                system: name(&system, LONGEST_SYSTEM).ok_or_else(malformed)?,
                external_id: name(&external_id, LONGEST_ID).ok_or_else(malformed)?,
            }))
        }))
    }
}

/// As a body would hold it.
fn name(text: &str, longest: usize) -> Option<String> {
    let text = cleaned(text);
    let is_readable = !text.contains(['\0', UNREADABLE]);
    let has_length = (1..=longest).contains(&text.chars().count());
    (is_readable && has_length).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_kept_as_a_body_would_keep_it() {
        assert_eq!(name(" e\u{301} 2 ", 4).as_deref(), Some("é 2"));
        for refused in ["", "  ", "12345", "a\0", "\u{FFFD}"] {
            assert_eq!(name(refused, 4), None, "{refused:?}");
        }
    }
}
