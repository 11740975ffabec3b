//! `docs/events.md`: every type of event and its meaning, from the one list in the code.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::Path;

use api::foundation::event_types::KINDS;

use super::described::API_DOCUMENT;

const HEAD: &str = "# Types of events

What the change feed (`GET /v1/changes`), webhooks and the audit trail of a booklet tell. Generated from
`api/src/foundation/event_types.rs` by a test; the API document's `Change` has the same list.

Every event has the id and the version of its object as they are after the change. `<resource>.deleted` stands for the
object and for all that goes with it: `booklet.deleted` for every page of the booklet, which has no event of its own.
A `private` note is told to nobody but its author, in the audit trail alone. What all organizations share (`vae_stage`,
templates, pledges and addresses of the platform) is in no organization's feed.
";

#[test]
fn every_type_of_event_is_documented() {
    let mut text = HEAD.to_owned();
    let mut resource = "";
    for kind in KINDS {
        if kind.resource != resource {
            resource = kind.resource;
            write!(text, "\n## {resource}\n\n| type | meaning |\n|---|---|\n").unwrap();
        }
        writeln!(text, "| `{kind}` | {} |", kind.meaning).unwrap();
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/events.md");
    if std::fs::read_to_string(&path).unwrap_or_default() != text {
        std::fs::write(&path, text).unwrap();
        panic!("docs/events.md was stale and has been rewritten: read the change, then commit it");
    }
}

#[test]
fn types_are_listed_once_and_resources_together() {
    let types: BTreeSet<String> = KINDS.iter().map(ToString::to_string).collect();
    assert_eq!(types.len(), KINDS.len());
    let mut resources: Vec<&str> = KINDS.iter().map(|kind| kind.resource).collect();
    resources.dedup();
    let distinct: BTreeSet<&str> = resources.iter().copied().collect();
    assert_eq!(resources.len(), distinct.len());
}

#[test]
fn the_api_document_knows_every_type_and_takes_others() {
    let change = &API_DOCUMENT["components"]["schemas"]["Change"]["properties"];
    let kinds = || KINDS.iter().filter(|kind| kind.is_of_an_organization());
    let types: BTreeSet<String> = kinds().map(ToString::to_string).collect();
    let resources: BTreeSet<String> = kinds().map(|kind| kind.resource.to_owned()).collect();
    for (field, names) in [("type", types), ("resource", resources)] {
        let known = change[field]["x-known-values"].as_array().unwrap();
        let known: BTreeSet<String> = known
            .iter()
            .map(|name| name.as_str().unwrap().to_owned())
            .collect();
        assert_eq!(known, names);
        let description = change[field]["description"].as_str().unwrap();
        assert!(
            names
                .iter()
                .all(|name| description.contains(&format!("`{name}`")))
        );
        assert_eq!(change[field]["type"], "string");
        assert!(change[field].get("enum").is_none());
    }
}
