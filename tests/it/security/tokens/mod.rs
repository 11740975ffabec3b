//! Access tokens that are not ours, no longer ours, or not meant so (RFC 8725).

mod claims;
mod ended;
mod forged;

use api::foundation::keys::rotation::{self, Rotation};
use base64::Engine;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD};
use chrono::TimeDelta;
use jsonwebtoken::{Algorithm, EncodingKey, crypto};
use reqwest::Method;
use serde_json::{Value, json};
use tests::{Answer, World};

use super::forger::{Forger, changed, message};
use crate::it::auth::sign_in;
use crate::it::oauth::account_of;
use crate::world;

async fn me(world: &World, token: &str) -> Answer {
    world.anonymous().bearing(token).get("/v1/me").await
}

async fn refused(world: &World, what: &str, token: &str) {
    let answer = me(world, token).await;
    assert_eq!(answer.status, 401, "{what}: {:#}", answer.body);
    assert_eq!(answer.header("www-authenticate"), Some("Bearer"), "{what}");
    answer.refused(401, "unauthenticated");
}
