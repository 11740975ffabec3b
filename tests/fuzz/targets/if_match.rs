//! `If-Match`: no version passes that the header does not name.
#![no_main]

use actix_web::http::header::{HeaderMap, HeaderValue, IF_MATCH};
use api::kit::IfMatch;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let mut headers = HeaderMap::new();
    for line in bytes.split(|byte| *byte == b'\n') {
        if let Ok(value) = HeaderValue::from_bytes(line) {
            headers.append(IF_MATCH, value);
        }
    }
    let if_match = IfMatch::of(&headers);
    let names = |tag: &[u8]| bytes.windows(tag.len()).any(|window| window == tag);
    for version in [1, 7, 12] {
        let may = headers.is_empty() || names(b"*") || names(format!("\"{version}\"").as_bytes());
        assert!(may || !if_match.allows(version));
    }
});
