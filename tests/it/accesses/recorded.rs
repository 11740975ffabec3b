//! What is written down of a request, and what is not.

use super::*;

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
