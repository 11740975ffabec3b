//! What endpoints are told: every change once, signed, without contents.

use chrono::TimeDelta;
use serde_json::{Value, json};

use super::receiver::Received;
use super::{
    Manner, Receiver, TRACE, WEBHOOKS, at, deliver, happens, log, told_of_all, webhook_to, world,
};

#[tokio::test]
async fn a_change_is_delivered_signed_and_without_contents() {
    let world = world().await;
    let (receiver, webhook) = told_of_all(&world).await;
    let candidate = happens(&world).await;
    assert_eq!(deliver(&world).await, 1);
    let [received] = &receiver.received()[..] else {
        panic!("{:?}", receiver.received());
    };
    assert!(received.is_signed_with(webhook["secret"].as_str().unwrap()));
    assert!(!received.is_signed_with("whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"));
    assert_eq!(received.header("content-type"), "application/json");
    let sent_at: i64 = received.header("webhook-timestamp").parse().unwrap();
    assert!((world.clock.now().timestamp() - sent_at).abs() < 60);
    assert_eq!(received.header(TRACE.0), TRACE.1);
    let message = received.json();
    assert_eq!(message["type"], "candidate.created");
    let data = &message["data"];
    assert_eq!(
        (&data["type"], &data["resource_id"]),
        (&message["type"], &candidate["id"])
    );
    for known in ["Awa", "Diop", "awa@personal.example"] {
        assert!(!received.body.contains(known), "{}", received.body);
    }
    // It is what the feed says, and the log has it.
    let feed = world
        .as_("claire")
        .get("/v1/changes?limit=100")
        .await
        .expect(200);
    let change = feed["items"].as_array().unwrap().iter();
    let change = change
        .rev()
        .find(|change| change["type"] == "candidate.created");
    assert_eq!(Some(data), change);
    let [delivery] = &log(&world, &webhook, "&state=delivered").await[..] else {
        panic!("one delivery");
    };
    assert_eq!(delivery["payload"], received.body);
    assert_eq!(delivery["message_id"], received.id());
    assert_eq!(delivery["sequence"], data["sequence"]);
    assert_eq!(
        (&delivery["attempts"], &delivery["last_status"]),
        (&json!(1), &json!(204))
    );
    assert_eq!(deliver(&world).await, 0);
}

#[tokio::test]
async fn a_webhook_is_told_of_its_topics_and_from_its_beginning_on() {
    let world = world().await;
    happens(&world).await;
    let receiver = Receiver::start().await;
    let body = json!({ "url": receiver.url, "topics": ["booklet.suspended", "follow_up.*"] });
    world.as_("claire").post(WEBHOOKS, body).await.expect(201);
    happens(&world).await;
    let tom = world.as_("tom");
    let suspend = json!({ "reason": "Un nouvel emploi prend tout son temps." });
    tom.post(&world.booklet("samira", "suspend"), suspend)
        .await
        .expect(200);
    tom.act(&world.booklet("samira", "resume"))
        .await
        .expect(200);
    let body = json!({ "contacted_on": world.day(0), "contact_mode": "sms", "comment": "Oui" });
    let made = tom
        .post(&world.booklet("samira", "follow-ups"), body)
        .await
        .expect(201);
    let path = format!("/v1/follow-ups/{}", made["id"].as_str().unwrap());
    tom.patch(&path, json!({ "comment": "Non" }))
        .await
        .expect(200);
    deliver(&world).await;
    let mut messages: Vec<Value> = receiver.received().iter().map(Received::json).collect();
    messages.sort_by_key(|message| message["data"]["sequence"].as_i64());
    let types: Vec<&str> = messages
        .iter()
        .map(|one| one["type"].as_str().unwrap())
        .collect();
    assert_eq!(
        types,
        [
            "booklet.suspended",
            "follow_up.created",
            "follow_up.updated"
        ]
    );
    assert_eq!(messages[2]["data"]["changed"], json!(["comment"]));
}

#[tokio::test]
async fn a_private_note_is_told_to_nobody() {
    let world = world().await;
    let (receiver, _) = told_of_all(&world).await;
    let note = json!({ "body": "Pour moi", "visibility": "private" });
    world
        .as_("tom")
        .post(&world.booklet("samira", "notes"), note)
        .await
        .expect(201);
    happens(&world).await;
    assert_eq!(deliver(&world).await, 1);
    assert_eq!(receiver.received()[0].json()["type"], "candidate.created");
}

