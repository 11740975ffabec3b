//! What `openapi/examples.json` keeps of a request and its answer.

use serde_json::{Map, Value, json};
use tests::Demo;
use uuid::Uuid;

use super::request::Request;

/// How much of a list an example shows.
const SHOWN: usize = 2;

/// Greater than all ids of the demo, smaller than those made now.
const FIRST_NEW_ID: Uuid = Uuid::from_u128(0x01a2_0000_0000_7000_8000_0000_0000_0000);

/// What differs from one service to another, by the names of its fields, and what stands for it.
const SECRETS: [(&str, &str); 7] = [
    (
        "access_token",
        "eyJ0eXAiOiJhdCtqd3QiLCJhbGciOiJFZERTQSJ9.eyJpc3MiOiJodHRwOi8vbGl2cmV0LmV4YW1wbGUifQ.c2lnbmF0dXJl",
    ),
    (
        "refresh_token",
        "AZrq9jTzcvWbxTtDQ3HbZAAAAAHH2k1nq1m3vXvJ5o7bG2wq0YdS9pQ4rT6uW8xZ1aB3cA",
    ),
    ("secret", "nM2vY8qLr0TzXw4kJd6HbGs1PfUe5AoCi7RtVyWm9Qx"),
    ("beginning", "lvk_exem"),
    ("token", "kGJ9bT3xWq7LmZ1vYc5RdNf8HsPu2AeXo4Ij6KtQyEw"),
    (
        "url",
        "http://livret.example/invitation#token=kGJ9bT3xWq7LmZ1vYc5RdNf8HsPu2AeXo4Ij6KtQyEw",
    ),
    ("next", "AZ2lqQ8gcACAAAAAAAAAAfLmZ1vYc5RdNf8HsPu2Aew"),
];

/// What stands for an API key.
const API_KEY: &str = "lvk_exemple-de-demonstration";

/// What stands for the secret of a webhook.
const WEBHOOK_SECRET: &str = "whsec_bGl2cmV0IGQnYWNjb21wYWduZW1lbnQgVkFFLCBDQzE=";

/// Account, parameters, body, status and answer.
pub(super) fn entry(demo: &Demo, request: &Request, mut answer: Value) -> Value {
    let mut entry = Map::new();
    if let Some(account) = demo.account(&request.account) {
        entry.insert("account".to_owned(), json!(account));
    }
    if !request.parameters.is_empty() {
        entry.insert("parameters".to_owned(), json!(request.parameters));
    }
    if let Some(body) = &request.body {
        entry.insert("body".to_owned(), body.clone());
    }
    entry.insert(
        "status".to_owned(),
        json!(request.expected_status().to_string()),
    );
    if !answer.is_null() {
        shorten(&mut answer);
        settle(&mut answer);
        entry.insert("answer".to_owned(), answer);
    }
    entry.into()
}

/// Puts what will be the same another time in the place of what will not.
pub(super) fn settle(answer: &mut Value) {
    settle_stream(answer);
    settle_numbers(answer);
    hide_secrets(answer);
    number_new_ids(answer, &mut Vec::new());
}

/// The first events of a stream, with cursors that nobody else will see so.
fn settle_stream(answer: &mut Value) {
    let Value::String(text) = answer else { return };
    let (_, cursor) = SECRETS.iter().find(|(name, _)| *name == "next").unwrap();
    let events = text.split_inclusive("\n\n").take(1 + SHOWN);
    let lines = events.flat_map(|event| event.split_inclusive('\n'));
    *text = lines
        .map(|line| match line.starts_with("id: ") {
            true => format!("id: {cursor}\n"),
            false => settle_number(line).unwrap_or(line.to_owned()),
        })
        .collect();
}

/// Bits of a number of the trails that are others under each key: below the second.
const HIDDEN: i64 = (1 << 20) - 1;

/// An event whose number is one of the trails, as the number is recorded.
fn settle_number(line: &str) -> Option<String> {
    const START: &str = "data: {\"sequence\":";
    let (number, rest) = line.strip_prefix(START)?.split_once(',')?;
    let number: i64 = number.parse().ok()?;
    (number > HIDDEN).then(|| format!("{START}{},{rest}", number & !HIDDEN))
}

/// The numbers of the trails, wherever they stand.
fn settle_numbers(value: &mut Value) {
    match value {
        Value::Array(values) => values.iter_mut().for_each(settle_numbers),
        Value::Object(fields) => {
            let number = fields.get("sequence").and_then(Value::as_i64);
            if let Some(number) = number.filter(|number| *number > HIDDEN) {
                fields.insert("sequence".to_owned(), json!(number & !HIDDEN));
            }
            fields.values_mut().for_each(settle_numbers);
        }
        _ => {}
    }
}

/// Ids that the demo did not make are others each time: they are numbered instead.
fn number_new_ids(value: &mut Value, found: &mut Vec<Uuid>) {
    match value {
        Value::Array(values) => values
            .iter_mut()
            .for_each(|value| number_new_ids(value, found)),
        Value::Object(fields) => fields
            .values_mut()
            .for_each(|value| number_new_ids(value, found)),
        Value::String(text) => {
            let prefix = if text.starts_with("msg_") { "msg_" } else { "" };
            let Ok(id) = text[prefix.len()..].parse::<Uuid>() else {
                return;
            };
            if id < FIRST_NEW_ID {
                return;
            }
            if !found.contains(&id) {
                found.push(id);
            }
            let number = found.iter().position(|known| *known == id).unwrap() + 1;
            let stand_in = Uuid::from_u128(FIRST_NEW_ID.as_u128() + number as u128);
            *text = if text.contains('-') {
                stand_in.to_string()
            } else {
                format!("{prefix}{}", stand_in.simple())
            };
        }
        _ => {}
    }
}

/// Leaves out what would only be longer.
fn shorten(value: &mut Value) {
    match value {
        Value::Array(values) => {
            values.truncate(SHOWN);
            values.iter_mut().for_each(shorten);
        }
        Value::Object(fields) => fields.values_mut().for_each(shorten),
        _ => {}
    }
}

/// Leaves out what nobody else will see so.
fn hide_secrets(value: &mut Value) {
    match value {
        Value::Array(values) => values.iter_mut().for_each(hide_secrets),
        Value::Object(fields) => {
            // Elsewhere an address is no secret.
            let is_invitation = fields.contains_key("token");
            for (name, value) in fields {
                let stand_in = SECRETS.iter().find(|(secret, _)| secret == name);
                let text = value.as_str().unwrap_or_default();
                match stand_in {
                    _ if text.starts_with("whsec_") => *value = json!(WEBHOOK_SECRET),
                    _ if name == "key" && text.starts_with("lvk_") => *value = json!(API_KEY),
                    Some((_, stand_in))
                        if value.is_string() && (name != "url" || is_invitation) =>
                    {
                        *value = json!(stand_in);
                    }
                    _ => hide_secrets(value),
                }
            }
        }
        _ => {}
    }
}
