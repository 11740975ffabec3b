//! Many PUTs under one name at once: one makes, the others find what it made.

use futures_util::future::join_all;
use serde_json::json;

use super::{NAMED, at, body, id, put, reference, trail};
use crate::world;

const MANY: usize = 20;

#[tokio::test]
async fn of_many_puts_at_once_one_makes_and_the_others_change_nothing() {
    for (collection, resource) in NAMED {
        let world = world().await;
        let crm = world.as_("crm");
        let (path, body) = (at(collection, "X-1"), body(&world, collection));
        let answers = join_all((0..MANY).map(|_| put(&crm, &path, body.clone()))).await;
        let made = answers.iter().filter(|answer| answer.status == 201).count();
        let found = answers.iter().filter(|answer| answer.status == 200).count();
        assert_eq!((made, found), (1, MANY - 1), "{collection}");
        let first = id(&answers[0].body);
        assert!(answers.iter().all(|answer| id(&answer.body) == first));
        let created = format!("{resource}.created");
        let events = trail(&world).await;
        assert_eq!(events.iter().filter(|event| event.0 == created).count(), 1);
        let list = format!("/v1/{collection}?external_system=crm&external_id=X-1");
        let list = crm.get(&list).await.expect(200);
        assert_eq!(list["items"].as_array().unwrap().len(), 1);
    }
}

#[tokio::test]
async fn of_many_changes_at_once_none_is_lost() {
    let world = world().await;
    let crm = world.as_("crm");
    let path = at("candidates", "X-1");
    let puts = (0..MANY).map(|n| {
        let mut body = body(&world, "candidates");
        if n < 19 {
            body["external_references"] = json!([reference("n", &n.to_string())]);
        }
        put(&crm, &path, body)
    });
    let answers = join_all(puts).await;
    assert!(answers.iter().all(|answer| answer.status < 300));
    let all = crm.get(&path).await.expect(200);
    assert_eq!(all["external_references"].as_array().unwrap().len(), 20);
    assert_eq!(
        all["version"],
        19 + i32::from(answers.iter().any(|one| one.status == 201
            && one.body["external_references"].as_array().unwrap().len() == 1))
    );
}

#[tokio::test]
async fn names_given_crosswise_at_once_are_given_or_refused_and_never_a_fault() {
    let world = world().await;
    let crm = world.as_("crm");
    let puts = (0..MANY).map(|n| {
        let (own, other) = if n % 2 == 0 { ("A", "B") } else { ("B", "A") };
        let mut body = body(&world, "candidates");
        body["external_references"] = json!([reference("crm", other)]);
        let (crm, path) = (&crm, at("candidates", own));
        async move { put(crm, &path, body).await }
    });
    let answers = join_all(puts).await;
    // Both names are one object's, whoever was first: two that wait for each other are told to
    // come again.
    for answer in &answers {
        assert!(
            [200, 201, 409, 503].contains(&answer.status),
            "{:#}",
            answer.body
        );
    }
    let made = answers.iter().filter(|answer| answer.status == 201).count();
    assert_eq!(made, 1);
}
