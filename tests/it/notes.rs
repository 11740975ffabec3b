//! § 11: free pages, one's own or shared.

use serde_json::{Value, json};
use tests::{Client, World};

use super::rows;
use crate::world;

async fn write(world: &World, author: &str, body: Value) -> Value {
    world
        .as_(author)
        .post(&world.booklet("samira", "notes"), body)
        .await
        .expect(201)
}

fn item(note: &Value) -> String {
    format!("/v1/notes/{}", note["id"].as_str().unwrap())
}

async fn listed(client: &Client, path: &str) -> usize {
    let page = client.get(path).await.expect(200);
    page["items"].as_array().unwrap().len()
}

#[tokio::test]
async fn a_note_is_private_unless_said_otherwise() {
    let world = world().await;
    let note = write(&world, "samira", json!({ "body": "À moi." })).await;
    assert_eq!(note["visibility"], "private");
    assert_eq!(note["pinned"], false);
    assert_eq!(note["author_id"], world.user_id("samira").to_string());
    let samira = world.as_("samira");
    assert_eq!(note["author"]["role"], "candidate");
    assert_eq!(samira.get(&item(&note)).await.expect(200), note);
    let changed = samira
        .patch(
            &item(&note),
            json!({ "body": "Toujours à moi.", "pinned": true }),
        )
        .await
        .expect(200);
    assert_eq!(
        (&changed["body"], &changed["pinned"], &changed["version"]),
        (&json!("Toujours à moi."), &json!(true), &json!(2))
    );
    samira.delete(&item(&note)).await.expect(204);
    samira.get(&item(&note)).await.refused(404, "not_found");
}

#[tokio::test]
async fn a_private_note_exists_for_its_author_alone() {
    let world = world().await;
    let path = world.booklet("samira", "notes");
    for author in ["samira", "tom"] {
        let note = write(&world, author, json!({ "body": "Rien que pour moi." })).await;
        assert_eq!(listed(&world.as_(author), &path).await, 1);
        for other in ["samira", "tom", "claire"] {
            if other == author {
                continue;
            }
            let client = world.as_(other);
            client.get(&item(&note)).await.refused(404, "not_found");
            let by_author = format!("{path}?author_id={}", world.user_id(author));
            assert_eq!(listed(&client, &by_author).await, 0);
        }
        for other in ["samira", "tom"] {
            if other == author {
                continue;
            }
            let client = world.as_(other);
            let change = json!({ "body": "Lu." });
            client
                .patch(&item(&note), change)
                .await
                .refused(404, "not_found");
            client.delete(&item(&note)).await.refused(404, "not_found");
        }
        world.as_(author).get(&item(&note)).await.expect(200);
    }
    assert_eq!(listed(&world.as_("claire"), &path).await, 0);
}

#[tokio::test]
async fn a_shared_note_is_read_by_all_and_written_by_its_author() {
    let world = world().await;
    let note = write(
        &world,
        "tom",
        json!({ "body": "Pour nous.", "visibility": "shared" }),
    )
    .await;
    for reader in ["samira", "claire"] {
        assert_eq!(
            world.as_(reader).get(&item(&note)).await.expect(200)["body"],
            "Pour nous."
        );
    }
    let samira = world.as_("samira");
    samira
        .patch(&item(&note), json!({ "body": "Pour moi." }))
        .await
        .refused(404, "not_found");
    samira.delete(&item(&note)).await.refused(404, "not_found");
    let claire = world.as_("claire");
    claire
        .patch(&item(&note), json!({ "body": "x" }))
        .await
        .refused(404, "not_found");
    for stranger in ["tina", "nadia", "rose", "rita"] {
        let stranger = world.as_(stranger);
        stranger.get(&item(&note)).await.refused(404, "not_found");
    }
    for never in ["paul", "vera", "crm", "ada"] {
        let never = world.as_(never);
        never.get(&item(&note)).await.refused(403, "forbidden");
    }
}

