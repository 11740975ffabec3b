//! Opening and ending, and who is told of it.

use super::*;

#[tokio::test]
async fn candidate_tutor_and_coordinator_see_who_opened_and_why() {
    let world = world().await;
    let opening = open(&world, "samira", 30).await;
    assert_eq!(opening["reason"], REASON);
    assert_eq!(opening["admin_id"], world.user_id("ada").to_string());
    assert_eq!(opening["admin_name"], "Ada Martin");
    let list = world.booklet("samira", "break-glass");
    let item = format!("/v1/break-glass/{}", opening["id"].as_str().unwrap());
    for name in ["samira", "tom", "claire", "ada"] {
        let seen = world.as_(name).get(&list).await.expect(200);
        assert_eq!(seen["items"], json!([opening]), "{name}");
        assert_eq!(world.as_(name).get(&item).await.expect(200), opening);
    }
    for name in ["nadia", "tina", "rose", "rita"] {
        for path in [&list, &item] {
            world.as_(name).get(path).await.refused(404, "not_found");
        }
    }
    for name in ["paul", "vera", "crm"] {
        for path in [&list, &item] {
            world.as_(name).get(path).await.refused(403, "forbidden");
        }
    }
    end(&world.as_("claire"), &opening).await;
    let trail = world.booklet("samira", "audit");
    let trail = world.as_("samira").get(&trail).await.expect(200);
    let events: Vec<(&str, &str)> = trail["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|event| {
            let text = |name: &str| event[name].as_str().unwrap();
            (text("type"), text("actor_role"))
        })
        .collect();
    let expected = [
        ("break_glass.ended", "coordinator"),
        ("break_glass.opened", "admin"),
    ];
    assert_eq!(events, expected);
}

#[tokio::test]
async fn the_organizations_coordinators_are_told_by_mail_in_their_language() {
    let world = world().await;
    let english = json!({ "locale": "en" });
    world
        .as_("claire")
        .patch("/v1/me", english)
        .await
        .expect(200);
    let at = world.booklet("samira", "break-glass");
    let (ada, body) = (world.as_("ada"), json!({ "reason": REASON }));
    let dry = [("prefer", "dry-run")];
    let rehearsed = ada.send(Method::POST, &at, Some(body), &dry).await;
    rehearsed.expect(201);
    assert!(world.mails().await.is_empty());
    open(&world, "samira", 30).await;
    let mails = world.mails().await;
    let to: Vec<&str> = mails.iter().map(|mail| mail.to.as_str()).collect();
    assert_eq!(to, ["claire@livret.example"]);
    let text = &mails[0].text;
    assert!(text.starts_with("Hello Claire,"), "{text}");
    assert!(text.contains(&world.booklet_id("samira").to_string()));
    // Neither whom it is about nor why stands in a mail.
    for secret in ["Samira", "Signalement"] {
        assert!(!text.contains(secret), "{text}");
    }
}

#[tokio::test]
async fn without_a_way_for_mails_a_booklet_is_opened_all_the_same() {
    let world = world_with(|config| config.mail_outbox = None).await;
    let opening = open(&world, "samira", 30).await;
    let list = world.booklet("samira", "break-glass");
    let seen = world.as_("claire").get(&list).await.expect(200);
    assert_eq!(seen["items"], json!([opening]));
    assert!(rows::mails(&world).await.is_empty());
}

#[tokio::test]
async fn a_coordinator_ends_it_and_others_may_not() {
    let world = world().await;
    let opening = open(&world, "samira", 240).await;
    let at = format!("/v1/break-glass/{}/end", opening["id"].as_str().unwrap());
    for (name, status, code) in [
        ("rose", 404, "not_found"),
        ("samira", 403, "forbidden"),
        ("tom", 403, "forbidden"),
        ("crm", 403, "forbidden"),
    ] {
        world.as_(name).act(&at).await.refused(status, code);
    }
    let ended = end(&world.as_("claire"), &opening).await;
    assert_eq!(ended["ended_by"], world.user_id("claire").to_string());
    let booklet = world.booklet("samira", "");
    world
        .as_("ada")
        .get(&booklet)
        .await
        .refused(403, "forbidden");
    // Twice is once.
    assert_eq!(end(&world.as_("ada"), &opening).await, ended);
}

