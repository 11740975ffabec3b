//! Of a private note, its reads are its author's too.

use super::*;

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
