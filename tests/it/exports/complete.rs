//! Nothing is missing and nothing is there twice; nothing leaves that is not the organization's, or
//! nobody's but its author's.

use std::collections::{BTreeMap, BTreeSet};

use entity::note;
use entity::values::Visibility;
use sea_orm::{ActiveModelTrait, ConnectionTrait, Set, Statement};
use serde_json::{Value, json};
use tests::World;

use super::{columns, datasets, name, rows, told};
use crate::it::oauth::account_of;
use crate::world;

/// The table behind a name, and the rows of it that leave, by the organization's id.
fn table(dataset: &str) -> (&str, &str) {
    let own = "organization_id = $1";
    let own_or_shared = "organization_id = $1 OR organization_id IS NULL";
    let public = "organization_id = $1 AND private_to IS NULL AND (resource_id IS NULL OR \
        resource_id NOT IN (SELECT id FROM notes WHERE visibility = 'private'))";
    match dataset {
        "organizations" => (dataset, "id = $1"),
        "contract_templates" | "plan_templates" | "pledges" | "useful_addresses" => {
            (dataset, own_or_shared)
        }
        "vae_stages" => (dataset, "$1 = $1"),
        "stages" => ("stage_progress", own),
        "notes" => (dataset, "organization_id = $1 AND visibility = 'shared'"),
        "events" => (dataset, public),
        "accesses" => ("access_entries", public),
        other => (other, own),
    }
}

async fn count(world: &World, dataset: &str, organization_id: uuid::Uuid) -> i64 {
    let (table, condition) = table(dataset);
    let sql = format!("SELECT count(*) AS n FROM {table} WHERE {condition}");
    let db = world.state.db.reader();
    let values = [organization_id.into()];
    let statement = Statement::from_sql_and_values(db.get_database_backend(), sql, values);
    let row = db.query_one_raw(statement).await.unwrap().unwrap();
    row.try_get("", "n").unwrap()
}

#[tokio::test]
async fn every_row_of_every_table_is_there_once() {
    let (demo, world, claire) = told().await;
    let organization_id = demo.names["horizon"].parse().unwrap();
    let mut filled = 0;
    for dataset in datasets(&claire).await {
        let (name, columns) = (name(&dataset), columns(&dataset));
        let rows = rows(&claire, name, "").await;
        let keys: BTreeSet<String> = rows.iter().map(|row| row[columns[0]].to_string()).collect();
        assert_eq!(keys.len(), rows.len(), "{name}");
        let expected = count(&world, name, organization_id).await;
        assert_eq!(i64::try_from(rows.len()).unwrap(), expected, "{name}");
        for row in &rows {
            let fields: Vec<&str> = row
                .as_object()
                .unwrap()
                .keys()
                .map(String::as_str)
                .collect();
            assert_eq!(
                fields.iter().collect::<BTreeSet<_>>(),
                columns.iter().collect::<BTreeSet<_>>(),
                "{name}"
            );
        }
        filled += usize::from(!rows.is_empty());
    }
    assert!(filled >= 28, "only {filled} tables have rows");
}

#[tokio::test]
async fn a_row_says_what_the_api_says_of_it() {
    let (_demo, _world, claire) = told().await;
    let mut compared = 0;
    for dataset in datasets(&claire).await {
        let name = name(&dataset);
        let collection = match name {
            "events"
            | "accesses"
            | "external_references"
            | "signatures"
            | "sheet_answers"
            | "plans"
            | "stages"
            | "break_glass"
            | "vae_stages" => continue,
            name => name.replace('_', "-"),
        };
        for row in rows(&claire, name, "").await.iter().take(5) {
            let at = format!("/v1/{collection}/{}", row["id"].as_str().unwrap());
            let shown = claire.get(&at).await.expect(200);
            for (column, value) in row.as_object().unwrap() {
                if let Some(field) = shown.get(column) {
                    assert_eq!(field, value, "{at} {column}");
                    compared += 1;
                }
            }
        }
    }
    assert!(compared > 800, "only {compared} values were compared");
}

#[tokio::test]
async fn a_change_is_found_in_the_feed_by_its_place_there() {
    let world = world().await;
    let reader = account_of(&world, "claire", &["events:read"]).await;
    let reader = reader.client(&world).await;
    for (name, candidate) in [("remi", "rita"), ("tom", "samira")] {
        let call = json!({ "contacted_on": world.day(0), "contact_mode": "sms", "comment": "Oui" });
        let at = world.booklet(candidate, "follow-ups");
        world.as_(name).post(&at, call).await.expect(201);
    }
    // Nobody has read the feed yet.
    let exported = rows(&world.as_("claire"), "events", "").await;
    let mut cursor = String::new();
    let mut fed = BTreeMap::new();
    loop {
        let at = format!("/v1/changes?limit=100&after={cursor}");
        let page = reader.get(&at).await.expect(200);
        let items = page["items"].as_array().unwrap();
        if items.is_empty() {
            break;
        }
        fed.extend(
            items
                .iter()
                .cloned()
                .map(|one| (one["sequence"].as_i64(), one)),
        );
        page["next"].as_str().unwrap().clone_into(&mut cursor);
    }
    assert!(!exported.is_empty());
    for row in &exported {
        let change = &fed[&row["change_sequence"].as_i64()];
        for field in [
            "at",
            "type",
            "resource_id",
            "booklet_id",
            "version",
            "changed",
        ] {
            assert_eq!(row[field], change[field], "{field} of {row}");
        }
    }
    let last = exported.last().unwrap();
    assert_eq!(last["type"], "follow_up.created");
    assert_ne!(last["sequence"], last["change_sequence"]);
}

