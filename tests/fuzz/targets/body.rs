//! A body as it comes in: what names another content coding is refused unread; what is no body of its
//! operation is refused in few words; and a patch makes of an object what it says.
#![no_main]

use std::sync::LazyLock;

use actix_web::http::header::{CONTENT_ENCODING, HeaderMap, HeaderValue};
use api::foundation::operations::Operations;
use api::kit::body::input::parsed;
use api::kit::body::patch::{changed, merge};
use api::kit::coding;
use entity::values::Locale;
use libfuzzer_sys::fuzz_target;
use serde_json::{Value, json};

/// The largest answer to a bad request, in bytes.
const LARGEST: usize = 64 * 1024;

/// The contract as it is served.
static OPERATIONS: LazyLock<Operations> = LazyLock::new(|| {
    let document = include_str!("../../../openapi/openapi.json");
    let document = serde_json::from_str(document).expect("the contract is JSON");
    Operations::read(&document).expect("the contract can be read")
});

fuzz_target!(|bytes: &[u8]| {
    let end = bytes.iter().position(|byte| *byte == b'\n');
    let (named, body) = bytes.split_at(end.map_or(0, |end| end + 1));
    if let Ok(named) = HeaderValue::from_bytes(named.trim_ascii_end()) {
        takes_identity_alone(named);
    }
    for id in [
        "create_follow_up",
        "update_follow_up",
        "update_contract",
        "log_in",
        "update_user",
    ] {
        let operation = OPERATIONS.named(id).expect("an operation of the contract");
        match parsed(body, operation, Default::default()) {
            Ok(patch) => patches(patch),
            Err(problem) => {
                let told = problem.body("https://livret.example", Locale::Fr, "fuzz");
                let told = serde_json::to_vec(&told).expect("a problem can be written");
                assert!(told.len() <= LARGEST, "{id}: {} bytes", told.len());
            }
        }
    }
});

fn takes_identity_alone(named: HeaderValue) {
    let text = named.to_str().unwrap_or("unreadable").to_ascii_lowercase();
    let mut others = text.split(',').map(str::trim);
    let is_plain = others.all(|coding| ["", "identity"].contains(&coding));
    let mut headers = HeaderMap::new();
    headers.insert(CONTENT_ENCODING, named);
    assert_eq!(coding::check(&headers).is_ok(), is_plain);
}

/// Merging says what the patch says, and once is enough.
fn patches(patch: Value) {
    let before = json!({ "comment": "Oui", "certification": { "label": "CAP", "blocks": [] } });
    let mut after = before.clone();
    merge(&mut after, patch.clone());
    let untouched = before.as_object().into_iter().flatten();
    for (name, value) in untouched.filter(|(name, _)| patch.get(name).is_none()) {
        assert!(!patch.is_object() || after.get(name) == Some(value));
    }
    let mut twice = after.clone();
    merge(&mut twice, patch);
    assert_eq!(twice, after);
    assert!(changed(&after, &twice).is_empty());
}
