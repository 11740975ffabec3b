//! Forgotten passwords, changes of password and of address.

mod addresses;
mod limited;
mod passwords;

use chrono::TimeDelta;
use futures_util::future::join_all;
use serde_json::{Value, json};
use tests::{Answer, Mail, PASSWORD, World};

use super::auth::log_in;
use super::rows;
use crate::world;

const TOM: &str = "tom@livret.example";
const NEW: &str = "trois moutons bleus";

async fn forget_password(world: &World, email: &str) -> Answer {
    let body = json!({ "email": email });
    world
        .anonymous()
        .post("/v1/auth/password-reset", body)
        .await
}

async fn choose(world: &World, mail: &Mail, password: &str) -> Answer {
    let body = json!({ "token": mail.token(), "password": password });
    let path = "/v1/auth/password-reset/confirm";
    world.anonymous().post(path, body).await
}

/// Tom's last mail, after he forgot his password.
async fn reset_mail(world: &World) -> Mail {
    forget_password(world, TOM).await.expect(204);
    world.mails_to(TOM).await.pop().unwrap()
}

async fn want_email(world: &World, name: &str, email: &str, password: &str) -> Answer {
    let body = json!({ "email": email, "current_password": password });
    world.as_(name).post("/v1/me/email", body).await
}

async fn confirm(world: &World, mail: &Mail) -> Answer {
    let body = json!({ "token": mail.token() });
    world.anonymous().post("/v1/auth/email/confirm", body).await
}

async fn told(world: &World) -> Vec<String> {
    let events = rows::events(world, "user").await;
    events.into_iter().map(|event| event.kind).collect()
}
