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
const UNLISTED: [(&str, &str); 1] = [(
    "update_stage",
    "the change of a page, one for each stage, not of the booklet",
)];

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
    assert_eq!(listed, changes);
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
        let names = names(world, scene).await;
        for name in CAST {
            let list = format!("{}/actions", scene.path);
            let answer = world.as_(name).get(&list).await;
            let direct = world.as_(name).get(&scene.path).await;
            assert_eq!(answer.status, direct.status, "{name} reads {list}");
            if answer.status != 200 {
                continue;
            }
            let items = answer.body["items"].as_array().unwrap();
            for (id, method, href) in &names {
                let item = items.iter().find(|item| item["name"] == **id);
                let expected = item.map_or(Some("forbidden".to_owned()), |item| {
                    assert_eq!(
                        (text(&item["method"]), text(&item["href"])),
                        (method.to_string(), href.clone())
                    );
                    assert_eq!(item["allowed"], json!(item["code"].is_null()));
                    assert_eq!(item["code"].is_null(), item["reason"].is_null());
                    item["code"].as_str().map(ToOwned::to_owned)
                });
                let title = format!("{id} as {name}: {}", scene.title);
                played[usize::from(expected.is_none())] += 1;
                play(world, (name, &title), (id, method, href), expected).await;
            }
        }
    }
    assert!(played.iter().all(|number| *number > 10), "{played:?}");
}

/// What anybody finds listed there.
async fn names(world: &World, scene: &Scene) -> Vec<(String, Method, String)> {
    let mut names: BTreeSet<String> = BTreeSet::new();
    for name in ["claire", "tom", "tina", "samira"] {
        let list = world
            .as_(name)
            .get(&format!("{}/actions", scene.path))
            .await;
        let items = list.body["items"].as_array().cloned().unwrap_or_default();
        names.extend(items.iter().map(|item| text(&item["name"])));
    }
    let id = scene
        .path
        .trim_end_matches("/plan")
        .rsplit('/')
        .next()
        .unwrap();
    Operation::all()
        .into_iter()
        .filter(|operation| names.contains(&operation.id))
        .map(|operation| {
            let href = operation.fill(&[id.to_owned()]);
            (operation.id, operation.method, href)
        })
        .collect()
}

/// Tries it without effect and compares: 2xx, or the problem of this code.
async fn play(
    world: &World,
    (name, title): (&str, &str),
    (id, method, href): (&str, &Method, &str),
    expected: Option<String>,
) {
    let body = body(world, name, id, href).await;
    let headers = [("prefer", "dry-run"), ("if-match", "*")];
    let client = world.as_(name);
    let answer = client.send(method.clone(), href, body, &headers).await;
    match expected {
        None => {
            assert!(
                (200..300).contains(&answer.status),
                "{title}: {:#}",
                answer.body
            );
            assert_eq!(
                answer.header("preference-applied"),
                Some("dry-run"),
                "{title}"
            );
        }
        Some(code) => assert_eq!(answer.body["code"], *code, "{title}"),
    }
}
