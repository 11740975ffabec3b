//! What is counted where people change their own account: guesses, and the mails that they have sent.

use std::num::NonZeroU32;

use api::foundation::config::{Config, RateLimit};
use chrono::TimeDelta;
use reqwest::Method;
use serde_json::json;
use tests::{Answer, PASSWORD, World};

use super::{NEW, TOM, forget_password, log_in, want_email};
use crate::world_with;

const WRONG: &str = "quatre chevaux verts";

fn limited(config: &mut Config) {
    config.rate_limit = RateLimit::PerSecond(NonZeroU32::new(100_000).unwrap());
}

/// Tom rehearses a change of his address.
async fn rehearse(world: &World, password: &str) -> Answer {
    let body = json!({ "email": "thomas@livret.example", "current_password": password });
    let dry = [("prefer", "dry-run")];
    let tom = world.as_("tom");
    tom.send(Method::POST, "/v1/me/email", Some(body), &dry)
        .await
}

#[tokio::test]
async fn guessing_the_present_password_is_slowed_like_guessing_at_log_in() {
    let world = world_with(limited).await;
    for _ in 0..5 {
        let wrong = want_email(&world, "tom", "t@livret.example", WRONG).await;
        wrong.expect(422);
    }
    let body = json!({ "current_password": PASSWORD, "new_password": NEW });
    let slowed = world.as_("tom").post("/v1/me/password", body.clone()).await;
    let problem = slowed.refused(429, "too_many_attempts");
    assert!(problem["retry_after"].as_u64().unwrap() > 0);
    log_in(&world, TOM, PASSWORD)
        .await
        .refused(429, "too_many_attempts");
    world.clock.advance(TimeDelta::seconds(31));
    world
        .as_("tom")
        .post("/v1/me/password", body)
        .await
        .expect(204);
}

#[tokio::test]
async fn a_mailbox_is_not_flooded_whoever_has_it() {
    let world = world_with(limited).await;
    for email in [TOM, "nobody@livret.example"] {
        for _ in 0..5 {
            forget_password(&world, email).await.expect(204);
        }
        forget_password(&world, email)
            .await
            .refused(429, "too_many_attempts");
    }
    assert_eq!(world.mails().await.len(), 1);
    // Logging in is another matter.
    log_in(&world, TOM, PASSWORD).await.expect(200);
}

#[tokio::test]
async fn nobody_has_mails_sent_to_as_many_addresses_as_they_like() {
    let world = world_with(limited).await;
    for n in 0..5 {
        let email = format!("friend{n}@livret.example");
        want_email(&world, "tom", &email, PASSWORD)
            .await
            .expect(204);
    }
    let sent = world.mails().await.len();
    for n in 5..8 {
        let email = format!("friend{n}@livret.example");
        want_email(&world, "tom", &email, PASSWORD)
            .await
            .refused(429, "too_many_attempts");
    }
    assert_eq!(world.mails().await.len(), sent);
    // Neither his own log-in is concerned, nor what others do.
    log_in(&world, TOM, PASSWORD).await.expect(200);
    want_email(&world, "tina", "t@livret.example", PASSWORD)
        .await
        .expect(204);
}

#[tokio::test]
async fn rehearsals_send_no_mail_and_use_none_up() {
    let world = world_with(limited).await;
    for _ in 0..12 {
        rehearse(&world, PASSWORD).await.expect(204);
    }
    assert!(world.mails().await.is_empty());
    for n in 0..5 {
        let email = format!("friend{n}@livret.example");
        want_email(&world, "tom", &email, PASSWORD)
            .await
            .expect(204);
    }
    // What the call itself would meet.
    rehearse(&world, PASSWORD)
        .await
        .refused(429, "too_many_attempts");
}

#[tokio::test]
async fn a_password_guessed_in_rehearsals_is_guessed_all_the_same() {
    let world = world_with(limited).await;
    for _ in 0..5 {
        rehearse(&world, WRONG).await.expect(422);
    }
    rehearse(&world, PASSWORD)
        .await
        .refused(429, "too_many_attempts");
    log_in(&world, TOM, PASSWORD)
        .await
        .refused(429, "too_many_attempts");
}
