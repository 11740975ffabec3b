//! What is to be done, by whom, until when.

mod budget;
mod kinds;
mod manners;
mod of_coordinators;

use serde_json::{Value, json};
use tests::{Client, World};

use crate::it::action_sheets::sheet;
use crate::it::sheet_items::{item, settle};
use crate::world;

/// The lines that this question shows, of one page of a hundred.
async fn lines(who: &Client, query: &str) -> Vec<Value> {
    let page = who.get(&format!("/v1/to-do?limit=100&{query}")).await;
    let page = page.expect(200);
    assert_eq!(page["next"], Value::Null, "{query}");
    page["items"].as_array().unwrap().clone()
}

/// Kind and whom it waits for, of what is to be done in this candidate's booklet.
async fn waiting(world: &World, who: &Client, candidate: &str) -> Vec<(String, String)> {
    let query = format!("booklet_id={}", world.booklet_id(candidate));
    pairs(&lines(who, &query).await)
}

fn pairs(lines: &[Value]) -> Vec<(String, String)> {
    let text = |line: &Value, name: &str| line[name].as_str().unwrap().to_owned();
    let mut pairs: Vec<_> = lines
        .iter()
        .map(|line| (text(line, "kind"), text(line, "waiting_for")))
        .collect();
    pairs.sort();
    pairs
}

fn of(expected: &[(&str, &str)]) -> Vec<(String, String)> {
    let mut pairs: Vec<_> = expected
        .iter()
        .map(|(kind, whom)| ((*kind).to_owned(), (*whom).to_owned()))
        .collect();
    pairs.sort();
    pairs
}

/// Every reader's lines: what an action is named for may be done, says the object itself.
async fn named_actions_are_possible(world: &World) {
    let mut asked = 0;
    for name in ["samira", "tom", "tina", "claire"] {
        let who = world.as_(name);
        for line in lines(&who, "").await {
            let Some(action) = line["action"].as_str() else {
                continue;
            };
            let (id, booklet) = (&line["resource_id"], &line["booklet_id"]);
            let at = match line["resource"].as_str().unwrap() {
                "contract" => format!("/v1/contracts/{}", id.as_str().unwrap()),
                "action_sheet" => format!("/v1/action-sheets/{}", id.as_str().unwrap()),
                "plan" => format!("/v1/booklets/{}/plan", booklet.as_str().unwrap()),
                "booklet" => format!("/v1/booklets/{}", id.as_str().unwrap()),
                _ => continue,
            };
            let told = who.get(&format!("{at}/actions")).await.expect(200);
            let told = told["items"].as_array().unwrap().clone();
            let told = told.into_iter().find(|one| one["name"] == action);
            let told = told.unwrap_or_else(|| panic!("{name} has no {action}: {line}"));
            assert_eq!(told["allowed"], true, "{name}: {line} {told}");
            asked += 1;
        }
    }
    assert!(asked > 0);
}

fn path(of: &Value, collection: &str) -> String {
    format!("/v1/{collection}/{}", of["id"].as_str().unwrap())
}
