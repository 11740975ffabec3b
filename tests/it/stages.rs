//! § 06: how far a booklet has come on the stages of the VAE.

use serde_json::{Value, json};

use super::rows;
use crate::world;

#[tokio::test]
async fn a_booklet_has_all_stages_in_their_order() {
    let world = world().await;
    let path = world.booklet("samira", "stages");
    let stages = world.as_("samira").get(&path).await.expect(200);
    assert_eq!(stages["next"], Value::Null);
    let shown: Vec<_> = stages["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|stage| (stage["code"].as_str().unwrap(), stage["position"].as_i64()))
        .collect();
    assert_eq!(
        shown,
        [
            ("information_project", Some(1)),
            ("support", Some(2)),
            ("admissibility", Some(3)),
            ("validation_file", Some(4)),
            ("jury", Some(5)),
        ]
    );
    assert_eq!(
        stages["items"][2]["label"],
        "Recevabilité : livret 1 ou dossier de faisabilité"
    );
    assert_eq!(stages["items"][2]["state"], "not_started");
}

#[tokio::test]
async fn a_stage_begins_ends_and_is_taken_back() {
    let world = world().await;
    let path = world.booklet("samira", "stages/admissibility");
    let (samira, tom, claire) = (world.as_("samira"), world.as_("tom"), world.as_("claire"));
    let begun = samira
        .patch(&path, json!({ "state": "in_progress" }))
        .await
        .expect(200);
    assert_eq!(begun["started_on"], world.day(0).to_string());
    assert_eq!(begun["completed_on"], Value::Null);
    assert_eq!(begun["version"], 2);
    assert_eq!(begun["position"], 3);
    world.advance_days(30);
    let done = tom
        .patch(&path, json!({ "state": "done", "comment": "Accordée." }))
        .await
        .expect(200);
    assert_eq!(done["started_on"], begun["started_on"]);
    assert_eq!(done["completed_on"], world.day(0).to_string());
    assert_eq!(samira.get(&path).await.expect(200), done);
    let back = claire
        .patch(&path, json!({ "state": "in_progress" }))
        .await
        .expect(200);
    assert_eq!(
        (&back["started_on"], &back["completed_on"], &back["comment"]),
        (&begun["started_on"], &Value::Null, &json!("Accordée."))
    );
    let anew = tom
        .patch(&path, json!({ "state": "not_started" }))
        .await
        .expect(200);
    assert_eq!(anew["started_on"], Value::Null);
    let skipped = tom.patch(&path, json!({ "state": "skipped" })).await;
    assert_eq!(skipped.expect(200)["state"], "skipped");
    let told = rows::events(&world, "stage_progress").await;
    assert_eq!(told.len(), 5);
    assert_eq!(told[0].changed.0, ["state", "started_on"]);
    assert_eq!(told[0].state.as_deref(), Some("in_progress"));
}

#[tokio::test]
async fn given_dates_are_kept_and_in_order() {
    let world = world().await;
    let path = world.booklet("samira", "stages/support");
    let tom = world.as_("tom");
    let change =
        json!({ "state": "done", "started_on": "2026-01-05", "completed_on": "2026-02-05" });
    let done = tom.patch(&path, change).await.expect(200);
    assert_eq!(
        (&done["started_on"], &done["completed_on"]),
        (&json!("2026-01-05"), &json!("2026-02-05"))
    );
    let faults = tom
        .patch(&path, json!({ "completed_on": "2026-01-04" }))
        .await
        .faults();
    assert_eq!(
        faults,
        [("/completed_on".to_owned(), "dates_order".to_owned())]
    );
    let mut faults = tom
        .patch(
            &path,
            json!({ "state": "begun", "code": "jury", "started_on": "hier" }),
        )
        .await
        .faults();
    faults.sort();
    let expected = [
        ("/code", "unknown_field"),
        ("/started_on", "format"),
        ("/state", "enum"),
    ];
    assert_eq!(
        faults,
        expected.map(|(at, code)| (at.to_owned(), code.to_owned()))
    );
}

#[tokio::test]
async fn others_do_not_see_how_far_a_booklet_has_come() {
    let world = world().await;
    let (list, item) = (
        world.booklet("samira", "stages"),
        world.booklet("samira", "stages/jury"),
    );
    for stranger in ["tina", "nadia", "rose", "remi", "rita"] {
        let stranger = world.as_(stranger);
        stranger.get(&list).await.refused(404, "not_found");
        stranger.get(&item).await.refused(404, "not_found");
        stranger
            .patch(&item, json!({ "comment": "x" }))
            .await
            .refused(404, "not_found");
    }
    for never in ["paul", "vera", "crm", "ada"] {
        world.as_(never).get(&list).await.refused(403, "forbidden");
        world.as_(never).get(&item).await.refused(403, "forbidden");
    }
    let tom = world.as_("tom");
    for unknown in ["stages/unknown", "stages/2", "stages/%00"] {
        tom.get(&world.booklet("samira", unknown))
            .await
            .refused(404, "not_found");
    }
    tom.patch(&world.booklet("samira", "stages/unknown"), json!({}))
        .await
        .refused(404, "not_found");
}

#[tokio::test]
async fn the_stages_of_a_closed_booklet_stay_as_they_are() {
    let world = world().await;
    rows::close_booklet(&world, "samira").await;
    let path = world.booklet("samira", "stages/jury");
    let tom = world.as_("tom");
    tom.patch(&path, json!({ "state": "done" }))
        .await
        .refused(409, "booklet_closed");
    tom.get(&path).await.expect(200);
}
