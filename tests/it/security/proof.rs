//! A read asks who reads together with what is read: whatever it is, an ended session sees nothing of
//! it, from the next request on.

use serde_json::json;
use tests::{Client, World};

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
async fn a_read_of_one_thing_costs_one_statement() {
    let world = world().await;
    let tom = world.as_("tom");
    let reads = reads(&world).await;
    for (path, _) in &reads[..2] {
        let mut least = u64::MAX;
        // The first one looks the reader up, and so does one a few seconds later.
        for _ in 0..3 {
            let before = world.state.db.statements();
            tom.get(path).await.expect(200);
            least = least.min(world.state.db.statements() - before);
        }
        assert_eq!(least, 1, "{path}");
    }
}
