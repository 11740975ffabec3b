//! A structure as it comes in: what the directory has a place for, read field by field. What cannot be read is left out,
//! and so is what nobody declared: producers add fields, and one bad address keeps nobody from the others.

use chrono::NaiveDate;
use serde_json::{Map, Value};
use validator::ValidateEmail;

use super::mapping::earliest;
use crate::kit::{Fault, FaultCode};
use crate::reference::useful_addresses::dto::WebAddress;

/// The fields that the directory has no place for, and the source, which the id begins with.
const WITHOUT_PLACE: [&str; 6] = [
    "siret",
    "lien_source",
    "longitude",
    "latitude",
    "horaires_accueil",
    "accessibilite_lieu",
];
/// What is read of the format without being kept.
const SOURCE: &str = "source";
/// In characters.
const LONGEST_ID: usize = 120;
const LONGEST_NAME: usize = 200;
const LONGEST_TEXT: usize = 2000;
const LONGEST_EMAIL: usize = 254;
const CODE: usize = 5;
/// How many fields that were left out are named.
const NAMED: usize = 100;

/// What is known of a structure.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Given {
    pub(super) id: String,
    pub(super) nom: String,
    /// Not before the format's first day, not after today.
    pub(super) date_maj: Option<NaiveDate>,
    pub(super) description: Option<String>,
    pub(super) commune: Option<String>,
    pub(super) code_postal: Option<String>,
    pub(super) code_insee: Option<String>,
    pub(super) adresse: Option<String>,
    pub(super) complement_adresse: Option<String>,
    pub(super) telephone: Option<String>,
    pub(super) courriel: Option<String>,
    pub(super) site_web: Option<WebAddress>,
    pub(super) reseaux_porteurs: Vec<String>,
    /// The fields that were not read.
    pub(super) left_out: Vec<String>,
}

/// Reads a structure.
///
/// # Errors
/// What is wrong with its id or its name: without these it is nobody.
pub(super) fn read(fields: &Map<String, Value>, today: NaiveDate) -> Result<Given, Vec<Fault>> {
    let mut reading = Reading {
        fields: fields.clone(),
        left_out: Vec::new(),
    };
    let id = reading.needed("id", LONGEST_ID);
    let nom = reading.needed("nom", LONGEST_NAME);
    let (id, nom) = match (id, nom) {
        (Ok(id), Ok(nom)) => (id, nom),
        (id, nom) => return Err(id.err().into_iter().chain(nom.err()).collect()),
    };
    let is_code = |code: &str| code.len() == CODE && code.bytes().all(|b| b.is_ascii_digit());
    let is_commune =
        |code: &str| code.len() == CODE && code.bytes().all(|b| b.is_ascii_alphanumeric());
    let is_text = |text: &str| text.chars().count() <= LONGEST_TEXT;
    let day = |text: &str| {
        let day: NaiveDate = text.parse().ok()?;
        (earliest() <= day && day <= today).then_some(day)
    };
    reading.fields.remove(SOURCE);
    let mut given = Given {
        id,
        nom,
        date_maj: reading.made("date_maj", day),
        description: reading.text("description", |_| true),
        commune: reading.text("commune", is_text),
        code_postal: reading.text("code_postal", is_code),
        code_insee: reading.text("code_insee", is_commune),
        adresse: reading.text("adresse", is_text),
        complement_adresse: reading.text("complement_adresse", is_text),
        telephone: reading.text("telephone", is_text),
        courriel: reading.text("courriel", |text| {
            text.validate_email() && text.len() <= LONGEST_EMAIL
        }),
        site_web: reading.made("site_web", WebAddress::read),
        reseaux_porteurs: reading.texts("reseaux_porteurs"),
        left_out: Vec::new(),
    };
    given.left_out = reading.left();
    Ok(given)
}

struct Reading {
    fields: Map<String, Value>,
    left_out: Vec<String>,
}

impl Reading {
    /// A text that must be there.
    fn needed(&mut self, name: &str, longest: usize) -> Result<String, Fault> {
        let fault = |code| Fault::new(format!("/{name}"), code);
        match self.fields.remove(name) {
            None | Some(Value::Null) => Err(fault(FaultCode::Required)),
            Some(Value::String(text)) if text.is_empty() => Err(fault(FaultCode::Required)),
            Some(Value::String(text)) if text.chars().count() > longest => {
                Err(fault(FaultCode::MaxLength).with("max", longest))
            }
            Some(Value::String(text)) => Ok(text),
            Some(_) => Err(fault(FaultCode::Type).with("expected", "string")),
        }
    }