#[tokio::test]
async fn a_reason_is_written_and_the_time_is_bounded() {
    let world = world().await;
    let ada = world.as_("ada");
    let at = world.booklet("samira", "break-glass");
    for (body, pointer, code) in [
        (json!({}), "/reason", "required"),
        (json!({ "reason": "Parce que." }), "/reason", "min_length"),
        (json!({ "reason": " ".repeat(30) }), "/reason", "min_length"),
        (
            json!({ "reason": "x".repeat(2001) }),
            "/reason",
            "max_length",
        ),
        (
            json!({ "reason": REASON, "minutes": 4 }),
            "/minutes",
            "minimum",
        ),
        (
            json!({ "reason": REASON, "minutes": 241 }),
            "/minutes",
            "maximum",
        ),
        (
            json!({ "reason": REASON, "admin_id": world.user_id("tom") }),
            "/admin_id",
            "unknown_field",
        ),
        (
            json!({ "reason": REASON, "expires_at": "2099-01-01T00:00:00Z" }),
            "/expires_at",
            "unknown_field",
        ),
    ] {
        let faults = ada.post(&at, body).await.faults();
        assert_eq!(faults, [(pointer.to_owned(), code.to_owned())]);
    }
    for name in ["claire", "tom", "samira", "crm", "vera"] {
        let body = json!({ "reason": REASON });
        world
            .as_(name)
            .post(&at, body)
            .await
            .refused(403, "forbidden");
    }
    let nowhere = format!("/v1/booklets/{}/break-glass", api::kit::new_id());
    let body = json!({ "reason": REASON });
    ada.post(&nowhere, body.clone())
        .await
        .refused(404, "not_found");
    ada.get(&nowhere).await.refused(404, "not_found");
    ada.get(&world.booklet("samira", ""))
        .await
        .refused(403, "forbidden");
    let opened = ada.post(&at, body).await;
    let location = opened.header("location").unwrap().to_owned();
    let opened = opened.expect(201);
    assert_eq!(
        location,
        format!("/v1/break-glass/{}", opened["id"].as_str().unwrap())
    );
    let instant = |name: &str| {
        opened[name]
            .as_str()
            .unwrap()
            .parse::<chrono::DateTime<chrono::Utc>>()
            .unwrap()
    };
    assert_eq!(
        instant("expires_at") - instant("created_at"),
        TimeDelta::hours(1)
    );
}

#[tokio::test]
async fn a_dry_run_opens_nothing_and_a_repeated_request_opens_once() {
    let world = world().await;
    let ada = world.as_("ada");
    let at = world.booklet("samira", "break-glass");
    let body = json!({ "reason": REASON });
    let dry = [("prefer", "dry-run")];
    let dry = ada.send(Method::POST, &at, Some(body.clone()), &dry).await;
    dry.expect(201);
    ada.get(&world.booklet("samira", ""))
        .await
        .refused(403, "forbidden");
    let key = [("idempotency-key", "one")];
    let first = ada
        .send(Method::POST, &at, Some(body.clone()), &key)
        .await
        .expect(201);
    end(&ada, &first).await;
    // The replay tells of the opening, and opens nothing again.
    let again = ada.send(Method::POST, &at, Some(body), &key).await;
    assert_eq!(again.header("idempotent-replayed"), Some("true"));
    assert_eq!(again.expect(201), first);
    ada.get(&world.booklet("samira", ""))
        .await
        .refused(403, "forbidden");
}

#[tokio::test]
async fn a_closed_booklet_is_opened_and_ended_like_another() {
    let world = world().await;
    let close = world.booklet("samira", "close");
    let outcome = json!({ "outcome": "none" });
    world.as_("claire").post(&close, outcome).await.expect(200);
    let opening = open(&world, "samira", 5).await;
    let ada = world.as_("ada");
    ada.get(&world.booklet("samira", "")).await.expect(200);
    end(&world.as_("claire"), &opening).await;
    ada.get(&world.booklet("samira", ""))
        .await
        .refused(403, "forbidden");
}

/// Whoever needs many does not need break-glass.
#[tokio::test]
async fn an_administrator_has_five_booklets_open_at_a_time() {
    let world = world().await;
    let mut last = json!(null);
    for candidate in ["samira", "karim", "nadia", "rita", "samira"] {
        last = open(&world, candidate, 30).await;
    }
    let body = json!({ "reason": REASON, "minutes": 30 });
    let at = world.booklet("karim", "break-glass");
    let refused = world.as_("ada").post(&at, body.clone()).await;
    let problem = refused.refused(409, "quota_reached");
    assert_eq!(problem["errors"][0]["params"]["max"], 5);
    end(&world.as_("ada"), &last).await;
    world.as_("ada").post(&at, body).await.expect(201);
}
