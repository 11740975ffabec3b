//! The list of booklets as a board: what it is asked for and put in order by, what a row says at a glance.

use chrono::TimeDelta;
use tests::{Client, World};

use super::*;
use crate::it::action_sheets::sheet;
use crate::it::sheet_items::item;

/// The candidates of the list, in its order.
async fn names(who: &Client, query: &str) -> Vec<String> {
    let page = who
        .get(&format!("/v1/booklets?limit=100&include=candidate&{query}"))
        .await;
    let page = page.expect(200);
    let items = page["items"].as_array().unwrap();
    let name = |item: &Value| item["candidate"]["given_name"].as_str().unwrap().to_owned();
    items.iter().map(name).collect()
}

async fn summary(who: &Client, world: &World, candidate: &str) -> Value {
    let one = format!("{}?include=summary", world.booklet(candidate, ""));
    who.get(&one).await.expect(200)["summary"].clone()
}

/// Two booklets of tom's: in samira's a contract in force until this day, a call and appointments; in karim's
/// a task that is late. Gives the addresses of the latter's sheet and of the task.
async fn scene(world: &World) -> [String; 2] {
    let (tom, samira) = (world.as_("tom"), world.as_("samira"));
    let end = json!({ "ends_on": world.day(20) });
    let contracts = world.booklet("samira", "contracts");
    let contract = tom.post(&contracts, end).await.expect(201);
    let contract = format!("/v1/contracts/{}", contract["id"].as_str().unwrap());
    tom.act(&format!("{contract}/propose")).await.expect(200);
    for party in [&tom, &samira] {
        let place = json!({ "place": "Lyon" });
        party
            .sign(&format!("{contract}/signatures"), place)
            .await
            .expect(200);
    }
    for days in [9, 4] {
        let starts_at = world.clock.now() + TimeDelta::days(days);
        let ends_at = starts_at + TimeDelta::hours(1);
        let body = json!({ "starts_at": starts_at, "ends_at": ends_at, "kind": "interview", "mode": "phone" });
        let at = world.booklet("samira", "appointments");
        tom.post(&at, body).await.expect(201);
    }
    let call = json!({ "contacted_on": world.day(0), "contact_mode": "sms", "comment": "À jeudi" });
    tom.post(&world.booklet("samira", "follow-ups"), call)
        .await
        .expect(201);
    let begun = json!({ "state": "in_progress" });
    tom.patch(&world.booklet("samira", "stages/jury"), begun)
        .await
        .expect(200);
    let at = sheet(world, &tom, "karim", &world.day(0).to_string()).await;
    let late = json!({ "kind": "task", "label": "Lire", "due_on": world.day(-2) });
    let late = item(&tom, &at, late).await;
    [at, late]
}

#[tokio::test]
async fn a_row_says_at_a_glance_how_a_booklet_stands() {
    let world = world().await;
    let [sheet, late] = scene(&world).await;
    let claire = world.as_("claire");
    let shown = summary(&claire, &world, "samira").await;
    assert_eq!(
        shown["candidate"]["id"],
        json!(world.candidate_id("samira"))
    );
    assert_eq!(shown["tutor"]["id"], json!(world.user_id("tom")));
    assert!(shown["tutor"]["email"].is_string());
    let contract = json!({ "state": "in_force", "ends_on": world.day(20) });
    assert_eq!(shown["contract"], contract);
    assert_eq!(
        shown["plan"],
        json!({ "state": "draft", "done": 0, "total": 0 })
    );
    assert_eq!(shown["last_contact_on"], json!(world.day(0)));
    assert_eq!(shown["stage"], "jury");
    assert_eq!(
        (&shown["overdue"], &shown["to_validate"]),
        (&json!(0), &json!(0))
    );
    let next = world.as_("claire");
    let next = next
        .get(&format!(
            "{}?include=next_appointment",
            world.booklet("samira", "")
        ))
        .await
        .expect(200);
    let next = &next["next_appointment"]["starts_at"];
    assert_eq!(&shown["next_appointment_at"], next);

    let karim = summary(&claire, &world, "karim").await;
    assert_eq!(karim["overdue"], 1);
    // Nobody was in touch yet: since the opening.
    assert_eq!(karim["last_contact_on"], json!(world.day(0)));
    for absent in ["contract", "next_appointment_at", "stage"] {
        assert_eq!(karim[absent], Value::Null, "{absent}");
    }
    // In the list it is the same; a candidate learns how to reach their tutor, a program does not.
    let list = claire.get("/v1/booklets?include=summary").await.expect(200);
    let items = list["items"].as_array().unwrap();
    assert!(items.iter().any(|item| item["summary"] == shown));
    let own = summary(&world.as_("samira"), &world, "samira").await;
    assert_eq!(own["tutor"]["email"], shown["tutor"]["email"]);
    // What is submitted waits to be validated, and what has another day is no longer late.
    let tom = world.as_("tom");
    tom.patch(&late, json!({ "due_on": world.day(2) }))
        .await
        .expect(200);
    assert_eq!(summary(&claire, &world, "karim").await["overdue"], 0);
    tom.act(&format!("{sheet}/submit")).await.expect(200);
    assert_eq!(summary(&claire, &world, "karim").await["to_validate"], 1);
}