    /// What can be made of a text, if anything.
    fn made<T>(&mut self, name: &str, make: impl FnOnce(&str) -> Option<T>) -> Option<T> {
        let made = match self.fields.remove(name)? {
            Value::Null => return None,
            Value::String(text) if text.is_empty() => return None,
            Value::String(text) => make(&text),
            _ => None,
        };
        if made.is_none() {
            self.left_out.push(name.to_owned());
        }
        made
    }

    fn text(&mut self, name: &str, suits: impl FnOnce(&str) -> bool) -> Option<String> {
        self.made(name, |text| suits(text).then(|| text.to_owned()))
    }

    fn texts(&mut self, name: &str) -> Vec<String> {
        let texts = match self.fields.remove(name) {
            None | Some(Value::Null) => return Vec::new(),
            Some(Value::Array(items)) => items
                .iter()
                .map(|item| item.as_str().map(ToOwned::to_owned))
                .collect(),
            Some(_) => None,
        };
        texts.unwrap_or_else(|| {
            self.left_out.push(name.to_owned());
            Vec::new()
        })
    }

    /// What was not read, those first that the format has.
    fn left(mut self) -> Vec<String> {
        let said = |name: &str| self.fields.get(name).is_some_and(|value| !value.is_null());
        let known = WITHOUT_PLACE.into_iter().filter(|name| said(name));
        let mut all: Vec<String> = known.map(ToOwned::to_owned).collect();
        all.append(&mut self.left_out);
        let is_known = |name: &String| WITHOUT_PLACE.contains(&name.as_str());
        all.extend(
            self.fields
                .into_iter()
                .map(|(name, _)| name)
                .filter(|name| !is_known(name)),
        );
        all.truncate(NAMED);
        // A name that somebody made up may be as long as they like.
        let cut = |name: String| name.chars().take(LONGEST_NAME).collect();
        all.into_iter().map(cut).collect()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn of(value: &Value) -> Result<Given, Vec<Fault>> {
        let today = NaiveDate::from_ymd_opt(2026, 11, 30).unwrap();
        read(value.as_object().unwrap(), today)
    }

    #[test]
    fn what_cannot_be_read_is_left_out_and_named() {
        let given = of(&json!({
            "id": "dora--1", "nom": "CAF", "date_maj": "2062-01-01", "description": "Aide.",
            "code_postal": "3400", "code_insee": "2A004", "telephone": "04 67 00 00 01", "courriel": "personne",
            "site_web": "javascript:alert(1)", "reseaux_porteurs": ["caf", 3], "adresse": 12, "siret": "1",
            "commune": null, "typologie": "CAF", "longitude": null
        }))
        .unwrap();
        assert_eq!((&*given.id, &*given.nom), ("dora--1", "CAF"));
        assert_eq!(given.code_insee.as_deref(), Some("2A004"));
        assert_eq!(given.telephone.as_deref(), Some("04 67 00 00 01"));
        assert_eq!(
            (
                given.date_maj,
                given.code_postal,
                given.courriel,
                given.site_web
            ),
            (None, None, None, None)
        );
        let mut left_out = given.left_out;
        left_out.sort_unstable();
        assert_eq!(
            left_out,
            [
                "adresse",
                "code_postal",
                "courriel",
                "date_maj",
                "reseaux_porteurs",
                "siret",
                "site_web",
                "typologie"
            ]
        );
    }

    #[test]
    fn without_id_or_name_a_structure_is_nobody() {
        let codes = |value| {
            let faults = of(&value).unwrap_err().into_iter();
            faults
                .map(|fault| (fault.pointer().to_owned(), fault.code()))
                .collect::<Vec<_>>()
        };
        assert_eq!(
            codes(json!({ "nom": "x".repeat(201) })),
            [
                ("/id".to_owned(), FaultCode::Required),
                ("/nom".to_owned(), FaultCode::MaxLength)
            ]
        );
        assert_eq!(
            codes(json!({ "id": 3, "nom": "CAF" })),
            [("/id".to_owned(), FaultCode::Type)]
        );
    }
}
