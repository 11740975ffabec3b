//! `Idempotency-Key`: what is taken is what was sent, one short visible word.
#![no_main]

use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue};
use api::kit::request::idempotency;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let name = HeaderName::from_static("idempotency-key");
    let mut headers = HeaderMap::new();
    for line in bytes.split(|byte| *byte == b'\n') {
        if let Ok(value) = HeaderValue::from_bytes(line) {
            headers.append(name.clone(), value);
        }
    }
    match idempotency::key(&headers) {
        Ok(Some(key)) => {
            let sent = headers.get(&name).expect("a key was sent");
            assert_eq!(sent.as_bytes(), key.as_bytes());
            assert!(key.bytes().all(|byte| byte.is_ascii_graphic()) && key.len() <= 255);
        }
        Ok(None) => assert!(headers.is_empty()),
        Err(_) => assert!(!headers.is_empty()),
    }
});
