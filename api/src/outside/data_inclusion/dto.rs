//! What travels in the format data·inclusion, version 1: its names are the format's own.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

use crate::foundation::problem::FieldFault;
use crate::reference::useful_addresses::dto::WebAddress;

/// « Structure » of the public format data·inclusion (schema 1.0): a body that helps people.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[schema(example = json!({"source": "dora", "id": "dora--mission-locale-montpellier", "nom": "Mission locale de Montpellier", "date_maj": "2026-09-01", "description": "Accompagne les jeunes de 16 à 25 ans vers l'emploi et la formation.", "adresse": "4 rue de la Vieille", "code_postal": "34000", "commune": "Montpellier", "code_insee": "34172", "telephone": "04.67.00.00.01", "site_web": "https://mission-locale.example/montpellier", "reseaux_porteurs": ["mission-locale"], "accessibilite_lieu": null, "complement_adresse": null, "courriel": null, "horaires_accueil": null, "latitude": null, "lien_source": null, "longitude": null, "siret": null}))]
pub(crate) struct Structure {
    /// Who first published it.
    #[schema(min_length = 1, max_length = 100)]
    pub(super) source: String,
    /// Its id, one's own among all sources: `<source>--<id there>`.
    #[schema(min_length = 1, max_length = 120)]
    pub(super) id: String,
    /// Nom.
    #[schema(min_length = 3, max_length = 150)]
    pub(super) nom: String,
    /// The day its source last changed it: of this century, not of the future.
    pub(super) date_maj: NaiveDate,
    /// What it does.
    #[schema(min_length = 5, max_length = 10000)]
    pub(super) description: Option<String>,
    /// Its page at its source.
    pub(super) lien_source: Option<WebAddress>,
    /// SIRET.
    #[schema(max_length = 14, pattern = "^[0-9]{14}$")]
    pub(super) siret: Option<String>,
    /// Commune.
    #[schema(max_length = 200)]
    pub(super) commune: Option<String>,
    /// Code postal.
    #[schema(max_length = 5, pattern = "^[0-9]{5}$")]
    pub(super) code_postal: Option<String>,
    /// Code commune of INSEE.
    #[schema(max_length = 5, pattern = "^[0-9A-Za-z]{5}$")]
    pub(super) code_insee: Option<String>,
    /// Number and street.
    #[schema(max_length = 2000)]
    pub(super) adresse: Option<String>,
    /// Building, floor.
    #[schema(max_length = 500)]
    pub(super) complement_adresse: Option<String>,
    /// In degrees east.
    #[schema(minimum = -180, maximum = 180)]
    pub(super) longitude: Option<f64>,
    /// In degrees north.
    #[schema(minimum = -90, maximum = 90)]
    pub(super) latitude: Option<f64>,
    /// Téléphone, one number.
    #[schema(max_length = 100)]
    pub(super) telephone: Option<String>,
    /// E-mail address.
    #[schema(min_length = 3, max_length = 254)]
    pub(super) courriel: Option<String>,
    /// Its own page on the web.
    pub(super) site_web: Option<WebAddress>,
    /// When it is open, as OpenStreetMap writes it.
    #[schema(max_length = 2000)]
    pub(super) horaires_accueil: Option<String>,
    /// Its page at Acceslibre.
    pub(super) accessibilite_lieu: Option<WebAddress>,
    /// The networks and administrations that carry it.
    #[schema(value_type = Option<Vec<Network>>, max_items = 100)]
    pub(super) reseaux_porteurs: Option<Vec<String>>,
}

/// A network of the format's reference list, which grows.
#[derive(Debug, ToSchema)]
#[schema(max_length = 100, pattern = "^[a-z0-9-]+$", example = "mission-locale")]
#[expect(dead_code, reason = "describes each of a list of texts")]
pub(crate) struct Network(String);

/// Structures to import.
#[derive(Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"structures": [{"source": "dora", "id": "dora--mission-locale-montpellier", "nom": "Mission locale de Montpellier", "date_maj": "2026-09-01", "description": "Accompagne les jeunes de 16 à 25 ans vers l'emploi et la formation.", "adresse": "4 rue de la Vieille", "code_postal": "34000", "commune": "Montpellier", "code_insee": "34172", "telephone": "04.67.00.00.01", "site_web": "https://mission-locale.example/montpellier", "reseaux_porteurs": ["mission-locale"]}]}))]
pub(crate) struct StructureImport {
    /// Each an object of the format, as `Structure` describes it. Fields that are not its own, or cannot be read, are
    /// left out, and named in the answer; a structure without a readable `id` and `nom` is refused, and so is a second
    /// one of the same `id`, while the others come in.
    #[schema(min_items = 1, max_items = 500)]
    pub(super) structures: Vec<Map<String, Value>>,
}

/// The directory as structures.
#[derive(Debug, ToSchema)]
#[expect(dead_code, reason = "describes what is written piece by piece")]
pub(crate) struct StructureExport {
    /// In the order they were made.
    #[schema(max_items = 1_000_000)]
    structures: Vec<Structure>,
}

/// What became of the structures.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct StructureReport {
    /// How many addresses are new.
    created: u32,
    /// How many addresses changed.
    updated: u32,
    /// How many addresses were so already.
    unchanged: u32,
    /// Each structure that came in, in the order they came.
    #[schema(max_items = 500)]
    structures: Vec<ImportedStructure>,
    /// Those that did not, with what is wrong.
    #[schema(max_items = 500)]
    refused: Vec<RefusedStructure>,
}

impl StructureReport {
    /// Counts what was done with these.
    pub(super) fn of(structures: Vec<ImportedStructure>, refused: Vec<RefusedStructure>) -> Self {
        let count = |outcome: ImportOutcome| {
            let same = structures.iter().filter(|done| done.outcome == outcome);
            u32::try_from(same.count()).unwrap_or(u32::MAX)
        };
        Self {
            created: count(ImportOutcome::Created),
            updated: count(ImportOutcome::Updated),
            unchanged: count(ImportOutcome::Unchanged),
            structures,
            refused,
        }
    }
}

/// A structure that was left out.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RefusedStructure {
    /// Its place among those that were sent, from 0.
    #[schema(value_type = i32, minimum = 0)]
    pub(super) place: usize,
    /// What is wrong with it; pointers are into the body.
    #[schema(min_items = 1, max_items = 2)]
    pub(super) errors: Vec<FieldFault>,
}

/// What became of a structure.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ImportedStructure {
    /// The structure's id.
    #[schema(max_length = 120)]
    pub(super) id: String,
    /// The address in the directory.
    pub(super) useful_address_id: Uuid,
    /// What was done with it.
    pub(super) outcome: ImportOutcome,
    /// The fields whose values were not taken, whole or in part: they have no place in the directory, could not be read,
    /// or are not of the format.
    #[schema(value_type = Vec<StructureField>, max_items = 100)]
    pub(super) left_out: Vec<String>,
}

/// The name of a field.
#[derive(Debug, ToSchema)]
#[schema(max_length = 200, example = "siret")]
#[expect(dead_code, reason = "describes each of a list of texts")]
pub(crate) struct StructureField(String);

/// `created`: a new address; `updated`: one that was there; `unchanged`: one that was so already.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ImportOutcome {
    Created,
    Updated,
    Unchanged,
}
