//! What an administrator reads, of what, and for how long.

use super::*;

#[tokio::test]
async fn an_administrator_reads_no_booklet_until_it_is_opened_for_a_reason() {
    let world = world().await;
    let ada = world.as_("ada");
    let refuses_all = async || {
        for page in pages() {
            for booklet in ["samira", "nadia"] {
                let at = world.booklet(booklet, &page);
                ada.get(&at).await.refused(403, "forbidden");
            }
        }
    };
    refuses_all().await;
    let opening = open(&world, "samira", 60).await;
    for page in pages() {
        ada.get(&world.booklet("samira", &page)).await.expect(200);
        for other in ["karim", "nadia", "rita"] {
            let at = world.booklet(other, &page);
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
    written(&world).await;
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