#[tokio::test]
async fn a_board_is_asked_for_what_a_coordinator_looks_for() {
    let world = world().await;
    scene(&world).await;
    let claire = world.as_("claire");
    let all = names(&claire, "").await;
    assert_eq!(all.len(), 3);
    let certification =
        json!({ "certification": { "label": "Agent de propreté", "rncp_code": "38399" } });
    claire
        .patch(&world.booklet("karim", ""), certification)
        .await
        .expect(200);
    let references = json!({ "external_references": [{ "system": "crm", "external_id": "D-77" }] });
    claire
        .patch(&world.booklet("samira", ""), references)
        .await
        .expect(200);
    let rose = world.user_id("rose");
    let day = |offset| world.day(offset).to_string();
    for (query, expected) in [
        ("state=active".to_owned(), vec!["Samira"]),
        ("q=PROPRETE%20karim".to_owned(), vec!["Karim"]),
        ("q=38399".to_owned(), vec!["Karim"]),
        ("q=D-77".to_owned(), vec!["Samira"]),
        ("q=nobody".to_owned(), vec![]),
        ("overdue=true".to_owned(), vec!["Karim"]),
        ("stage=jury".to_owned(), vec!["Samira"]),
        (format!("contract_ends_before={}", day(21)), vec!["Samira"]),
        (format!("contract_ends_before={}", day(20)), vec![]),
        (format!("opened_from={}", day(1)), vec![]),
    ] {
        assert_eq!(names(&claire, &query).await, expected, "{query}");
    }
    for (query, count) in [
        ("state=open,active".to_owned(), 3),
        ("state=open,closed".to_owned(), 2),
        ("overdue=false".to_owned(), 2),
        (format!("opened_to={}", day(0)), 3),
        (format!("last_contact_before={}", day(1)), 3),
        (format!("last_contact_before={}", day(-9999)), 0),
        (
            format!(
                "tutor_id={},{}",
                world.user_id("tom"),
                world.user_id("tina")
            ),
            3,
        ),
        (format!("prescriber_id={rose}"), 0),
    ] {
        assert_eq!(names(&claire, &query).await.len(), count, "{query}");
    }
    // Within one's own reach.
    assert_eq!(
        names(&world.as_("tom"), "q=D-77&state=open,active").await,
        ["Samira"]
    );
    assert_eq!(names(&world.as_("tina"), "q=D-77").await.len(), 0);
}

#[tokio::test]
async fn a_board_is_put_in_order_by_name_by_contact_and_by_what_ends() {
    let world = world().await;
    scene(&world).await;
    let claire = world.as_("claire");
    let ordered = async |sort: &str| names(&claire, &format!("sort={sort}")).await;
    assert_eq!(ordered("contract_ends_on").await[0], "Samira");
    assert_eq!(ordered("-contract_ends_on").await[2], "Samira");
    assert_eq!(ordered("next_appointment_at").await[0], "Samira");
    assert_eq!(ordered("-last_activity_at").await[0], "Karim");
    // A private note tells nobody; what is later by less than a minute need not come first.
    world.clock.advance(TimeDelta::minutes(1));
    let note = json!({ "body": "Pour moi", "visibility": "private" });
    let tom = world.as_("tom");
    tom.post(&world.booklet("samira", "notes"), note)
        .await
        .expect(201);
    assert_eq!(ordered("-last_activity_at").await[0], "Karim");
    let shared = json!({ "body": "Pour nous", "visibility": "shared" });
    tom.post(&world.booklet("samira", "notes"), shared)
        .await
        .expect(201);
    assert_eq!(ordered("-last_activity_at").await[0], "Samira");
    // Whoever is called otherwise is found under their new name.
    let one = format!("/v1/candidates/{}", world.candidate_id("karim"));
    for (name, at) in [("Aaaa", 0), ("Zzzz", 2)] {
        claire
            .patch(&one, json!({ "family_name": name }))
            .await
            .expect(200);
        assert_eq!(ordered("name").await[at], "Karim");
    }
    let of_old = json!({
        "candidate_id": world.candidate_id("karim"),
        "tutor_id": world.user_id("tom"),
        "opened_on": world.day(-60),
    });
    claire.post("/v1/booklets", of_old).await.expect(201);
    assert_eq!(ordered("last_contact_on").await[0], "Karim");
    assert_ne!(ordered("-last_contact_on").await[0], "Karim");
}

#[tokio::test]
async fn booklets_are_counted_by_state_tutor_and_stage() {
    let world = world().await;
    scene(&world).await;
    let claire = world.as_("claire");
    let counts = async |who: &Client, query: &str| {
        let counts = who.get(&format!("/v1/booklets/counts?{query}")).await;
        counts.expect(200)
    };
    let states = counts(&claire, "").await;
    assert_eq!(
        (&states["total"], &states["overdue"]),
        (&json!(3), &json!(1))
    );
    let open = json!({ "key": "open", "name": null, "count": 2, "overdue": 1 });
    assert_eq!(states["groups"][0], open);
    let tutors = counts(&claire, "group_by=tutor").await;
    assert_eq!(tutors["groups"][0]["key"], json!(world.user_id("tom")));
    assert_eq!(tutors["groups"][0]["count"], 2);
    assert!(
        tutors["groups"][0]["name"]
            .as_str()
            .unwrap()
            .contains("Tom")
    );
    let stages = counts(&claire, "group_by=stage&state=active").await;
    assert_eq!(stages["groups"][0]["key"], "jury");
    assert_eq!(counts(&world.as_("tina"), "").await["total"], 1);
    assert_eq!(counts(&claire, "q=nobody").await["groups"], json!([]));
    world
        .as_("paul")
        .get("/v1/booklets/counts")
        .await
        .refused(403, "forbidden");
}
