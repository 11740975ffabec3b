//! § 08: the rendez-vous that action sheets are about.

use serde_json::{Value, json};
use tests::World;

use super::rows;
use crate::world;

fn rendez_vous() -> Value {
    json!({
        "starts_at": "2026-12-03T09:00:00+01:00", "ends_at": "2026-12-03T10:30:00+01:00",
        "kind": "interview", "mode": "on_site", "place": "Salle 2",
    })
}

async fn make(world: &World) -> Value {
    world
        .as_("tom")
        .post(&world.booklet("samira", "appointments"), rendez_vous())
        .await
        .expect(201)
}

fn item(appointment: &Value) -> String {
    format!("/v1/appointments/{}", appointment["id"].as_str().unwrap())
}

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
async fn a_candidate_cancels_and_changes_nothing_else() {
    let world = world().await;
    let samira = world.as_("samira");
    let path = item(&make(&world).await);
    for change in [
        json!({ "place": "Au café" }),
        json!({ "state": "held" }),
        json!({ "state": "cancelled", "place": "Au café" }),
        json!({}),
    ] {
        samira.patch(&path, change).await.refused(403, "forbidden");
    }
    let cancelled = samira
        .patch(&path, json!({ "state": "cancelled" }))
        .await
        .expect(200);
    assert_eq!(
        (&cancelled["state"], &cancelled["sequence"]),
        (&json!("cancelled"), &json!(1))
    );
    samira
        .patch(&path, json!({ "state": "planned" }))
        .await
        .refused(403, "forbidden");
    let held = item(&make(&world).await);
    let tom = world.as_("tom");
    tom.patch(&held, json!({ "state": "held" }))
        .await
        .expect(200);
    samira
        .patch(&held, json!({ "state": "cancelled" }))
        .await
        .refused(409, "invalid_transition");
    let appointments = world.booklet("samira", "appointments");
    samira
        .post(&appointments, rendez_vous())
        .await
        .refused(403, "forbidden");
    samira.delete(&held).await.refused(403, "forbidden");
}

#[tokio::test]
async fn an_integration_makes_and_moves_appointments_of_its_organization() {
    let world = world().await;
    let crm = world.as_("crm");
    let path = world.booklet("karim", "appointments");
    let made = crm.post(&path, rendez_vous()).await.expect(201);
    crm.patch(&item(&made), json!({ "mode": "phone" }))
        .await
        .expect(200);
    crm.delete(&item(&made)).await.refused(403, "forbidden");
    crm.post(&world.booklet("rita", "appointments"), rendez_vous())
        .await
        .refused(404, "not_found");
    for stranger in ["tina", "nadia", "samira", "rose", "remi"] {
        let stranger = world.as_(stranger);
        stranger.get(&item(&made)).await.refused(404, "not_found");
    }
    for never in ["paul", "vera", "ada"] {
        let never = world.as_(never);
        never.get(&item(&made)).await.refused(403, "forbidden");
    }
}

#[tokio::test]
async fn appointments_are_filtered_by_time_and_state() {
    let world = world().await;
    let tom = world.as_("tom");
    let path = world.booklet("samira", "appointments");
    for day in 1..=3 {
        let body = json!({
            "starts_at": format!("2026-12-0{day}T09:00:00Z"),
            "ends_at": format!("2026-12-0{day}T10:00:00Z"),
            "kind": "workshop", "mode": "video",
            "state": if day == 1 { "held" } else { "planned" },
        });
        tom.post(&path, body).await.expect(201);
    }
    for (filter, found) in [
        ("from=2026-12-02T00:00:00Z", 2),
        ("to=2026-12-02T09:00:00Z", 2),
        ("from=2026-12-02T00:00:00Z&to=2026-12-02T23:59:59Z", 1),
        ("state=held", 1),
        ("state=planned&from=2026-12-03T10:00:00%2B01:00", 1),
    ] {
        let page = tom.get(&format!("{path}?{filter}")).await.expect(200);
        assert_eq!(page["items"].as_array().unwrap().len(), found, "{filter}");
    }
    tom.get(&format!("{path}?from=demain"))
        .await
        .refused(400, "malformed_query");
}

#[tokio::test]
async fn an_appointment_serves_a_step_of_its_own_booklet() {
    let world = world().await;
    let tom = world.as_("tom");
    let own = rows::plan_step(&world, "samira", "horizon", None).await;
    let made = make(&world).await;
    let changed = tom
        .patch(&item(&made), json!({ "plan_step_id": own }))
        .await
        .expect(200);
    assert_eq!(changed["plan_step_id"], own.to_string());
    assert_eq!(changed["sequence"], 0);
    let karims = rows::plan_step(&world, "karim", "horizon", None).await;
    let ritas = rows::plan_step(&world, "rita", "rivage", None).await;
    let refused = [("/plan_step_id".to_owned(), "unknown_reference".to_owned())];
    for other in [karims, ritas, api::kit::new_id()] {
        let change = json!({ "plan_step_id": other });
        assert_eq!(tom.patch(&item(&made), change).await.faults(), refused);
        let mut body = rendez_vous();
        body["plan_step_id"] = json!(other);
        let path = world.booklet("samira", "appointments");
        assert_eq!(tom.post(&path, body).await.faults(), refused);
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
async fn faults_of_an_appointment_come_with_their_pointers() {
    let world = world().await;
    let tom = world.as_("tom");
    let path = world.booklet("samira", "appointments");
    let body = json!({ "starts_at": "demain", "mode": "pigeon", "sequence": 3 });
    let mut faults = tom.post(&path, body).await.faults();
    faults.sort();
    let expected = [
        ("/ends_at", "required"),
        ("/kind", "required"),
        ("/mode", "enum"),
        ("/sequence", "unknown_field"),
        ("/starts_at", "format"),
    ];
    assert_eq!(
        faults,
        expected.map(|(at, code)| (at.to_owned(), code.to_owned()))
    );
    for (field, value, code) in [
        ("ends_at", "2026-12-03T09:00:00+01:00", "dates_order"),
        ("ends_at", "2026-12-03T08:59:00+01:00", "dates_order"),
        ("ends_at", "9999-12-31T23:59:59-12:00", "not_allowed"),
        ("starts_at", "0001-01-01T00:00:00+12:00", "not_allowed"),
        ("timezone", "Europe/Lutèce", "timezone"),
    ] {
        let mut body = rendez_vous();
        body[field] = json!(value);
        let faults = tom.post(&path, body).await.faults();
        assert_eq!(faults, [(format!("/{field}"), code.to_owned())]);
    }
    let made = make(&world).await;
    let faults = tom
        .patch(&item(&made), json!({ "starts_at": "2026-12-04T09:00:00Z" }))
        .await
        .faults();
    assert_eq!(faults, [("/ends_at".to_owned(), "dates_order".to_owned())]);
}

#[tokio::test]
async fn an_erased_time_zone_is_the_organization_s() {
    let world = world().await;
    let tom = world.as_("tom");
    let mut body = rendez_vous();
    body["timezone"] = json!("Indian/Reunion");
    let path = world.booklet("samira", "appointments");
    let made = tom.post(&path, body).await.expect(201);
    assert_eq!(made["timezone"], "Indian/Reunion");
    let changed = tom
        .patch(&item(&made), json!({ "timezone": null }))
        .await
        .expect(200);
    assert_eq!(changed["timezone"], "Europe/Paris");
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
