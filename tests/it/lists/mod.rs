//! The manners of lists, proved on every list of the API document: what it offers it keeps, what it
//! does not offer it refuses.

mod rows;
mod walk;

use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use tests::{Answer, Operation, World};

use self::rows::{make, path, reader};
use crate::world;

/// Short lists, which answer whole.
const WHOLE: [&str; 14] = [
    "list_api_keys",
    "list_action_sheet_actions",
    "list_booklet_actions",
    "list_contract_actions",
    "list_exports",
    "list_labels",
    "list_objectives",
    "list_plan_actions",
    "list_plan_steps",
    "list_problem_types",
    "list_similar_candidates",
    "list_stages",
    "list_user_mails",
    "list_vae_stages",
];
/// The change feed, the work list and the news, which have manners of their own.
const OWN_MANNERS: [&str; 3] = ["list_changes", "list_to_do", "get_my_news"];
/// Lists of what has no version of its own.
const WITHOUT_VERSION: [&str; 5] = [
    "list_accesses",
    "list_audit_events",
    "list_booklet_accesses",
    "list_import_faults",
    "list_milestones",
];
/// Rows that each list has at least.
const ROWS: usize = 5;

/// The lists that come in pages.
fn paged() -> Vec<Operation> {
    let mut lists: Vec<Operation> = Operation::all();
    lists.retain(|operation| {
        operation.is_list()
            && !WHOLE.contains(&&*operation.id)
            && !OWN_MANNERS.contains(&&*operation.id)
    });
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
        let is_row = !WITHOUT_VERSION.contains(&&*operation.id);
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
            let schema = if schema["items"].is_object() {
                &schema["items"]
            } else {
                schema
            };
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
            format!("after={}", strangers.unwrap_or_else(|| "forged".to_owned())),
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
            assert!(WITHOUT_VERSION.contains(&&*operation.id));
            continue;
        };
        let collection = match operation.id.as_str() {
            "list_agenda" => "appointments",
            "list_booklet_members" => "booklet-members",
            "list_my_sessions" => "me/sessions",
            "list_webhook_deliveries" => "webhook-deliveries",
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
