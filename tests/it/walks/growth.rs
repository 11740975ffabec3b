//! What a question reads of the database must not grow with what others have: each statement of each
//! question, with each filter and order that the API document has, is looked at in a small database and in
//! the same one among hundreds of other organizations.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use api::foundation::database::Transaction;
use sea_orm::{ConnectionTrait, Statement};
use secrecy::ExposeSecret;
use sqlx::sqlite::SqliteConnection;
use sqlx::{AssertSqlSafe, Connection, Executor};
use tests::{Grown, grow};

use super::*;

/// How many organizations there are besides, each as large as the one that asks.
const OTHERS: u32 = 100;
/// How often the one that asks then has its own booklets over again.
const OWN: u32 = 150;

/// What counts, or puts in order, all that an organization or one of its tutors has, up to a bound, or goes
/// through its list for what is rare: it reads more when they have more themselves.
const OF_ALL_OWN: [&str; 7] = [
    "/v1/to-do/counts",
    "/v1/to-do?tutor_id=",
    "/v1/booklets/counts",
    "/v1/booklets?overdue=true",
    "/v1/booklets?last_contact_before=",
    "/v1/appointments?tutor_id=",
    "/v1/search?q=",
];

/// What is looked into by what means.
enum Probe {
    /// Instructions of SQLite's machine.
    Sqlite(Box<SqliteConnection>),
    /// Rows that PostgreSQL touches, by the worse of its two kinds of plan.
    Postgres(Box<Transaction>),
}

impl Probe {
    async fn of(world: &World) -> Self {
        let Some(path) = world.state.config.sqlite_path() else {
            let txn = world.state.db.begin_to_read().await.unwrap();
            return Self::Postgres(Box::new(txn));
        };
        let url = format!("sqlite://{}", path.display());
        let mut connection = SqliteConnection::connect(&url).await.unwrap();
        // The schema is read with the first statement.
        connection.fetch_all("SELECT 1 FROM users").await.unwrap();
        Self::Sqlite(Box::new(connection))
    }

    /// What may be read more among others, where indexes have more levels and the planner may prefer to look through
    /// the organization's own events (some 200), and once the organization itself
    /// has more, where a page is full by then.
    fn slack(&self) -> [u64; 2] {
        match self {
            Self::Sqlite(_) => [1_000, 6_000],
            Self::Postgres(_) => [300, 1_000],
        }
    }

    async fn read_by(&mut self, statement: &Statement) -> u64 {
        match self {
            Self::Sqlite(connection) => instructions(connection, statement).await,
            Self::Postgres(txn) => {
                let custom = rows(txn, statement, "force_custom_plan").await;
                custom.max(rows(txn, statement, "force_generic_plan").await)
            }
        }
    }
}

async fn instructions(connection: &mut SqliteConnection, statement: &Statement) -> u64 {
    let count = Arc::new(AtomicU64::new(0));
    let counter = count.clone();
    let mut handle = connection.lock_handle().await.unwrap();
    // At each of them: the distance is counted anew with each row.
    handle.set_progress_handler(1, move || {
        counter.fetch_add(1, Ordering::Relaxed);
        true
    });
    drop(handle);
    let sql = with_blobs(&statement.to_string());
    connection.fetch_all(AssertSqlSafe(sql)).await.unwrap();
    count.load(Ordering::Relaxed)
}

/// Ids are blobs in SQLite, and written as texts by what shows a statement.
fn with_blobs(sql: &str) -> String {
    let parts = sql.split('\'').enumerate();
    let parts = parts.map(|(at, part)| match uuid::Uuid::try_parse(part) {
        Ok(id) if at % 2 == 1 => format!("x'{}'", id.simple()),
        _ if at % 2 == 1 => format!("'{part}'"),
        _ => part.to_owned(),
    });
    parts.collect()
}

