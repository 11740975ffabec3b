//! § 07: « Mon contact ».

use futures_util::future::join_all;
use serde_json::{Value, json};
use tests::World;

use super::rows;
use crate::world;

async fn add(world: &World, body: Value) -> Value {
    world
        .as_("samira")
        .post(&world.booklet("samira", "personal-contacts"), body)
        .await
        .expect(201)
}

fn item(contact: &Value) -> String {
    format!("/v1/personal-contacts/{}", contact["id"].as_str().unwrap())
}

/// The names of the main contacts.
async fn main_contacts(world: &World) -> Vec<String> {
    let path = world.booklet("samira", "personal-contacts?is_main=true&limit=100");
    let page = world.as_("tom").get(&path).await.expect(200);
    let items = page["items"].as_array().unwrap();
    items
        .iter()
        .map(|contact| contact["name"].as_str().unwrap().to_owned())
        .collect()
}

#[tokio::test]
async fn a_candidate_and_a_tutor_note_contacts() {
    let world = world().await;
    for author in ["samira", "tom"] {
        let author = world.as_(author);
        let body = json!({
            "category": "cep", "name": "Nadia Benali", "function": "Conseillère",
            "phone": "+33467000001", "email": "N.Benali@cep.example", "comment": "Le mardi.",
        });
        let created = author
            .post(&world.booklet("samira", "personal-contacts"), body)
            .await;
        let location = created.header("location").unwrap().to_owned();
        let created = created.expect(201);
        assert_eq!(
            (&created["email"], &created["is_main"]),
            (&json!("n.benali@cep.example"), &json!(false))
        );
        let changed = author
            .patch(&location, json!({ "phone": null, "comment": "Le jeudi." }))
            .await
            .expect(200);
        assert_eq!(
            (&changed["phone"], &changed["comment"], &changed["version"]),
            (&Value::Null, &json!("Le jeudi."), &json!(2))
        );
        let claire = world.as_("claire");
        assert_eq!(claire.get(&location).await.expect(200), changed);
        claire
            .patch(&location, json!({ "name": "x" }))
            .await
            .refused(404, "not_found");
        author.delete(&location).await.expect(204);
        author.get(&location).await.refused(404, "not_found");
    }
}

#[tokio::test]
async fn others_do_not_see_the_contacts() {
    let world = world().await;
    let contact = add(&world, json!({ "category": "cep", "name": "Nadia" })).await;
    for stranger in ["tina", "nadia", "rose", "remi", "rita"] {
        let stranger = world.as_(stranger);
        stranger
            .get(&item(&contact))
            .await
            .refused(404, "not_found");
        stranger
            .get(&world.booklet("samira", "personal-contacts"))
            .await
            .refused(404, "not_found");
    }
    for never in ["paul", "vera", "crm", "ada"] {
        let never = world.as_(never);
        never.get(&item(&contact)).await.refused(403, "forbidden");
    }
}

#[tokio::test]
async fn an_observer_reads_contacts_and_a_substitute_writes_them() {
    let world = world().await;
    let contact = add(&world, json!({ "category": "cep", "name": "Nadia" })).await;
    let tina = world.as_("tina");
    let path = world.booklet("samira", "personal-contacts");
    let member = json!({ "user_id": world.user_id("tina"), "kind": "observer" });
    let member = world
        .as_("claire")
        .post(&world.booklet("samira", "members"), member)
        .await
        .expect(201);
    tina.get(&item(&contact)).await.expect(200);
    let body = json!({ "category": "cep", "name": "Léo" });
    tina.post(&path, body.clone())
        .await
        .refused(404, "not_found");
    tina.delete(&item(&contact)).await.refused(404, "not_found");
    let member = format!("/v1/booklet-members/{}", member["id"].as_str().unwrap());
    world
        .as_("claire")
        .patch(&member, json!({ "kind": "substitute" }))
        .await
        .expect(200);
    tina.post(&path, body).await.expect(201);
    tina.delete(&item(&contact)).await.expect(204);
}

