//! `GET …/actions` says what then happens: everybody plays, on objects in each of their states,
//! what is listed as possible, what is listed as refused, and what is not listed at all.

mod bodies;
mod scenes;

use std::collections::BTreeSet;

use reqwest::Method;
use serde_json::{Value, json};
use tests::{Operation, World};

use self::bodies::body;
use self::scenes::{Scene, Stage};
use crate::world;

/// Candidate, main tutor, substitute, observer, coordinator, and a service account.
const CAST: [&str; 6] = ["samira", "tom", "tina", "theo", "claire", "crm"];

/// The objects that say what may be done with them.
const OBJECTS: [&str; 3] = [
    "/v1/booklets/{id}",
    "/v1/contracts/{id}",
    "/v1/action-sheets/{id}",
];

/// Changes of these objects that are listed nowhere, and why.
const UNLISTED: [(&str, &str); 2] = [
    (
        "update_stage",
        "the change of a page, one for each stage, not of the booklet",
    ),
    (
        "open_break_glass",
        "the administrator who may reads no booklet before",
    ),
];

#[tokio::test]
async fn a_booklet_says_what_may_be_done_with_it() {
    let world = world().await;
    let scenes = Stage::of(&world).booklets().await;
    play_all(&world, &scenes).await;
}

#[tokio::test]
async fn a_contract_says_what_may_be_done_with_it() {
    let world = world().await;
    let scenes = Stage::of(&world).contracts().await;
    play_all(&world, &scenes).await;
}

#[tokio::test]
async fn a_plan_says_what_may_be_done_with_it() {
    let world = world().await;
    let scenes = Stage::of(&world).plans().await;
    play_all(&world, &scenes).await;
}

#[tokio::test]
async fn an_action_sheet_says_what_may_be_done_with_it() {
    let world = world().await;
    let scenes = Stage::of(&world).sheets().await;
    play_all(&world, &scenes).await;
}

#[tokio::test]
async fn what_has_run_out_says_so() {
    let world = world().await;
    let stage = Stage::of(&world);
    let path = stage.booklet("samira").await;
    let contract = stage.in_force(&path).await;
    world.advance_days(101);
    let scenes = [
        Scene {
            title: "open again",
            path,
        },
        Scene {
            title: "run out",
            path: contract,
        },
    ];
    play_all(&world, &scenes).await;
}

#[tokio::test]
async fn every_change_of_these_objects_is_listed() {
    let world = world().await;
    let stage = Stage::of(&world);
    let booklet = stage.booklet("samira").await;
    let objects = [
        stage.draft(&booklet).await,
        stage.sheet(&booklet).await,
        format!("{booklet}/plan"),
        booklet,
    ];
    let mut listed: BTreeSet<String> = UNLISTED.map(|(id, _)| id.to_owned()).into();
    for object in objects {
        for name in ["claire", "tom", "samira"] {
            let actions = actions(&world, name, &object).await;
            listed.extend(actions.iter().map(|action| text(&action["name"])));
        }
    }
    let changes: BTreeSet<String> = Operation::all()
        .into_iter()
        .filter(|operation| operation.method != Method::GET)
        .filter(|operation| OBJECTS.iter().any(|path| operation.path.starts_with(path)))
        .map(|operation| operation.id)
        .collect();
    let (unlisted, unknown) = (&changes - &listed, &listed - &changes);
    assert!(
        unlisted.is_empty() && unknown.is_empty(),
        "in no actions.rs, nor in UNLISTED: {unlisted:?}; listed, but no operation: {unknown:?}"
    );
}

#[tokio::test]
async fn only_readers_of_an_object_read_what_may_be_done_with_it() {
    let world = world().await;
    let booklet = world.booklet("samira", "");
    for path in [
        format!("{booklet}/actions"),
        format!("{booklet}/plan/actions"),
    ] {
        for stranger in ["tina", "nadia", "rose", "remi"] {
            let stranger = world.as_(stranger);
            stranger.get(&path).await.refused(404, "not_found");
        }
        for never in ["paul", "vera", "ada"] {
            world.as_(never).get(&path).await.refused(403, "forbidden");
        }
    }
}

