//! A read asks who reads together with what is read: whatever it is, an ended session sees nothing of
//! it, from the next request on.

use reqwest::Method;
use serde_json::{Value, json};
use tests::{Client, World};

use crate::it::rows::everything;
use crate::world;

/// Found, a page, an empty page, nothing, refused by role, refused by the query, and what is read otherwise.
async fn reads(world: &World) -> Vec<(String, u16)> {
    let page = world.booklet("samira", "follow-ups");
    let body = json!({ "contacted_on": world.day(0), "contact_mode": "sms", "comment": "Oui" });
    let made = world.as_("tom").post(&page, body).await.expect(201);
    let id = made["id"].as_str().unwrap();
    vec![
        (format!("/v1/follow-ups/{id}"), 200),
        (page.clone(), 200),
        (world.booklet("samira", "personal-contacts"), 200),
        (world.booklet("rita", "follow-ups"), 404),
        (format!("/v1/notes/{id}"), 404),
        ("/v1/exports".to_owned(), 403),
        (format!("{page}?colour=red"), 400),
        (world.booklet("samira", "stages"), 200),
        (world.booklet("samira", "milestones"), 200),
        ("/v1/me".to_owned(), 200),
        ("/v1/me/sessions".to_owned(), 200),
    ]
}

async fn answers(tom: &Client, paths: &[(String, u16)]) -> Vec<(String, u16)> {
    let mut all = Vec::new();
    for (path, _) in paths {
        all.push((path.clone(), tom.get(path).await.status));
    }
    all
}

#[tokio::test]
async fn an_ended_session_sees_nothing_whatever_it_reads() {
    let world = world().await;
    let (tom, claire) = (world.as_("tom"), world.as_("claire"));
    let reads = reads(&world).await;
    // Twice: the second time nobody is looked up beforehand.
    for _ in 0..2 {
        assert_eq!(answers(&tom, &reads).await, reads);
    }
    let out = format!("/v1/users/{}/sign-out", world.user_id("tom"));
    claire.act(&out).await.expect(204);
    let refused: Vec<_> = reads.iter().map(|(path, _)| (path.clone(), 401)).collect();
    assert_eq!(answers(&tom, &reads).await, refused);
}

#[tokio::test]
async fn a_read_costs_one_statement_and_another_where_it_names_people() {
    let world = world().await;
    let tom = world.as_("tom");
    let reads = reads(&world).await;
    for (read, statements) in [(0, 2), (1, 2), (9, 1)] {
        let (path, _) = &reads[read];
        let mut least = u64::MAX;
        // The first one looks the reader up, and so does one a few seconds later.
        for _ in 0..3 {
            let before = world.state.db.statements();
            tom.get(path).await.expect(200);
            least = least.min(world.state.db.statements() - before);
        }
        assert_eq!(least, statements, "{path}");
    }
}

/// What is made, changed and deleted, with a key and without, dry and not, and what is refused.
async fn write(world: &World, tom: &Client, made: &str) -> Vec<u16> {
    let (page, sheets) = (
        world.booklet("samira", "follow-ups"),
        world.booklet("samira", "action-sheets"),
    );
    let (elsewhere, item) = (
        world.booklet("rita", "follow-ups"),
        format!("/v1/follow-ups/{made}"),
    );
    let day = world.day(0);
    let new = json!({ "contacted_on": day, "contact_mode": "sms", "comment": "Oui" });
    let (sheet, change) = (
        json!({ "appointment_on": day }),
        json!({ "comment": "Non" }),
    );
    let (key, dry, any) = (
        ("idempotency-key", "one"),
        ("prefer", "dry-run"),
        ("if-match", "*"),
    );
    let send = async |method: Method, path: &str, body: &Value, headers: &[(&str, &str)]| {
        let body = (!body.is_null()).then(|| body.clone());
        tom.send(method, path, body, headers).await.status
    };
    vec![
        send(Method::POST, &page, &new, &[]).await,
        send(Method::POST, &page, &new, &[dry]).await,
        send(Method::POST, &page, &new, &[key]).await,
        // The same once more, and another under its key.
        send(Method::POST, &page, &new, &[key]).await,
        send(Method::POST, &page, &change, &[key]).await,
        send(Method::POST, &page, &change, &[]).await,
        send(Method::POST, &elsewhere, &new, &[]).await,
        send(Method::POST, &sheets, &sheet, &[]).await,
        send(Method::PATCH, &item, &change, &[any]).await,
        // The same once more changes nothing.
        send(Method::PATCH, &item, &change, &[any]).await,
        send(Method::PATCH, &item, &change, &[]).await,
        send(Method::DELETE, &item, &Value::Null, &[any]).await,
    ]
}

#[tokio::test]
async fn an_ended_session_writes_nothing_whatever_it_sends() {
    let world = world().await;
    let (tom, claire) = (world.as_("tom"), world.as_("claire"));
    let page = world.booklet("samira", "follow-ups");
    let body = json!({ "contacted_on": world.day(0), "contact_mode": "sms", "comment": "Oui" });
    let mut made = Vec::new();
    for _ in 0..2 {
        let row = tom.post(&page, body.clone()).await.expect(201);
        made.push(row["id"].as_str().unwrap().to_owned());
    }
    let usual = [201, 201, 201, 201, 422, 422, 404, 201, 200, 200, 428, 204];
    assert_eq!(write(&world, &tom, &made[0]).await, usual);
    let out = format!("/v1/users/{}/sign-out", world.user_id("tom"));
    claire.act(&out).await.expect(204);
    let before = everything(&world).await;
    assert_eq!(write(&world, &tom, &made[1]).await, [401; 12]);
    assert_eq!(everything(&world).await, before);
}
