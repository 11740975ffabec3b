//! What the candidate and an integration may, and what is found in a list.

use super::*;

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
            "starts_at": format!("2026-11-0{day}T09:00:00Z"),
            "ends_at": format!("2026-11-0{day}T10:00:00Z"),
            "kind": "workshop", "mode": "video",
            "state": if day == 1 { "held" } else { "planned" },
        });
        tom.post(&path, body).await.expect(201);
    }
    for (filter, found) in [
        ("from=2026-11-02T00:00:00Z", 2),
        ("to=2026-11-02T09:00:00Z", 2),
        ("from=2026-11-02T00:00:00Z&to=2026-11-02T23:59:59Z", 1),
        ("state=held", 1),
        ("state=held,planned", 3),
        ("state=planned&from=2026-11-03T10:00:00%2B01:00", 1),
    ] {
        let page = tom.get(&format!("{path}?{filter}")).await.expect(200);
        assert_eq!(page["items"].as_array().unwrap().len(), found, "{filter}");
    }
    tom.get(&format!("{path}?from=demain"))
        .await
        .refused(400, "malformed_query");
}
