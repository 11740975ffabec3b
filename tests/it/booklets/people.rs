//! Who is named on a booklet, and what they may change of it.

use super::*;

#[tokio::test]
async fn a_new_booklet_comes_with_a_plan_the_stages_and_its_tutor() {
    let world = world().await;
    let claire = world.as_("claire");
    let body = json!({
        "candidate_id": world.candidate_id("karim"),
        "tutor_id": world.user_id("tina"),
        "certification": { "label": "CAP Cuisine", "rncp_code": "38430" },
    });
    let created = claire.post("/v1/booklets", body).await;
    let path = created.header("location").unwrap().to_owned();
    let booklet = created.expect(201);
    assert_eq!(
        (&booklet["state"], &booklet["version"]),
        (&json!("open"), &json!(1))
    );
    assert_eq!(booklet["opened_on"], json!(world.day(0)));
    assert_eq!(booklet["certification"]["scope"], "full");
    assert!(booklet["purpose"].as_str().unwrap().len() > 20);
    let members = claire.get(&format!("{path}/members")).await.expect(200);
    assert_eq!(members["items"][0]["user_id"], json!(world.user_id("tina")));
    assert_eq!(members["items"][0]["given_name"], "Tina");
    let milestones = claire.get(&format!("{path}/milestones")).await.expect(200);
    assert_eq!(milestones["plan"]["state"], "draft");
    let stages: Vec<&Value> = milestones["stages"]
        .as_array()
        .unwrap()
        .iter()
        .map(|s| &s["code"])
        .collect();
    assert_eq!(
        json!(stages),
        json!([
            "information_project",
            "support",
            "admissibility",
            "validation_file",
            "jury"
        ])
    );
    world.as_("tina").get(&path).await.expect(200);
    world.as_("tom").get(&path).await.refused(404, "not_found");
}

#[tokio::test]
async fn people_named_on_a_booklet_are_of_the_organization_and_of_the_right_role() {
    let world = world().await;
    let claire = world.as_("claire");
    let with = |field: &str, id: uuid::Uuid| {
        let mut body = json!({ "candidate_id": world.candidate_id("karim"), "tutor_id": world.user_id("tom") });
        body[field] = json!(id);
        body
    };
    for (field, id, code) in [
        (
            "candidate_id",
            world.candidate_id("rita"),
            "unknown_reference",
        ),
        ("tutor_id", world.user_id("remi"), "unknown_reference"),
        ("tutor_id", world.user_id("vera"), "wrong_role"),
        ("validator_id", world.user_id("tom"), "wrong_role"),
        ("prescriber_id", world.user_id("vera"), "wrong_role"),
    ] {
        let faults = claire.post("/v1/booklets", with(field, id)).await.faults();
        assert_eq!(faults, [(format!("/{field}"), code.to_owned())]);
    }
}

#[tokio::test]
async fn a_tutor_changes_the_target_but_assigns_nobody() {
    let world = world().await;
    let path = world.booklet("samira", "");
    let tom = world.as_("tom");
    let changed = tom
        .patch(&path, json!({ "target_closing_on": "2027-06-30" }))
        .await
        .expect(200);
    assert_eq!(
        (&changed["target_closing_on"], &changed["version"]),
        (&json!("2027-06-30"), &json!(2))
    );
    tom.patch(&path, json!({ "tutor_id": world.user_id("tina") }))
        .await
        .refused(403, "forbidden");
    world
        .as_("samira")
        .patch(&path, json!({ "purpose": "x" }))
        .await
        .refused(403, "forbidden");
    let faults = tom
        .patch(&path, json!({ "state": "closed", "purpose": null }))
        .await
        .faults();
    assert!(faults.contains(&("/state".to_owned(), "unknown_field".to_owned())));
    assert!(faults.contains(&("/purpose".to_owned(), "required".to_owned())));
}

#[tokio::test]
async fn a_new_main_tutor_takes_over_and_the_former_is_out_at_once() {
    let world = world().await;
    let path = world.booklet("samira", "");
    let tina = json!({ "tutor_id": world.user_id("tina") });
    world.as_("claire").patch(&path, tina).await.expect(200);
    world.as_("tina").get(&path).await.expect(200);
    world.as_("tom").get(&path).await.refused(404, "not_found");
    let members = world
        .as_("claire")
        .get(&world.booklet("samira", "members"))
        .await
        .expect(200);
    let ended = &members["items"][1];
    assert_eq!(
        (&ended["user_id"], &ended["ends_on"]),
        (&json!(world.user_id("tom")), &json!(world.day(0)))
    );
    let back = json!({ "tutor_id": world.user_id("tom") });
    world.as_("claire").patch(&path, back).await.expect(200);
    world.as_("tom").get(&path).await.expect(200);
}

#[tokio::test]
async fn a_booklet_keeps_a_watcher_who_was_disabled_but_no_new_one_is() {
    let world = world().await;
    let claire = world.as_("claire");
    let disabled = json!({ "state": "disabled" });
    let vera = world.user_id("vera");
    claire
        .patch(&format!("/v1/users/{vera}"), disabled)
        .await
        .expect(200);
    let same = json!({ "validator_id": vera, "prescriber_id": null });
    let kept = claire.patch(&world.booklet("samira", ""), same).await;
    assert_eq!(kept.expect(200)["validator_id"], json!(vera));
    let new = json!({ "validator_id": vera });
    let faults = claire
        .patch(&world.booklet("karim", ""), new)
        .await
        .faults();
    assert_eq!(
        faults,
        [("/validator_id".to_owned(), "not_allowed".to_owned())]
    );
}
