//! The outbox: nothing is lost, nothing is kept, and what cannot leave is told.

use std::path::Path;

use api::program::server::send_mails;
use chrono::TimeDelta;
use entity::values::{MailKind, MailState};
use futures_util::future::join_all;
use reqwest::Method;
use sea_orm::{ActiveModelTrait, IntoActiveModel, Set};
use serde_json::{Value, json};
use tests::World;

use super::rows;
use crate::{world, world_with};

const LEA: &str = "lea@livret.example";

/// Somebody who is invited; the address of their account.
async fn invite(world: &World, locale: &str) -> String {
    let body = json!({ "email": LEA, "given_name": "Léa", "family_name": "Fontaine", "role": "tutor", "locale": locale });
    let claire = world.as_("claire");
    let made = claire.post("/v1/users", body).await.expect(201);
    let path = format!("/v1/users/{}", made["id"].as_str().unwrap());
    let invitation = claire.act(&format!("{path}/invitation")).await.expect(200);
    assert_eq!(invitation["mailed"], true);
    path
}

/// What a coordinator is told of the last mail to somebody.
async fn last_mail(world: &World, user: &str) -> Value {
    let list = format!("{user}/mails");
    let list = world.as_("claire").get(&list).await.expect(200);
    list["items"][0].clone()
}

/// Where the folder should be there is a file.
fn block(world: &World) {
    std::fs::write(outbox(world), "in the way").unwrap();
}

fn outbox(world: &World) -> &Path {
    world.state.mailer.folder().unwrap()
}

#[tokio::test]
async fn an_invitation_is_sent_and_its_link_opens_the_account() {
    let world = world().await;
    let claire = world.as_("claire");
    let user = invite(&world, "fr").await;
    let mails = world.mails().await;
    assert_eq!(mails.len(), 1);
    let mail = &mails[0];
    assert_eq!(mail.to, LEA);
    assert_eq!(
        mail.subject,
        "Votre invitation à ouvrir votre compte Livret"
    );
    assert!(mail.text.starts_with("Bonjour Léa,"), "{}", mail.text);
    assert!(
        mail.text
            .contains("http://livret.example/invitation#token=")
    );
    let organization = claire.get("/v1/organizations").await.expect(200);
    let organization = organization["items"][0]["name"].as_str().unwrap();
    for line in [
        &*format!("Organisme : {organization}"),
        "Pour vous connecter : https://app.livret.example",
    ] {
        assert!(
            mail.text.lines().any(|said| said == line),
            "{line}: {}",
            mail.text
        );
    }
    let body = json!({ "token": mail.token(), "password": "trois moutons bleus" });
    let accept = "/v1/auth/invitations/accept";
    world.anonymous().post(accept, body).await.expect(200);
    let told = last_mail(&world, &user).await;
    assert_eq!(told["kind"], "invitation");
    assert_eq!(
        (&told["state"], &told["attempts"]),
        (&json!("sent"), &json!(1))
    );
}

#[tokio::test]
async fn a_mail_is_in_its_reader_s_language() {
    let world = world().await;
    invite(&world, "en").await;
    let mail = world.mails().await.remove(0);
    assert_eq!(mail.subject, "Your invitation to open your Livret account");
    assert!(mail.text.starts_with("Hello Léa,"), "{}", mail.text);
}

#[tokio::test]
async fn what_a_mail_said_is_not_kept() {
    let world = world().await;
    invite(&world, "fr").await;
    assert!(rows::mails(&world).await[0].body.is_some());
    world.mails().await;
    let mail = rows::mails(&world).await.remove(0);
    assert_eq!(mail.state, MailState::Sent);
    assert_eq!((mail.subject, mail.body), (None, None));
    world.advance_days(31);
    api::program::server::forget_expired(&world.state)
        .await
        .unwrap();
    assert!(rows::mails(&world).await.is_empty());
}

