//! What travels about useful addresses.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use entity::useful_address;
use entity::values::{AddressCategory, Texts};
use migration::fold::sort_key;
use sea_orm::Set;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use validator::Validate;

use super::rules;
use crate::foundation::operations::written::web_address;
use crate::kit::external_references::{ExternalReference, ExternalReferences};
use crate::kit::{Meta, Several};

/// A body that helps (§07: Organisme / Missions principales).
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct UsefulAddress {
    #[serde(flatten)]
    meta: Meta,
    /// The organization whose directory it is in; null when it is shared by all.
    organization_id: Option<Uuid>,
    /// Kind of body.
    category: AddressCategory,
    /// Organisme.
    name: String,
    /// Missions principales.
    missions: String,
    /// Téléphone.
    phone: Option<String>,
    /// E-mail address.
    email: Option<String>,
    /// Pages on the web.
    #[schema(value_type = Vec<WebAddress>, max_items = 20)]
    urls: Vec<String>,
    /// Adresse postale.
    postal_address: Option<String>,
    /// Départements that it serves; none named: no limit known.
    #[schema(value_type = Vec<Department>, max_items = 109)]
    department_codes: Vec<String>,
    /// The day somebody last checked these data, if ever.
    verified_on: Option<NaiveDate>,
    /// What other systems call it.
    #[schema(max_items = 20)]
    external_references: Vec<ExternalReference>,
}

impl UsefulAddress {
    /// The body with what other systems call it.
    pub(super) fn of(row: useful_address::Model, references: ExternalReferences) -> Self {
        Self {
            meta: (&row).into(),
            organization_id: row.organization_id,
            category: row.category,
            name: row.name,
            missions: row.missions,
            phone: row.phone,
            email: row.email,
            urls: row.urls.0,
            postal_address: row.postal_address,
            department_codes: row.department_codes.0,
            verified_on: row.verified_on,
            external_references: references.into_iter().collect(),
        }
    }
}

/// What the directory says of a body.
#[derive(Debug, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"category": "prescriber", "name": "Mission locale de Montpellier", "missions": "Accompagne les jeunes de 16 à 25 ans vers l'emploi et la formation.", "phone": "0 800 00 70 70", "urls": ["https://mission-locale.example/montpellier"], "department_codes": ["34"], "verified_on": "2026-11-02"}))]
pub(crate) struct UsefulAddressInput {
    /// Kind of body.
    pub(crate) category: AddressCategory,
    /// Organisme.
    #[schema(min_length = 1, max_length = 200)]
    pub(crate) name: String,
    /// Missions principales.
    #[schema(min_length = 1, max_length = 2000)]
    pub(crate) missions: String,
    /// Téléphone: in international form (E.164), or as people dial it in France: ten digits from
    /// 0, or a short number, with or without spaces.
    #[serde(default)]
    #[schema(
        max_length = 20,
        pattern = r"^(\+[1-9][0-9]{6,14}|0( ?[0-9]){9}|[13][0-9] ?[0-9]{2}|1[0-9]{1,2}|118 ?[0-9]{3})$"
    )]
    pub(crate) phone: Option<String>,
    /// E-mail address.
    #[serde(default)]
    #[validate(email)]
    #[schema(min_length = 3, max_length = 254)]
    pub(crate) email: Option<String>,
    /// Pages on the web.
    #[serde(default)]
    #[schema(max_items = 20)]
    pub(crate) urls: Vec<WebAddress>,
    /// Adresse postale.
    #[serde(default)]
    #[schema(max_length = 2000)]
    pub(crate) postal_address: Option<String>,
    /// Départements that it serves; none named: no limit known.
    #[serde(default)]
    #[schema(max_items = 109)]
    pub(crate) department_codes: BTreeSet<Department>,
    /// The day somebody last checked these data, if ever.
    #[serde(default)]
    pub(crate) verified_on: Option<NaiveDate>,
    /// What other systems call it; the list is replaced whole. Not for bodies shared by all.
    #[serde(default)]
    #[schema(max_items = 20)]
    pub(crate) external_references: BTreeSet<ExternalReference>,
}

