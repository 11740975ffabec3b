//! How much there may be, of a booklet, of an organization, in one answer.

use std::num::NonZeroU32;

use api::foundation::config::RateLimit;
use serde_json::{Value, json};
use tests::Answer;

use super::many_notes;
use crate::it::imports::{applied, counts};
use crate::{world, world_with};

fn most(answer: Answer) -> Value {
    answer.refused(409, "quota_reached")["errors"][0]["params"]["max"].clone()
}

#[tokio::test]
async fn a_booklet_has_so_many_pages_of_a_kind_and_the_refusal_says_how_many() {
    let world = world_with(|config| config.booklet_rows = 3.try_into().unwrap()).await;
    let tom = world.as_("tom");
    let note = json!({ "body": "Une note.", "visibility": "private" });
    let of = |candidate: &str| world.booklet(candidate, "notes");
    let mut last = Value::Null;
    for _ in 0..3 {
        last = tom.post(&of("samira"), note.clone()).await.expect(201);
    }
    assert_eq!(most(tom.post(&of("samira"), note.clone()).await), 3);
    // Neither another kind nor another booklet is full.
    let appointment =
        json!({ "contacted_on": "2026-11-20", "contact_mode": "sms", "comment": "Oui" });
    let follow_ups = world.booklet("samira", "follow-ups");
    tom.post(&follow_ups, appointment).await.expect(201);
    tom.post(&of("karim"), note.clone()).await.expect(201);
    let path = format!("/v1/notes/{}", last["id"].as_str().unwrap());
    tom.delete(&path).await.expect(204);
    tom.post(&of("samira"), note).await.expect(201);
}

#[tokio::test]
async fn so_does_an_organization() {
    let world = world_with(|config| config.organization_rows = 5.try_into().unwrap()).await;
    let new = json!({ "given_name": "Inès", "family_name": "Roy" });
    let claire = world.as_("claire");
    let mut answer = claire.post("/v1/candidates", new.clone()).await;
    for _ in 0..5 {
        if answer.status == 201 {
            answer = claire.post("/v1/candidates", new.clone()).await;
        }
    }
    assert_eq!(most(answer), 5);
}

/// A file of more than there may be was applied.
#[tokio::test]
async fn nor_has_it_more_out_of_a_file() {
    let world = world_with(|config| config.organization_rows = 20.try_into().unwrap()).await;
    let row = |number| format!("C-{number},Inès,Roy\n");
    let file = |rows| -> String { (0..rows).map(row).collect() };
    let file = |rows| format!("external_id,given_name,family_name\n{}", file(rows));
    let failed = applied(&world, &file(21)).await;
    assert_eq!(counts(&failed), ("failed", [0, 0, 0, 0]));
    assert_eq!(failed["reason"], "quota_reached");
    assert_eq!(
        counts(&applied(&world, &file(5)).await),
        ("done", [5, 0, 0, 0])
    );
    // The same again are no more.
    assert_eq!(
        counts(&applied(&world, &file(5)).await),
        ("done", [0, 0, 5, 0])
    );
}

/// Forty thousand notes were four hundred megabytes for each reader.
#[tokio::test]
async fn a_booklet_that_is_too_large_for_one_answer_is_read_in_pages() {
    let world = world().await;
    many_notes(&world, 700).await;
    let full = world.booklet("samira", "full");
    world.as_("tom").get(&full).await.expect(200);
    many_notes(&world, 200).await;
    world
        .as_("tom")
        .get(&full)
        .await
        .refused(422, "answer_too_large");
    let notes = world.booklet("samira", "notes?limit=100");
    world.as_("tom").get(&notes).await.expect(200);
}

#[tokio::test]
async fn a_person_reads_two_whole_booklets_at_a_time() {
    let world = world_with(|config| {
        config.rate_limit = RateLimit::PerSecond(NonZeroU32::new(10_000).unwrap());
    })
    .await;
    many_notes(&world, 600).await;
    let full = world.booklet("samira", "full");
    let ask = || async {
        let request = reqwest::Client::new().get(format!("{}{full}", world.url()));
        let request = request.bearer_auth(world.as_("tom").token().unwrap());
        request.send().await.unwrap()
    };
    // Answers that nobody takes are held all the same.
    let held = [ask().await, ask().await];
    assert!(held.iter().all(|answer| answer.status() == 200));
    assert_eq!(ask().await.status(), 429);
    let elsewhere = world.as_("claire").get(&full).await;
    elsewhere.expect(200);
    for answer in held {
        answer.bytes().await.unwrap();
    }
    for _ in 0..250 {
        if ask().await.status() == 200 {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    panic!("held for ever");
}
