//! Whoever no longer belongs: an ended membership, a disabled account, a prescriber who is no longer
//! named.

use reqwest::Method;
use serde_json::{Value, json};
use tests::{Client, World};

use super::strangers::made;
use crate::it::rows::everything;
use crate::world;

/// What theo keeps of samira's booklet, whose substitute tutor he was.
struct Kept {
    follow_up: String,
    etag: String,
    after: String,
    agenda: String,
    appointment: String,
}

fn contact(world: &World) -> Value {
    json!({ "contacted_on": world.day(0), "contact_mode": "sms", "comment": "Oui" })
}

async fn kept(world: &World) -> (String, Kept) {
    let body = json!({ "user_id": world.user_id("theo"), "kind": "substitute" });
    let member = made(world, "claire", &world.booklet("samira", "members"), body).await;
    let theo = world.as_("theo");
    let list = world.booklet("samira", "follow-ups");
    let mut follow_up = String::new();
    for _ in 0..3 {
        follow_up = made(world, "theo", &list, contact(world)).await;
    }
    let body = json!({ "starts_at": "2026-12-01T09:00:00Z", "ends_at": "2026-12-01T10:00:00Z", "kind": "interview", "mode": "phone" });
    let at = world.booklet("samira", "appointments");
    made(world, "theo", &at, body.clone()).await;
    let appointment = made(world, "theo", &at, body).await;
    let follow_up = format!("/v1/follow-ups/{follow_up}");
    let etag = theo
        .get(&follow_up)
        .await
        .header("etag")
        .unwrap()
        .to_owned();
    let next = async |list: &str| {
        let page = theo.get(&format!("{list}?limit=1")).await.expect(200);
        format!("{list}?limit=1&after={}", page["next"].as_str().unwrap())
    };
    let kept = Kept {
        follow_up,
        etag,
        after: next(&list).await,
        agenda: next("/v1/appointments").await,
        appointment: format!("/v1/appointments/{appointment}"),
    };
    (member, kept)
}

/// A write that theo made, sent again under its key.
async fn repeat(theo: &Client, world: &World) -> tests::Answer {
    let at = world.booklet("samira", "follow-ups");
    let key = [("idempotency-key", "theo")];
    theo.send(Method::POST, &at, Some(contact(world)), &key)
        .await
}

#[tokio::test]
async fn an_ended_member_finds_nothing_from_the_next_request_on() {
    let world = world().await;
    let theo = world.as_("theo");
    let (member, kept) = kept(&world).await;
    repeat(&theo, &world).await.expect(201);
    let known = [("if-none-match", kept.etag.as_str())];
    let read = async || theo.send(Method::GET, &kept.follow_up, None, &known).await;
    assert_eq!(read().await.status, 304);
    theo.get(&kept.after).await.expect(200);

    let end = json!({ "ends_on": world.day(0) });
    let member = format!("/v1/booklet-members/{member}");
    world.as_("claire").patch(&member, end).await.expect(200);

    read().await.refused(404, "not_found");
    let any = [("if-none-match", "*")];
    let any = theo.send(Method::GET, &kept.follow_up, None, &any).await;
    any.refused(404, "not_found");
    theo.get(&kept.after).await.refused(404, "not_found");
    repeat(&theo, &world).await.refused(404, "not_found");
    for page in ["", "full", "actions", "notes", "audit", "break-glass"] {
        let at = world.booklet("samira", page);
        theo.get(&at).await.refused(404, "not_found");
    }
    let candidate = format!("/v1/candidates/{}", world.candidate_id("samira"));
    theo.get(&candidate).await.refused(404, "not_found");
    for list in [
        kept.agenda.as_str(),
        "/v1/appointments?include=booklet.candidate",
        "/v1/booklets?include=candidate",
        "/v1/candidates",
        "/v1/milestones",
    ] {
        let page = theo.get(list).await.expect(200);
        assert_eq!(page["items"], json!([]), "{list}");
    }
    let stale = [("if-match", "\"999\"")];
    for (method, path) in [
        (Method::PATCH, &kept.follow_up),
        (Method::DELETE, &kept.follow_up),
        (Method::PATCH, &kept.appointment),
    ] {
        // 404 whatever the version: it tells nothing of what is there.
        for headers in [&stale[..], &[][..]] {
            let body = (method == Method::PATCH).then(|| json!({}));
            let answer = theo.send(method.clone(), path, body, headers).await;
            answer.refused(404, "not_found");
        }
    }
}

