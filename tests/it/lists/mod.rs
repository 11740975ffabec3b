//! The manners of lists, proved on every list of the contract: what it offers it keeps, what it
//! does not offer it refuses.

mod rows;

use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use tests::{Answer, Operation, World};

use self::rows::{key, make, path, reader, remove};
use crate::world;

/// Short lists, which answer whole.
const WHOLE: [&str; 4] = [
    "list_objectives",
    "list_plan_steps",
    "list_stages",
    "list_vae_stages",
];
/// Rows that each list has at least.
const ROWS: usize = 5;

/// The lists that come in pages.
fn paged() -> Vec<Operation> {
    let mut lists: Vec<Operation> = Operation::all();
    lists.retain(|operation| operation.is_list() && !WHOLE.contains(&&*operation.id));
    assert!(lists.len() >= 20, "only {} lists", lists.len());
    lists
}

async fn get(world: &World, operation: &Operation, query: &str) -> Answer {
    let path = path(world, operation);
    world
        .as_(reader(operation))
        .get(&format!("{path}?{query}"))
        .await
}

async fn items(world: &World, operation: &Operation, query: &str) -> Vec<Value> {
    let page = get(world, operation, query).await.expect(200);
    page["items"].as_array().unwrap().clone()
}

fn sorts(operation: &Operation) -> Vec<&'static str> {
    let query = operation.query();
    let sort = query.iter().find(|parameter| parameter["name"] == "sort");
    Operation::values(sort.unwrap_or_else(|| panic!("{} has no sort", operation.id)))
}

async fn fill(world: &World, operation: &Operation) {
    for n in 0..ROWS {
        make(world, operation, n).await;
    }
}

#[tokio::test]
async fn every_list_in_pages_has_the_same_manners() {
    for operation in paged() {
        let names: Vec<&str> = operation
            .query()
            .iter()
            .filter_map(|parameter| parameter["name"].as_str())
            .collect();
        for name in ["after", "limit", "updated_since", "sort"] {
            assert!(names.contains(&name), "{} has no {name}", operation.id);
        }
        let sorts = sorts(&operation);
        assert!(
            sorts.len() >= 2 && sorts[0].starts_with('-'),
            "{}",
            operation.id
        );
        let is_row = !["list_audit_events", "list_milestones"].contains(&&*operation.id);
        for sort in ["updated_at", "-updated_at", "created_at", "-created_at"] {
            assert!(
                !is_row || sorts.contains(&sort),
                "{} by {sort}",
                operation.id
            );
        }
    }
}

#[tokio::test]
async fn a_query_is_checked_against_the_contract_and_all_its_faults_are_told() {
    let world = world().await;
    for operation in paged() {
        for limit in ["0", "101", "-1", "x", "", "1.5"] {
            let problem = get(&world, &operation, &format!("limit={limit}")).await;
            let problem = problem.refused(400, "malformed_query");
            assert_eq!(problem["errors"][0]["pointer"], "limit", "{}", operation.id);
        }
        let mut faulty = Vec::new();
        for parameter in operation.query() {
            let name = parameter["name"].as_str().unwrap();
            let schema = Operation::schema(parameter);
            let (value, code) = match (schema["type"].as_str(), schema["format"].as_str()) {
                _ if !Operation::values(parameter).is_empty() => ("nonsense".to_owned(), "enum"),
                (Some("integer" | "boolean"), _) => ("nonsense".to_owned(), "type"),
                (_, Some(_)) => ("nonsense".to_owned(), "format"),
                _ if schema["pattern"].is_string() => ("nonsense".to_owned(), "pattern"),
                _ if schema["maxLength"].is_u64() => ("x".repeat(300), "max_length"),
                _ => panic!("{}: {name} takes anything", operation.id),
            };
            faulty.push((name, value, code));
        }
        faulty.push(("nonsense", "1".to_owned(), "unknown_parameter"));
        let query: Vec<String> = faulty.iter().map(|(n, v, _)| format!("{n}={v}")).collect();
        let problem = get(&world, &operation, &query.join("&")).await;
        let problem = problem.refused(400, "malformed_query");
        for (name, _, code) in faulty {
            let told = problem["errors"].as_array().unwrap();
            let found = |fault: &&Value| fault["pointer"] == name && fault["code"] == code;
            let fault = told.iter().find(found);
            let fault = fault.unwrap_or_else(|| panic!("{}: {name} {code}", operation.id));
            assert_eq!(code == "enum", fault["params"]["allowed"].is_string());
        }
        let twice = get(&world, &operation, "limit=1&limit=2").await;
        let problem = twice.refused(400, "malformed_query");
        assert_eq!(problem["errors"][0]["code"], "repeated_parameter");
    }
}

