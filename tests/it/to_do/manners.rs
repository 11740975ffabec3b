//! Order, pages, filters, counts, and who reaches what.

use super::*;

/// Steps and items of many days and of none, an appointment, and two contracts, in two booklets.
pub(super) async fn fill(world: &World) {
    let tom = world.as_("tom");
    for candidate in ["samira", "karim"] {
        tom.act(&world.booklet(candidate, "plan-steps/from-template"))
            .await
            .expect(201);
        let at = sheet(world, &tom, candidate, &world.day(0).to_string()).await;
        for days in [-2, 3, -2, 0, 5] {
            let body = json!({ "kind": "task", "label": "Lire", "due_on": world.day(days) });
            item(&tom, &at, body).await;
        }
        for begins in [-30, -28, -2] {
            let at = |hours| json!(world.clock.now() + chrono::TimeDelta::hours(hours));
            let body = json!({ "starts_at": at(begins), "ends_at": at(begins + 1), "kind": "interview", "mode": "phone" });
            tom.post(&world.booklet(candidate, "appointments"), body)
                .await
                .expect(201);
        }
        let body = json!({ "ends_on": world.day(20) });
        let contracts = world.booklet(candidate, "contracts");
        let draft = tom.post(&contracts, body).await.expect(201);
        tom.act(&format!("{}/propose", path(&draft, "contracts")))
            .await
            .expect(200);
    }
}

#[tokio::test]
async fn what_is_due_first_comes_first_on_pages_of_any_size_and_is_counted() {
    let world = world().await;
    fill(&world).await;
    let claire = world.as_("claire");
    let all = lines(&claire, "").await;
    assert!(all.len() > 30, "{}", all.len());
    let days: Vec<_> = all.iter().map(|line| line["due_on"].as_str()).collect();
    let mut sorted = days.clone();
    sorted.sort_by_key(|day| (day.is_none(), *day));
    assert_eq!(days, sorted);
    for limit in [1, 7] {
        let (mut read, mut after) = (Vec::new(), String::new());
        loop {
            let page = format!("/v1/to-do?limit={limit}&after={after}");
            let page = claire.get(&page).await.expect(200);
            read.extend(page["items"].as_array().unwrap().clone());
            match page["next"].as_str() {
                Some(next) => after = next.to_owned(),
                None => break,
            }
        }
        assert_eq!(read, all, "pages of {limit}");
    }

    // Each filter shows what the lines themselves say.
    let samira = json!(world.booklet_id("samira"));
    let tom = json!(world.user_id("tom"));
    let tomorrow = world.day(1).to_string();
    type Holds<'a> = Box<dyn Fn(&Value) -> bool + 'a>;
    let filters: [(String, Holds); 8] = [
        (
            "overdue=true".to_owned(),
            Box::new(|line| line["overdue"] == true),
        ),
        (
            "overdue=false".to_owned(),
            Box::new(|line| line["overdue"] == false),
        ),
        (
            format!("due_before={tomorrow}"),
            Box::new(|line| {
                line["due_on"]
                    .as_str()
                    .is_some_and(|day| day < tomorrow.as_str())
            }),
        ),
        (
            "kind=sheet_item".to_owned(),
            Box::new(|line| line["kind"] == "sheet_item"),
        ),
        (
            "waiting_for=candidate".to_owned(),
            Box::new(|line| line["waiting_for"] == "candidate"),
        ),
        (
            "waiting_for=tutor".to_owned(),
            Box::new(|line| line["waiting_for"] == "tutor"),
        ),
        (
            format!("booklet_id={}", world.booklet_id("samira")),
            Box::new(|line| line["booklet_id"] == samira),
        ),
        (
            format!("tutor_id={}", world.user_id("tom")),
            Box::new(|line| line["tutor"]["id"] == tom),
        ),
    ];
    for (query, holds) in filters {
        let expected: Vec<_> = all.iter().filter(|line| holds(line)).cloned().collect();
        let shown = lines(&claire, &query).await;
        assert!(!shown.is_empty() && shown.len() < all.len(), "{query}");
        assert_eq!(shown, expected, "{query}");
        let counts = claire
            .get(&format!("/v1/to-do/counts?{query}"))
            .await
            .expect(200);
        counted(&counts, &expected);
    }
    counted(&claire.get("/v1/to-do/counts").await.expect(200), &all);

    // A cursor is good for the question it is of.
    let page = claire.get("/v1/to-do?limit=1").await.expect(200);
    let next = page["next"].as_str().unwrap();
    let other = format!("/v1/to-do?limit=1&kind=plan_step&after={next}");
    claire.get(&other).await.refused(400, "invalid_cursor");
    claire
        .get("/v1/to-do?after=x")
        .await
        .refused(400, "invalid_cursor");
    for query in [
        "limit=0",
        "limit=101",
        "kind=x",
        "waiting_for=x",
        "overdue=x",
        "due_before=x",
        "sort=x",
    ] {
        let path = format!("/v1/to-do?{query}");
        claire.get(&path).await.refused(400, "malformed_query");
    }
}

