//! § 10: what is said between two appointments.

use chrono::TimeDelta;
use entity::booklet;
use sea_orm::EntityTrait;
use serde_json::{Value, json};
use tests::World;
use uuid::Uuid;

use crate::world;

fn call() -> Value {
    json!({ "contacted_on": "2026-11-20", "contact_mode": "phone", "comment": "  Rappel du rendez-vous. " })
}

#[tokio::test]
async fn a_tutor_writes_reads_changes_and_deletes_a_follow_up() {
    let world = world().await;
    let tom = world.as_("tom");
    let created = tom
        .post(&world.booklet("samira", "follow-ups"), call())
        .await;
    let location = created.header("location").unwrap().to_owned();
    assert_eq!(created.header("etag"), Some("\"1\""));
    let created = created.expect(201);
    assert_eq!(created["comment"], "Rappel du rendez-vous.");
    assert_eq!(created["direction"], "none");
    assert_eq!(created["author_id"], world.user_id("tom").to_string());

    let expected = json!({ "id": world.user_id("tom"), "name": "Tom Martin", "role": "tutor" });
    assert_eq!(created["author"], expected);
    assert_eq!(tom.get(&location).await.expect(200), created);
    let list = tom.get(&world.booklet("samira", "follow-ups")).await;
    assert_eq!(list.expect(200)["items"][0]["author"], expected);

    let changed = tom
        .patch(&location, json!({ "duration_minutes": 10 }))
        .await
        .expect(200);
    assert_eq!(
        (&changed["duration_minutes"], &changed["version"]),
        (&json!(10), &json!(2))
    );
    assert_eq!(changed["author"], expected);
    // An edit that changes nothing says it too.
    let same = json!({ "duration_minutes": 10 });
    let same = tom.patch(&location, same).await.expect(200);
    assert_eq!((&same["author"], &same["version"]), (&expected, &json!(2)));
    let erased = tom
        .patch(&location, json!({ "duration_minutes": null }))
        .await
        .expect(200);
    assert_eq!(erased["duration_minutes"], Value::Null);

    tom.delete(&location).await.expect(204);
    tom.get(&location).await.refused(404, "not_found");
}

#[tokio::test]
async fn all_faults_come_back_at_once_with_their_pointers() {
    let world = world().await;
    let body = json!({ "contacted_on": "hier", "contact_mode": "pigeon", "comment": "", "id": 1 });
    let mut faults = world
        .as_("tom")
        .post(&world.booklet("samira", "follow-ups"), body)
        .await
        .faults();
    faults.sort();
    let expected = [
        ("/comment", "min_length"),
        ("/contact_mode", "enum"),
        ("/contacted_on", "format"),
        ("/id", "unknown_field"),
    ];
    let expected = expected.map(|(pointer, code)| (pointer.to_owned(), code.to_owned()));
    assert_eq!(faults, expected);
}

#[tokio::test]
async fn others_see_neither_the_follow_up_nor_the_booklet() {
    let world = world().await;
    let path = world.booklet("samira", "follow-ups");
    let created = world.as_("tom").post(&path, call()).await.expect(201);
    let item = format!("/v1/follow-ups/{}", created["id"].as_str().unwrap());
    for stranger in ["tina", "nadia", "remi", "rose", "rita"] {
        world
            .as_(stranger)
            .get(&path)
            .await
            .refused(404, "not_found");
        world
            .as_(stranger)
            .get(&item)
            .await
            .refused(404, "not_found");
    }
    // A coordinator changes them where she tutors.
    for (reader, status, code) in [("samira", 403, "forbidden"), ("claire", 404, "not_found")] {
        world.as_(reader).get(&item).await.expect(200);
        world
            .as_(reader)
            .patch(&item, json!({ "comment": "x" }))
            .await
            .refused(status, code);
    }
    world.as_("paul").get(&item).await.refused(403, "forbidden");
    world
        .anonymous()
        .get(&item)
        .await
        .refused(401, "unauthenticated");
}

/// The day that the work list reckons silence from.
#[expect(clippy::disallowed_methods, reason = "it is shown nowhere by itself")]
async fn quiet_since(world: &World, booklet: &str) -> Value {
    let row = booklet::Entity::find_by_id(booklet.parse::<Uuid>().unwrap());
    let row = row.one(world.state.db.reader()).await.unwrap();
    json!(row.unwrap().quiet_since)
}

#[tokio::test]
async fn the_last_contact_is_known_whatever_becomes_of_contacts() {
    let world = world().await;
    let (claire, tom) = (world.as_("claire"), world.as_("tom"));
    let body = json!({ "candidate_id": world.candidate_id("nadia"), "tutor_id": world.user_id("tom"), "opened_on": world.day(-60) });
    let made = claire.post("/v1/booklets", body).await.expect(201);
    let id = made["id"].as_str().unwrap();
    let since = async || quiet_since(&world, id).await;
    let call = async |on: i64| {
        let body =
            json!({ "contacted_on": world.day(on), "contact_mode": "phone", "comment": "Oui" });
        let made = tom
            .post(&format!("/v1/booklets/{id}/follow-ups"), body)
            .await;
        format!(
            "/v1/follow-ups/{}",
            made.expect(201)["id"].as_str().unwrap()
        )
    };
    assert_eq!(since().await, json!(world.day(-60)));
    let (last, _former) = (call(-10).await, call(-20).await);
    assert_eq!(
        since().await,
        json!(world.day(-10)),
        "an earlier one is no later"
    );
    let moved = json!({ "contacted_on": world.day(-30) });
    tom.patch(&last, moved).await.expect(200);
    assert_eq!(
        since().await,
        json!(world.day(-20)),
        "the last one was moved back"
    );
    let moved = json!({ "contacted_on": world.day(-5) });
    tom.patch(&last, moved).await.expect(200);
    assert_eq!(since().await, json!(world.day(-5)), "it was moved forth");
    tom.patch(&last, json!({ "comment": "Non" }))
        .await
        .expect(200);
    assert_eq!(since().await, json!(world.day(-5)), "it stayed on its day");
    tom.delete(&last).await.expect(204);
    assert_eq!(since().await, json!(world.day(-20)), "it was taken back");

    let at = |hours| json!(world.clock.now() - TimeDelta::hours(hours));
    let held = json!({ "starts_at": at(72), "ends_at": at(71), "kind": "interview", "mode": "phone", "state": "held" });
    let meetings = format!("/v1/booklets/{id}/appointments");
    let meeting = tom.post(&meetings, held).await.expect(201);
    let on = world.clock.now() - TimeDelta::hours(72);
    let on = on.with_timezone(&chrono_tz::Europe::Paris).date_naive();
    assert_eq!(since().await, json!(on), "they met");
    let meeting = format!("/v1/appointments/{}", meeting["id"].as_str().unwrap());
    tom.patch(&meeting, json!({ "state": "no_show" }))
        .await
        .expect(200);
    assert_eq!(since().await, json!(world.day(-20)), "they did not");
}
