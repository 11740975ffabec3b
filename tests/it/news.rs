//! What others did in one's booklets since one last looked.

use serde_json::{Value, json};
use tests::{Client, World};

use crate::world;

const LONG_AGO: &str = "since=2020-01-01T00:00:00Z";

async fn news(who: &Client, query: &str) -> Value {
    who.get(&format!("/v1/me/news?{query}")).await.expect(200)
}

/// How many of each type there are in this candidate's booklet.
fn types(news: &Value, world: &World, candidate: &str) -> Value {
    let id = json!(world.booklet_id(candidate));
    let items = news["items"].as_array().unwrap();
    let of_booklet = items.iter().find(|item| item["booklet_id"] == id);
    of_booklet.map_or(Value::Null, |item| item["by_type"].clone())
}

async fn write(world: &World, who: &str, candidate: &str, page: &str, body: Value) -> Value {
    let page = world.booklet(candidate, page);
    world.as_(who).post(&page, body).await.expect(201)
}

async fn call(world: &World, candidate: &str) {
    let body = json!({ "contacted_on": world.day(0), "contact_mode": "sms", "comment": "Oui" });
    write(world, "tom", candidate, "follow-ups", body).await;
}

#[tokio::test]
async fn what_others_did_is_counted_by_booklet_and_what_is_private_never_is() {
    let world = world().await;
    for _ in 0..2 {
        call(&world, "samira").await;
    }
    call(&world, "karim").await;
    let note = |visibility| json!({ "body": "Mot", "visibility": visibility });
    write(&world, "tom", "samira", "notes", note("private")).await;
    let shared = write(&world, "tom", "samira", "notes", note("shared")).await;
    let done = json!({ "done_on": world.day(0), "description": "Appel" });
    write(&world, "samira", "samira", "completed-actions", done).await;

    let of_samira = news(&world.as_("samira"), LONG_AGO).await;
    let calls = json!({ "type": "follow_up.created", "count": 2 });
    let notes = json!({ "type": "note.created", "count": 1 });
    assert_eq!(types(&of_samira, &world, "samira"), json!([calls, notes]));
    assert_eq!(of_samira["total"], 3);
    assert_eq!(of_samira["booklets"], 1);
    assert_eq!(of_samira["complete"], true);
    let first = &of_samira["items"][0];
    assert_eq!(first["candidate"]["name"], "Samira Benali");
    assert_eq!(first["tutor"]["id"], json!(world.user_id("tom")));
    // One is not told what one did oneself, nor of booklets out of reach.
    let done = json!([{ "type": "completed_action.created", "count": 1 }]);
    let of_tom = news(&world.as_("tom"), LONG_AGO).await;
    assert_eq!(types(&of_tom, &world, "samira"), done);
    assert_eq!(types(&of_tom, &world, "karim"), Value::Null);
    for name in ["tina", "nadia", "rose"] {
        assert_eq!(news(&world.as_(name), LONG_AGO).await["total"], 0, "{name}");
    }
    for name in ["paul", "vera", "ada"] {
        let refused = world.as_(name).get("/v1/me/news").await;
        assert_eq!(refused.status, 403, "{name}");
    }
    // What was shared and is private now is no news either.
    let path = format!("/v1/notes/{}", shared["id"].as_str().unwrap());
    let private = json!({ "visibility": "private" });
    world.as_("tom").patch(&path, private).await.expect(200);
    let of_samira = news(&world.as_("samira"), LONG_AGO).await;
    assert_eq!(types(&of_samira, &world, "samira"), json!([calls]));
}

#[tokio::test]
async fn news_come_in_pages_and_are_no_news_once_they_are_seen() {
    let world = world().await;
    call(&world, "samira").await;
    call(&world, "karim").await;
    let claire = world.as_("claire");
    let first = news(&claire, &format!("limit=1&{LONG_AGO}")).await;
    assert_eq!(first["booklets"], 2);
    let next = first["next"].as_str().unwrap();
    let rest = news(&claire, &format!("limit=1&after={next}&{LONG_AGO}")).await;
    assert_eq!(rest["next"], Value::Null);
    let ids = [&first, &rest].map(|page| page["items"][0]["booklet_id"].clone());
    assert_eq!(
        ids,
        ["karim", "samira"].map(|name| json!(world.booklet_id(name)))
    );
    let another = claire.get(&format!("/v1/me/news?after={next}")).await;
    assert_eq!(another.expect(400)["code"], "invalid_cursor");

    world.advance_days(1);
    let claire = world.as_("claire");
    let seen = async |until: &Value| {
        let body = json!({ "until": until });
        claire.post("/v1/me/news/seen", body).await
    };
    let before = news(&claire, "").await;
    assert_eq!(before["total"], 2);
    seen(&before["until"]).await.expect(204);
    let after = news(&claire, "").await;
    assert_eq!(after["total"], 0);
    assert_eq!(after["since"], before["until"]);
    // It never goes back, nor beyond now.
    seen(&json!("2020-01-01T00:00:00Z")).await.expect(204);
    assert_eq!(news(&claire, "").await["since"], before["until"]);
    let refused = seen(&json!("2099-01-01T00:00:00Z")).await.expect(422);
    assert_eq!(refused["errors"][0]["code"], "maximum");
    call(&world, "karim").await;
    assert_eq!(news(&claire, "").await["total"], 1);
}