#[tokio::test]
async fn a_cursor_is_good_for_its_own_list_filters_and_order() {
    let world = world().await;
    let mut strangers: Option<String> = None;
    for operation in paged() {
        fill(&world, &operation).await;
        let page = get(&world, &operation, "limit=2").await;
        let next = page.body["next"].as_str().unwrap().to_owned();
        let link = page.header("link").unwrap().to_owned();
        let path = path(&world, &operation);
        assert_eq!(link, format!("<{path}?limit=2&after={next}>; rel=\"next\""));
        let (first, rest) = next.split_at(1);
        let tampered = format!("{}{rest}", if first == "A" { "B" } else { "A" });
        let sort = sorts(&operation)[1];
        let other_filter = format!("after={next}&updated_since=2020-01-01T00:00:00Z");
        for query in [
            format!("after={tampered}"),
            format!("after={}", &next[..next.len() - 1]),
            "after=forged".to_owned(),
            format!("after={}", strangers.unwrap_or_default()),
            format!("after={next}&sort={sort}"),
            other_filter,
        ] {
            let refused = get(&world, &operation, &query).await;
            refused.refused(400, "invalid_cursor");
        }
        // The same list in pages of another size.
        get(&world, &operation, &format!("limit=3&after={next}"))
            .await
            .expect(200);
        strangers = Some(next);
    }
}

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
    if operation.id == "list_milestones" && name == "created_at" {
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
        let by_number = operation.id == "list_audit_events" && name == "sequence";
        assert!(
            is_right || by_number,
            "{} by {sort}: {first:?} {second:?}",
            operation.id
        );
    }
}

#[tokio::test]
async fn what_changed_since_is_told_and_items_carry_the_version_of_a_direct_read() {
    let world = world().await;
    for operation in paged() {
        fill(&world, &operation).await;
        let all = items(&world, &operation, "limit=100").await;
        let later = world.clock.now() + chrono::TimeDelta::hours(1);
        let since = |instant: DateTime<Utc>| {
            let instant = instant.to_rfc3339_opts(chrono::SecondsFormat::Micros, true);
            format!("limit=100&updated_since={instant}")
        };
        assert_eq!(
            items(&world, &operation, &since(later)).await,
            Vec::<Value>::new()
        );
        let earlier = world.clock.now() - chrono::TimeDelta::days(400);
        assert_eq!(items(&world, &operation, &since(earlier)).await, all);
        let now = world.clock.now();
        make(&world, &operation, 50).await;
        let new = items(&world, &operation, &since(now)).await;
        assert!(
            !new.is_empty() && new.len() < all.len(),
            "{}: {}",
            operation.id,
            new.len()
        );
        let first = &all[0];
        let Some(etag) = first["etag"].as_str() else {
            assert!(["list_audit_events", "list_milestones"].contains(&&*operation.id));
            continue;
        };
        let collection = match operation.id.as_str() {
            "list_agenda" => "appointments",
            "list_booklet_members" => "booklet-members",
            _ => operation.path.rsplit('/').next().unwrap(),
        };
        let at = format!("/v1/{collection}/{}", first["id"].as_str().unwrap());
        let direct = world.as_(reader(&operation)).get(&at).await;
        assert_eq!(direct.header("etag"), Some(etag));
        assert_eq!(direct.body["etag"], json!(etag));
    }
}

#[tokio::test]
async fn short_lists_answer_whole_and_take_no_page() {
    let world = world().await;
    for id in WHOLE {
        let mut all = Operation::all();
        all.retain(|operation| operation.id == id);
        let operation = &all[0];
        let page = get(&world, operation, "").await;
        assert_eq!(
            (page.header("link"), &page.body["next"]),
            (None, &Value::Null)
        );
        for query in [
            "limit=1",
            "after=x",
            "sort=created_at",
            "updated_since=2026-01-01T00:00:00Z",
        ] {
            let problem = get(&world, operation, query)
                .await
                .refused(400, "malformed_query");
            assert_eq!(problem["errors"][0]["code"], "unknown_parameter");
        }
    }
}
