//! What a question reads of the database must not grow with what others have: each statement of each
//! question, with each filter and order that the API document has, is looked at in a small database and in
//! the same one among hundreds of other organizations.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use sea_orm::{ConnectionTrait, Statement};
use secrecy::ExposeSecret;
use tests::{Grown, grow};

use super::probe::Probe;
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
