//! One booklet, from the first account on the platform to the jury's decision, filled in as the
//! paper would be.

mod agreeing;
mod along_the_way;
mod ending;
mod opening;
mod sheets;

use serde_json::{Value, json};
use tests::{Client, PASSWORD, World};

use crate::empty_world;

/// The people, and the booklet that they fill in.
struct Journey<'a> {
    world: &'a World,
    claire: Client,
    tom: Client,
    samira: Client,
    paul: Client,
    book: String,
}

impl Journey<'_> {
    fn page(&self, name: &str) -> String {
        format!("{}/{name}", self.book)
    }
}

#[tokio::test]
async fn a_booklet_is_filled_from_its_first_section_to_its_last() {
    let world = empty_world().await;
    let journey = Journey::begun(&world).await;
    let contract = journey.contract().await;
    let papers = journey.objectives().await;
    let step = journey.plan().await;
    journey.stages().await;
    journey.addresses().await;
    journey.sheets(&papers, &step).await;
    journey.completed_actions().await;
    journey.follow_ups().await;
    journey.notes().await;
    let amendment = journey.amendment(&contract).await;
    journey.milestones().await;
    journey.close(&amendment).await;
    journey.read_again().await;
}

async fn sign(party: &Client, contract: &Value) -> Value {
    let read = json!({ "place": "Toulouse", "content_sha256": contract["content_sha256"] });
    let signatures = item("contracts", contract, "signatures");
    party.post(&signatures, read).await.expect(200)
}

async fn act(who: &Client, collection: &str, object: &Value, action: &str) -> Value {
    who.act(&item(collection, object, action)).await.expect(200)
}

/// Writes an item on a sheet.
async fn note(tutor: &Client, sheet: &Value, new: Value) -> Value {
    let items = item("action-sheets", sheet, "items");
    tutor.post(&items, new).await.expect(201)
}

/// Says on a sheet what became of an item.
async fn answer(who: &Client, of: &Value, action: &str, body: Value) -> Value {
    who.post(&item("sheet-items", of, action), body)
        .await
        .expect(200)
}

fn id(object: &Value) -> &str {
    object["id"].as_str().unwrap()
}

fn item(collection: &str, object: &Value, action: &str) -> String {
    let path = format!("/v1/{collection}/{}/{action}", id(object));
    path.trim_end_matches('/').to_owned()
}

fn list<'a>(object: &'a Value, name: &str) -> &'a [Value] {
    object[name].as_array().unwrap()
}

fn count(object: &Value, name: &str) -> usize {
    list(object, name).len()
}

fn by_id<'a>(object: &'a Value, name: &str) -> Vec<&'a Value> {
    let mut entries: Vec<&Value> = list(object, name).iter().collect();
    entries.sort_by_key(|entry| id(entry));
    entries
}