fn counted(counts: &Value, lines: &[Value]) {
    let late = lines.iter().filter(|line| line["overdue"] == true);
    assert_eq!(counts["total"], json!(lines.len()));
    assert_eq!(counts["overdue"], json!(late.count()));
    assert_eq!(counts["complete"], true);
    for of in counts["by_kind"].as_array().unwrap() {
        let same = |line: &&Value| line["kind"] == of["kind"];
        assert_eq!(
            of["count"],
            json!(lines.iter().filter(same).count()),
            "{of}"
        );
    }
    for of in counts["by_tutor"].as_array().unwrap() {
        let same = |line: &&Value| line["tutor"] == of["tutor"];
        let overdue = |line: &&Value| same(line) && line["overdue"] == true;
        assert_eq!(
            of["count"],
            json!(lines.iter().filter(same).count()),
            "{of}"
        );
        assert_eq!(
            of["overdue"],
            json!(lines.iter().filter(overdue).count()),
            "{of}"
        );
    }
}

#[tokio::test]
async fn everybody_is_shown_what_waits_in_the_booklets_they_reach() {
    let world = world().await;
    fill(&world).await;
    let home = [
        world.booklet_id("samira"),
        world.booklet_id("karim"),
        world.booklet_id("nadia"),
    ];
    for (name, booklets) in [
        ("samira", &home[..1]),
        ("nadia", &home[2..]),
        ("tom", &home[..2]),
        ("tina", &home[2..]),
        ("claire", &home[..]),
        ("crm", &home[..]),
        ("theo", &[]),
        ("rose", &[world.booklet_id("rita")]),
    ] {
        let mut shown: Vec<_> = lines(&world.as_(name), "")
            .await
            .iter()
            .map(|line| line["booklet_id"].clone())
            .collect();
        let mut expected: Vec<_> = booklets.iter().map(|id| json!(id)).collect();
        for ids in [&mut shown, &mut expected] {
            ids.sort_by_key(Value::to_string);
            ids.dedup();
        }
        assert_eq!(shown, expected, "{name}");
    }
    for name in ["paul", "vera", "ada"] {
        world
            .as_(name)
            .get("/v1/to-do")
            .await
            .refused(403, "forbidden");
        world
            .as_(name)
            .get("/v1/to-do/counts")
            .await
            .refused(403, "forbidden");
    }

    // Programs are told no words of items and steps.
    let told = lines(&world.as_("crm"), "kind=sheet_item").await;
    assert!(
        told.iter()
            .all(|line| line["label"] == "Élément d'une fiche action")
    );
    assert_eq!(told[0]["candidate"]["name"], "Samira Benali");
    // Who observes reads, and is waited for in nothing; a substitute is.
    let claire = world.as_("claire");
    for (user, kind) in [("theo", "observer"), ("tina", "substitute")] {
        let body =
            json!({ "user_id": world.user_id(user), "kind": kind, "starts_on": world.day(0) });
        claire
            .post(&world.booklet("samira", "members"), body)
            .await
            .expect(201);
    }
    let samira = format!("booklet_id={}", world.booklet_id("samira"));
    let theirs = async |name: &str, query: &str| {
        lines(&world.as_(name), &format!("{samira}&{query}"))
            .await
            .len()
    };
    assert!(theirs("theo", "").await > 10);
    assert_eq!(theirs("theo", "waiting_for=me").await, 0);
    assert!(theirs("tina", "waiting_for=me").await > 5);
    // But does not sign.
    assert_eq!(
        theirs("tina", "waiting_for=me&kind=contract_to_sign").await,
        0
    );
    assert_eq!(
        theirs("tom", "waiting_for=me&kind=contract_to_sign").await,
        1
    );
    let english = [("accept-language", "en")];
    let read = world
        .as_("tom")
        .raw(
            reqwest::Method::GET,
            "/v1/to-do?kind=contract_to_sign&limit=1",
            "",
            &english,
        )
        .await
        .expect(200);
    assert_eq!(read["items"][0]["label"], "Contract to sign (no. 1)");
}
