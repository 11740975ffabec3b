//! Walking a list to its end, while rows come and go.

use chrono::{DateTime, Utc};
use serde_json::Value;
use tests::{Operation, World};

use super::rows::{key, make, reader, remove};
use super::{ROWS, fill, get, items, paged, sorts};
use crate::world;

#[tokio::test]
async fn a_walk_shows_each_untouched_row_once_and_in_order_whatever_comes_and_goes() {
    let world = world().await;
    let mut n = 100;
    let (mut walks, mut removals) = (0, 0);
    for operation in paged() {
        fill(&world, &operation).await;
        touch_first(&world, &operation).await;
        for sort in sorts(&operation) {
            let whole = items(&world, &operation, &format!("limit=100&sort={sort}")).await;
            assert!(whole.len() >= ROWS, "{} is short", operation.id);
            in_order(&operation, sort, &whole);
            for limit in [1, 2] {
                make(&world, &operation, n).await;
                let before = items(&world, &operation, &format!("limit=100&sort={sort}")).await;
                let newest = newest(&operation, &before);
                let query = format!("limit={limit}&sort={sort}");
                let mut seen = Vec::new();
                let mut after = String::new();
                for pages in 1.. {
                    let page = get(&world, &operation, &format!("{query}{after}")).await;
                    let link = page.header("link").map(ToOwned::to_owned);
                    let page = page.expect(200);
                    let items = page["items"].as_array().unwrap();
                    assert!(items.len() <= limit);
                    seen.extend(items.iter().map(|item| key(&operation, item)));
                    let Some(next) = page["next"].as_str() else {
                        assert_eq!(link, None);
                        break;
                    };
                    assert!(link.unwrap().contains(&format!("after={next}>")));
                    after = format!("&after={next}");
                    if pages == 1 {
                        n += 1;
                        make(&world, &operation, n).await;
                        removals += usize::from(remove(&world, &operation, &newest).await);
                    }
                }
                let touched = key(&operation, &newest);
                let untouched: Vec<String> = before
                    .iter()
                    .map(|item| key(&operation, item))
                    .filter(|key| *key != touched)
                    .collect();
                seen.retain(|key| untouched.contains(key));
                assert_eq!(seen, untouched, "{} by {sort}, {limit}", operation.id);
                n += 1;
                walks += 1;
            }
        }
    }
    assert!(
        walks >= 160 && removals >= 80,
        "{walks} walks, {removals} removals"
    );
}

/// Changes the oldest row where the example of a patch does, so that the order of changes is not
/// that of creation.
async fn touch_first(world: &World, operation: &Operation) {
    let oldest = items(world, operation, &format!("sort={}", sorts(operation)[1])).await;
    let Some(id) = oldest[0]["id"].as_str() else {
        return;
    };
    let collection = operation.path.rsplit('/').next().unwrap();
    let at = format!("/v1/{collection}/{{id}}");
    let patches = |other: &Operation| other.path == at && other.method == "PATCH";
    if let Some(patch) = Operation::all().into_iter().find(patches) {
        let body = patch.example().unwrap();
        world
            .as_(reader(operation))
            .patch(&patch.fill(&[id.to_owned()]), body)
            .await;
    }
}

fn newest(operation: &Operation, items: &[Value]) -> Value {
    let newest = items.iter().max_by_key(|item| {
        let key = key(operation, item);
        (key.len(), key)
    });
    newest.unwrap().clone()
}

/// What the order is of, comparable.
#[derive(Debug, PartialEq, PartialOrd)]
enum Comparable {
    Instant(DateTime<Utc>),
    Number(i64),
    Text(String),
    Name(Vec<u8>),
}

fn comparable(value: &Value) -> Comparable {
    match value {
        Value::Number(number) => Comparable::Number(number.as_i64().unwrap()),
        Value::String(text) => match text.parse() {
            Ok(instant) => Comparable::Instant(instant),
            Err(_) => Comparable::Text(text.clone()),
        },
        other => panic!("{other} puts nothing in order"),
    }
}

/// What puts an item where it stands.
fn place(name: &str, item: &Value) -> Comparable {
    let text = |name: &str| item[name].as_str().unwrap().to_owned();
    match name {
        "name" if item["family_name"].is_string() => {
            let name = format!("{} {}", text("family_name"), text("given_name"));
            Comparable::Name(migration::fold::sort_key(&name))
        }
        "name" => Comparable::Name(migration::fold::sort_key(&text("name"))),
        _ => comparable(&item[name]),
    }
}

fn in_order(operation: &Operation, sort: &str, items: &[Value]) {
    let name = sort.trim_start_matches('-');
    // Shown elsewhere: `it::booklets::board` looks at these.
    let is_elsewhere = operation.id == "list_booklets" && items[0][name].is_null();
    if is_elsewhere || operation.id == "list_milestones" && name == "created_at" {
        return;
    }
    for pair in items.windows(2) {
        let [first, second] = [0, 1].map(|at| {
            let item = &pair[at];
            (place(name, item), key(operation, item))
        });
        let is_right = match sort.starts_with('-') {
            true => first > second,
            false => first < second,
        };
        // Compared as a text, for it also is what tells rows apart.
        let by_number = name == "sequence";
        assert!(
            is_right || by_number,
            "{} by {sort}: {first:?} {second:?}",
            operation.id
        );
    }
}
