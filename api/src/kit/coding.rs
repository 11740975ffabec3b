//! Content codings of requests: none is undone, for a hundred bytes can unpack to all the memory
//! there is.

use actix_web::http::header::{self, HeaderMap};

use super::{Code, Problem, Result};

/// Refuses a body in any other coding than `identity`, before a byte of it is read.
///
/// # Errors
/// 415, with the codings that are taken (RFC 9110, section 15.5.16).
pub fn check(headers: &HeaderMap) -> Result<()> {
    let is_plain = |value: &str| {
        let mut codings = value.split(',').map(str::trim);
        codings.all(|coding| coding.is_empty() || coding.eq_ignore_ascii_case("identity"))
    };
    let mut values = headers.get_all(header::CONTENT_ENCODING);
    if values.all(|value| value.to_str().is_ok_and(is_plain)) {
        Ok(())
    } else {
        Err(Problem::new(Code::UnsupportedMediaType).of_coding())
    }
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::HeaderValue;

    use super::*;

    fn takes(values: &[&str]) -> bool {
        let mut headers = HeaderMap::new();
        for value in values {
            let value = HeaderValue::from_str(value).unwrap();
            headers.append(header::CONTENT_ENCODING, value);
        }
        check(&headers).is_ok()
    }

    #[test]
    fn identity_alone_is_taken_however_it_is_written() {
        assert!(takes(&[]));
        assert!(takes(&["Identity"]));
        assert!(takes(&["identity, identity", ""]));
        assert!(!takes(&["gzip"]));
        assert!(!takes(&["identity", "br"]));
        assert!(!takes(&["identity, zstd"]));
        assert!(!takes(&["gzip;q=0"]));
    }
}
