//! Guessing passwords: counted by account, by address and by both, in the database.

use std::num::NonZeroU32;

use api::foundation::config::{Config, RateLimit};
use chrono::TimeDelta;
use entity::sign_in_limit;
use futures_util::future::join_all;
use reqwest::Method;
use sea_orm::EntityTrait;
use sea_orm::sea_query::Expr;
use serde_json::json;
use tests::{Answer, PASSWORD, World};

use crate::{world, world_with};

const HOME: &str = "203.0.113.9";
const WRONG: &str = "quatre chevaux verts";

/// Limits are on, and the test's own address is a proxy's: callers come from where they say.
fn limited(config: &mut Config) {
    config.rate_limit = RateLimit::PerSecond(NonZeroU32::new(100_000).unwrap());
    config.trusted_proxies = vec!["127.0.0.1/32".parse().unwrap()];
}

async fn try_(world: &World, email: &str, password: &str, address: &str) -> Answer {
    let body = json!({ "email": email, "password": password });
    let from = [("x-forwarded-for", address)];
    world
        .anonymous()
        .send(Method::POST, "/v1/auth/login", Some(body), &from)
        .await
}

/// Fails so many times.
async fn fail(world: &World, times: usize, email: &str, address: &str) {
    for _ in 0..times {
        let answer = try_(world, email, WRONG, address).await;
        answer.refused(401, "invalid_credentials");
    }
}

/// Refused until so many seconds from now.
fn wait_of(answer: Answer) -> i64 {
    let header = answer.header("retry-after").unwrap().to_owned();
    let problem = answer.refused(429, "too_many_attempts");
    assert_eq!(problem["retry_after"].to_string(), header);
    header.parse().unwrap()
}

#[tokio::test]
async fn after_five_failures_the_wait_doubles_and_even_the_right_password_waits() {
    let world = world_with(limited).await;
    for email in ["tom@livret.example", "nobody@livret.example"] {
        fail(&world, 5, email, HOME).await;
        let mut waits = Vec::new();
        for _ in 0..7 {
            let wait = wait_of(try_(&world, email, PASSWORD, HOME).await);
            world.clock.advance(TimeDelta::seconds(wait));
            fail(&world, 1, email, HOME).await;
            waits.push(wait);
        }
        assert_eq!(waits, [30, 60, 120, 240, 480, 900, 900], "{email}");
    }
}

#[tokio::test]
async fn a_wait_that_is_over_lets_its_person_in_and_forgets_the_failures() {
    let world = world_with(limited).await;
    let tom = "tom@livret.example";
    fail(&world, 5, tom, HOME).await;
    wait_of(try_(&world, tom, PASSWORD, HOME).await);
    world.clock.advance(TimeDelta::seconds(30));
    try_(&world, tom, PASSWORD, HOME).await.expect(200);
    fail(&world, 5, tom, HOME).await;
}

#[tokio::test]
async fn failures_are_forgiven_one_by_one() {
    let world = world_with(limited).await;
    let tom = "tom@livret.example";
    fail(&world, 5, tom, HOME).await;
    world.clock.advance(TimeDelta::minutes(20));
    fail(&world, 2, tom, HOME).await;
    wait_of(try_(&world, tom, PASSWORD, HOME).await);
}

#[tokio::test]
async fn guesses_sent_all_at_once_are_counted_all_the_same() {
    let world = world_with(limited).await;
    let tom = "tom@livret.example";
    let guesses = (0..30).map(|_| try_(&world, tom, WRONG, HOME));
    let statuses = join_all(guesses).await.into_iter().map(|it| it.status);
    let mut statuses: Vec<u16> = statuses.collect();
    statuses.sort_unstable();
    let mut expected = vec![401; 5];
    expected.resize(30, 429);
    assert_eq!(statuses, expected);
}

#[tokio::test]
async fn an_account_guessed_from_everywhere_is_still_its_persons_where_they_are_at_home() {
    let world = world_with(limited).await;
    let tom = "tom@livret.example";
    try_(&world, tom, PASSWORD, HOME).await.expect(200);
    for network in 1..=4 {
        fail(&world, 5, tom, &format!("198.51.100.{network}")).await;
    }
    let elsewhere = try_(&world, tom, PASSWORD, "198.51.100.200").await;
    assert!(wait_of(elsewhere) <= 300);
    try_(&world, tom, PASSWORD, HOME).await.expect(200);
    // Others are not concerned.
    let tina = try_(&world, "tina@livret.example", PASSWORD, "198.51.100.200").await;
    tina.expect(200);
    world.clock.advance(TimeDelta::minutes(5));
    let elsewhere = try_(&world, tom, PASSWORD, "198.51.100.200").await;
    elsewhere.expect(200);
}

