//! The feed as server-sent events.

use std::time::Duration;

use reqwest::{Method, Response};
use serde_json::{Value, json};
use tests::{Client, PASSWORD, World};

use super::{all_after, follow_up, program};
use crate::{world, world_with};

/// Longer than any test may take.
fn long(config: &mut api::foundation::config::Config) {
    config.stream_seconds = 60.try_into().unwrap();
}

/// A stream, read event by event.
struct Stream {
    response: Response,
    unread: String,
}

impl Stream {
    async fn open(world: &World, client: &Client, headers: &[(&str, &str)]) -> Self {
        Self::of(world, client, "/v1/changes/stream", headers).await
    }

    async fn of(world: &World, client: &Client, path: &str, headers: &[(&str, &str)]) -> Self {
        let url = format!("{}{path}", world.url());
        let mut request = reqwest::Client::new()
            .get(url)
            .bearer_auth(client.token().unwrap());
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        assert_eq!(response.headers()["cache-control"], "no-store");
        Self {
            response,
            unread: String::new(),
        }
    }

    /// The next block of lines; nothing at the end.
    async fn block(&mut self) -> Option<String> {
        loop {
            if let Some((block, rest)) = self.unread.split_once("\n\n") {
                let block = block.to_owned();
                self.unread = rest.to_owned();
                return Some(block);
            }
            let chunk = tokio::time::timeout(Duration::from_secs(25), self.response.chunk());
            let chunk = chunk.await.unwrap().unwrap()?;
            self.unread += std::str::from_utf8(&chunk).unwrap();
        }
    }

    /// The next change and its cursor.
    async fn change(&mut self) -> Option<(String, Value)> {
        loop {
            let block = self.block().await?;
            let field = |name: &str| {
                let mut lines = block.lines();
                lines.find_map(|line| Some(line.strip_prefix(name)?.to_owned()))
            };
            if field("event: ").as_deref() == Some("change") {
                let data = serde_json::from_str(&field("data: ").unwrap()).unwrap();
                return Some((field("id: ").unwrap(), data));
            }
            assert_eq!(field("data: "), None, "{block}");
        }
    }
}

#[tokio::test]
async fn a_stream_tells_what_the_pages_tell_and_is_taken_up_where_it_ended() {
    let world = world_with(long).await;
    let claire = world.as_("claire");
    for _ in 0..3 {
        follow_up(&world).await;
    }
    let mut stream = Stream::open(&world, &claire, &[]).await;
    assert_eq!(stream.block().await.unwrap(), "retry: 2000");
    let (_, first) = stream.change().await.unwrap();
    let (cursor, second) = stream.change().await.unwrap();
    assert_eq!([first, second], all_after(&claire, "").await[..2]);
    drop(stream);
    let made = follow_up(&world).await;
    let mut stream = Stream::open(&world, &claire, &[("last-event-id", &cursor)]).await;
    let rest = all_after(&claire, &cursor).await;
    assert_eq!(rest.len(), 2);
    for expected in rest {
        assert_eq!(stream.change().await.unwrap().1, expected);
    }
    let live = follow_up(&world).await;
    assert_ne!(live["id"], made["id"]);
    let (_, told) = stream.change().await.unwrap();
    assert_eq!(told["resource_id"], live["id"]);
}

#[tokio::test]
async fn a_stream_ends_after_its_time_and_for_who_only_looks_at_once() {
    let world = world().await;
    let claire = world.as_("claire");
    follow_up(&world).await;
    let text = claire.get("/v1/changes/stream").await.expect(200);
    assert_eq!(text.as_str().unwrap().matches("event: change").count(), 1);
    let head = claire
        .send(Method::HEAD, "/v1/changes/stream", None, &[])
        .await;
    assert_eq!(head.status, 200);
}

#[tokio::test]
async fn a_stream_is_not_compressed_and_shows_that_it_lives() {
    let world = world_with(long).await;
    let claire = world.as_("claire");
    let mut stream = Stream::open(&world, &claire, &[("accept-encoding", "gzip, br")]).await;
    assert_eq!(stream.response.headers().get("content-encoding"), None);
    assert_eq!(stream.block().await.unwrap(), "retry: 2000");
    assert_eq!(stream.block().await.unwrap(), ":");
}

#[tokio::test]
async fn a_stream_ends_when_the_service_stops() {
    let world = world_with(long).await;
    let mut stream = Stream::open(&world, &world.as_("claire"), &[]).await;
    assert_eq!(stream.block().await.unwrap(), "retry: 2000");
    world.state.bell.stop();
    assert_eq!(stream.block().await, None);
}

#[tokio::test]
async fn a_stream_ends_when_its_reader_may_no_longer_read() {
    let world = world_with(long).await;
    let (program, account) = program(&world).await;
    let mut of_program = Stream::open(&world, &program, &[]).await;
    let person = world.log_in("claire@livret.example", PASSWORD).await;
    let mut of_person = Stream::open(&world, &person, &[]).await;
    for stream in [&mut of_program, &mut of_person] {
        assert_eq!(stream.block().await.unwrap(), "retry: 2000");
    }
    let claire = world.as_("claire");
    claire.delete(&account).await.expect(204);
    claire.act("/v1/me/end-other-sessions").await.expect(204);
    for mut stream in [of_program, of_person] {
        while stream.block().await.is_some() {}
    }
}

#[tokio::test]
async fn a_stream_ends_with_the_token_that_opened_it() {
    let world = world_with(long).await;
    let mut stream = Stream::open(&world, &world.as_("claire"), &[]).await;
    assert_eq!(stream.block().await.unwrap(), "retry: 2000");
    world.advance_days(1);
    while stream.block().await.is_some() {}
}

#[tokio::test]
async fn people_follow_what_others_do_in_their_booklets_and_nothing_else() {
    let world = world_with(long).await;
    let (tom, samira) = (world.as_("tom"), world.as_("samira"));
    follow_up(&world).await;
    let news = "/v1/me/news/stream";
    let latest = format!("{news}?after=latest");
    let mut stream = Stream::of(&world, &samira, &latest, &[]).await;
    assert_eq!(stream.block().await.unwrap(), "retry: 2000");
    let private = json!({ "body": "Mot", "visibility": "private" });
    let notes = world.booklet("samira", "notes");
    tom.post(&notes, private).await.expect(201);
    let call = json!({ "contacted_on": world.day(0), "contact_mode": "sms", "comment": "Oui" });
    let others = world.booklet("karim", "follow-ups");
    tom.post(&others, call).await.expect(201);
    let mine = json!({ "body": "Le mien", "visibility": "shared" });
    samira.post(&notes, mine).await.expect(201);
    let told = follow_up(&world).await;
    let (cursor, change) = stream.change().await.unwrap();
    assert_eq!(change["resource_id"], told["id"]);
    let again = follow_up(&world).await;
    // The same person goes on from there, and nobody else.
    let last = [("last-event-id", cursor.as_str())];
    let mut stream = Stream::of(&world, &samira, news, &last).await;
    assert_eq!(stream.change().await.unwrap().1["resource_id"], again["id"]);
    let path = format!("{news}?after={cursor}");
    tom.get(&path).await.expect(400);
    world.as_("paul").get(news).await.expect(403);
}
