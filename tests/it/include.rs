//! `include=`: what stands beside an object, with the rights of a direct read and at a fixed cost.

use reqwest::Method;
use serde_json::{Value, json};
use tests::{Client, Operation, World};

use super::oauth::account_of;
use crate::world;

const BOOKLET_PARTS: &str = "candidate,tutor,current_contract,next_appointment";

/// A contract in force, two appointments to come and one that is past, a sheet and a follow-up in
/// samira's booklet. Gives the addresses of one page of each kind.
async fn scene(world: &World) -> [String; 4] {
    let (tom, samira) = (world.as_("tom"), world.as_("samira"));
    let post = async |by: &Client, path: &str, body: Value| {
        let made = by.post(path, body).await;
        assert!([200, 201].contains(&made.status), "{path}: {:#}", made.body);
        made.body["id"].as_str().unwrap().to_owned()
    };
    let at = |page: &str| world.booklet("samira", page);
    let end = json!({ "ends_on": world.day(100) });
    let contract = format!("/v1/contracts/{}", post(&tom, &at("contracts"), end).await);
    post(&tom, &format!("{contract}/propose"), json!({})).await;
    for party in [&tom, &samira] {
        let signature = json!({ "place": "Lyon" });
        let signatures = format!("{contract}/signatures");
        party.sign(&signatures, signature).await.expect(200);
    }
    let mut appointment = String::new();
    for days in [9, -3, 4] {
        let starts_at = world.clock.now() + chrono::TimeDelta::days(days);
        let ends_at = starts_at + chrono::TimeDelta::hours(1);
        let body = json!({ "starts_at": starts_at, "ends_at": ends_at, "kind": "interview", "mode": "phone" });
        appointment = post(&tom, &at("appointments"), body).await;
    }
    let day = json!({ "appointment_on": world.day(0) });
    let sheet = post(&tom, &at("action-sheets"), day).await;
    let call = json!({ "contacted_on": world.day(0), "contact_mode": "sms", "comment": "À jeudi" });
    let follow_up = post(&tom, &at("follow-ups"), call).await;
    [
        contract,
        format!("/v1/appointments/{appointment}"),
        format!("/v1/action-sheets/{sheet}"),
        format!("/v1/follow-ups/{follow_up}"),
    ]
}

#[tokio::test]
async fn a_booklet_comes_with_its_people_its_contract_and_its_next_appointment() {
    let world = world().await;
    let [contract, appointment, ..] = scene(&world).await;
    let one = format!("{}?include={BOOKLET_PARTS}", world.booklet("samira", ""));
    let many = format!("/v1/booklets?include={BOOKLET_PARTS}");
    for name in ["claire", "tom", "samira"] {
        let reader = world.as_(name);
        let booklet = reader.get(&one).await.expect(200);
        let candidate = format!("/v1/candidates/{}", world.candidate_id("samira"));
        for (part, at) in [
            ("candidate", &candidate),
            ("current_contract", &contract),
            ("next_appointment", &appointment),
        ] {
            let direct = reader.get(at).await.expect(200);
            assert_eq!(booklet[part], direct, "{part} for {name}");
        }
        let tutor = json!({ "id": world.user_id("tom"), "given_name": "Tom", "family_name": "Martin", "role": "tutor" });
        assert_eq!(booklet["tutor"], tutor);
        let page = reader.get(&many).await.expect(200);
        let samiras = |item: &&Value| item["id"] == booklet["id"];
        let listed = page["items"].as_array().unwrap().iter().find(samiras);
        assert_eq!(listed, Some(&booklet));
    }
    let bare = world.as_("tom").get(&world.booklet("samira", "")).await;
    for part in BOOKLET_PARTS.split(',') {
        assert_eq!(bare.body.get(part), None);
    }
    let karims = format!("{}?include={BOOKLET_PARTS}", world.booklet("karim", ""));
    let karims = world.as_("tom").get(&karims).await.expect(200);
    assert_eq!(karims["candidate"]["given_name"], "Karim");
    let nothing = [&karims["current_contract"], &karims["next_appointment"]];
    assert_eq!(nothing, [&Value::Null; 2]);
}

#[tokio::test]
async fn a_page_comes_with_its_booklet_and_its_candidate() {
    let world = world().await;
    let pages = scene(&world).await;
    let tom = world.as_("tom");
    let booklet = tom.get(&world.booklet("samira", "")).await.expect(200);
    for page in &pages {
        let shown = tom
            .get(&format!("{page}?include=booklet"))
            .await
            .expect(200);
        assert_eq!(shown["booklet"], booklet, "{page}");
        let deep = format!("{page}?include=booklet.candidate");
        let deep = tom.get(&deep).await.expect(200);
        assert_eq!(
            deep["booklet"]["candidate"]["given_name"], "Samira",
            "{page}"
        );
        assert_eq!(tom.get(page).await.expect(200).get("booklet"), None);
    }
    let agenda = "/v1/appointments?sort=starts_at&include=booklet.candidate";
    let agenda = tom.get(agenda).await.expect(200);
    let days: Vec<&Value> = agenda["items"].as_array().unwrap().iter().collect();
    assert_eq!(days.len(), 3);
    assert!(
        days.iter()
            .all(|item| item["booklet"]["candidate"]["given_name"] == "Samira")
    );
    assert!(
        days.windows(2)
            .all(|pair| pair[0]["starts_at"].as_str() < pair[1]["starts_at"].as_str())
    );
}

