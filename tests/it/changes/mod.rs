//! The change feed: nothing is skipped, nothing is told twice, nothing is told to others.

mod follow;
mod pages;
mod places;
mod stream;
mod waiting;

use reqwest::Url;
use serde_json::{Value, json};
use tests::{Client, World};

use crate::it::oauth::account_of;

/// `/v1/changes` with these parameters.
fn changes(parameters: &[(&str, &str)]) -> String {
    let url = Url::parse_with_params("http://livret.example/v1/changes", parameters).unwrap();
    format!("{}?{}", url.path(), url.query().unwrap_or_default())
}

/// The cursor of the end of the feed.
async fn latest(client: &Client) -> String {
    let page = client.get("/v1/changes?after=latest").await.expect(200);
    assert_eq!(page["items"], json!([]));
    page["next"].as_str().unwrap().to_owned()
}

/// All that comes after a cursor, read to the end.
async fn all_after(client: &Client, cursor: &str) -> Vec<Value> {
    let mut cursor = cursor.to_owned();
    let mut all = Vec::new();
    loop {
        let page = client
            .get(&changes(&[("after", &cursor), ("limit", "100")]))
            .await
            .expect(200);
        let items = page["items"].as_array().unwrap();
        if items.is_empty() {
            return all;
        }
        all.extend(items.clone());
        cursor = page["next"].as_str().unwrap().to_owned();
    }
}

/// A program that may read the feed and nothing else, and the path of its account.
async fn program(world: &World) -> (Client, String) {
    let account = account_of(world, "claire", &["events:read"]).await;
    let path = format!("/v1/service-accounts/{}", account.id);
    (account.client(world).await, path)
}

/// Tom writes a follow-up in samira's booklet.
async fn follow_up(world: &World) -> Value {
    let body = json!({ "contacted_on": world.day(0), "contact_mode": "sms", "comment": "Oui" });
    let page = world.booklet("samira", "follow-ups");
    world.as_("tom").post(&page, body).await.expect(201)
}