async fn rows(txn: &Transaction, statement: &Statement, plan: &str) -> u64 {
    let backend = statement.db_backend;
    let values = statement.values.iter().flat_map(|values| &values.0);
    let literal = |value: &sea_orm::Value| {
        Statement::from_sql_and_values(backend, "$1", [value.clone()]).to_string()
    };
    let values: Vec<String> = values.map(literal).collect();
    let values = match values.is_empty() {
        true => String::new(),
        false => format!("({})", values.join(", ")),
    };
    // Tables are small for its taste even now: it would read one from end to end rather than go through
    // an index twenty times.
    let set = format!("SET LOCAL enable_seqscan = off; SET LOCAL plan_cache_mode = {plan}");
    txn.execute_unprepared(&set).await.unwrap();
    let prepare = format!("PREPARE probe AS {}", statement.sql);
    txn.execute_unprepared(&prepare).await.unwrap();
    let explain =
        format!("EXPLAIN (ANALYZE, TIMING OFF, SUMMARY OFF, FORMAT JSON) EXECUTE probe{values}");
    let explain = Statement::from_string(backend, explain);
    let told = txn.query_one_raw(explain).await.unwrap().unwrap();
    let told: Value = told.try_get_by_index(0).unwrap();
    txn.execute_unprepared("DEALLOCATE probe").await.unwrap();
    scanned(&told[0]["Plan"])
}

/// The rows that all scans of a plan have touched, those that a filter removed included.
fn scanned(plan: &Value) -> u64 {
    let number = |name: &str| plan[name].as_f64().unwrap_or_default();
    let removed = number("Rows Removed by Filter") + number("Rows Removed by Index Recheck");
    let here = match plan["Node Type"].as_str() {
        Some(scan) if scan.ends_with("Scan") => {
            (number("Actual Rows") + removed) * number("Actual Loops")
        }
        _ => 0.0,
    };
    let below = plan["Plans"].as_array().into_iter().flatten();
    here as u64 + below.map(scanned).sum::<u64>()
}

/// The values that a question is asked with for a parameter.
fn answers(world: &World, parameter: &'static Value) -> Vec<String> {
    let name = parameter["name"].as_str().unwrap();
    let schema = Operation::schema(parameter);
    // Of a list, one.
    let schema = schema.get("items").unwrap_or(schema);
    let listed = Operation::values(parameter);
    if !listed.is_empty() {
        return listed.into_iter().map(ToOwned::to_owned).collect();
    }
    let now = world.clock.now();
    let value = match (name, schema["type"].as_str(), schema["format"].as_str()) {
        ("limit" | "cursor" | "after" | "wait", ..) => return Vec::new(),
        (_, Some("boolean"), _) => return vec!["true".to_owned(), "false".to_owned()],
        (_, Some("integer"), _) => schema["minimum"].to_string(),
        (_, _, Some("date")) => world.day(0).to_string(),
        // Nothing is newer.
        (_, _, Some("date-time")) => now.format("%Y-%m-%dT%H:%M:%SZ").to_string(),
        ("booklet_id", ..) => world.booklet_id("samira").to_string(),
        ("candidate_id", ..) => world.candidate_id("samira").to_string(),
        (_, _, Some("uuid")) => world.user_id("tom").to_string(),
        ("department", ..) => "75".to_owned(),
        ("q", ..) => "sam".to_owned(),
        _ => match parameter["example"].as_str().or(schema["example"].as_str()) {
            Some(example) => example.to_owned(),
            None => "jury".to_owned(),
        },
    };
    vec![value]
}

/// An operation's address, alone and with each value of each parameter.
fn questions(world: &World, operation: &Operation, path: &str) -> Vec<String> {
    let path = asking(operation, path.to_owned());
    let mark = if path.contains('?') { '&' } else { '?' };
    let mut asked = vec![path.clone()];
    for parameter in operation.query() {
        let name = parameter["name"].as_str().unwrap();
        for value in answers(world, parameter) {
            asked.push(format!("{path}{mark}{name}={value}"));
        }
    }
    asked
}

type Seen = Arc<Mutex<Vec<Statement>>>;

