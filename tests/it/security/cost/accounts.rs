//! Who makes themselves somebody else, and what outlives whoever made it.

use chrono::TimeDelta;
use entity::{idempotency_key, session};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, Set};
use serde_json::{Value, json};
use tests::{PASSWORD, World};

use crate::it::auth::log_in;
use crate::world;

const SAMIRA: &str = "samira@livret.example";
const CLAIRE_S: &str = "claire+samira@livret.example";

async fn forgotten(world: &World, email: &str) -> usize {
    let path = "/v1/auth/password-reset";
    let body = json!({ "email": email });
    let before = world.mails_to(email).await.len();
    world.anonymous().post(path, body).await.expect(204);
    world.mails_to(email).await.len() - before
}

/// A coordinator could give the candidate's account an address of her own, have the password sent
/// there, and sign as the candidate.
#[tokio::test]
async fn a_coordinator_does_not_become_the_candidate_by_their_address() {
    let world = world().await;
    let claire = world.as_("claire");
    let account = format!("/v1/users/{}", world.user_id("samira"));
    let moved = json!({ "email": CLAIRE_S });
    claire.patch(&account, moved).await.expect(200);
    assert_eq!(forgotten(&world, CLAIRE_S).await, 0, "at once");
    // The owner has word of it, where they read it.
    let told = world.mails_to(SAMIRA).await;
    assert_eq!(
        told[0].subject,
        "L'adresse électronique de votre compte va changer"
    );
    let link = world.mails_to(CLAIRE_S).await.remove(0);

    world.clock.advance(TimeDelta::hours(23));
    let confirm = json!({ "token": link.token() });
    let path = "/v1/auth/email/confirm";
    world.anonymous().post(path, confirm).await.expect(204);
    assert_eq!(forgotten(&world, CLAIRE_S).await, 0, "confirmed");
    world.clock.advance(TimeDelta::hours(48));
    assert_eq!(forgotten(&world, CLAIRE_S).await, 0, "after 71 hours");
    world.clock.advance(TimeDelta::hours(2));
    assert_eq!(forgotten(&world, CLAIRE_S).await, 1, "after 73 hours");
}

#[tokio::test]
async fn an_address_that_nobody_confirmed_gets_no_password() {
    let world = world().await;
    let account = format!("/v1/users/{}", world.user_id("samira"));
    let moved = json!({ "email": CLAIRE_S });
    world.as_("claire").patch(&account, moved).await.expect(200);
    world.clock.advance(TimeDelta::days(30));
    assert_eq!(forgotten(&world, CLAIRE_S).await, 0);
    assert_eq!(forgotten(&world, "tom@livret.example").await, 1);
}

#[tokio::test]
async fn programs_do_not_outlive_their_maker_unseen() {
    let world = world().await;
    let claire = world.as_("claire");
    let new = json!({ "email": "max@livret.example", "given_name": "Max", "family_name": "Roy", "role": "coordinator" });
    let max = claire.post("/v1/users", new).await.expect(201);
    let account = format!("/v1/users/{}", max["id"].as_str().unwrap());
    let invitation = claire
        .act(&format!("{account}/invitation"))
        .await
        .expect(200);
    let accepted = json!({ "token": invitation["token"], "password": PASSWORD });
    let path = "/v1/auth/invitations/accept";
    let tokens = world.anonymous().post(path, accepted).await.expect(200);
    let as_max = world
        .anonymous()
        .bearing(tokens["access_token"].as_str().unwrap());
    let program = json!({ "name": "Passerelle", "scopes": ["booklets:read"] });
    let program = as_max
        .post("/v1/service-accounts", program)
        .await
        .expect(201);
    assert_eq!(program["created_by"], max["id"]);

    let disabled = json!({ "state": "disabled" });
    claire.patch(&account, disabled).await.expect(200);
    let told = world.mails_to("claire@livret.example").await;
    let subject = "Un logiciel garde son accès à vos livrets";
    let told: Vec<_> = told.iter().filter(|mail| mail.subject == subject).collect();
    assert_eq!(told.len(), 1);
    assert!(told[0].text.contains("Passerelle"), "{}", told[0].text);
    assert!(
        world
            .mails_to("max@livret.example")
            .await
            .iter()
            .all(|mail| mail.subject != subject)
    );
}