#[tokio::test]
async fn an_address_that_tries_many_accounts_is_slowed_down() {
    let world = world_with(limited).await;
    for name in 0..50 {
        let email = format!("somebody{name}@livret.example");
        // The many addresses of one IPv6 subscriber are one.
        fail(&world, 1, &email, &format!("2001:db8::{name:x}")).await;
    }
    wait_of(try_(&world, "tom@livret.example", PASSWORD, "2001:db8::ffff").await);
    let next_door = try_(&world, "tom@livret.example", PASSWORD, "2001:db8:0:1::1").await;
    next_door.expect(200);
}

/// Makes each count of one failure a count of so many.
async fn multiply(world: &World, failures: i32) {
    let counts = sign_in_limit::Entity::update_many()
        .col_expr(sign_in_limit::Column::Failures, Expr::value(failures))
        .exec(world.state.db.writer());
    assert_eq!(counts.await.unwrap().rows_affected, 4);
}

/// A thousand failures from as many networks were a refusal for everybody who came from a new one.
#[tokio::test]
async fn failures_elsewhere_keep_nobody_out() {
    let world = world_with(limited).await;
    fail(&world, 1, "nobody@livret.example", "2001:db8::1").await;
    multiply(&world, 5000).await;
    let elsewhere = try_(&world, "tom@livret.example", PASSWORD, "2a01:db8::1").await;
    elsewhere.expect(200);
}

/// Whoever has a /48 has 65,536 networks, and is one.
#[tokio::test]
async fn the_networks_of_one_site_are_slowed_down_together() {
    let world = world_with(limited).await;
    fail(&world, 1, "nobody@livret.example", "2001:db8:1:1::1").await;
    multiply(&world, 210).await;
    let tom = "tom@livret.example";
    wait_of(try_(&world, tom, PASSWORD, "2001:db8:1:ffff::1").await);
    try_(&world, tom, PASSWORD, "2001:db8:2::1")
        .await
        .expect(200);
}

/// A training centre: somebody logs in every thirty seconds, and every second one mistypes.
#[tokio::test]
async fn a_busy_address_is_forgiven_its_typing_errors_as_a_quiet_one_is() {
    let world = world_with(limited).await;
    let people = ["tom", "tina", "samira", "claire"].map(|it| format!("{it}@livret.example"));
    for turn in 0..60 {
        // Somebody whom this address has never seen, and who would wait with it.
        fail(&world, 1, &format!("typo{turn}@livret.example"), HOME).await;
        world.clock.advance(TimeDelta::seconds(30));
        let person = &people[turn % people.len()];
        try_(&world, person, PASSWORD, HOME).await.expect(200);
        world.clock.advance(TimeDelta::seconds(30));
    }
    for name in 0..50 {
        fail(&world, 1, &format!("somebody{name}@livret.example"), HOME).await;
    }
    assert!(wait_of(try_(&world, "nobody@livret.example", WRONG, HOME).await) <= 5);
}

#[tokio::test]
#[expect(clippy::disallowed_methods, reason = "counts are shown to nobody")]
async fn what_is_counted_names_nobody_and_is_forgotten() {
    let world = world_with(limited).await;
    fail(&world, 1, "tom@livret.example", HOME).await;
    let rows = async || {
        let all = sign_in_limit::Entity::find();
        all.all(world.state.db.reader()).await.unwrap()
    };
    let counted = rows().await;
    assert_eq!(counted.len(), 4);
    for row in counted {
        let is_mac = row.key.len() == 64 && row.key.bytes().all(|b| b.is_ascii_hexdigit());
        assert!(is_mac, "{}", row.key);
    }
    world.advance_days(8);
    api::program::server::forget_expired(&world.state)
        .await
        .unwrap();
    assert!(rows().await.is_empty());
}

#[tokio::test]
async fn limits_that_are_off_never_answer_429() {
    let world = world().await;
    fail(&world, 12, "tom@livret.example", HOME).await;
    try_(&world, "tom@livret.example", PASSWORD, HOME)
        .await
        .expect(200);
}
