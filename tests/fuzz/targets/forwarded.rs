//! `X-Forwarded-For`: what a caller claims itself never wins over what a trusted proxy appended.
#![no_main]

use std::net::IpAddr;

use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue};
use api::kit::request::origin::client_address;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let trusted = ["10.0.0.0/8".parse().expect("a network")];
    let proxy: IpAddr = "10.0.0.2".parse().expect("an address");
    let caller: IpAddr = "203.0.113.9".parse().expect("an address");
    let name = HeaderName::from_static("x-forwarded-for");
    let mut headers = HeaderMap::new();
    for line in bytes.split(|byte| *byte == b'\n') {
        if let Ok(value) = HeaderValue::from_bytes(line) {
            headers.append(name.clone(), value);
        }
    }
    assert_eq!(
        client_address(Some(caller), &headers, &trusted),
        Some(caller)
    );
    assert!(client_address(Some(proxy), &headers, &trusted).is_some());
    headers.append(name, HeaderValue::from_static("203.0.113.9, 10.0.0.3"));
    assert_eq!(
        client_address(Some(proxy), &headers, &trusted),
        Some(caller)
    );
});