#[tokio::test]
async fn a_new_main_contact_takes_the_place_of_the_former() {
    let world = world().await;
    let main =
        |category: &str, name: &str| json!({ "category": category, "name": name, "is_main": true });
    let first = add(&world, main("cep", "A")).await;
    add(&world, main("tutor", "T")).await;
    let second = add(&world, main("cep", "B")).await;
    assert_eq!(main_contacts(&world).await, ["B", "T"]);
    let samira = world.as_("samira");
    let former = samira.get(&item(&first)).await.expect(200);
    assert_eq!(
        (&former["is_main"], &former["version"]),
        (&json!(false), &json!(2))
    );
    samira
        .patch(&item(&first), json!({ "is_main": true }))
        .await
        .expect(200);
    assert_eq!(main_contacts(&world).await, ["T", "A"]);
    // Moving a main contact to another kind unseats the one there.
    samira
        .patch(&item(&first), json!({ "category": "tutor" }))
        .await
        .expect(200);
    assert_eq!(main_contacts(&world).await, ["A"]);
    let told: Vec<String> = rows::events(&world, "personal_contact")
        .await
        .into_iter()
        .filter(|event| event.resource_id.to_string() == second["id"].as_str().unwrap())
        .map(|event| format!("{} {} {:?}", event.kind, event.version, event.changed.0))
        .collect();
    assert_eq!(
        told,
        [
            "personal_contact.created 1 []",
            "personal_contact.updated 2 [\"is_main\"]",
        ]
    );
}

#[tokio::test]
async fn of_many_main_contacts_noted_at_once_one_is_main() {
    let world = world().await;
    let path = world.booklet("samira", "personal-contacts");
    let clients = [world.as_("samira"), world.as_("tom")];
    let writes = (0..20).map(|number| {
        let client = &clients[number % 2];
        let body = json!({ "category": "cep", "name": number.to_string(), "is_main": true });
        client.post(&path, body)
    });
    let mut items = Vec::new();
    for answer in join_all(writes).await {
        items.push(item(&answer.expect(201)));
    }
    assert_eq!(main_contacts(&world).await.len(), 1);
    let changes = items
        .iter()
        .map(|item| clients[0].patch(item, json!({ "is_main": true })));
    for answer in join_all(changes).await {
        answer.expect(200);
    }
    assert_eq!(main_contacts(&world).await.len(), 1);
}

#[tokio::test]
async fn a_contact_points_at_an_address_of_the_directory() {
    let world = world().await;
    let address = json!({ "category": "cep", "name": "CEP", "missions": "Conseille." });
    let mut ids = Vec::new();
    for keeper in ["claire", "ada", "rose"] {
        let keeper = world.as_(keeper);
        let created = keeper.post("/v1/useful-addresses", address.clone()).await;
        ids.push(created.expect(201)["id"].clone());
    }
    let body = |id: &Value| json!({ "category": "cep", "name": "Nadia", "useful_address_id": id });
    let own = add(&world, body(&ids[0])).await;
    assert_eq!(own["useful_address_id"], ids[0]);
    add(&world, body(&ids[1])).await;
    let samira = world.as_("samira");
    let path = world.booklet("samira", "personal-contacts");
    let unknown = json!(api::kit::new_id());
    let refused = [(
        "/useful_address_id".to_owned(),
        "unknown_reference".to_owned(),
    )];
    for id in [&ids[2], &unknown] {
        assert_eq!(samira.post(&path, body(id)).await.faults(), refused);
        let change = json!({ "useful_address_id": id });
        assert_eq!(samira.patch(&item(&own), change).await.faults(), refused);
    }
    let change = json!({ "useful_address_id": null });
    samira.patch(&item(&own), change).await.expect(200);
}

#[tokio::test]
async fn contacts_are_filtered_by_kind() {
    let world = world().await;
    for category in ["cep", "cep", "validator"] {
        add(&world, json!({ "category": category, "name": "x" })).await;
    }
    let path = world.booklet("samira", "personal-contacts?category=cep");
    let page = world.as_("samira").get(&path).await.expect(200);
    assert_eq!(page["items"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn faults_of_a_contact_come_with_their_pointers() {
    let world = world().await;
    let samira = world.as_("samira");
    let path = world.booklet("samira", "personal-contacts");
    let body = json!({ "phone": "046700000", "name": "x".repeat(201), "booklet_id": null });
    let mut faults = samira.post(&path, body).await.faults();
    faults.sort();
    let expected = [
        ("/booklet_id", "unknown_field"),
        ("/category", "required"),
        ("/name", "max_length"),
        ("/phone", "pattern"),
    ];
    assert_eq!(
        faults,
        expected.map(|(at, code)| (at.to_owned(), code.to_owned()))
    );
}

#[tokio::test]
async fn the_contacts_of_a_closed_booklet_stay_as_they_are() {
    let world = world().await;
    let contact = add(&world, json!({ "category": "cep", "name": "Nadia" })).await;
    rows::close_booklet(&world, "samira").await;
    let samira = world.as_("samira");
    let body = json!({ "category": "cep", "name": "Léo" });
    samira
        .post(&world.booklet("samira", "personal-contacts"), body)
        .await
        .refused(409, "booklet_closed");
    samira
        .patch(&item(&contact), json!({ "name": "Léo" }))
        .await
        .refused(409, "booklet_closed");
    samira
        .delete(&item(&contact))
        .await
        .refused(409, "booklet_closed");
}
