//! From an address to a structure, and back: docs/integrations/data-inclusion.md has the table.

use chrono::{DateTime, NaiveDate, Utc};
use entity::useful_address;
use entity::values::AddressCategory;

use super::super::dto::{Department, UsefulAddressInput, WebAddress};
use super::dto::Structure;
use super::places::{Place, apart, department, dialable, together};
use crate::external_references::{ExternalReference, ExternalReferences};

/// The system whose names structures have.
const SYSTEM: &str = "data-inclusion";
/// The source of what was not imported.
const SOURCE: &str = "livret";
/// Stands between the source and the id there.
const BETWEEN: &str = "--";
/// Whom the paper calls « prescripteurs ».
const PRESCRIBERS: [&str; 3] = [
    "france-travail",
    "cap-emploi-reseau-cheops",
    "mission-locale",
];
/// In characters: of a name in the format, of missions in the directory.
const LONGEST_NAME: usize = 150;
const LONGEST_MISSIONS: usize = 2000;
/// The shortest description in the format.
const SHORTEST_DESCRIPTION: usize = 5;

/// The structure's name in the directory.
pub(super) fn name(structure: &Structure) -> ExternalReference {
    ExternalReference {
        system: SYSTEM.to_owned(),
        external_id: structure.id.clone(),
    }
}

/// The address that a structure describes, over what is known of it; and the fields that have no
/// place there. What the structure does not say stays.
pub(super) fn address(
    structure: &Structure,
    known: Option<UsefulAddressInput>,
) -> (UsefulAddressInput, Vec<&'static str>) {
    let mut left_out = without_place(structure);
    let mut address = known.unwrap_or_else(|| new(structure));
    address.name.clone_from(&structure.nom);
    address.verified_on = Some(structure.date_maj);
    if let Some(description) = &structure.description {
        address.missions = description.chars().take(LONGEST_MISSIONS).collect();
        if address.missions.len() < description.len() {
            left_out.push("description");
        }
        address.missions.truncate(address.missions.trim_end().len());
    }
    match structure.telephone.as_deref().map(dialable) {
        Some(Some(phone)) => address.phone = Some(phone),
        Some(None) => left_out.push("telephone"),
        None => {}
    }
    if let Some(email) = &structure.courriel {
        address.email = Some(email.to_lowercase());
    }
    if let Some(page) = &structure.site_web {
        let others = address.urls.drain(..).skip(1).filter(|url| url != page);
        address.urls = [page.clone()].into_iter().chain(others).collect();
    }
    let [street, complement, code, commune] = [
        &structure.adresse,
        &structure.complement_adresse,
        &structure.code_postal,
        &structure.commune,
    ]
    .map(|part| part.as_deref().filter(|text| !text.is_empty()));
    if let Some(text) = together(street, complement, code, commune) {
        address.postal_address = Some(text);
    }
    let code = department(structure.code_insee.as_deref(), code);
    address.department_codes.extend(code.map(Department));
    (address, left_out)
}

/// What only a new address is told: it is somebody's to say better later.
fn new(structure: &Structure) -> UsefulAddressInput {
    let is_prescriber = networks(structure).any(|network| PRESCRIBERS.contains(&network));
    UsefulAddressInput {
        category: if is_prescriber {
            AddressCategory::Prescriber
        } else {
            AddressCategory::Other
        },
        name: structure.nom.clone(),
        missions: structure.nom.clone(),
        phone: None,
        email: None,
        urls: Vec::new(),
        postal_address: None,
        department_codes: std::collections::BTreeSet::new(),
        verified_on: None,
        external_references: [name(structure)].into(),
    }
}

fn networks(structure: &Structure) -> impl Iterator<Item = &str> {
    let networks = structure.reseaux_porteurs.iter().flatten();
    networks.map(String::as_str)
}

/// The fields that say something and have no counterpart at all.
fn without_place(structure: &Structure) -> Vec<&'static str> {
    let others = networks(structure).any(|network| !PRESCRIBERS.contains(&network));
    [
        ("siret", structure.siret.is_some()),
        ("lien_source", structure.lien_source.is_some()),
        ("longitude", structure.longitude.is_some()),
        ("latitude", structure.latitude.is_some()),
        ("horaires_accueil", structure.horaires_accueil.is_some()),
        ("accessibilite_lieu", structure.accessibilite_lieu.is_some()),
        ("reseaux_porteurs", others),
    ]
    .into_iter()
    .filter_map(|(field, is_said)| is_said.then_some(field))
    .collect()
}

/// The structure that an address is. One that was imported keeps its source and its id.
pub(super) fn structure(
    address: useful_address::Model,
    names: &ExternalReferences,
    today: NaiveDate,
) -> Structure {
    let imported = names.iter().find(|name| name.system == SYSTEM);
    let id = imported.map_or_else(
        || format!("{SOURCE}{BETWEEN}{}", address.id),
        |name| name.external_id.clone(),
    );
    let source = id
        .split_once(BETWEEN)
        .map_or(id.as_str(), |(source, _)| source);
    let Place {
        adresse,
        code_postal,
        commune,
    } = address
        .postal_address
        .as_deref()
        .map(apart)
        .unwrap_or_default();
    let has_description = address.missions.chars().count() >= SHORTEST_DESCRIPTION;
    Structure {
        source: if source.is_empty() {
            id.clone()
        } else {
            source.to_owned()
        },
        nom: address.name.chars().take(LONGEST_NAME).collect(),
        date_maj: told(address.verified_on, address.updated_at, today),
        description: has_description.then_some(address.missions),
        lien_source: None,
        siret: None,
        commune,
        code_postal,
        code_insee: None,
        adresse,
        complement_adresse: None,
        longitude: None,
        latitude: None,
        telephone: address.phone,
        courriel: address.email,
        site_web: address.urls.0.into_iter().next().map(WebAddress::of),
        horaires_accueil: None,
        accessibilite_lieu: None,
        reseaux_porteurs: None,
        id,
    }
}

/// The format wants a day of this century that is not of the future.
fn told(verified_on: Option<NaiveDate>, updated_at: DateTime<Utc>, today: NaiveDate) -> NaiveDate {
    let day = verified_on.unwrap_or_else(|| updated_at.date_naive());
    day.min(today).max(earliest())
}

/// The first day that the format takes.
pub(super) fn earliest() -> NaiveDate {
    NaiveDate::from_ymd_opt(2000, 1, 1).unwrap_or_default()
}
