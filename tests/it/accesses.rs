//! Who looked at what: what each reader of the access log is shown.

use reqwest::Method;
use serde_json::{Value, json};
use tests::World;

use crate::world;

/// What waits is written, as the service does each second.
pub(crate) async fn written(world: &World) {
    let (log, db) = (&world.state.access_log, &world.state.db);
    log.flush(db, world.clock.now()).await.unwrap();
}

async fn list(world: &World, name: &str, path: &str) -> Vec<Value> {
    written(world).await;
    let page = world.as_(name).get(path).await.expect(200);
    page["items"].as_array().unwrap().clone()
}

/// Operation and outcome of each line, the newest first.
fn told(lines: &[Value]) -> Vec<(&str, &str)> {
    let text = |line: &'_ Value, name: &str| line[name].as_str().unwrap().to_owned();
    let leak = |text: String| -> &'static str { text.leak() };
    lines
        .iter()
        .map(|line| (leak(text(line, "operation")), leak(text(line, "outcome"))))
        .collect()
}

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
async fn the_booklet_of_a_page_read_at_its_own_address_is_known() {
    let world = world().await;
    let call = json!({ "contacted_on": world.day(0), "contact_mode": "phone", "comment": "Oui" });
    let made = world
        .as_("tom")
        .post(&world.booklet("samira", "follow-ups"), call)
        .await
        .expect(201);
    let at = format!("/v1/follow-ups/{}", made["id"].as_str().unwrap());
    let claire = world.as_("claire");
    claire.get(&at).await.expect(200);
    let tom = world.as_("tom");
    let stale = tom.send(Method::DELETE, &at, None, &[("if-match", "\"9\"")]);
    stale.await.refused(412, "stale");
    let lines = list(&world, "samira", &world.booklet("samira", "accesses")).await;
    assert_eq!(
        told(&lines),
        [("delete_follow_up", "refused"), ("get_follow_up", "ok")]
    );
    assert_eq!(lines[0]["kind"], "write");
    assert_eq!(lines[1]["resource_id"], made["id"]);
}

#[tokio::test]
async fn a_read_without_event_is_told_even_when_it_is_called_a_write() {
    let world = world().await;
    let tom = world.as_("tom");
    let path = world.booklet("samira", "follow-ups");
    let call = json!({ "contacted_on": world.day(0), "contact_mode": "phone", "comment": "Oui" });
    let key = ("idempotency-key", "the-first-call");
    let post = async |headers: &[(&str, &str)]| {
        let answer = tom.send(Method::POST, &path, Some(call.clone()), headers);
        answer.await.expect(201)
    };
    let made = post(&[key]).await;
    written(&world).await;
    let accesses = world.booklet("samira", "accesses");
    assert_eq!(list(&world, "tom", &accesses).await.len(), 0);
    post(&[key]).await;
    post(&[("prefer", "dry-run")]).await;
    let at = format!("/v1/follow-ups/{}", made["id"].as_str().unwrap());
    tom.patch(&at, json!({})).await.expect(200);
    let lines = list(&world, "tom", &accesses).await;
    assert_eq!(
        told(&lines)[..3],
        [
            ("update_follow_up", "ok"),
            ("create_follow_up", "ok"),
            ("create_follow_up", "ok")
        ]
    );
    assert!(lines.iter().all(|line| line["kind"] == "read"));
}

#[tokio::test]
async fn what_tells_of_nobody_is_not_written_down() {
    let world = world().await;
    let claire = world.as_("claire");
    for path in [
        "/v1/me",
        "/v1/pledges",
        "/v1/vae-stages",
        "/v1/organizations",
    ] {
        claire.get(path).await.expect(200);
    }
    world.anonymous().get("/problems").await.expect(200);
    world
        .anonymous()
        .get("/v1/nowhere")
        .await
        .refused(404, "not_found");
    assert_eq!(
        list(&world, "claire", "/v1/accesses").await,
        Vec::<Value>::new()
    );
}

#[tokio::test]
async fn nobody_learns_of_anothers_private_note_from_its_reads() {
    let world = world().await;
    let tom = world.as_("tom");
    let made = tom
        .post(
            &world.booklet("samira", "notes"),
            json!({ "body": "Secret" }),
        )
        .await
        .expect(201);
    let at = format!("/v1/notes/{}", made["id"].as_str().unwrap());
    tom.get(&at).await.expect(200);
    let stale = [("if-match", "\"9\"")];
    tom.send(Method::DELETE, &at, None, &stale)
        .await
        .refused(412, "stale");
    written(&world).await;
    let accesses = world.booklet("samira", "accesses");
    let about = async |name: &str, path: &str| {
        let lines = list(&world, name, path).await;
        lines
            .iter()
            .filter(|line| line["resource_id"] == made["id"])
            .count()
    };
    assert_eq!(about("tom", &accesses).await, 2);
    for (name, path) in [
        ("samira", &*accesses),
        ("claire", &accesses),
        ("claire", "/v1/accesses"),
    ] {
        assert_eq!(about(name, path).await, 0, "{name} {path}");
    }
    tom.delete(&at).await.expect(204);
    assert_eq!(about("tom", &accesses).await, 2);
    assert_eq!(about("claire", "/v1/accesses").await, 0);
}

#[tokio::test]
async fn what_was_read_of_a_note_while_it_was_shared_goes_private_with_it() {
    let world = world().await;
    let tom = world.as_("tom");
    let note = json!({ "body": "Pour tous", "visibility": "shared" });
    let made = tom
        .post(&world.booklet("samira", "notes"), note)
        .await
        .expect(201);
    let at = format!("/v1/notes/{}", made["id"].as_str().unwrap());
    world.as_("samira").get(&at).await.expect(200);
    let accesses = world.booklet("samira", "accesses");
    assert_eq!(
        told(&list(&world, "claire", &accesses).await),
        [("get_note", "ok")]
    );
    tom.patch(&at, json!({ "visibility": "private" }))
        .await
        .expect(200);
    let lines = list(&world, "claire", &accesses).await;
    assert_eq!(told(&lines), [("list_booklet_accesses", "ok")]);
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

#[tokio::test]
async fn a_private_note_that_was_tried_out_or_refused_is_told_to_its_author_alone() {
    let world = world().await;
    let (tom, notes) = (world.as_("tom"), world.booklet("samira", "notes"));
    let note = json!({ "body": "Pour moi seul.", "visibility": "private" });
    let dry = [("prefer", "dry-run")];
    tom.send(Method::POST, &notes, Some(note), &dry)
        .await
        .expect(201);
    tom.post(&notes, json!({})).await.refused(422, "invalid");
    let accesses = world.booklet("samira", "accesses");
    for name in ["samira", "claire"] {
        let lines = list(&world, name, &accesses).await;
        assert!(
            !told(&lines)
                .iter()
                .any(|(operation, _)| *operation == "create_note")
        );
    }
    let lines = list(&world, "tom", &accesses).await;
    let mine = told(&lines);
    assert_eq!(
        mine.iter()
            .filter(|(operation, _)| *operation == "create_note")
            .count(),
        2
    );
}
