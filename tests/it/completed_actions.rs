//! § 09: what was done.

use serde_json::{Value, json};

use crate::world;

fn call() -> Value {
    json!({ "done_on": "2026-11-18", "description": "  Visite du point relais conseil.  " })
}

#[tokio::test]
async fn what_was_done_is_written_changed_and_deleted_by_the_tutor() {
    let world = world().await;
    let tom = world.as_("tom");
    let created = tom
        .post(&world.booklet("samira", "completed-actions"), call())
        .await;
    let location = created.header("location").unwrap().to_owned();
    let created = created.expect(201);
    assert_eq!(created["description"], "Visite du point relais conseil.");
    assert_eq!(created["source"], "manual");
    assert_eq!(created["sheet_item_id"], json!(null));
    assert_eq!(created["author_id"], world.user_id("tom").to_string());
    assert_eq!(created["author"]["name"], "Tom Martin");
    assert_eq!(tom.get(&location).await.expect(200), created);
    let changed = tom
        .patch(&location, json!({ "done_on": "2026-11-19" }))
        .await
        .expect(200);
    assert_eq!(
        (&changed["done_on"], &changed["version"]),
        (&json!("2026-11-19"), &json!(2))
    );
    assert_eq!(changed["author"], created["author"]);
    tom.delete(&location).await.expect(204);
    tom.get(&location).await.refused(404, "not_found");
}

#[tokio::test]
async fn a_candidate_reads_all_and_changes_what_it_wrote_alone() {
    let world = world().await;
    let (tom, samira) = (world.as_("tom"), world.as_("samira"));
    let path = world.booklet("samira", "completed-actions");
    let by_tom = tom.post(&path, call()).await.expect(201);
    let by_tom = format!("/v1/completed-actions/{}", by_tom["id"].as_str().unwrap());
    let own = samira.post(&path, call()).await.expect(201);
    let own = format!("/v1/completed-actions/{}", own["id"].as_str().unwrap());
    let list = samira.get(&path).await.expect(200);
    assert_eq!(list["items"].as_array().unwrap().len(), 2);
    let change = || json!({ "description": "Autre" });
    samira.patch(&own, change()).await.expect(200);
    samira
        .patch(&by_tom, change())
        .await
        .refused(404, "not_found");
    samira.delete(&own).await.refused(403, "forbidden");
    tom.patch(&own, change()).await.expect(200);
}

#[tokio::test]
async fn the_list_is_filtered_by_day_and_by_source() {
    let world = world().await;
    let tom = world.as_("tom");
    let path = world.booklet("samira", "completed-actions");
    for day in 10..14 {
        let body = json!({ "done_on": format!("2026-11-{day}"), "description": "Un pas" });
        tom.post(&path, body).await.expect(201);
    }
    let count = async |filter: &str| {
        let page = tom.get(&format!("{path}?{filter}")).await.expect(200);
        page["items"].as_array().unwrap().len()
    };
    assert_eq!(count("done_from=2026-11-11&done_to=2026-11-12").await, 2);
    assert_eq!(count("source=manual").await, 4);
    assert_eq!(count("source=sheet").await, 0);
    tom.get(&format!("{path}?source=moon"))
        .await
        .refused(400, "malformed_query");
}

#[tokio::test]
async fn others_see_no_completed_action_and_write_none() {
    let world = world().await;
    let path = world.booklet("samira", "completed-actions");
    for stranger in ["tina", "nadia", "remi", "rita"] {
        let stranger = world.as_(stranger);
        stranger.get(&path).await.refused(404, "not_found");
        stranger.post(&path, call()).await.refused(404, "not_found");
    }
    world
        .as_("claire")
        .post(&path, call())
        .await
        .refused(404, "not_found");
    world.as_("claire").get(&path).await.expect(200);
    for role in ["paul", "vera", "crm", "ada"] {
        world.as_(role).get(&path).await.refused(403, "forbidden");
    }
}

#[tokio::test]
async fn what_was_done_has_a_day_and_a_text() {
    let world = world().await;
    let body = json!({ "description": "", "source": "sheet" });
    let mut faults = world
        .as_("tom")
        .post(&world.booklet("samira", "completed-actions"), body)
        .await
        .faults();
    faults.sort();
    let expected = [
        ("/description", "min_length"),
        ("/done_on", "required"),
        ("/source", "unknown_field"),
    ];
    let expected = expected.map(|(pointer, code)| (pointer.to_owned(), code.to_owned()));
    assert_eq!(faults, expected);
}