#[tokio::test]
async fn what_a_direct_read_refuses_is_not_shown_beside_something_else() {
    let world = world().await;
    let pages = scene(&world).await;
    // Everybody for whom a direct read of the booklet is a 404 or a 403 gets no page of it either.
    for (name, status) in [("tina", 404), ("nadia", 404), ("rose", 404), ("paul", 403)] {
        let one = format!("{}?include={BOOKLET_PARTS}", world.booklet("samira", ""));
        assert_eq!(world.as_(name).get(&one).await.status, status, "{name}");
        for page in &pages {
            let page = format!("{page}?include=booklet.candidate");
            assert_eq!(
                world.as_(name).get(&page).await.status,
                status,
                "{name} {page}"
            );
        }
        let agenda = world
            .as_(name)
            .get("/v1/appointments?include=booklet")
            .await;
        assert!(
            agenda.status == 403 || agenda.body["items"] == json!([]),
            "{name}"
        );
    }
    // A service account reads contracts nowhere.
    let one = format!("{}?include={BOOKLET_PARTS}", world.booklet("samira", ""));
    let crm = world.as_("crm").get(&one).await.expect(200);
    assert_eq!(crm["current_contract"], Value::Null);
    assert!(crm["candidate"].is_object() && crm["next_appointment"].is_object());
    // With the scope of one thing it reads no other beside it.
    // It reads appointments and nothing else.
    let narrow = account_of(&world, "claire", &["appointments:read"]).await;
    let narrow = narrow.client(&world).await;
    let shown = narrow
        .get(&format!("{}?include=booklet.candidate", pages[1]))
        .await
        .expect(200);
    assert_eq!(shown["booklet"], Value::Null);
}

#[tokio::test]
async fn an_answer_with_more_than_its_object_has_no_tag() {
    let world = world().await;
    let mut pages = scene(&world)
        .await
        .map(|page| format!("{page}?include=booklet"))
        .to_vec();
    pages.push(format!("{}?include=tutor", world.booklet("samira", "")));
    for page in pages {
        let headers = [("if-none-match", "*")];
        let tom = world.as_("tom");
        let answer = tom.send(Method::GET, &page, None, &headers).await;
        assert_eq!(
            (answer.status, answer.header("etag")),
            (200, None),
            "{page}"
        );
        assert!(answer.body["etag"].is_string());
    }
}

#[tokio::test]
async fn only_what_the_contract_names_can_be_included() {
    let world = world().await;
    let mut offered = 0;
    for operation in Operation::all() {
        let query = operation.query();
        let Some(include) = query
            .iter()
            .find(|parameter| parameter["name"] == "include")
        else {
            continue;
        };
        let names = Operation::values(include);
        assert!(
            names.iter().all(|name| name.split('.').count() <= 2),
            "{names:?}"
        );
        let path = operation.fill(&[world.booklet_id("samira").to_string()]);
        for wrong in ["users", "booklet.tutor.candidate", ""] {
            let problem = world
                .as_("claire")
                .get(&format!("{path}?include={wrong}"))
                .await;
            let fault = problem.refused(400, "malformed_query")["errors"][0].clone();
            assert_eq!(
                (&fault["pointer"], &fault["code"]),
                (&json!("include"), &json!("enum"))
            );
            assert_eq!(fault["params"]["allowed"], json!(names.join(", ")));
        }
        let twice = format!("{path}?include={0},{0}", names[0]);
        let problem = world
            .as_("claire")
            .get(&twice)
            .await
            .refused(400, "malformed_query");
        assert_eq!(problem["errors"][0]["code"], "unique_items");
        offered += 1;
    }
    assert_eq!(offered, 7);
}

#[tokio::test]
async fn what_is_included_costs_the_same_however_many_rows_there_are() {
    let world = world().await;
    let pages = scene(&world).await;
    let claire = world.as_("claire");
    let cost = async |path: &str| {
        let before = world.state.db.statements();
        claire.get(path).await.expect(200);
        world.state.db.statements() - before
    };
    let lists = [
        ("/v1/booklets?limit=100", "candidate", 1),
        ("/v1/booklets?limit=100", "tutor", 1),
        ("/v1/booklets?limit=100", "current_contract", 2),
        ("/v1/booklets?limit=100", "next_appointment", 1),
        ("/v1/booklets?limit=100", BOOKLET_PARTS, 5),
        ("/v1/appointments?limit=100", "booklet", 2),
        ("/v1/appointments?limit=100", "booklet,booklet.candidate", 3),
    ];
    for rows in [1, 50] {
        for (list, parts, more) in lists {
            let with = cost(&format!("{list}&include={parts}")).await;
            assert_eq!(with, cost(list).await + more, "{parts} of {rows}");
        }
        for _ in 1..50 {
            one_more(&world).await;
        }
    }
    for page in pages {
        let with = cost(&format!("{page}?include=booklet.candidate")).await;
        assert_eq!(with, cost(&page).await + 3, "{page}");
    }
}

/// One more booklet, with an appointment to come.
async fn one_more(world: &World) {
    let claire = world.as_("claire");
    let body = json!({ "given_name": "Alix", "family_name": "Roy" });
    let candidate = claire.post("/v1/candidates", body).await.expect(201);
    let body = json!({ "candidate_id": candidate["id"], "tutor_id": world.user_id("tom") });
    let booklet = claire.post("/v1/booklets", body).await.expect(201);
    let at = format!(
        "/v1/booklets/{}/appointments",
        booklet["id"].as_str().unwrap()
    );
    let starts_at = world.clock.now() + chrono::TimeDelta::days(1);
    let ends_at = starts_at + chrono::TimeDelta::hours(1);
    let body =
        json!({ "starts_at": starts_at, "ends_at": ends_at, "kind": "interview", "mode": "phone" });
    claire.post(&at, body).await.expect(201);
}
