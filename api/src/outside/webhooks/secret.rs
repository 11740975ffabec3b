//! The secrets that sign messages. They are derived from the service's key and a salt: whoever has
//! the database alone signs nothing.

use aws_lc_rs::hmac::Tag;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use chrono::{DateTime, Utc};
use entity::webhook;
use standardwebhooks::Webhook as Signer;
use uuid::Uuid;

use crate::foundation::keys::{self, Keys};
use crate::kit::{Code, Problem, Result};

/// A secret: 256 bits.
pub(super) struct Secret(Tag);

impl Secret {
    /// The one that this salt stands for.
    pub(super) fn of(keys: &Keys, webhook_id: Uuid, salt: &str) -> Self {
        let parts = [
            b"webhook-secret",
            &webhook_id.as_bytes()[..],
            salt.as_bytes(),
        ];
        Self(keys.mac(&parts))
    }

    /// As it is given to the endpoint's owner.
    pub(super) fn text(&self) -> String {
        format!("whsec_{}", BASE64_STANDARD.encode(self.0.as_ref()))
    }

    /// The signature of a message.
    ///
    /// # Errors
    /// Never for a body that is a text.
    pub(super) fn sign(&self, id: &str, timestamp: i64, body: &str) -> Result<String> {
        Signer::from_bytes(self.0.as_ref().to_vec())
            .and_then(|signer| signer.sign(id, timestamp, body.as_bytes()))
            .map_err(|error| {
                tracing::error!(%error, "a message cannot be signed");
                Problem::new(Code::InternalError)
            })
    }
}

/// What a new secret is derived from.
pub(super) fn salt() -> Result<String> {
    keys::secret().map_err(|error| {
        tracing::error!(%error, "cannot make a secret");
        Problem::new(Code::InternalError)
    })
}

/// The signatures of a message by all secrets that work now, the present one first.
///
/// # Errors
/// Never for a body that is a text.
pub(super) fn signatures(
    keys: &Keys,
    webhook: &webhook::Model,
    (id, body): (&str, &str),
    now: DateTime<Utc>,
    timestamp: i64,
) -> Result<String> {
    let former = webhook
        .former_secret_salt
        .as_deref()
        .filter(|_| webhook.former_secret_expires_at > Some(now));
    let salts = std::iter::once(webhook.secret_salt.as_str()).chain(former);
    let signed: Result<Vec<String>> = salts
        .map(|salt| Secret::of(keys, webhook.id, salt).sign(id, timestamp, body))
        .collect();
    Ok(signed?.join(" "))
}