#[tokio::test]
async fn events_of_a_private_note_are_for_its_author_alone() {
    let world = world().await;
    let samira = world.as_("samira");
    let note = write(&world, "samira", json!({ "body": "À moi." })).await;
    for visibility in ["shared", "private", "shared"] {
        let change = json!({ "visibility": visibility });
        samira.patch(&item(&note), change).await.expect(200);
    }
    samira
        .patch(&item(&note), json!({ "pinned": true }))
        .await
        .expect(200);
    samira.delete(&item(&note)).await.expect(204);
    let audit = world.booklet("samira", "audit");
    for (reader, seen) in [("samira", 6), ("tom", 2), ("claire", 2)] {
        let changes = world.as_(reader).get(&audit).await.expect(200);
        let changes = changes["items"].as_array().unwrap();
        let of_note = changes.iter().filter(|change| change["resource"] == "note");
        assert_eq!(of_note.count(), seen, "{reader}");
    }
    let told: Vec<_> = rows::events(&world, "note")
        .await
        .into_iter()
        .map(|event| (event.kind, event.private_to))
        .collect();
    let hers = Some(world.user_id("samira"));
    let expected = [
        ("note.created", hers),
        ("note.updated", hers),
        ("note.updated", hers),
        ("note.updated", hers),
        ("note.updated", None),
        ("note.deleted", None),
    ]
    .map(|(kind, private_to)| (kind.to_owned(), private_to));
    assert_eq!(told, expected);
}

#[tokio::test]
async fn a_note_made_private_takes_its_past_with_it() {
    let world = world().await;
    let shared = json!({ "body": "À nous.", "visibility": "shared" });
    let note = write(&world, "samira", shared).await;
    let seen = async || {
        let audit = world.booklet("samira", "audit");
        let changes = world.as_("tom").get(&audit).await.expect(200);
        changes
            .to_string()
            .matches(note["id"].as_str().unwrap())
            .count()
    };
    assert_eq!(seen().await, 1);
    let change = json!({ "visibility": "private" });
    world
        .as_("samira")
        .patch(&item(&note), change)
        .await
        .expect(200);
    assert_eq!(seen().await, 0);
}

#[tokio::test]
async fn a_list_of_notes_is_filtered() {
    let world = world().await;
    let path = world.booklet("samira", "notes");
    write(&world, "samira", json!({ "body": "1", "pinned": true })).await;
    write(
        &world,
        "samira",
        json!({ "body": "2", "visibility": "shared" }),
    )
    .await;
    write(
        &world,
        "tom",
        json!({ "body": "3", "visibility": "shared", "pinned": true }),
    )
    .await;
    let samira = world.as_("samira");
    assert_eq!(listed(&samira, &path).await, 3);
    for (filter, found) in [
        ("visibility=private", 1),
        ("visibility=shared", 2),
        ("pinned=true", 2),
        ("pinned=false", 1),
        ("visibility=shared&pinned=true", 1),
    ] {
        assert_eq!(
            listed(&samira, &format!("{path}?{filter}")).await,
            found,
            "{filter}"
        );
    }
    samira
        .get(&format!("{path}?visibility=secret"))
        .await
        .refused(400, "malformed_query");
}

#[tokio::test]
async fn an_author_writes_notes_in_a_closed_and_in_an_archived_booklet() {
    let world = world().await;
    let path = world.booklet("samira", "notes");
    let samira = world.as_("samira");
    rows::close_booklet(&world, "samira").await;
    let note = write(&world, "samira", json!({ "body": "Après la clôture." })).await;
    samira
        .patch(&item(&note), json!({ "body": "Encore." }))
        .await
        .expect(200);
    world
        .as_("claire")
        .act(&world.booklet("samira", "archive"))
        .await
        .expect(200);
    samira
        .post(&path, json!({ "body": "Pour mémoire." }))
        .await
        .expect(201);
    samira
        .patch(&item(&note), json!({ "body": "Relu." }))
        .await
        .expect(200);
    samira.delete(&item(&note)).await.expect(204);
}

#[tokio::test]
async fn faults_of_a_note_come_with_their_pointers() {
    let world = world().await;
    let body = json!({ "body": " ", "visibility": "public", "author_id": world.user_id("tom") });
    let mut faults = world
        .as_("samira")
        .post(&world.booklet("samira", "notes"), body)
        .await
        .faults();
    faults.sort();
    let expected = [
        ("/author_id", "unknown_field"),
        ("/body", "min_length"),
        ("/visibility", "enum"),
    ];
    assert_eq!(
        faults,
        expected.map(|(at, code)| (at.to_owned(), code.to_owned()))
    );
}
