//! The whole booklet in one answer.

use serde_json::{Value, json};

use crate::world;

#[tokio::test]
async fn all_sections_come_at_once_as_their_own_addresses_show_them() {
    let world = world().await;
    let (samira, tom) = (world.as_("samira"), world.as_("tom"));
    let at = |page: &str| world.booklet("samira", page);
    let lire = json!({ "kind": "project", "statement": "Obtenir le CAP" });
    samira.post(&at("objectives"), lire).await.expect(201);
    tom.post(&at("contracts"), json!({ "ends_on": world.day(200) }))
        .await
        .expect(201);
    tom.act(&at("plan-steps/from-template")).await.expect(201);
    for number in 1..=2 {
        let sheet = json!({ "appointment_on": world.day(number) });
        let sheet = tom.post(&at("action-sheets"), sheet).await.expect(201);
        let items = format!("/v1/action-sheets/{}/items", sheet["id"].as_str().unwrap());
        tom.post(&items, json!({ "kind": "task", "label": "Lire" }))
            .await
            .expect(201);
        let call =
            json!({ "contacted_on": world.day(number), "contact_mode": "sms", "comment": "Ok" });
        tom.post(&at("follow-ups"), call).await.expect(201);
    }
    samira
        .post(
            &at("personal-contacts"),
            json!({ "category": "cep", "name": "Mme Roux" }),
        )
        .await
        .expect(201);

    let full = samira.get(&at("full")).await.expect(200);
    assert_eq!(full["booklet"], samira.get(&at("")).await.expect(200));
    assert_eq!(full["plan"], samira.get(&at("plan")).await.expect(200));
    for (section, page) in [
        ("contracts", "contracts"),
        ("objectives", "objectives"),
        ("stages", "stages"),
        ("personal_contacts", "personal-contacts"),
        ("follow_ups", "follow-ups"),
        ("action_sheets", "action-sheets"),
        ("members", "members"),
    ] {
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