#[tokio::test]
#[expect(clippy::disallowed_methods, reason = "an attacker reads it all")]
async fn the_oldest_sessions_end_where_somebody_has_too_many() {
    let world = world().await;
    let salt = "00".repeat(16);
    let now = world.clock.now();
    let sessions = (0..60).map(|_| session::ActiveModel {
        id: Set(api::kit::new_id()),
        user_id: Set(world.user_id("tom")),
        generation: Set(1),
        salt: Set(salt.clone()),
        created_at: Set(now),
        rotated_at: Set(now),
        expires_at: Set(now + TimeDelta::days(30)),
        revoked_at: Set(None),
        user_agent: Set(None),
        network: Set(None),
    });
    let db = world.state.db.writer();
    session::Entity::insert_many(sessions)
        .exec_without_returning(db)
        .await
        .unwrap();
    log_in(&world, "tom@livret.example", PASSWORD)
        .await
        .expect(200);
    let live = session::Entity::find()
        .filter(session::Column::UserId.eq(world.user_id("tom")))
        .filter(session::Column::RevokedAt.is_null());
    assert_eq!(live.count(db).await.unwrap(), 50);
}

#[tokio::test]
async fn so_many_answers_of_a_person_are_kept_at_a_time() {
    let world = world().await;
    let now = world.clock.now();
    let (tom, notes) = (world.as_("tom"), world.booklet("samira", "notes"));
    let answers = (0..5_000).map(|n| idempotency_key::ActiveModel {
        principal_id: Set(world.user_id("tom")),
        path: Set(notes.clone()),
        key: Set(format!("key {n}")),
        request_sha256: Set(String::new()),
        booklet_id: Set(None),
        status: Set(201),
        etag: Set(None),
        location: Set(None),
        body: Set("{}".to_owned()),
        created_at: Set(now),
    });
    let db = world.state.db.writer();
    let mut answers: Vec<_> = answers.collect();
    while !answers.is_empty() {
        let some = answers.split_off(answers.len() - 1_000);
        let some = idempotency_key::Entity::insert_many(some);
        some.exec_without_returning(db).await.unwrap();
    }
    let write = |key: &'static str| {
        let body = Some(json!({ "body": "Oui", "visibility": "shared" }));
        let (tom, notes) = (tom.clone(), notes.clone());
        async move {
            let keyed = [("idempotency-key", key)];
            tom.send(reqwest::Method::POST, &notes, body, &keyed).await
        }
    };
    let full = write("one-more").await.refused(409, "quota_reached");
    assert_eq!(full["errors"][0]["params"]["max"], 5_000);
    let listed = tom.get(&notes).await.expect(200);
    assert_eq!(listed["items"], json!([]), "refused as a whole");
    let body = json!({ "body": "Oui", "visibility": "shared" });
    tom.post(&notes, body).await.expect(201);
    world.clock.advance(TimeDelta::hours(25));
    write("one-more").await.expect(201);
}

/// Gaps in the feed told how many private notes were written.
#[tokio::test]
async fn nobody_counts_private_notes_by_the_places_of_the_feed() {
    let world = world().await;
    let (tom, claire) = (world.as_("tom"), world.as_("claire"));
    let follow_ups = world.booklet("samira", "follow-ups");
    let body = || json!({ "contacted_on": world.day(0), "contact_mode": "sms", "comment": "Oui" });
    let private = || json!({ "body": "Pour moi.", "visibility": "private" });
    tom.post(&follow_ups, body()).await.expect(201);
    let first = claire.get("/v1/changes").await.expect(200);
    for _ in 0..3 {
        let notes = world.booklet("samira", "notes");
        let note = tom.post(&notes, private()).await.expect(201);
        let note = format!("/v1/notes/{}", note["id"].as_str().unwrap());
        tom.patch(&note, json!({ "body": "Encore." }))
            .await
            .expect(200);
        tom.delete(&note).await.expect(204);
    }
    let next = first["next"].as_str().unwrap();
    let nothing = claire
        .get(&format!("/v1/changes?after={next}"))
        .await
        .expect(200);
    assert_eq!(
        (&nothing["items"], &nothing["next"]),
        (&json!([]), &first["next"])
    );
    tom.post(&follow_ups, body()).await.expect(201);
    let last = claire
        .get(&format!("/v1/changes?after={next}"))
        .await
        .expect(200);
    let places = [&first, &last].map(|page: &Value| {
        let items = page["items"].as_array().unwrap();
        items.last().unwrap()["sequence"].as_i64().unwrap()
    });
    assert_eq!(places[1], places[0] + 1);
}
