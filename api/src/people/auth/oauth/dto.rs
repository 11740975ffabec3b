//! What travels at `/oauth`: forms in, JSON out.

use chrono::{DateTime, Utc};
use entity::values::Role;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

/// A request for an access token (RFC 6749, sections 4.4.2 and 6).
#[derive(Debug, Deserialize, ToSchema, Validate)]
#[schema(example = json!({"grant_type": "client_credentials", "client_id": "$crm.client_id", "client_secret": "$crm.secret"}))]
pub(super) struct TokenRequest {
    /// `client_credentials` for a service account, `refresh_token` for the session of a person.
    #[schema(max_length = 100, example = "client_credentials")]
    pub(super) grant_type: String,
    /// The service account's `client_id`, unless it is in the header (HTTP Basic); `livret` or
    /// nothing for the session of a person.
    #[serde(default)]
    #[schema(max_length = 200, nullable = false)]
    pub(super) client_id: Option<String>,
    /// The service account's secret, unless it is in the header (HTTP Basic).
    #[serde(default)]
    #[schema(max_length = 200, nullable = false, format = Password)]
    pub(super) client_secret: Option<String>,
    /// With `client_credentials`: which of the account's scopes the token is to have, separated by
    /// spaces. Default: all of them.
    #[serde(default)]
    #[schema(
        max_length = 500,
        nullable = false,
        example = "booklets:read candidates:read"
    )]
    pub(super) scope: Option<String>,
    /// With `refresh_token`: the refresh token last received. Each works once.
    #[serde(default)]
    #[schema(max_length = 2000, nullable = false)]
    pub(super) refresh_token: Option<String>,
}

/// An access token (RFC 6749, section 5.1).
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct AccessToken {
    /// JWT for the header `Authorization: Bearer`.
    #[schema(max_length = 2000)]
    pub(super) access_token: String,
    /// Always `Bearer`.
    #[schema(example = "Bearer", max_length = 6)]
    pub(super) token_type: &'static str,
    /// Seconds until the access token expires.
    #[schema(minimum = 1, example = 900, maximum = 900)]
    pub(super) expires_in: i64,
    /// For a person: renews the access token, once.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, nullable = false, max_length = 2000)]
    pub(super) refresh_token: Option<String>,
    /// For a service account: what the token may do, separated by spaces.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(
        required = false,
        nullable = false,
        example = "booklets:read candidates:write",
        max_length = 500
    )]
    pub(super) scope: Option<String>,
    /// For a service account: until when the secret that was used works (UTC).
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, nullable = false)]
    pub(super) secret_expires_at: Option<DateTime<Utc>>,
    /// For a service account: whether that is less than 30 days away. A coordinator gives another
    /// secret with `POST /v1/service-accounts/{id}/rotate`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, nullable = false, example = false)]
    pub(super) secret_expires_soon: Option<bool>,
}

/// A token to revoke (RFC 7009, section 2.1) or to look into (RFC 7662, section 2.1).
#[derive(Debug, Deserialize, ToSchema, Validate)]
#[schema(example = json!({"token": "no.longer.known", "client_id": "$crm.client_id", "client_secret": "$crm.secret"}))]
pub(super) struct TokenInQuestion {
    /// An access token or a refresh token.
    #[schema(max_length = 2000)]
    pub(super) token: String,
    /// `access_token` or `refresh_token`; the service finds out by itself.
    #[serde(default)]
    #[schema(max_length = 100, nullable = false, example = "access_token")]
    #[expect(
        dead_code,
        reason = "a hint that is not needed; declared for those who send it"
    )]
    pub(super) token_type_hint: Option<String>,
    /// The service account's `client_id`, unless it is in the header (HTTP Basic); for the token
    /// of a person `livret` or nothing.
    #[serde(default)]
    #[schema(max_length = 200, nullable = false)]
    pub(super) client_id: Option<String>,
    /// The service account's secret, unless it is in the header (HTTP Basic).
    #[serde(default)]
    #[schema(max_length = 200, nullable = false, format = Password)]
    pub(super) client_secret: Option<String>,
}

/// What a token is worth now (RFC 7662, section 2.2). All but `active` is there for an active one
/// alone.
#[derive(Debug, Default, Serialize, ToSchema)]
pub(super) struct Introspection {
    /// Whether the service takes it, and it is one of the caller's organization.
    pub(super) active: bool,
    /// What a service account's token may do now, separated by spaces.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(
        required = false,
        nullable = false,
        example = "booklets:read",
        max_length = 500
    )]
    pub(super) scope: Option<String>,
    /// Whose token it is: a service account's `client_id`, or `livret` for people.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, nullable = false, max_length = 200)]
    pub(super) client_id: Option<String>,
    /// `Bearer`, for an access token.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, nullable = false, example = "Bearer", max_length = 6)]
    pub(super) token_type: Option<&'static str>,
    /// When it expires, in seconds since 1970.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(
        required = false,
        nullable = false,
        minimum = 0,
        example = 1_795_428_900
    )]
    pub(super) exp: Option<i64>,
    /// When it was made, in seconds since 1970.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(
        required = false,
        nullable = false,
        minimum = 0,
        example = 1_795_428_000
    )]
    pub(super) iat: Option<i64>,
    /// From when on it is taken, in seconds since 1970.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(
        required = false,
        nullable = false,
        minimum = 0,
        example = 1_795_428_000
    )]
    pub(super) nbf: Option<i64>,
    /// The user or service account.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, nullable = false)]
    pub(super) sub: Option<Uuid>,
    /// Whom it is for: `livret`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(
        required = false,
        nullable = false,
        example = "livret",
        max_length = 100
    )]
    pub(super) aud: Option<String>,
    /// Who made it: the service's public address.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(
        required = false,
        nullable = false,
        format = "uri",
        example = "http://127.0.0.1:8080",
        max_length = 500
    )]
    pub(super) iss: Option<String>,
    /// The access token's own id.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, nullable = false)]
    pub(super) jti: Option<Uuid>,
    /// The session that it belongs to, for people.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, nullable = false)]
    pub(super) sid: Option<Uuid>,
    /// The role.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, nullable = false)]
    pub(super) role: Option<Role>,
    /// The organization.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, nullable = false)]
    pub(super) org: Option<Uuid>,
}
