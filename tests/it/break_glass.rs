//! Break-glass: an administrator reads one booklet, for a while, under the eyes of those whom it
//! is about.

use chrono::TimeDelta;
use reqwest::Method;
use serde_json::{Value, json};
use tests::{Client, Operation, World};

use super::rows;
use crate::{world, world_with};

const REASON: &str = "Signalement 118 : à la demande de la candidate.";

async fn open(world: &World, candidate: &str, minutes: i32) -> Value {
    let body = json!({ "reason": REASON, "minutes": minutes });
    let at = world.booklet(candidate, "break-glass");
    world.as_("ada").post(&at, body).await.expect(201)
}

async fn write(world: &World, name: &str, page: &str, body: Value) -> String {
    let at = world.booklet("samira", page);
    let made = world.as_(name).post(&at, body).await.expect(201);
    made["id"].as_str().unwrap().to_owned()
}

async fn end(client: &Client, opening: &Value) -> Value {
    let at = format!("/v1/break-glass/{}/end", opening["id"].as_str().unwrap());
    client.act(&at).await.expect(200)
}

/// Every kind of page, and the booklet itself.
const PAGES: [&str; 20] = [
    "",
    "full",
    "milestones",
    "audit",
    "members",
    "contracts",
    "objectives",
    "plan",
    "plan/actions",
    "plan-steps",
    "stages",
    "stages/jury",
    "appointments",
    "action-sheets",
    "sheet-items",
    "completed-actions",
    "follow-ups",
    "notes",
    "personal-contacts",
    "actions",
];

#[tokio::test]
async fn an_administrator_reads_no_booklet_until_it_is_opened_for_a_reason() {
    let world = world().await;
    let ada = world.as_("ada");
    let refuses_all = async || {
        for page in PAGES {
            for booklet in ["samira", "nadia"] {
                let at = world.booklet(booklet, page);
                ada.get(&at).await.refused(403, "forbidden");
            }
        }
    };
    refuses_all().await;
    let opening = open(&world, "samira", 60).await;
    for page in PAGES {
        ada.get(&world.booklet("samira", page)).await.expect(200);
        for other in ["karim", "nadia", "rita"] {
            let at = world.booklet(other, page);
            ada.get(&at).await.refused(404, "not_found");
        }
    }
    end(&ada, &opening).await;
    refuses_all().await;
    world
        .as_("tom")
        .get(&world.booklet("samira", ""))
        .await
        .expect(200);
}

#[tokio::test]
async fn lists_across_booklets_show_what_is_open_and_no_candidates() {
    let world = world().await;
    let ada = world.as_("ada");
    let appointment = json!({ "starts_at": "2026-12-01T09:00:00Z", "ends_at": "2026-12-01T10:00:00Z", "kind": "interview", "mode": "phone" });
    for (name, candidate) in [("tom", "samira"), ("tom", "karim"), ("tina", "nadia")] {
        let at = world.booklet(candidate, "appointments");
        world
            .as_(name)
            .post(&at, appointment.clone())
            .await
            .expect(201);
    }
    open(&world, "samira", 60).await;
    let samira = world.booklet_id("samira").to_string();
    for (path, key) in [
        ("/v1/booklets?include=candidate,tutor", "id"),
        ("/v1/milestones", "booklet_id"),
        ("/v1/appointments?include=booklet.candidate", "booklet_id"),
    ] {
        let page = ada.get(path).await.expect(200);
        let items = page["items"].as_array().unwrap();
        assert_eq!(items.len(), 1, "{path}");
        assert_eq!(items[0][key], samira, "{path}");
    }
    // Each of them is told to her whose booklet it is.
    let (log, db) = (&world.state.access_log, &world.state.db);
    log.flush(db, world.clock.now()).await.unwrap();
    let accesses = world.booklet("samira", "accesses");
    let told = world.as_("samira").get(&accesses).await.expect(200);
    let told = told["items"].as_array().unwrap();
    let told: Vec<&str> = told
        .iter()
        .filter(|line| line["actor_role"] == "admin")
        .map(|line| line["operation"].as_str().unwrap())
        .collect();
    assert_eq!(told, ["list_agenda", "list_milestones", "list_booklets"]);
    let shown = format!("{}?include=candidate,tutor", world.booklet("samira", ""));
    let shown = ada.get(&shown).await.expect(200);
    assert_eq!(shown["candidate"], Value::Null);
    assert_eq!(shown["tutor"]["given_name"], "Tom");
    ada.get("/v1/candidates").await.refused(403, "forbidden");
    let candidate = format!("/v1/candidates/{}", world.candidate_id("samira"));
    ada.get(&candidate).await.refused(403, "forbidden");
    let full = ada.get(&world.booklet("samira", "full")).await.expect(200);
    assert_eq!(full["candidate"]["given_name"], "Samira");
    // With two open, a list would be told to neither.
    open(&world, "karim", 60).await;
    ada.get("/v1/booklets").await.refused(403, "forbidden");
    for booklet in ["samira", "karim"] {
        ada.get(&world.booklet(booklet, "notes")).await.expect(200);
    }
}

