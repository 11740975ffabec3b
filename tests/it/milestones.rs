//! How far a booklet has come, for those who read nothing else of it.

use serde_json::json;

use crate::world;

#[tokio::test]
async fn prescriber_and_validator_read_the_milestones_of_their_booklets_alone() {
    let world = world().await;
    let (own, other) = (
        world.booklet("samira", "milestones"),
        world.booklet("nadia", "milestones"),
    );
    for watcher in ["paul", "vera"] {
        let watcher = world.as_(watcher);
        let read = watcher.get(&own).await.expect(200);
        assert_eq!(read["booklet_id"], json!(world.booklet_id("samira")));
        assert_eq!(read["candidate"]["name"], "Samira Benali");
        assert_eq!(read["tutor"]["name"], "Tom Martin");
        watcher.get(&other).await.refused(404, "not_found");
        let list = watcher.get("/v1/milestones").await.expect(200);
        assert_eq!(list["items"], json!([read]));
        watcher
            .get(&world.booklet("samira", ""))
            .await
            .refused(403, "forbidden");
        watcher
            .get(&world.booklet("samira", "follow-ups"))
            .await
            .refused(403, "forbidden");
    }
    let list = world.as_("crm").get("/v1/milestones").await.expect(200);
    assert_eq!(list["items"].as_array().unwrap().len(), 3);
    world.as_("ada").get(&own).await.refused(403, "forbidden");
}

#[tokio::test]
async fn milestones_hold_no_free_text() {
    let world = world().await;
    let call =
        json!({ "contacted_on": "2026-11-20", "contact_mode": "video", "comment": "Secret" });
    world
        .as_("tom")
        .post(&world.booklet("samira", "follow-ups"), call)
        .await
        .expect(201);
    let purpose = json!({ "purpose": "Confidentiel", "certification": { "label": "CAP Cuisine" } });
    world
        .as_("tom")
        .patch(&world.booklet("samira", ""), purpose)
        .await
        .expect(200);
    let read = world
        .as_("paul")
        .get(&world.booklet("samira", "milestones"))
        .await
        .expect(200);
    assert_eq!(
        read["follow_ups"],
        json!([{ "contacted_on": "2026-11-20", "contact_mode": "video" }])
    );
    for text in ["Secret", "Confidentiel", "Cuisine"] {
        assert!(!read.to_string().contains(text));
    }
}
