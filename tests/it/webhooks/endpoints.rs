//! Endpoints: where they may be, what they may be told of, who sees what of them.

use reqwest::Method;
use serde_json::{Value, json};

use super::{WEBHOOKS, at, webhook_to};
use crate::world;

const CRM: &str = "https://crm.horizon.example/livret?key=hush";

#[tokio::test]
async fn a_secret_is_shown_once() {
    let world = world().await;
    let made = webhook_to(&world, CRM).await;
    let secret = made["secret"].as_str().unwrap();
    assert!(
        secret.starts_with("whsec_") && secret.len() == 50,
        "{secret}"
    );
    assert_eq!(made["state"], "active");
    let claire = world.as_("claire");
    let read = claire.get(&at(&made)).await.expect(200);
    assert_eq!(read["url"], CRM);
    assert_eq!(read.get("secret"), None);
    let list = claire.get(WEBHOOKS).await.expect(200);
    assert!(!list.to_string().contains("whsec_"));
    let rotated = claire.act(&format!("{}/rotate-secret", at(&made))).await;
    let rotated = rotated.expect(200);
    assert_ne!(rotated["secret"], made["secret"]);
    assert_ne!(rotated["former_secret_expires_at"], Value::Null);
}

#[tokio::test]
async fn an_endpoint_is_an_https_address_on_the_internet() {
    let world = world().await;
    let claire = world.as_("claire");
    let made = webhook_to(&world, CRM).await;
    for (url, code) in [
        ("http://crm.example", "format"),
        ("http://127.0.0.1:8080", "format"),
        ("https://somebody@crm.example", "format"),
        ("https://crm.example/#x", "format"),
        ("ftp://crm.example", "format"),
        ("https://127.0.0.1", "private_address"),
        ("https://127.1", "private_address"),
        ("https://2130706433", "private_address"),
        ("https://0x7f.0.0.1", "private_address"),
        ("https://0177.0.0.1", "private_address"),
        ("https://localhost", "private_address"),
        ("https://LOCALHOST.", "private_address"),
        ("https://[::1]:8443", "private_address"),
        ("https://[::ffff:127.0.0.1]", "private_address"),
        ("https://[::ffff:10.0.0.1]", "private_address"),
        ("https://[64:ff9b::7f00:1]", "private_address"),
        ("https://[fd00::1]", "private_address"),
        ("https://[fe80::1]", "private_address"),
        ("https://0.0.0.0", "private_address"),
        ("https://10.1.2.3", "private_address"),
        ("https://172.16.0.1", "private_address"),
        ("https://192.168.1.1", "private_address"),
        ("https://100.64.0.1", "private_address"),
        ("https://169.254.169.254/latest", "private_address"),
        ("https://①②⑦.0.0.1", "format"),
        ("https://metadata.google.internal", "private_address"),
        ("https://printer.local", "private_address"),
    ] {
        let expected = [("/url".to_owned(), code.to_owned())];
        let body = json!({ "url": url, "topics": ["*"] });
        let faults = claire.post(WEBHOOKS, body).await.faults();
        assert_eq!(faults, expected, "{url}");
        let faults = claire.patch(&at(&made), json!({ "url": url })).await;
        assert_eq!(faults.faults(), expected, "{url}");
    }
}

#[tokio::test]
async fn topics_are_types_that_exist() {
    let world = world().await;
    let claire = world.as_("claire");
    for (topics, place, code) in [
        (json!([]), "/topics", "min_items"),
        (json!(["booklet"]), "/topics/0", "pattern"),
        (json!(["*", "Booklet.*"]), "/topics/1", "pattern"),
        (json!(["booklet.exploded"]), "/topics/0", "enum"),
        (json!(["booklet.*", "zeppelin.*"]), "/topics/1", "enum"),
        (json!(["webhook.disabled"]), "/topics/0", "enum"),
    ] {
        let body = json!({ "url": CRM, "topics": topics });
        let faults = claire.post(WEBHOOKS, body).await.faults();
        assert_eq!(faults, [(place.to_owned(), code.to_owned())], "{topics}");
    }
    let body = json!({ "url": CRM, "topics": ["follow_up.created", "booklet.*"] });
    let made = claire.post(WEBHOOKS, body).await.expect(201);
    assert_eq!(made["topics"], json!(["booklet.*", "follow_up.created"]));
}

#[tokio::test]
async fn the_admin_sees_how_a_webhook_is_doing_and_not_where_it_leads() {
    let world = world().await;
    let made = webhook_to(&world, CRM).await;
    let ada = world.as_("ada");
    let seen = ada.get(&at(&made)).await.expect(200);
    assert_eq!(
        (&seen["url"], &seen["description"]),
        (&Value::Null, &Value::Null)
    );
    assert_eq!(seen["state"], "active");
    let list = ada.get(WEBHOOKS).await.expect(200);
    assert!(!list.to_string().contains("hush"));
    let log = format!("{}/deliveries", at(&made));
    ada.get(&log).await.refused(403, "forbidden");
    let ping = format!("{}/ping", at(&made));
    ada.act(&ping).await.refused(403, "forbidden");
}

#[tokio::test]
async fn another_organization_finds_nothing() {
    let world = world().await;
    let made = webhook_to(&world, CRM).await;
    let claire = world.as_("claire");
    let ping = claire.act(&format!("{}/ping", at(&made))).await.expect(201);
    let delivery = format!("/v1/webhook-deliveries/{}", ping["id"].as_str().unwrap());
    let rose = world.as_("rose");
    let read = [
        at(&made),
        format!("{}/deliveries", at(&made)),
        delivery.clone(),
    ];
    for path in &read {
        rose.get(path).await.refused(404, "not_found");
    }
    let redeliver = json!({ "since": "2020-01-01T00:00:00Z", "until": "2020-01-02T00:00:00Z" });
    for (path, body) in [
        (format!("{}/ping", at(&made)), None),
        (format!("{}/conformance", at(&made)), None),
        (format!("{}/disable", at(&made)), None),
        (format!("{}/enable", at(&made)), None),
        (format!("{}/rotate-secret", at(&made)), None),
        (format!("{}/redeliver", at(&made)), Some(redeliver)),
        (format!("{delivery}/redeliver"), None),
    ] {
        let answer = rose.send(Method::POST, &path, body, &[]).await;
        answer.refused(404, "not_found");
    }
    let patch = rose
        .patch(&at(&made), json!({ "description": "mine" }))
        .await;
    patch.refused(404, "not_found");
    rose.delete(&at(&made)).await.refused(404, "not_found");
    let list = rose.get(WEBHOOKS).await.expect(200);
    assert_eq!(list["items"], json!([]));
}

#[tokio::test]
async fn a_webhook_is_disabled_and_enabled_once_each() {
    let world = world().await;
    let made = webhook_to(&world, CRM).await;
    let claire = world.as_("claire");
    let act = async |action: &str| claire.act(&format!("{}/{action}", at(&made))).await;
    act("enable").await.refused(409, "invalid_transition");
    let disabled = act("disable").await.expect(200);
    assert_eq!(disabled["disabled_reason"], "asked");
    act("disable").await.refused(409, "invalid_transition");
    act("ping").await.refused(409, "webhook_disabled");
    let enabled = act("enable").await.expect(200);
    assert_eq!(
        (&enabled["state"], &enabled["disabled_at"]),
        (&json!("active"), &Value::Null)
    );
}
