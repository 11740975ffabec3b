//! Who may send files, whose imports they see, and with whose rights they work.

use api::program::server::run_imports;
use serde_json::json;
use tests::{Client, World};

use super::{CSV, candidates, counts, read, send};
use crate::it::oauth::account_of;
use crate::world;

const FILE: &str = "external_id,given_name,family_name\nC-1,Inès,Roy\n";

/// A service account with this scope, by its id, and signed in.
async fn program(world: &World, scope: &str) -> (String, Client) {
    let account = account_of(world, "claire", &[scope]).await;
    let client = account.client(world).await;
    (account.id, client)
}

#[tokio::test]
async fn a_service_account_needs_the_scope_of_what_the_rows_are_and_sees_its_own_imports() {
    let world = world().await;
    let (_, booklets) = program(&world, "booklets:write").await;
    let (_, people) = program(&world, "candidates:write").await;
    let path = "/v1/imports?resource=candidates&system=crm";
    let csv = [("content-type", CSV)];
    let answer = booklets.post_bytes(path, FILE.as_bytes(), &csv).await;
    answer.refused(403, "forbidden");
    let sent = people
        .post_bytes(path, FILE.as_bytes(), &csv)
        .await
        .expect(201);
    let own = format!("/v1/imports/{}", sent["id"].as_str().unwrap());
    people.get(&own).await.expect(200);
    booklets.get(&own).await.refused(404, "not_found");
    booklets
        .get(&format!("{own}/faults"))
        .await
        .refused(404, "not_found");
    booklets
        .act(&format!("{own}/apply"))
        .await
        .refused(404, "not_found");
    booklets
        .act(&format!("{own}/cancel"))
        .await
        .refused(404, "not_found");
    let list = booklets.get("/v1/imports").await.expect(200);
    assert_eq!(list["items"], json!([]));
    // Coordinators see them all.
    world.as_("claire").get(&own).await.expect(200);
}

#[tokio::test]
async fn another_organization_reaches_nothing_of_an_import_and_its_names_are_its_own() {
    let world = world().await;
    let sent = send(&world, "claire", "&apply=all_or_nothing", FILE).await;
    let import = super::went(&world, sent).await;
    let rose = world.as_("rose");
    let path = format!("/v1/imports/{}", import["id"].as_str().unwrap());
    for path in [path.clone(), format!("{path}/faults")] {
        rose.get(&path).await.refused(404, "not_found");
    }
    for action in ["apply", "cancel"] {
        rose.act(&format!("{path}/{action}"))
            .await
            .refused(404, "not_found");
    }
    // The same name in another organization is another object.
    let sent = send(&world, "rose", "&apply=all_or_nothing", FILE)
        .await
        .expect(201);
    run_imports(&world.state).await.unwrap();
    let theirs = rose
        .get(&format!("/v1/imports/{}", sent["id"].as_str().unwrap()))
        .await;
    assert_eq!(counts(&theirs.expect(200)), ("done", [1, 0, 0, 0]));
}

#[tokio::test]
async fn rows_cannot_name_people_of_another_organization() {
    let world = world().await;
    let rita = world.candidate_id("rita");
    let remi = world.user_id("remi");
    let file = format!("candidate_id,tutor_id\n{rita},{remi}\n");
    let sent = super::send_as(&world, "resource=booklets", CSV, &file).await;
    let import = super::went(&world, sent).await;
    let mut found = super::faults(&world, &import).await;
    found.sort_by_key(|fault| fault.2.clone());
    let codes: Vec<_> = found.iter().map(|fault| (&*fault.2, &*fault.3)).collect();
    assert_eq!(
        codes,
        [
            ("/candidate_id", "unknown_reference"),
            ("/tutor_id", "unknown_reference")
        ]
    );
}

#[tokio::test]
async fn an_import_works_with_the_rights_that_its_author_still_has() {
    let world = world().await;
    let before = candidates(&world).await;
    let (id, people) = program(&world, "candidates:write").await;
    let path = "/v1/imports?resource=candidates&apply=all_or_nothing&system=crm";
    let csv = [("content-type", CSV)];
    let sent = people
        .post_bytes(path, FILE.as_bytes(), &csv)
        .await
        .expect(201);
    let revoke = format!("/v1/service-accounts/{id}");
    world.as_("claire").delete(&revoke).await.expect(204);
    run_imports(&world.state).await.unwrap();
    let failed = read(&world, &sent["id"]).await;
    assert_eq!(counts(&failed), ("failed", [0, 0, 0, 0]));
    assert_eq!(failed["reason"], "forbidden");
    assert_eq!(candidates(&world).await, before);
}

#[tokio::test]
async fn whoever_applies_an_import_becomes_its_author() {
    let world = world().await;
    let (id, people) = program(&world, "candidates:write").await;
    let path = "/v1/imports?resource=candidates&system=crm";
    let csv = [("content-type", CSV)];
    let sent = people
        .post_bytes(path, FILE.as_bytes(), &csv)
        .await
        .expect(201);
    assert_eq!(sent["author_id"], json!(id));
    run_imports(&world.state).await.unwrap();
    let done = super::apply(&world, &sent, "all_or_nothing").await;
    assert_eq!(done["author_id"], json!(world.user_id("claire")));
    assert_eq!(counts(&done), ("done", [1, 0, 0, 0]));
}
