//! What travels about identity providers.

use entity::identity_provider;
use sea_orm::Set;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use crate::kit::Meta;

/// An OpenID provider whose tokens the organization trusts.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct IdentityProvider {
    #[serde(flatten)]
    meta: Meta,
    /// What people call it.
    #[schema(max_length = 200)]
    name: String,
    /// Its issuer, as its tokens say (`iss`).
    #[schema(
        format = "uri",
        max_length = 500,
        example = "https://connexion.horizon.example/realms/vae"
    )]
    issuer: String,
    /// For whom its tokens are made (`aud`).
    #[schema(max_length = 200)]
    audience: String,
    /// The claim that holds the e-mail address.
    #[schema(max_length = 100)]
    email_claim: String,
    /// Whether the provider must say that it verified the address (`email_verified`).
    require_verified_email: bool,
    /// Whether its tokens are accepted.
    enabled: bool,
}

impl From<identity_provider::Model> for IdentityProvider {
    fn from(row: identity_provider::Model) -> Self {
        Self {
            meta: (&row).into(),
            name: row.name,
            issuer: row.issuer,
            audience: row.audience,
            email_claim: row.email_claim,
            require_verified_email: row.require_verified_email,
            enabled: row.enabled,
        }
    }
}

/// What is known of an identity provider.
#[derive(Debug, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"name": "Connexion Horizon", "issuer": "https://connexion.horizon.example/realms/vae", "audience": "livret"}))]
pub(crate) struct IdentityProviderInput {
    /// What people call it.
    #[schema(min_length = 1, max_length = 200)]
    pub(super) name: String,
    /// Its issuer, as its tokens say (`iss`): an `https` address, to the letter. Its keys are found
    /// by way of `<issuer>/.well-known/openid-configuration`.
    #[schema(format = "uri", min_length = 1, max_length = 500)]
    pub(super) issuer: String,
    /// For whom its tokens are made (`aud`): often the client id that it gave to Livret.
    #[schema(min_length = 1, max_length = 200)]
    pub(super) audience: String,
    /// The claim that holds the e-mail address. Default: `email`.
    #[serde(default = "email")]
    #[schema(
        min_length = 1,
        max_length = 100,
        pattern = r"^[A-Za-z0-9_.:/-]{1,100}$"
    )]
    pub(super) email_claim: String,
    /// Whether the provider must say that it verified the address (`email_verified`). Where it does
    /// not, whoever chooses an address there is taken for the person here. Default: true. Must be
    /// false where `email_claim` is another claim than `email`, the only one that it speaks of.
    #[serde(default = "yes")]
    pub(super) require_verified_email: bool,
    /// Whether its tokens are accepted. Default: true.
    #[serde(default = "yes")]
    pub(super) enabled: bool,
}

fn email() -> String {
    "email".to_owned()
}

fn yes() -> bool {
    true
}

impl From<&identity_provider::Model> for IdentityProviderInput {
    fn from(row: &identity_provider::Model) -> Self {
        Self {
            name: row.name.clone(),
            issuer: row.issuer.clone(),
            audience: row.audience.clone(),
            email_claim: row.email_claim.clone(),
            require_verified_email: row.require_verified_email,
            enabled: row.enabled,
        }
    }
}

impl From<IdentityProviderInput> for identity_provider::ActiveModel {
    fn from(input: IdentityProviderInput) -> Self {
        Self {
            name: Set(input.name),
            issuer: Set(input.issuer),
            audience: Set(input.audience),
            email_claim: Set(input.email_claim),
            require_verified_email: Set(input.require_verified_email),
            enabled: Set(input.enabled),
            ..Default::default()
        }
    }
}