#[tokio::test]
async fn a_mail_that_cannot_leave_is_tried_again_and_leaves_once() {
    let world = world().await;
    block(&world);
    let user = invite(&world, "fr").await;
    assert_eq!(send_mails(&world.state).await.unwrap(), 1);
    let told = last_mail(&world, &user).await;
    assert_eq!(told["state"], "pending");
    assert_eq!(told["reason"], "folder");
    // Not at once: in half a minute at the earliest, in a minute the second time.
    assert_eq!(send_mails(&world.state).await.unwrap(), 0);
    world.clock.advance(TimeDelta::seconds(29));
    assert_eq!(send_mails(&world.state).await.unwrap(), 0);
    world.clock.advance(TimeDelta::seconds(9));
    assert_eq!(send_mails(&world.state).await.unwrap(), 1);
    std::fs::remove_file(outbox(&world)).unwrap();
    world.clock.advance(TimeDelta::seconds(59));
    assert_eq!(send_mails(&world.state).await.unwrap(), 0);
    world.clock.advance(TimeDelta::seconds(17));
    assert_eq!(world.mails().await.len(), 1);
    let told = last_mail(&world, &user).await;
    assert_eq!(
        (&told["state"], &told["attempts"]),
        (&json!("sent"), &json!(3))
    );
    assert_eq!(told["reason"], Value::Null);
    world.advance_days(3);
    assert_eq!(send_mails(&world.state).await.unwrap(), 0);
}

#[tokio::test]
async fn a_mail_is_given_up_after_two_days_and_the_coordinator_sees_why() {
    let world = world().await;
    block(&world);
    let user = invite(&world, "fr").await;
    let mut attempts = 0;
    for _ in 0..(48 * 4) {
        attempts += send_mails(&world.state).await.unwrap();
        world.clock.advance(TimeDelta::minutes(15));
    }
    let told = last_mail(&world, &user).await;
    assert_eq!(told["state"], "failed");
    assert_eq!(told["reason"], "folder");
    assert_eq!(told["attempts"], attempts);
    assert!((40..60).contains(&attempts), "{attempts} attempts");
    assert_eq!(rows::mails(&world).await[0].body, None);
    std::fs::remove_file(outbox(&world)).unwrap();
    world.advance_days(1);
    assert!(world.mails().await.is_empty());
}

#[tokio::test]
async fn an_address_that_is_none_is_given_up_at_once() {
    let world = world().await;
    invite(&world, "fr").await;
    let mail = rows::mails(&world).await.remove(0).into_active_model();
    let broken = entity::mail::ActiveModel {
        recipient: Set("a@b.example, c@d.example".to_owned()),
        ..mail
    };
    broken.update(world.state.db.writer()).await.unwrap();
    assert!(world.mails().await.is_empty());
    let mail = rows::mails(&world).await.remove(0);
    assert_eq!(mail.state, MailState::Failed);
    assert_eq!(mail.reason.as_deref(), Some("address"));
}

#[tokio::test]
async fn of_many_senders_each_mail_is_taken_by_one() {
    let world = world().await;
    invite(&world, "fr").await;
    for name in ["tom", "tina", "theo"] {
        let body = json!({ "email": format!("{name}@livret.example") });
        let asked = world.anonymous();
        asked
            .post("/v1/auth/password-reset", body)
            .await
            .expect(204);
    }
    let senders = join_all((0..6).map(|_| send_mails(&world.state))).await;
    let taken: usize = senders.into_iter().map(Result::unwrap).sum();
    assert_eq!(taken, 4);
    let mails = rows::mails(&world).await;
    assert!(mails.iter().all(|mail| mail.attempts == 1));
    assert_eq!(world.mails().await.len(), 4);
}

#[tokio::test]
async fn what_a_sender_took_before_it_died_is_sent_by_another() {
    let world = world().await;
    invite(&world, "fr").await;
    let taken = entity::mail::ActiveModel {
        attempts: Set(1),
        next_attempt_at: Set(world.clock.now() + TimeDelta::minutes(2)),
        ..rows::mails(&world).await.remove(0).into_active_model()
    };
    taken.update(world.state.db.writer()).await.unwrap();
    assert!(world.mails().await.is_empty());
    world.clock.advance(TimeDelta::minutes(3));
    assert_eq!(world.mails().await.len(), 1);
}

