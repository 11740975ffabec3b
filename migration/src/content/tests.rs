//! What the API would refuse from a user, we do not ship; and the files agree with each other.

use std::collections::BTreeSet;

use sea_orm_migration::prelude::DbErr;
use unicode_normalization::is_nfc;

use super::{Content, PURPOSE};

const CODES: [&str; 5] = [
    "information_project",
    "support",
    "admissibility",
    "validation_file",
    "jury",
];
const CATEGORIES: [&str; 7] = [
    "point_relais_conseil",
    "espace_conseil_vae",
    "cep",
    "tutor",
    "prescriber",
    "validator",
    "vae_support_provider",
];

fn fits(text: &str, most: usize) {
    assert!(!text.is_empty());
    assert_eq!(text, text.trim());
    assert!(is_nfc(text), "not NFC: {text}");
    assert!(text.chars().count() <= most, "too long: {text}");
    assert!(!text.contains(['’', '\u{a0}', '\r']), "typography: {text}");
    assert!(
        !text.contains("  ") && !text.contains(" \n"),
        "spaces: {text}"
    );
}

fn short(text: &str) {
    fits(text, 200);
}

fn medium(text: &str) {
    fits(text, 2_000);
}

fn long(text: &str) {
    fits(text, 10_000);
}

#[test]
fn every_text_keeps_the_bounds_of_the_api() -> Result<(), DbErr> {
    let content = Content::read()?;
    medium(PURPOSE);
    short(&content.contract.name);
    long(&content.contract.preamble);
    for commitment in &content.contract.candidate_commitments {
        medium(commitment);
    }
    for commitment in &content.contract.tutor_commitments {
        medium(commitment);
    }
    short(&content.pledge.name);
    long(&content.pledge.body);
    short(&content.plan.name);
    for row in content.plan.rows {
        short(&row.objective);
        short(&row.label);
    }
    for stage in content.stages {
        short(&stage.label);
        medium(&stage.description);
        stage.outputs.iter().for_each(|output| short(output));
    }
    for address in content.addresses {
        short(&address.name);
        medium(&address.missions);
    }
    Ok(())
}

#[test]
fn commitments_are_in_the_first_person() -> Result<(), DbErr> {
    let contract = Content::read()?.contract;
    assert_eq!(contract.candidate_commitments.len(), 5);
    assert_eq!(contract.tutor_commitments.len(), 6);
    for text in [contract.candidate_commitments, contract.tutor_commitments].concat() {
        assert!(text.starts_with("Je m'engage à "), "{text}");
    }
    Ok(())
}

#[test]
fn the_pledge_has_its_four_headings() -> Result<(), DbErr> {
    let body = Content::read()?.pledge.body;
    for number in 1..=4 {
        assert!(body.contains(&format!("\n\n{number}. ")), "{number}");
    }
    Ok(())
}

#[test]
fn stages_and_addresses_are_those_of_the_paper_in_its_order() -> Result<(), DbErr> {
    let content = Content::read()?;
    let codes: Vec<_> = content.stages.iter().map(|s| s.code.as_str()).collect();
    let positions: Vec<_> = content.stages.iter().map(|s| s.position).collect();
    assert_eq!(codes, CODES);
    assert_eq!(positions, [1, 2, 3, 4, 5]);
    let categories: Vec<_> = content.addresses.iter().map(|a| &a.category).collect();
    assert_eq!(categories, CATEGORIES);
    assert!(content.addresses.is_sorted_by(|a, b| a.id > b.id));
    Ok(())
}

#[test]
fn the_plan_uses_known_words() -> Result<(), DbErr> {
    let rows = Content::read()?.plan.rows;
    assert_eq!(rows.len(), 8);
    for row in rows {
        assert!(["interview", "workshop"].contains(&row.activity.as_str()));
        assert!(["individual", "collective", "either"].contains(&row.grouping.as_str()));
        assert!(CODES.contains(&row.vae_stage.as_str()));
    }
    Ok(())
}

#[test]
fn links_are_https() -> Result<(), DbErr> {
    let content = Content::read()?;
    let sources = content.stages.iter().flat_map(|s| &s.sources);
    let urls = content.addresses.iter().flat_map(|a| &a.urls);
    for url in sources.map(|source| &source.url).chain(urls) {
        assert!(url.starts_with("https://"), "{url}");
    }
    Ok(())
}

#[test]
fn ids_are_distinct_and_of_version_7() -> Result<(), DbErr> {
    let content = Content::read()?;
    let mut ids = vec![content.contract.id, content.pledge.id, content.plan.id];
    ids.extend(content.stages.iter().map(|stage| stage.id));
    ids.extend(content.addresses.iter().map(|address| address.id));
    assert_eq!(ids.len(), 15);
    for id in &ids {
        assert_eq!(id.get_version_num(), 7);
        assert_eq!(id.get_variant(), uuid::Variant::RFC4122);
    }
    assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), 15);
    Ok(())
}