/// Of a page on the web, in characters.
const LONGEST_ADDRESS: usize = 2000;

/// Address of a page on the web, http or https.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(transparent)]
#[schema(
    format = "uri",
    max_length = 2000,
    pattern = r"^https?://[^\s/]\S*$",
    example = "https://mon-service-cep.fr"
)]
pub(crate) struct WebAddress(String);

impl WebAddress {
    /// What this text is, if it is a page on the web.
    pub(crate) fn read(text: &str) -> Option<Self> {
        let address = web_address(text)?;
        (address.chars().count() <= LONGEST_ADDRESS).then_some(Self(address))
    }

    /// One that was checked when it was written.
    pub(crate) fn of(address: String) -> Self {
        Self(address)
    }
}

/// Number of a département or of a collectivité overseas, as INSEE lists them.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(try_from = "String")]
#[schema(
    max_length = 3,
    pattern = "^(0[1-9]|1[0-9]|2[1-9AB]|[3-8][0-9]|9[0-5]|97[1-8]|98[46-9])$",
    example = "34"
)]
pub(crate) struct Department(pub(crate) String);

impl TryFrom<String> for Department {
    type Error = &'static str;

    fn try_from(code: String) -> Result<Self, Self::Error> {
        if rules::is_department(&code) {
            Ok(Self(code))
        } else {
            Err("not the number of a département")
        }
    }
}

impl UsefulAddressInput {
    /// The editable fields as they are now.
    pub(crate) fn of(row: &useful_address::Model, references: ExternalReferences) -> Self {
        let departments = row.department_codes.0.iter().cloned().map(Department);
        Self {
            category: row.category,
            name: row.name.clone(),
            missions: row.missions.clone(),
            phone: row.phone.clone(),
            email: row.email.clone(),
            urls: row.urls.0.iter().cloned().map(WebAddress).collect(),
            postal_address: row.postal_address.clone(),
            department_codes: departments.collect(),
            verified_on: row.verified_on,
            external_references: references,
        }
    }
}

impl UsefulAddressInput {
    /// The case of an e-mail address makes no difference.
    pub(crate) fn in_lower_case(self) -> Self {
        Self {
            email: self.email.map(|email| email.to_ascii_lowercase()),
            ..self
        }
    }
}

impl From<UsefulAddressInput> for useful_address::ActiveModel {
    fn from(input: UsefulAddressInput) -> Self {
        let departments = input.department_codes.into_iter().map(|code| code.0);
        Self {
            category: Set(input.category),
            sort_key: Set(sort_key(&input.name)),
            search: Set(rules::search_text(&input.name, &input.missions)),
            name: Set(input.name),
            missions: Set(input.missions),
            phone: Set(input.phone),
            email: Set(input.email.map(|email| email.to_ascii_lowercase())),
            urls: Set(Texts(input.urls.into_iter().map(|url| url.0).collect())),
            postal_address: Set(input.postal_address),
            department_codes: Set(Texts(departments.collect())),
            verified_on: Set(input.verified_on),
            ..Default::default()
        }
    }
}

/// Which addresses.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct UsefulAddressFilter {
    /// Only bodies of one of these kinds, with commas between.
    #[param(value_type = Option<Vec<AddressCategory>>, inline, style = Form, explode = false,
        min_items = 1, max_items = 8, example = json!(["cep"]))]
    pub(super) category: Option<Several<AddressCategory>>,
    /// Only bodies that name one of these départements, with commas between.
    #[param(value_type = Option<Vec<Department>>, inline, style = Form, explode = false,
        min_items = 1, max_items = 20, example = json!(["75"]))]
    pub(super) department: Option<Several<Department>>,
    /// Only bodies whose name or missions hold these words; case, accents, hyphens and apostrophes make no difference.
    #[param(max_length = 200)]
    pub(super) q: Option<String>,
}