#[tokio::test]
async fn a_disabled_account_gets_nothing_again_not_even_its_own_answers() {
    let world = world().await;
    let theo = world.as_("theo");
    let (_, kept) = kept(&world).await;
    repeat(&theo, &world).await.expect(201);
    let account = format!("/v1/users/{}", world.user_id("theo"));
    let claire = world.as_("claire");
    let off = json!({ "state": "disabled" });
    claire.patch(&account, off).await.expect(200);
    repeat(&theo, &world).await.refused(401, "unauthenticated");
    for path in [&kept.follow_up, &kept.after, &kept.agenda] {
        theo.get(path).await.refused(401, "unauthenticated");
    }
    // Taken up again, the account has lost its sessions.
    let on = json!({ "state": "active" });
    claire.patch(&account, on).await.expect(200);
    theo.get(&kept.follow_up)
        .await
        .refused(401, "unauthenticated");
}

#[tokio::test]
async fn who_is_no_longer_named_on_a_booklet_sees_no_milestone_of_it() {
    let world = world().await;
    let at = world.booklet("samira", "milestones");
    let body = json!({ "prescriber_id": null, "validator_id": null });
    for name in ["paul", "vera"] {
        world.as_(name).get(&at).await.expect(200);
    }
    let booklet = world.booklet("samira", "");
    world.as_("claire").patch(&booklet, body).await.expect(200);
    for name in ["paul", "vera"] {
        let client = world.as_(name);
        client.get(&at).await.refused(404, "not_found");
        let list = client.get("/v1/milestones").await.expect(200);
        assert_eq!(list["items"], json!([]));
    }
}

#[tokio::test]
async fn a_tutor_who_hands_a_booklet_over_leaves_it() {
    let world = world().await;
    let (tom, claire) = (world.as_("tom"), world.as_("claire"));
    let booklet = world.booklet("samira", "");
    tom.get(&booklet).await.expect(200);
    let to = json!({ "tutor_id": world.user_id("theo") });
    claire.patch(&booklet, to).await.expect(200);
    tom.get(&booklet).await.refused(404, "not_found");
    let by_name = format!("/v1/booklets?tutor_id={}", world.user_id("tom"));
    let others = tom.get(&by_name).await.expect(200);
    assert!(
        !others
            .to_string()
            .contains(&world.booklet_id("samira").to_string())
    );
    world.as_("theo").get(&booklet).await.expect(200);
}

/// What was written in a booklet goes with it, from the answers kept for repeated requests too.
#[tokio::test]
async fn nothing_of_a_person_who_goes_is_kept_to_be_answered_again() {
    let world = world().await;
    let words = "Mots que personne ne relira";
    let body = json!({ "contacted_on": world.day(0), "contact_mode": "sms", "comment": words });
    let at = world.booklet("samira", "follow-ups");
    let key = [("idempotency-key", "one")];
    let tom = world.as_("tom");
    let written = tom.send(Method::POST, &at, Some(body), &key).await;
    written.expect(201);
    assert!(is_stored(&world, words).await);
    let samira = format!("/v1/candidates/{}", world.candidate_id("samira"));
    world.as_("claire").delete(&samira).await.expect(204);
    assert!(!is_stored(&world, words).await);
}

/// Whether any row of any table has these words.
async fn is_stored(world: &World, words: &str) -> bool {
    let tables = everything(world).await;
    tables.values().flatten().any(|row| row.contains(words))
}