#[tokio::test]
async fn a_new_invitation_takes_the_place_of_one_that_has_not_left() {
    let world = world().await;
    let user = invite(&world, "fr").await;
    let again = format!("{user}/invitation");
    let invitation = world.as_("claire").act(&again).await.expect(200);
    let mails = world.mails().await;
    assert_eq!(mails.len(), 1);
    // The link that is mailed proves the address: nobody else holds it.
    assert_ne!(mails[0].token(), invitation["token"]);
    let body = json!({ "token": mails[0].token(), "password": "trois moutons bleus" });
    let accept = "/v1/auth/invitations/accept";
    world.anonymous().post(accept, body).await.expect(200);
}

#[tokio::test]
async fn what_did_not_happen_is_not_sent() {
    let world = world().await;
    let user = invite(&world, "fr").await;
    world.mails().await;
    let again = format!("{user}/invitation");
    let claire = world.as_("claire");
    let dry = [("prefer", "dry-run")];
    let answer = claire.send(Method::POST, &again, None, &dry).await;
    assert_eq!(answer.expect(200)["mailed"], true);
    let stale = [("if-match", "\"9\"")];
    let answer = claire.send(Method::POST, &again, None, &stale).await;
    answer.refused(412, "stale");
    let key = [("idempotency-key", "once")];
    for _ in 0..2 {
        let answer = claire.send(Method::POST, &again, None, &key).await;
        answer.expect(200);
    }
    assert_eq!(world.mails().await.len(), 2);
}

#[tokio::test]
async fn without_mails_invitations_go_by_hand_and_the_rest_is_refused_clearly() {
    let world = world_with(|config| config.mail_outbox = None).await;
    let claire = world.as_("claire");
    let body =
        json!({ "email": LEA, "given_name": "Léa", "family_name": "Fontaine", "role": "tutor" });
    let made = claire.post("/v1/users", body).await.expect(201);
    let path = format!("/v1/users/{}/invitation", made["id"].as_str().unwrap());
    let invitation = claire.act(&path).await.expect(200);
    assert_eq!(invitation["mailed"], false);
    let body = json!({ "token": invitation["token"], "password": "trois moutons bleus" });
    let accept = "/v1/auth/invitations/accept";
    world.anonymous().post(accept, body).await.expect(200);
    for email in ["tom@livret.example", "nobody@livret.example"] {
        let asked = world.anonymous();
        let asked = asked.post("/v1/auth/password-reset", json!({ "email": email }));
        asked.await.refused(503, "mail_not_configured");
    }
    let body = json!({ "email": "t@livret.example", "current_password": tests::PASSWORD });
    let refused = world.as_("tom").post("/v1/me/email", body).await;
    refused.refused(503, "mail_not_configured");
    let body =
        json!({ "current_password": tests::PASSWORD, "new_password": "trois moutons bleus" });
    let changed = world.as_("tom").post("/v1/me/password", body).await;
    changed.expect(204);
    assert!(rows::mails(&world).await.is_empty());
}

#[tokio::test]
async fn mails_are_seen_by_coordinators_and_tell_no_content() {
    let world = world().await;
    let user = invite(&world, "fr").await;
    let list = format!("{user}/mails");
    let told = last_mail(&world, &user).await;
    let mail = rows::mails(&world).await.remove(0);
    assert_eq!(mail.kind, MailKind::Invitation);
    let body = mail.body.unwrap();
    let token = body.split("#token=").nth(1).unwrap();
    let token = token.split_whitespace().next().unwrap();
    assert!(!told.to_string().contains(token) && !told.to_string().contains(LEA));
    for name in ["tom", "crm", "samira"] {
        world.as_(name).get(&list).await.refused(403, "forbidden");
    }
    for name in ["rose", "ada"] {
        world.as_(name).get(&list).await.refused(404, "not_found");
    }
}
