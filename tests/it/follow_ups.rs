//! § 10: what is said between two appointments.

use serde_json::{Value, json};

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

    let mut read = tom.get(&location).await.expect(200);
    let author = read.as_object_mut().unwrap().remove("author").unwrap();
    let expected = json!({ "id": world.user_id("tom"), "name": "Tom Martin", "role": "tutor" });
    assert_eq!(author, expected);
    assert_eq!(read, created);
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
    for reader in ["samira", "claire"] {
        world.as_(reader).get(&item).await.expect(200);
        world
            .as_(reader)
            .patch(&item, json!({ "comment": "x" }))
            .await
            .refused(403, "forbidden");
    }
    world.as_("paul").get(&item).await.refused(403, "forbidden");
    world
        .anonymous()
        .get(&item)
        .await
        .refused(401, "unauthenticated");
}