/// By question and statement: what it reads.
async fn all_read(world: &World, seen: &Seen, asked: &[(Client, String)]) -> BTreeMap<String, u64> {
    let (mut probe, mut known) = (Probe::of(world).await, BTreeMap::new());
    let mut read = BTreeMap::new();
    for (client, question) in asked {
        seen.lock().unwrap().clear();
        let answer = client.get(question).await;
        assert!(answer.status < 500, "{question}: {}", answer.status);
        let sent = std::mem::take(&mut *seen.lock().unwrap());
        for statement in sent.iter().filter(|sent| sent.sql.starts_with("SELECT")) {
            let text = statement.to_string();
            if !known.contains_key(&text) {
                known.insert(text.clone(), probe.read_by(statement).await);
            }
            let most: &mut u64 = read
                .entry(format!("{question}\n    {}", statement.sql))
                .or_default();
            *most = known[&text].max(*most);
        }
    }
    read
}

/// Those that read more than before.
fn more(before: &BTreeMap<String, u64>, after: &BTreeMap<String, u64>, slack: u64) -> Vec<String> {
    let mut more = Vec::new();
    for (line, count) in after {
        let known = before.get(line).copied().unwrap_or_default();
        // Pages of exports have a thousand rows, and what is to be done is a page of each of many kinds.
        let has_many = ["/v1/exports/", "/v1/to-do"];
        let has_many = has_many.iter().any(|of| line.starts_with(of));
        let pages = if has_many { 5 } else { 1 };
        if *count > known * 3 / 2 + pages * slack {
            more.push(format!("{known} → {count}: {line}"));
        }
    }
    more
}

#[tokio::test]
async fn no_question_reads_more_because_there_is_more() {
    let world = world().await;
    let mut asked = Vec::new();
    for operation in Operation::all() {
        let is_long = matches!(
            operation.id.as_str(),
            "stream_changes" | "stream_my_news" | "export_organization"
        );
        if operation.method != Method::GET || operation.policy().is_none() || is_long {
            continue;
        }
        let case = Case::of(&world, &operation).await;
        for question in questions(&world, &operation, &case.path) {
            asked.push((case.client(&world), question));
        }
    }
    let seen = Seen::default();
    let shown = seen.clone();
    let show = move |sent: &Statement| shown.lock().unwrap().push(sent.clone());
    world.state.db.show_statements(show);
    // Places in the feed are given now.
    world.as_("claire").get("/v1/changes").await.expect(200);
    let [among, own] = Probe::of(&world).await.slack();

    let small = all_read(&world, &seen, &asked).await;
    grown(&world, Grown::Organizations, OTHERS).await;
    let among_others = all_read(&world, &seen, &asked).await;
    grown(&world, Grown::Booklets, OWN).await;
    let mut large = all_read(&world, &seen, &asked).await;

    assert!(
        large.len() > 300,
        "{} statements were looked at",
        large.len()
    );
    let others = more(&small, &among_others, among);
    assert!(
        others.is_empty(),
        "{} read what others have:\n{}",
        others.len(),
        others.join("\n")
    );
    if !more(&among_others, &large, own).is_empty() {
        // PostgreSQL gathers statistics beside us, of a sample: what is read with others as well counts.
        let writer = world.state.db.writer();
        writer.execute_unprepared("ANALYZE").await.unwrap();
        let again = all_read(&world, &seen, &asked).await;
        large = large
            .into_iter()
            .filter_map(|(line, count)| {
                let least = count.min(*again.get(&line)?);
                Some((line, least))
            })
            .collect();
    }
    large.retain(|line, _| !OF_ALL_OWN.iter().any(|of| line.starts_with(of)));
    let own = more(&among_others, &large, own);
    assert!(
        own.is_empty(),
        "{} read more than a page:\n{}",
        own.len(),
        own.join("\n")
    );
}

async fn grown(world: &World, what: Grown, times: u32) {
    // A connection without deadlines.
    let url = world.state.config.database_url.expose_secret();
    let db = sea_orm::Database::connect(url).await.unwrap();
    // Each copy has a number of its own.
    let first = if what == Grown::Booklets {
        OTHERS + 1
    } else {
        1
    };
    let horizon = world.organization_id("horizon");
    grow(&db, what, horizon, first, first + times)
        .await
        .unwrap();
    db.close().await.unwrap();
}