#[tokio::test]
async fn reasons_are_told_in_the_readers_language_and_kept_by_nobody() {
    let world = world().await;
    let path = world.booklet("samira", "plan/actions");
    let samira = world.as_("samira");
    for (language, word) in [("fr", "étape"), ("en", "step")] {
        let headers = [("accept-language", language)];
        let answer = samira.send(Method::GET, &path, None, &headers).await;
        assert_eq!(answer.header("cache-control"), Some("no-store"));
        assert_eq!(answer.header("etag"), None);
        let list = answer.expect(200);
        assert_eq!(list["next"], Value::Null);
        let propose = &list["items"][0];
        assert_eq!(propose["name"], "propose_plan");
        assert_eq!(propose["method"], "POST");
        assert_eq!(propose["href"], world.booklet("samira", "plan/propose"));
        assert_eq!(propose["allowed"], false);
        assert_eq!(propose["code"], "plan_empty");
        assert!(text(&propose["reason"]).contains(word));
    }
}

async fn actions(world: &World, name: &str, object: &str) -> Vec<Value> {
    let list = world.as_(name).get(&format!("{object}/actions")).await;
    list.expect(200)["items"].as_array().unwrap().clone()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

async fn play_all(world: &World, scenes: &[Scene]) {
    let mut played = [0, 0];
    for scene in scenes {
        let operations = operations(world, scene).await;
        for name in CAST {
            let client = world.as_(name);
            let list = client.get(&format!("{}/actions", scene.path)).await;
            let direct = client.get(&scene.path).await;
            assert_eq!(list.status, direct.status, "{name} reads {}", scene.path);
            if list.status != 200 {
                continue;
            }
            let items = list.body["items"].as_array().unwrap();
            for (operation, href) in &operations {
                let item = items.iter().find(|item| item["name"] == *operation.id);
                let told = told(item, operation, href);
                let met = play(world, name, operation, href).await;
                assert_eq!(told, met, "{} as {name}: {}", operation.id, scene.title);
                played[usize::from(told.is_none())] += 1;
            }
        }
    }
    assert!(played.iter().all(|number| *number > 10), "{played:?}");
}

/// The operations that anybody finds listed there, with their addresses.
async fn operations(world: &World, scene: &Scene) -> Vec<(Operation, String)> {
    let list = format!("{}/actions", scene.path);
    let mut names: BTreeSet<String> = BTreeSet::new();
    for name in ["claire", "tom", "tina", "samira"] {
        let list = world.as_(name).get(&list).await;
        let items = list.body["items"].as_array().cloned().unwrap_or_default();
        names.extend(items.iter().map(|item| text(&item["name"])));
    }
    let object = scene.path.trim_end_matches("/plan");
    let id = object.rsplit('/').next().unwrap().to_owned();
    Operation::all()
        .into_iter()
        .filter(|operation| names.contains(&operation.id))
        .map(|operation| {
            let href = operation.fill(std::slice::from_ref(&id));
            (operation, href)
        })
        .collect()
}

/// The code of the refusal that the list tells of; what it does not name, the role never may.
fn told(item: Option<&Value>, operation: &Operation, href: &str) -> Option<String> {
    let Some(item) = item else {
        return Some("forbidden".to_owned());
    };
    assert_eq!(text(&item["method"]), operation.method.as_str());
    assert_eq!(text(&item["href"]), href);
    assert_eq!(item["allowed"], json!(item["code"].is_null()));
    assert_eq!(item["code"].is_null(), item["reason"].is_null());
    item["code"].as_str().map(ToOwned::to_owned)
}

/// Tries it with a valid body and without effect: the code of the refusal, if it is one.
async fn play(world: &World, name: &str, operation: &Operation, href: &str) -> Option<String> {
    let body = body(world, name, &operation.id, href).await;
    // Whoever signs names the version.
    let signed = href.strip_suffix("/signatures");
    let version = match signed {
        Some(contract) => text(&world.as_("claire").get(contract).await.expect(200)["etag"]),
        None => "*".to_owned(),
    };
    let headers = [("prefer", "dry-run"), ("if-match", version.as_str())];
    let client = world.as_(name);
    let method = operation.method.clone();
    let answer = client.send(method, href, body, &headers).await;
    if !(200..300).contains(&answer.status) {
        return Some(text(&answer.body["code"]));
    }
    assert_eq!(answer.header("preference-applied"), Some("dry-run"));
    None
}
