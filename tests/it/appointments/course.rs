//! Made, moved, held, cancelled, deleted: what becomes of it, and when it stays.

use super::*;

#[tokio::test]
async fn a_tutor_makes_moves_and_deletes_an_appointment() {
    let world = world().await;
    let tom = world.as_("tom");
    let created = tom
        .post(&world.booklet("samira", "appointments"), rendez_vous())
        .await;
    let location = created.header("location").unwrap().to_owned();
    let created = created.expect(201);
    assert_eq!(created["starts_at"], "2026-12-03T08:00:00Z");
    assert_eq!(created["timezone"], "Europe/Paris");
    assert_eq!(created["state"], "planned");
    assert_eq!(created["sequence"], 0);
    for reader in ["samira", "claire", "crm"] {
        assert_eq!(world.as_(reader).get(&location).await.expect(200), created);
    }
    let moved = tom
        .patch(&location, json!({ "ends_at": "2026-12-03T11:00:00+01:00" }))
        .await
        .expect(200);
    assert_eq!(
        (&moved["sequence"], &moved["version"]),
        (&json!(1), &json!(2))
    );
    tom.delete(&location).await.expect(204);
    tom.get(&location).await.refused(404, "not_found");
}

#[tokio::test]
async fn the_sequence_rises_when_calendars_must_hear_of_it() {
    let world = world().await;
    let tom = world.as_("tom");
    let path = item(&make(&world).await);
    for (change, sequence) in [
        (json!({ "kind": "workshop" }), 0),
        (json!({ "starts_at": "2026-12-03T08:00:00Z" }), 0),
        (json!({ "starts_at": "2026-12-03T09:15:00+01:00" }), 1),
        (json!({ "place": null }), 2),
        (json!({ "mode": "video" }), 3),
        (json!({ "timezone": "Indian/Reunion" }), 4),
        (json!({ "state": "cancelled" }), 5),
        (json!({ "state": "planned", "mode": "phone" }), 6),
        (json!({ "state": "held" }), 6),
    ] {
        let changed = tom.patch(&path, change.clone()).await.expect(200);
        assert_eq!(changed["sequence"], sequence, "{change}");
    }
}

#[tokio::test]
async fn an_appointment_becomes_what_came_of_it() {
    let world = world().await;
    let tom = world.as_("tom");
    for (ways, refused) in [
        (vec!["held", "no_show", "excused"], "cancelled"),
        (vec!["no_show", "held"], "planned"),
        (vec!["no_show"], "cancelled"),
        (vec!["excused", "planned", "held"], "cancelled"),
        (vec!["cancelled", "planned", "no_show"], "planned"),
        (vec!["cancelled"], "held"),
        (vec!["cancelled"], "no_show"),
        (vec!["cancelled"], "excused"),
    ] {
        let path = item(&make(&world).await);
        for state in ways {
            let changed = tom.patch(&path, json!({ "state": state })).await;
            assert_eq!(changed.expect(200)["state"], state);
        }
        tom.patch(&path, json!({ "state": refused }))
            .await
            .refused(409, "invalid_transition");
    }
}

#[tokio::test]
async fn an_appointment_that_a_sheet_is_about_stays() {
    let world = world().await;
    let made = make(&world).await;
    let id = made["id"].as_str().unwrap().parse().unwrap();
    rows::action_sheet(&world, "samira", "horizon", id).await;
    let tom = world.as_("tom");
    tom.delete(&item(&made)).await.refused(409, "in_use");
}

#[tokio::test]
async fn the_appointments_of_a_closed_booklet_stay_as_they_are() {
    let world = world().await;
    let tom = world.as_("tom");
    let made = make(&world).await;
    rows::close_booklet(&world, "samira").await;
    tom.post(&world.booklet("samira", "appointments"), rendez_vous())
        .await
        .refused(409, "booklet_closed");
    tom.patch(&item(&made), json!({ "state": "held" }))
        .await
        .refused(409, "booklet_closed");
    tom.delete(&item(&made))
        .await
        .refused(409, "booklet_closed");
}
