//! `Prefer: dry-run`: the answer of a write, without its effect.

use reqwest::Method;
use sea_orm::{DbBackend, FromQueryResult, JsonValue, Statement};
use serde_json::{Value, json};
use tests::{Answer, World};

use crate::world;

const DRY_RUN: (&str, &str) = ("prefer", "dry-run");

/// All rows of all tables.
pub(crate) async fn everything(world: &World) -> String {
    let db = world.state.db.reader();
    let backend = db.get_database_backend();
    let tables = match backend {
        DbBackend::Sqlite => "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name",
        _ => {
            "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public' ORDER BY 1"
        }
    };
    let rows = async |sql: &str| {
        let rows = JsonValue::find_by_statement(Statement::from_string(backend, sql));
        rows.all(db).await.unwrap()
    };
    let mut all = String::new();
    for table in rows(tables).await {
        let name = table["name"].as_str().unwrap();
        let mut lines: Vec<String> = rows(&format!("SELECT * FROM {name}"))
            .await
            .iter()
            .map(Value::to_string)
            .collect();
        lines.sort_unstable();
        all.push_str(&format!("{name}: {}\n", lines.join("\n")));
    }
    all
}

/// The same request twice, first dry, with nothing changed by that.
async fn rehearse(
    world: &World,
    name: &str,
    method: Method,
    path: &str,
    body: Option<Value>,
) -> [Answer; 2] {
    let before = everything(world).await;
    let person = world.as_(name);
    let dry = [("if-match", "*"), DRY_RUN];
    let dry = person.send(method.clone(), path, body.clone(), &dry).await;
    // A refusal changes nothing anyway.
    let says_so = dry.header("preference-applied") == Some("dry-run");
    assert_eq!(says_so, dry.status < 300, "{method} {path}");
    assert_eq!(everything(world).await, before, "{method} {path}");
    let real = [("if-match", "*")];
    let real = person.send(method, path, body, &real).await;
    assert_eq!(real.header("preference-applied"), None, "{path}");
    [dry, real]
}

#[tokio::test]
async fn a_dry_run_answers_what_the_write_will_and_changes_nothing() {
    let world = world().await;
    let path = world.booklet("samira", "follow-ups");
    let body = json!({ "contacted_on": world.day(0), "contact_mode": "phone", "comment": "Oui" });
    let [dry, real] = rehearse(&world, "tom", Method::POST, &path, Some(body)).await;
    let mut dry = dry.expect(201);
    let real = real.expect(201);
    dry["id"] = real["id"].clone();
    for name in ["created_at", "updated_at"] {
        dry[name] = real[name].clone();
    }
    assert_eq!(dry, real);

    let item = format!("/v1/follow-ups/{}", real["id"].as_str().unwrap());
    let change = Some(json!({ "comment": "Non" }));
    let [dry, real] = rehearse(&world, "tom", Method::PATCH, &item, change).await;
    assert_eq!(
        (dry.expect(200)["version"].clone(), json!(2)),
        (real.expect(200)["version"].clone(), json!(2))
    );
    let [dry, real] = rehearse(&world, "tom", Method::DELETE, &item, None).await;
    dry.expect(204);
    real.expect(204);
}

#[tokio::test]
async fn a_form_learns_from_a_dry_run_what_is_wrong_with_it() {
    let world = world().await;
    let path = world.booklet("samira", "follow-ups");
    let wrong = Some(json!({ "contacted_on": "hier" }));
    let [dry, real] = rehearse(&world, "tom", Method::POST, &path, wrong).await;
    assert_eq!(dry.faults(), real.faults());
    let propose = world.booklet("samira", "plan/propose");
    let [dry, real] = rehearse(&world, "tom", Method::POST, &propose, None).await;
    dry.refused(409, "plan_empty");
    real.refused(409, "plan_empty");
}

#[tokio::test]
async fn a_dry_run_takes_no_idempotency_key() {
    let world = world().await;
    let path = world.booklet("samira", "follow-ups");
    let body = json!({ "contacted_on": world.day(0), "contact_mode": "phone", "comment": "Oui" });
    let key = ("idempotency-key", "one");
    let tom = world.as_("tom");
    let send = async |headers: &[(&str, &str)]| {
        let answer = tom
            .send(Method::POST, &path, Some(body.clone()), headers)
            .await;
        let replayed = answer.header("idempotent-replayed").is_some();
        (answer.expect(201), replayed)
    };
    let (_, replayed) = send(&[key, DRY_RUN]).await;
    assert!(!replayed);
    let (real, replayed) = send(&[key]).await;
    assert!(!replayed);
    // Other preferences beside it do not hide it, and it is asked for in any case.
    let (dry, replayed) = send(&[key, ("prefer", "return=minimal, Dry-Run")]).await;
    assert!(!replayed && dry["id"] != real["id"]);
    let (again, replayed) = send(&[key]).await;
    assert!(replayed && again == real);
}
