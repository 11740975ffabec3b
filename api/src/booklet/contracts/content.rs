//! What the parties sign: the contract's content as canonical JSON (RFC 8785), and its hash.

use chrono::NaiveDate;
use entity::contract;
use entity::values::Texts;
use serde::Serialize;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::kit::{Code, Problem, Result};

/// The members that are signed, and no others. Anybody can hash them again.
#[derive(Serialize)]
struct Content<'a> {
    booklet_id: Uuid,
    number: i32,
    preamble: &'a str,
    candidate_commitments: &'a Texts,
    tutor_commitments: &'a Texts,
    pledge: &'a str,
    starts_on: NaiveDate,
    ends_on: NaiveDate,
    candidate_name: Option<&'a str>,
    tutor_name: Option<&'a str>,
    organization_name: Option<&'a str>,
}

/// The canonical text of a proposed contract.
///
/// # Errors
/// 500 when it cannot be written, which no content causes.
pub(crate) fn canonical(contract: &contract::Model) -> Result<String> {
    let content = Content {
        booklet_id: contract.booklet_id,
        number: contract.number,
        preamble: &contract.preamble,
        candidate_commitments: &contract.candidate_commitments,
        tutor_commitments: &contract.tutor_commitments,
        pledge: &contract.pledge,
        starts_on: contract.starts_on,
        ends_on: contract.ends_on,
        candidate_name: contract.candidate_name.as_deref(),
        tutor_name: contract.tutor_name.as_deref(),
        organization_name: contract.organization_name.as_deref(),
    };
    serde_json_canonicalizer::to_string(&content).or(Err(Problem::new(Code::InternalError)))
}

/// The hash of a text, 64 lower-case hexadecimal digits.
pub(crate) fn sha256(text: &str) -> String {
    format!("{:x}", Sha256::digest(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_is_the_well_known_one() {
        assert_eq!(
            sha256("abc"),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
    }
}
