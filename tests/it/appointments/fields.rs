//! What may be written: times in their order, a time zone, a step of the plan.

use super::*;

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
        ("ends_at", "2026-11-03T09:00:00+01:00", "dates_order"),
        ("ends_at", "2026-11-03T08:59:00+01:00", "dates_order"),
        ("ends_at", "2206-12-31T23:59:59-12:00", "maximum"),
        ("starts_at", "0001-01-01T00:00:00+12:00", "minimum"),
        // A leap second: each database keeps it in its own way.
        ("ends_at", "2026-11-03T23:59:60+01:00", "format"),
        ("timezone", "Europe/Lutèce", "timezone"),
    ] {
        let mut body = rendez_vous();
        body[field] = json!(value);
        let faults = tom.post(&path, body).await.faults();
        assert_eq!(faults, [(format!("/{field}"), code.to_owned())]);
    }
    let made = make(&world).await;
    let faults = tom
        .patch(&item(&made), json!({ "starts_at": "2026-11-04T09:00:00Z" }))
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