#[tokio::test]
async fn a_state_that_came_with_time_is_exported_as_it_is_shown() {
    let world = world().await;
    let (claire, tom) = (world.as_("claire"), world.as_("tom"));
    let at = world.booklet("samira", "contracts");
    let contract = json!({ "ends_on": world.day(3) });
    let contract = tom.post(&at, contract).await.expect(201);
    let at = format!("/v1/contracts/{}", contract["id"].as_str().unwrap());
    tom.act(&format!("{at}/propose")).await.expect(200);
    let place = json!({ "place": "Toulouse" });
    let sign = format!("{at}/signatures");
    tom.sign(&sign, place.clone()).await.expect(200);
    world.as_("samira").sign(&sign, place).await.expect(200);
    let states = async || {
        let contract = rows(&claire, "contracts", "").await[0]["state"].clone();
        let id = json!(world.booklet_id("samira"));
        let booklets = rows(&claire, "booklets", "").await;
        let booklet = booklets.into_iter().find(|row| row["id"] == id).unwrap();
        (contract, booklet["state"].clone())
    };
    assert_eq!(states().await, (json!("in_force"), json!("active")));
    world.advance_days(4);
    assert_eq!(states().await, (json!("ended"), json!("open")));
}

#[tokio::test]
async fn no_row_of_another_organization_leaves() {
    let world = world().await;
    let (claire, rose) = (world.as_("claire"), world.as_("rose"));
    for (name, candidate) in [("tom", "samira"), ("remi", "rita")] {
        let call = json!({ "contacted_on": world.day(0), "contact_mode": "sms", "comment": "Oui" });
        let at = world.booklet(candidate, "follow-ups");
        world.as_(name).post(&at, call).await.expect(201);
    }
    let mut seen = 0;
    for dataset in datasets(&claire).await {
        let (name, columns) = (name(&dataset), columns(&dataset));
        // What is shared by all has no organization.
        if name == "vae_stages" {
            continue;
        }
        let own = |rows: Vec<Value>| -> BTreeSet<String> {
            let of_somebody = rows.iter().filter(|row| {
                !columns.contains(&"organization_id") || !row["organization_id"].is_null()
            });
            of_somebody.map(|row| row[columns[0]].to_string()).collect()
        };
        let horizon = own(rows(&claire, name, "").await);
        let rivage = own(rows(&rose, name, "").await);
        assert!(horizon.is_disjoint(&rivage), "{name}");
        seen += usize::from(!horizon.is_empty() && !rivage.is_empty());
    }
    assert!(seen >= 7, "only {seen} tables have rows of both");
}

#[tokio::test]
async fn private_notes_and_what_was_done_with_them_stay() {
    let world = world().await;
    let claire = world.as_("claire");
    let private = json!({ "body": "Inquiète", "visibility": "private" });
    let shared = json!({ "body": "À dire", "visibility": "shared" });
    let at = world.booklet("samira", "notes");
    let tom = world.as_("tom");
    let private = tom.post(&at, private).await.expect(201);
    let shared = tom.post(&at, shared).await.expect(201);
    tom.get(&format!("/v1/notes/{}", private["id"].as_str().unwrap()))
        .await
        .expect(200);
    crate::it::accesses::written(&world).await;
    // As somebody has who was a tutor before.
    let own = note::ActiveModel {
        id: Set(api::kit::new_id()),
        organization_id: Set(world.organization_id("horizon")),
        booklet_id: Set(world.booklet_id("samira")),
        author_id: Set(world.user_id("claire")),
        body: Set("Mienne".to_owned()),
        visibility: Set(Visibility::Private),
        pinned: Set(false),
        version: Set(1),
        created_at: Set(world.clock.now()),
        updated_at: Set(world.clock.now()),
    };
    let own = own.insert(world.state.db.writer()).await.unwrap().id;
    let notes = rows(&claire, "notes", "").await;
    assert_eq!(notes.len(), 1);
    assert_eq!(notes[0]["id"], shared["id"]);
    for dataset in datasets(&claire).await {
        let text = format!("{:?}", rows(&claire, name(&dataset), "").await);
        for hidden in [
            private["id"].as_str().unwrap(),
            &own.to_string(),
            "Inquiète",
            "Mienne",
        ] {
            assert!(
                !text.contains(hidden),
                "{} tells of {hidden}",
                name(&dataset)
            );
        }
    }
}

#[tokio::test]
async fn no_secret_leaves() {
    let (_demo, _world, claire) = told().await;
    for dataset in datasets(&claire).await {
        for column in columns(&dataset) {
            let is_secret = [
                "hash", "salt", "secret", "token", "password", "search", "sort_key",
            ];
            let is_secret = is_secret.iter().any(|word| column.contains(word));
            assert!(!is_secret, "{} {column}", name(&dataset));
        }
        let text = format!("{:?}", rows(&claire, name(&dataset), "").await);
        assert!(!text.contains("$argon2"), "{}", name(&dataset));
    }
}
