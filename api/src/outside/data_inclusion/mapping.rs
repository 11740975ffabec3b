//! From an address to a structure, and back: docs/integrations/data-inclusion.md has the table.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, Utc};
use entity::useful_address;
use entity::values::AddressCategory;
use uuid::Uuid;

use super::dto::Structure;
use super::given::Given;
use super::places::{Place, apart, department, together};
use crate::foundation::operations::written::phone;
use crate::kit::external_references::{ExternalReference, ExternalReferences};
use crate::reference::useful_addresses::dto::{Department, UsefulAddressInput, WebAddress};

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
pub(super) fn name(given: &Given) -> ExternalReference {
    ExternalReference {
        system: SYSTEM.to_owned(),
        external_id: given.id.clone(),
    }
}

/// The address whose own id this is, if one has it: nobody else named it.
pub(super) fn named_by_us(id: &str) -> Option<Uuid> {
    let own = id.strip_prefix(SOURCE)?.strip_prefix(BETWEEN)?;
    let own = Uuid::try_parse(own).ok()?;
    (our_id(own) == id).then_some(own)
}

fn our_id(address_id: Uuid) -> String {
    format!("{SOURCE}{BETWEEN}{address_id}")
}

/// The addresses that these names would be the own ids of.
pub(super) fn claimed(names: &ExternalReferences) -> impl Iterator<Item = Uuid> {
    let imported = names.iter().filter(|name| name.system == SYSTEM);
    imported.filter_map(|name| named_by_us(&name.external_id))
}

/// The id under which an address leaves: that of its import, unless it is the own id of one of
/// these addresses; else its own.
pub(super) fn id(address_id: Uuid, names: &ExternalReferences, others: &BTreeSet<Uuid>) -> String {
    let mut imported = names.iter().filter(|name| name.system == SYSTEM);
    let is_free = |id: &str| named_by_us(id).is_none_or(|own| !others.contains(&own));
    imported
        .find(|name| is_free(&name.external_id))
        .map_or_else(|| our_id(address_id), |name| name.external_id.clone())
}

/// The address that a structure describes, over what is known of it and told of it in an export;
/// and the fields that have no place there. What the structure does not say, or says as it is told,
/// stays.
pub(super) fn address(
    structure: &Given,
    known: Option<(UsefulAddressInput, Structure)>,
) -> (UsefulAddressInput, Vec<String>) {
    let mut left_out = structure.left_out.clone();
    let has_other = networks(structure).any(|network| !PRESCRIBERS.contains(&network));
    if has_other {
        left_out.push("reseaux_porteurs".to_owned());
    }
    let (mut address, structure) = match known {
        None => (new(structure), structure.clone()),
        Some((mut address, told)) => {
            if structure.nom != told.nom {
                address.name.clone_from(&structure.nom);
            }
            if structure.date_maj.is_some_and(|day| day != told.date_maj) {
                address.verified_on = structure.date_maj;
            }
            (address, news(structure, &told))
        }
    };
    if let Some(description) = &structure.description {
        address.missions = description.chars().take(LONGEST_MISSIONS).collect();
        if address.missions.len() < description.len() {
            left_out.push("description".to_owned());
        }
        address.missions.truncate(address.missions.trim_end().len());
    }
    match structure.telephone.as_deref().map(phone) {
        Some(Some(phone)) => address.phone = Some(phone),
        Some(None) => left_out.push("telephone".to_owned()),
        None => {}
    }
    if let Some(email) = &structure.courriel {
        address.email = Some(email.to_ascii_lowercase());
    }
    if let Some(page) = &structure.site_web {
        let others = address.urls.drain(..).skip(1).filter(|url| url != page);
        address.urls = [page.clone()].into_iter().chain(others).collect();
    }
    let [street, complement, code, commune] =
        place(&structure).map(|part| part.as_deref().filter(|text| !text.is_empty()));
    if let Some(text) = together(street, complement, code, commune) {
        address.postal_address = Some(text);
    }
    let code = department(structure.code_insee.as_deref(), code);
    address.department_codes.extend(code.map(Department));
    (address, left_out)
}

/// Without the optional fields that are as they are told: an export cuts and takes apart, and what
/// it makes must not come back as a change.
fn news(structure: &Given, told: &Structure) -> Given {
    let mut news = structure.clone();
    for (field, told) in [
        (&mut news.description, &told.description),
        (&mut news.telephone, &told.telephone),
        (&mut news.courriel, &told.courriel),
    ] {
        if field == told {
            *field = None;
        }
    }
    if news.site_web == told.site_web {
        news.site_web = None;
    }
    let told = [
        &told.adresse,
        &told.complement_adresse,
        &told.code_postal,
        &told.commune,
    ];
    if place(structure) == told {
        news.adresse = None;
        news.complement_adresse = None;
        news.code_postal = None;
        news.commune = None;
    }
    news
}

fn place(structure: &Given) -> [&Option<String>; 4] {
    [
        &structure.adresse,
        &structure.complement_adresse,
        &structure.code_postal,
        &structure.commune,
    ]
}

/// What only a new address is told: it is somebody's to say better later.
fn new(structure: &Given) -> UsefulAddressInput {
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
        department_codes: BTreeSet::new(),
        verified_on: structure.date_maj,
        external_references: [name(structure)].into(),
    }
}

fn networks(structure: &Given) -> impl Iterator<Item = &str> {
    structure.reseaux_porteurs.iter().map(String::as_str)
}

/// The structure that an address is, under this id.
pub(super) fn structure(id: String, address: useful_address::Model, today: NaiveDate) -> Structure {
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