#[tokio::test]
async fn private_notes_stay_private() {
    let world = world().await;
    let private = json!({ "body": "Pour moi seul.", "visibility": "private" });
    let secret = write(&world, "tom", "notes", private).await;
    let shared = json!({ "body": "Pour tous.", "visibility": "shared" });
    let shared = write(&world, "tom", "notes", shared).await;
    open(&world, "samira", 60).await;
    let ada = world.as_("ada");
    ada.get(&format!("/v1/notes/{shared}")).await.expect(200);
    let note = ada.get(&format!("/v1/notes/{secret}")).await;
    note.refused(404, "not_found");
    for page in ["notes", "full", "audit"] {
        let shown = ada.get(&world.booklet("samira", page)).await.expect(200);
        let shown = shown.to_string();
        assert!(
            shown.contains(&shared) && !shown.contains(&secret),
            "{page}"
        );
    }
}

#[tokio::test]
async fn an_open_booklet_is_read_and_never_written() {
    let world = world().await;
    open(&world, "samira", 60).await;
    let ada = world.as_("ada");
    let mut played = 0;
    for operation in Operation::all() {
        let is_content = operation.collection().starts_with("booklets");
        let is_ours = operation.id == "open_break_glass";
        if !is_content || is_ours || operation.method == Method::GET {
            continue;
        }
        let values = [world.booklet_id("samira").to_string(), "jury".to_owned()];
        let path = operation.fill(&values);
        let headers = [("if-match", "*")];
        let answer = ada.send(
            operation.method.clone(),
            &path,
            operation.example(),
            &headers,
        );
        answer.await.refused(403, "forbidden");
        played += 1;
    }
    assert!(played > 20, "only {played} writes were tried");
    let actions = ada
        .get(&world.booklet("samira", "actions"))
        .await
        .expect(200);
    assert_eq!(actions["items"], json!([]));
}

#[tokio::test]
async fn time_runs_out_by_itself() {
    let world = world().await;
    let ada = world.as_("ada");
    let opening = open(&world, "samira", 5).await;
    let at = world.booklet("samira", "");
    let etag = ada.get(&at).await.header("etag").unwrap().to_owned();
    world
        .clock
        .advance(TimeDelta::minutes(5) - TimeDelta::seconds(1));
    ada.get(&at).await.expect(200);
    world.clock.advance(TimeDelta::seconds(1));
    ada.get(&at).await.refused(403, "forbidden");
    let known = [("if-none-match", etag.as_str())];
    let known = ada.send(Method::GET, &at, None, &known).await;
    known.refused(403, "forbidden");
    // What is over stays as it was.
    let ended = end(&world.as_("claire"), &opening).await;
    assert_eq!(ended, opening);
}

#[tokio::test]
async fn a_cursor_is_worth_nothing_once_it_is_over() {
    let world = world().await;
    for _ in 0..3 {
        let contact =
            json!({ "contacted_on": world.day(0), "contact_mode": "sms", "comment": "Oui" });
        write(&world, "tom", "follow-ups", contact).await;
    }
    let opening = open(&world, "samira", 60).await;
    let ada = world.as_("ada");
    let first = format!("{}?limit=1", world.booklet("samira", "follow-ups"));
    let page = ada.get(&first).await.expect(200);
    let next = format!("{first}&after={}", page["next"].as_str().unwrap());
    ada.get(&next).await.expect(200);
    end(&ada, &opening).await;
    ada.get(&next).await.refused(403, "forbidden");
    // With another booklet open, this one is not there.
    open(&world, "nadia", 60).await;
    ada.get(&next).await.refused(404, "not_found");
}

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
