//! The whole booklet in one answer.

use serde_json::{Value, json};

use crate::it::kinds::{self, KINDS};
use crate::world;

#[tokio::test]
async fn all_sections_come_at_once_as_their_own_addresses_show_them() {
    let world = world().await;
    let (samira, tom) = (world.as_("samira"), world.as_("tom"));
    let at = |page: &str| world.booklet("samira", page);
    tom.act(&at("plan-steps/from-template")).await.expect(201);
    for days in 1..=2 {
        for (kind, writing) in kinds::written() {
            if kind.row == "contract" && days == 2 {
                continue;
            }
            let writer = world.as_(writing.by());
            let body = (writing.body)(&world, days);
            let made = writer.post(&at(kind.list), body).await.expect(201);
            if kind.row == "action_sheet" {
                let items = format!("/v1/action-sheets/{}/items", made["id"].as_str().unwrap());
                let item = json!({ "kind": "task", "label": "Lire" });
                tom.post(&items, item).await.expect(201);
            }
        }
    }

    let full = samira.get(&at("full")).await.expect(200);
    assert_eq!(full["booklet"], samira.get(&at("")).await.expect(200));
    assert_eq!(full["plan"], samira.get(&at("plan")).await.expect(200));
    let sections = KINDS
        .iter()
        .filter_map(|kind| Some((kind.section()?, kind.list)));
    for (section, page) in sections {
        let mut listed = samira.get(&at(page)).await.expect(200)["items"].clone();
        let listed = listed.as_array_mut().unwrap();
        assert!(!listed.is_empty(), "{page}");
        if !matches!(page, "objectives" | "stages") {
            listed.reverse();
        }
        assert_eq!(full[section], Value::Array(listed.clone()), "{page}");
    }
    let candidate = format!("/v1/candidates/{}", world.candidate_id("samira"));
    assert_eq!(full["candidate"], samira.get(&candidate).await.expect(200));
}

#[tokio::test]
async fn another_s_private_notes_are_not_in_it() {
    let world = world().await;
    let note = |body: &str, visibility: &str| json!({ "body": body, "visibility": visibility });
    let notes = world.booklet("samira", "notes");
    world
        .as_("samira")
        .post(&notes, note("À moi", "private"))
        .await
        .expect(201);
    world
        .as_("samira")
        .post(&notes, note("À nous", "shared"))
        .await
        .expect(201);
    for (reader, expected) in [
        ("samira", json!(["À moi", "À nous"])),
        ("tom", json!(["À nous"])),
        ("claire", json!(["À nous"])),
    ] {
        let full = world
            .as_(reader)
            .get(&world.booklet("samira", "full"))
            .await
            .expect(200);
        let bodies: Vec<&Value> = full["notes"]
            .as_array()
            .unwrap()
            .iter()
            .map(|note| &note["body"])
            .collect();
        assert_eq!(json!(bodies), expected, "{reader}");
    }
    for stranger in ["paul", "vera", "crm", "ada"] {
        world
            .as_(stranger)
            .get(&world.booklet("samira", "full"))
            .await
            .refused(403, "forbidden");
    }
    world
        .as_("tina")
        .get(&world.booklet("samira", "full"))
        .await
        .refused(404, "not_found");
}
