//! Days and instants that nobody means: bounds for each kind, by the name of its field. The API document
//! declares them (`x-earliest`, `x-latest`), and what is sent is held against them here. What was kept before there
//! were bounds stays until it is written again.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use serde_json::Value;

use super::pointer::Pointer;
use crate::foundation::problem::{FAULT_LIMIT, Fault, FaultCode};

/// The bounds of a day, the first and the last included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Bounds {
    /// In ISO 8601, as texts of this form compare like the days that they name.
    pub(crate) earliest: &'static str,
    /// Today, where there is none.
    pub(crate) latest: Option<&'static str>,
}

/// Nobody who is alive was born before; nobody is born tomorrow.
const BIRTH: Bounds = Bounds {
    earliest: "1900-01-01",
    latest: None,
};
/// There is a VAE since the law of 17 January 2002; what has not come yet is no fact.
const FACT: Bounds = Bounds {
    earliest: "2002-01-01",
    latest: None,
};
/// What is planned ends within this century: beyond it a figure was mistyped.
const PLAN: Bounds = Bounds {
    earliest: "2002-01-01",
    latest: Some("2099-12-31"),
};

/// The bounds of the days and instants that stand in fields of this name. Others have rules of their own, which look
/// at more than the day.
pub(crate) fn bounds_of(field: &str) -> Option<Bounds> {
    Some(match field {
        "birth_date" => BIRTH,
        "achieved_on" | "closed_on" | "completed_on" | "contacted_on" | "done_on" | "signed_on"
        | "started_on" | "terminated_on" | "verified_on" => FACT,
        "appointment_on"
        | "due_on"
        | "ends_at"
        | "ends_on"
        | "next_appointment_on"
        | "opened_on"
        | "planned_from"
        | "planned_to"
        | "starts_at"
        | "starts_on"
        | "target_closing_on" => PLAN,
        _ => return None,
    })
}

/// Holds the days and instants of a body against their bounds. It is today as long as it is somewhere on Earth: what
/// an organization's own today forbids, its rules do.
pub(crate) fn check(
    value: &Value,
    pointer: Pointer<'_>,
    now: DateTime<Utc>,
    faults: &mut Vec<Fault>,
) {
    match value {
        Value::Array(items) => {
            for (place, item) in items.iter().enumerate() {
                check(item, Pointer::Element(&pointer, place), now, faults);
            }
        }
        Value::Object(fields) => {
            for (name, field) in fields {
                let pointer = Pointer::Field(&pointer, name);
                match (field, bounds_of(name)) {
                    (Value::String(text), Some(bounds)) if faults.len() < FAULT_LIMIT => {
                        faults.extend(found(text, bounds, pointer, now));
                    }
                    _ => check(field, pointer, now, faults),
                }
            }
        }
        _ => {}
    }
}

fn found(text: &str, bounds: Bounds, pointer: Pointer<'_>, now: DateTime<Utc>) -> Option<Fault> {
    let day = match text.parse::<NaiveDate>() {
        Ok(day) => day,
        // What is neither is the schema's to say.
        Err(_) => DateTime::parse_from_rfc3339(text)
            .ok()?
            .to_utc()
            .date_naive(),
    };
    let latest = match bounds.latest {
        Some(latest) => latest.to_owned(),
        None => (now + TimeDelta::hours(14)).date_naive().to_string(),
    };
    let bound = |text: &str| text.parse::<NaiveDate>().ok();
    if bound(bounds.earliest).is_some_and(|earliest| day < earliest) {
        let fault = Fault::new(pointer.text(), FaultCode::Minimum);
        return Some(fault.with("min", bounds.earliest));
    }
    if bound(&latest).is_some_and(|latest| day > latest) {
        return Some(Fault::new(pointer.text(), FaultCode::Maximum).with("max", latest));
    }
    None
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// With rules of their own.
    const OTHERS: [&str; 5] = ["checked_on", "date_maj", "expires_at", "since", "until"];

    #[test]
    fn every_day_that_is_sent_has_bounds() {
        let document = include_str!("../../../../openapi/openapi.json");
        let document: Value = serde_json::from_str(document).unwrap();
        let mut waiting: Vec<&Value> = document["paths"]
            .as_object()
            .unwrap()
            .values()
            .flat_map(|item| item.as_object().unwrap().values())
            .filter_map(|operation| operation.get("requestBody"))
            .collect();
        let mut sent = std::collections::BTreeMap::new();
        while let Some(value) = waiting.pop() {
            match value {
                Value::Array(items) => waiting.extend(items),
                Value::Object(fields) => waiting.extend(fields.values()),
                Value::String(text) => {
                    let schema = text
                        .strip_prefix("#/components/schemas/")
                        .map(|name| (name, &document["components"]["schemas"][name]));
                    if let Some((name, schema)) = schema
                        && sent.insert(name, schema).is_none()
                    {
                        waiting.push(schema);
                    }
                }
                _ => {}
            }
        }
        let mut days = 0;
        for (schema, value) in sent {
            for (name, property) in value["properties"].as_object().into_iter().flatten() {
                let format = property["format"].as_str().unwrap_or_default();
                if format.starts_with("date") && !OTHERS.contains(&&**name) {
                    assert!(property.get("x-latest").is_some(), "{schema}.{name}");
                    days += 1;
                }
            }
        }
        assert!(days > 30, "{days}");
    }

    #[test]
    fn days_that_nobody_means_are_told() {
        let now = "2026-11-30T11:00:00Z".parse().unwrap();
        for (body, code) in [
            (json!({ "birth_date": "0002-01-01" }), Some("minimum")),
            (json!({ "birth_date": "1850-05-01" }), Some("minimum")),
            (json!({ "birth_date": "1900-01-01" }), None),
            (json!({ "contacted_on": "2062-11-20" }), Some("maximum")),
            // It is tomorrow already, in Kiribati.
            (json!({ "contacted_on": "2026-12-01" }), None),
            (json!({ "contacted_on": "2026-12-02" }), Some("maximum")),
            (json!({ "verified_on": "2062-01-01" }), Some("maximum")),
            (json!({ "ends_on": "2206-06-30" }), Some("maximum")),
            (json!({ "ends_on": "2099-12-31" }), None),
            (
                json!({ "items": [{ "due_on": "0226-01-01" }] }),
                Some("minimum"),
            ),
            (
                json!({ "starts_at": "2206-12-03T09:00:00Z" }),
                Some("maximum"),
            ),
            (json!({ "starts_at": "2026-12-03T09:00:00+01:00" }), None),
            (
                json!({ "birth_date": "hier", "ends_on": null, "due_on": 3 }),
                None,
            ),
            (json!({ "expires_at": "2206-12-03T09:00:00Z" }), None),
        ] {
            let mut faults = Vec::new();
            check(&body, Pointer::Root, now, &mut faults);
            let codes: Vec<String> = faults
                .iter()
                .map(|fault| fault.code().to_string())
                .collect();
            assert_eq!(codes, code.into_iter().collect::<Vec<_>>(), "{body}");
        }
    }
}
