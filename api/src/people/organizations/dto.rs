//! What travels about organizations.

use entity::organization;
use entity::values::Locale;
use sea_orm::Set;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::rules;
use crate::kit::Meta;

/// A training body that runs booklets.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Organization {
    #[serde(flatten)]
    meta: Meta,
    /// Nom de la structure.
    name: String,
    /// SIRET.
    siret: Option<String>,
    /// Adresse.
    address: Option<String>,
    /// Téléphone.
    phone: Option<String>,
    /// Courriel.
    email: Option<String>,
    /// Time zone (IANA): "today" is reckoned in it.
    timezone: String,
    /// Language of texts.
    locale: Locale,
    /// For how many months closed booklets are kept.
    retention_months: i32,
    /// After how many weeks without contact a booklet is listed as to do (`no_contact`).
    no_contact_weeks: i32,
}

impl From<organization::Model> for Organization {
    fn from(row: organization::Model) -> Self {
        Self {
            meta: (&row).into(),
            name: row.name,
            siret: row.siret,
            address: row.address,
            phone: row.phone,
            email: row.email,
            timezone: row.timezone,
            locale: row.locale,
            retention_months: row.retention_months,
            no_contact_weeks: row.no_contact_weeks,
        }
    }
}

/// What is written about an organization.
#[derive(Debug, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"name": "Centre Horizon", "siret": "73282932000074", "address": "12 rue des Lilas, 34000 Montpellier", "timezone": "Europe/Paris"}))]
pub(crate) struct OrganizationInput {
    /// Nom de la structure.
    #[schema(min_length = 1, max_length = 200)]
    name: String,
    /// SIRET: 14 digits, the last one a check digit.
    #[serde(default)]
    #[validate(custom(function = "rules::siret"))]
    #[schema(pattern = r"^\d{14}$", max_length = 14)]
    siret: Option<String>,
    /// Adresse.
    #[serde(default)]
    #[schema(max_length = 2000)]
    address: Option<String>,
    /// Téléphone. Kept in international form (E.164); one as people dial it in France or overseas
    /// (`06 12 34 56 78`) is understood.
    #[serde(default)]
    #[schema(max_length = 16, pattern = r"^\+[1-9]\d{6,14}$")]
    phone: Option<String>,
    /// Courriel.
    #[serde(default)]
    #[validate(email)]
    #[schema(min_length = 3, max_length = 254)]
    email: Option<String>,
    /// Time zone (IANA). Default: `Europe/Paris`.
    #[serde(default = "paris")]
    #[validate(custom(function = "rules::timezone"))]
    #[schema(max_length = 64, default = "Europe/Paris")]
    timezone: String,
    /// Language of texts. Default: `fr`.
    #[serde(default = "french")]
    locale: Locale,
    /// For how many months closed booklets are kept. Default: 24.
    #[serde(default = "two_years")]
    #[schema(minimum = 6, maximum = 120, default = 24)]
    retention_months: i32,
    /// After how many weeks without contact a booklet is listed as to do (`no_contact`). Default: 6.
    #[serde(default = "six_weeks")]
    #[schema(minimum = 1, maximum = 52, default = 6)]
    no_contact_weeks: i32,
}

fn paris() -> String {
    "Europe/Paris".to_owned()
}

fn french() -> Locale {
    Locale::Fr
}

fn two_years() -> i32 {
    24
}

fn six_weeks() -> i32 {
    6
}

impl From<&organization::Model> for OrganizationInput {
    fn from(row: &organization::Model) -> Self {
        Self {
            name: row.name.clone(),
            siret: row.siret.clone(),
            address: row.address.clone(),
            phone: row.phone.clone(),
            email: row.email.clone(),
            timezone: row.timezone.clone(),
            locale: row.locale,
            retention_months: row.retention_months,
            no_contact_weeks: row.no_contact_weeks,
        }
    }
}

impl From<OrganizationInput> for organization::ActiveModel {
    fn from(input: OrganizationInput) -> Self {
        Self {
            name: Set(input.name),
            siret: Set(input.siret),
            address: Set(input.address),
            phone: Set(input.phone),
            email: Set(input.email.map(|email| email.to_ascii_lowercase())),
            timezone: Set(input.timezone),
            locale: Set(input.locale),
            retention_months: Set(input.retention_months),
            no_contact_weeks: Set(input.no_contact_weeks),
            ..Default::default()
        }
    }
}
