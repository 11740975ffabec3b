//! What travels to sign in.

use chrono::{DateTime, Utc};
use entity::values::{Locale, Role};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

/// An e-mail address and a password, to sign in.
#[derive(Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"email": "tutrice@horizon.example", "password": "livret de demonstration"}))]
pub(crate) struct Credentials {
    /// E-mail address of the account.
    #[schema(max_length = 254)]
    pub(crate) email: String,
    /// Password, as typed.
    #[schema(max_length = 128, format = Password)]
    pub(crate) password: String,
}

/// To renew an access token.
#[derive(Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"refresh_token": "AZrq9jTzcvWbxTtDQ3HbZAAAAAHH2k1nq1m3vXvJ5o7bG2wq0YdS9pQ4rT6uW8xZ1aB3cA"}))]
pub(crate) struct RefreshToken {
    /// The refresh token last received. Each works once.
    #[schema(max_length = 2000)]
    pub(crate) refresh_token: String,
}

/// Which session ends.
#[derive(Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({}))]
pub(crate) struct SessionEnd {
    /// The session's refresh token. Default: the session of the access token sent.
    #[serde(default)]
    #[schema(max_length = 2000)]
    pub(crate) refresh_token: Option<String>,
}

/// Tokens of a session.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Tokens {
    /// JWT for the header `Authorization: Bearer`.
    #[schema(max_length = 2000)]
    pub(crate) access_token: String,
    /// Always `Bearer`.
    #[schema(example = "Bearer", max_length = 6)]
    pub(crate) token_type: &'static str,
    /// Seconds until the access token expires.
    #[schema(minimum = 1, example = 900, maximum = 900)]
    pub(crate) expires_in: i64,
    /// Renews the access token, once, at `POST /v1/auth/refresh`.
    #[schema(max_length = 2000)]
    pub(crate) refresh_token: String,
}

/// To activate an invited account.
#[derive(Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"token": "$jeanne.token", "password": "quatre chevaux mauves"}))]
pub(crate) struct InvitationAcceptance {
    /// The token of the invitation.
    #[schema(max_length = 200)]
    pub(crate) token: String,
    /// The password chosen: anything not easy to guess; a phrase of several words does well.
    #[schema(min_length = 8, max_length = 128, format = Password)]
    pub(crate) password: String,
}

/// The person signed in.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Me {
    #[serde(flatten)]
    pub(crate) meta: crate::kit::Meta,
    /// The organization; the platform admin has none.
    pub(crate) organization_id: Option<Uuid>,
    /// E-mail address.
    #[schema(max_length = 254)]
    pub(crate) email: String,
    /// Prénom.
    #[schema(max_length = 200)]
    pub(crate) given_name: String,
    /// Nom.
    #[schema(max_length = 200)]
    pub(crate) family_name: String,
    /// Téléphone.
    #[schema(max_length = 16)]
    pub(crate) phone: Option<String>,
    /// Language of texts.
    pub(crate) locale: Locale,
    /// Rôle.
    pub(crate) role: Role,
    /// Last time they signed in (UTC).
    pub(crate) last_login_at: Option<DateTime<Utc>>,
    /// The time before that (UTC): what is new to somebody is new since then.
    pub(crate) previous_login_at: Option<DateTime<Utc>>,
}

impl From<entity::user::Model> for Me {
    fn from(row: entity::user::Model) -> Self {
        Self {
            meta: (&row).into(),
            organization_id: row.organization_id,
            email: row.email,
            given_name: row.given_name,
            family_name: row.family_name,
            phone: row.phone,
            locale: row.locale,
            role: row.role,
            last_login_at: row.last_login_at,
            previous_login_at: row.previous_login_at,
        }
    }
}

/// What one may change about oneself.
#[derive(Debug, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"phone": "+33612345678"}))]
pub(crate) struct MyContact {
    /// Téléphone. Kept in international form (E.164); one as people dial it in France or overseas
    /// (`06 12 34 56 78`) is understood.
    #[schema(max_length = 16, pattern = r"^\+[1-9]\d{6,14}$")]
    pub(crate) phone: Option<String>,
    /// Language of texts.
    pub(crate) locale: Locale,
}
