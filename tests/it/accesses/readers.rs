//! Who is told: those whose booklet it is, their organization, the platform.

use super::*;

#[tokio::test]
async fn a_candidate_is_told_who_opened_their_booklet_and_who_tried() {
    let world = world().await;
    let accesses = world.booklet("samira", "accesses");
    world
        .as_("tom")
        .get(&world.booklet("samira", "full"))
        .await
        .expect(200);
    let tina = world.as_("tina").get(&world.booklet("samira", "")).await;
    tina.refused(404, "not_found");
    let paul = world
        .as_("paul")
        .get(&world.booklet("samira", "notes"))
        .await;
    paul.refused(403, "forbidden");
    // Another booklet is no business of hers.
    world
        .as_("claire")
        .get(&world.booklet("nadia", ""))
        .await
        .expect(200);
    let lines = list(&world, "samira", &accesses).await;
    assert_eq!(
        told(&lines),
        [
            ("list_notes", "refused"),
            ("get_booklet", "refused"),
            ("get_full_booklet", "ok")
        ]
    );
    assert_eq!(lines[1]["code"], "not_found");
    assert_eq!(lines[1]["actor_id"], world.user_id("tina").to_string());
    assert_eq!(lines[2]["actor_role"], "tutor");
    assert!(lines[2]["actor_name"].as_str().unwrap().starts_with("Tom"));
    assert_eq!(lines[2]["status"], 200);
    // Where they sat is for the coordinator.
    assert_eq!(lines[2]["address"], Value::Null);
    let again = list(&world, "tom", &accesses).await;
    assert_eq!(again[0]["operation"], "list_booklet_accesses");
    assert_eq!(again[0]["actor_id"], world.user_id("samira").to_string());
}

#[tokio::test]
async fn a_coordinator_sees_their_organization_and_filters_it() {
    let world = world().await;
    let tom = world.as_("tom");
    tom.get(&world.booklet("samira", "")).await.expect(200);
    tom.get("/v1/candidates?q=samira").await.expect(200);
    tom.get("/v1/accesses").await.refused(403, "forbidden");
    world
        .as_("remi")
        .get(&world.booklet("samira", ""))
        .await
        .refused(404, "not_found");
    written(&world).await;
    let all = list(&world, "claire", "/v1/accesses").await;
    assert_eq!(
        told(&all),
        [
            ("list_accesses", "refused"),
            ("list_candidates", "ok"),
            ("get_booklet", "ok")
        ]
    );
    assert_eq!(all[2]["address"], "127.0.0.1");
    assert_eq!(all[2]["booklet_id"], world.booklet_id("samira").to_string());
    let (tomorrow, yesterday) = (world.day(1), world.day(-1));
    let (tom, samira) = (world.user_id("tom"), world.booklet_id("samira"));
    for (filter, count) in [
        ("outcome=refused".to_owned(), 1),
        ("operation=get_booklet".to_owned(), 1),
        (format!("booklet_id={samira}"), 1),
        ("kind=write".to_owned(), 0),
        (format!("actor_id={tom}"), 3),
        (format!("actor_id={tom}&from={yesterday}T00:00:00Z"), 3),
        (format!("actor_id={tom}&to={yesterday}T00:00:00Z"), 0),
        (format!("from={tomorrow}T23:00:00Z"), 0),
    ] {
        let found = list(&world, "claire", &format!("/v1/accesses?{filter}")).await;
        assert_eq!(found.len(), count, "{filter}");
    }
    let others = list(&world, "rose", "/v1/accesses").await;
    assert_eq!(told(&others), [("get_booklet", "refused")]);
}

#[tokio::test]
async fn the_platform_admin_sees_sign_ins_and_refusals_but_no_booklet() {
    let world = world().await;
    world.log_in("tom@livret.example", tests::PASSWORD).await;
    let tom = world.as_("tom");
    tom.get(&world.booklet("samira", "")).await.expect(200);
    tom.get(&world.booklet("nadia", ""))
        .await
        .refused(404, "not_found");
    tom.get("/v1/accesses").await.refused(403, "forbidden");
    world.as_("claire").get("/v1/candidates").await.expect(200);
    let lines = list(&world, "ada", "/v1/accesses").await;
    assert_eq!(
        told(&lines),
        [("list_accesses", "refused"), ("log_in", "ok")]
    );
    assert!(lines.iter().all(|line| line["booklet_id"] == Value::Null));
    // A tutor's name is none of the platform's business.
    assert_eq!(lines[0]["actor_name"], Value::Null);
}

#[tokio::test]
async fn what_an_administrator_reads_by_break_glass_is_told_to_those_whose_booklet_it_is() {
    let world = world().await;
    let ada = world.as_("ada");
    let booklet = world.booklet("samira", "");
    ada.get(&booklet).await.refused(403, "forbidden");
    let why = json!({ "reason": "Signalement 118 : à la demande de la candidate." });
    let open = world.booklet("samira", "break-glass");
    ada.post(&open, why).await.expect(201);
    ada.get(&booklet).await.expect(200);
    let accesses = world.booklet("samira", "accesses");
    for name in ["samira", "claire"] {
        let lines = list(&world, name, &accesses).await;
        let by_ada = lines.iter().filter(|line| line["actor_role"] == "admin");
        let by_ada: Vec<Value> = by_ada.cloned().collect();
        let expected = [("get_booklet", "ok"), ("get_booklet", "refused")];
        assert_eq!(told(&by_ada), expected, "{name}");
    }
}

#[tokio::test]
async fn what_the_admin_sees_of_an_organization_is_told_to_its_coordinators() {
    let world = world().await;
    let claire = format!("/v1/users/{}", world.user_id("claire"));
    world.as_("ada").get(&claire).await.expect(200);
    let lines = list(&world, "claire", "/v1/accesses").await;
    assert_eq!(told(&lines), [("get_user", "ok")]);
    assert_eq!(lines[0]["actor_role"], "admin");
    assert_eq!(
        list(&world, "rose", "/v1/accesses").await,
        Vec::<Value>::new()
    );
}