#[tokio::test]
async fn organizations_are_told_of_their_own_changes() {
    let world = world().await;
    let (receiver, _) = told_of_all(&world).await;
    let rivage = Receiver::start().await;
    let body = json!({ "url": rivage.url, "topics": ["*"] });
    world.as_("rose").post(WEBHOOKS, body).await.expect(201);
    happens(&world).await;
    deliver(&world).await;
    assert_eq!((receiver.received().len(), rivage.received().len()), (1, 0));
}

#[tokio::test]
async fn both_secrets_sign_while_one_replaces_the_other() {
    let world = world().await;
    let (receiver, webhook) = told_of_all(&world).await;
    let old = webhook["secret"].as_str().unwrap();
    let claire = world.as_("claire");
    let rotate = async |hours: u32| {
        let path = format!("{}/rotate-secret", at(&webhook));
        let rotated = claire.post(&path, json!({ "overlap_hours": hours })).await;
        rotated.expect(200)["secret"].as_str().unwrap().to_owned()
    };
    let new = rotate(2).await;
    happens(&world).await;
    deliver(&world).await;
    let last = || receiver.received().pop().unwrap();
    assert_eq!(last().header("webhook-signature").split(' ').count(), 2);
    assert!(last().is_signed_with(old) && last().is_signed_with(&new));
    // The overlap is over; the library would find the timestamp odd, so signatures are counted.
    world.clock.advance(TimeDelta::hours(2));
    happens(&world).await;
    deliver(&world).await;
    assert_eq!(last().header("webhook-signature").split(' ').count(), 1);
    world.clock.advance(TimeDelta::hours(-2));
    let newest = rotate(0).await;
    happens(&world).await;
    deliver(&world).await;
    assert!(!last().is_signed_with(old) && !last().is_signed_with(&new));
    assert!(last().is_signed_with(&newest));
}

#[tokio::test]
async fn a_ping_is_delivered_whatever_the_topics() {
    let world = world().await;
    let receiver = Receiver::start().await;
    let body = json!({ "url": receiver.url, "topics": ["follow_up.created"] });
    let claire = world.as_("claire");
    let webhook = claire.post(WEBHOOKS, body).await.expect(201);
    let ping = claire
        .act(&format!("{}/ping", at(&webhook)))
        .await
        .expect(201);
    assert_eq!(
        (&ping["state"], &ping["type"]),
        (&json!("pending"), &json!("webhook.ping"))
    );
    deliver(&world).await;
    let path = format!("/v1/webhook-deliveries/{}", ping["id"].as_str().unwrap());
    let told = claire.get(&path).await.expect(200);
    assert_eq!(
        (&told["state"], &told["last_status"]),
        (&json!("delivered"), &json!(204))
    );
    let received = receiver.received().pop().unwrap();
    assert!(received.is_signed_with(webhook["secret"].as_str().unwrap()));
    assert_eq!(received.json()["data"]["webhook_id"], webhook["id"]);
}

#[tokio::test]
async fn another_address_gets_what_the_former_one_did_not_take() {
    let world = world().await;
    let broken = Receiver::that(Manner::Answers(500, "")).await;
    let webhook = webhook_to(&world, &broken.url).await;
    happens(&world).await;
    deliver(&world).await;
    let receiver = Receiver::start().await;
    let change = json!({ "url": receiver.url });
    world
        .as_("claire")
        .patch(&at(&webhook), change)
        .await
        .expect(200);
    world.clock.advance(TimeDelta::minutes(1));
    deliver(&world).await;
    assert_eq!(receiver.received().len(), 1);
    assert_eq!(receiver.received()[0].id(), broken.received()[0].id());
}

#[tokio::test]
async fn the_log_is_forgotten_after_a_month() {
    let world = world().await;
    let (receiver, webhook) = told_of_all(&world).await;
    happens(&world).await;
    deliver(&world).await;
    receiver.now(Manner::Answers(500, ""));
    happens(&world).await;
    deliver(&world).await;
    world.advance_days(31);
    api::program::server::forget_expired(&world.state)
        .await
        .unwrap();
    let left = log(&world, &webhook, "").await;
    assert_eq!(left.len(), 1, "what is pending stays");
    assert_eq!(left[0]["state"], "pending");
}
