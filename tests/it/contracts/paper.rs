//! Paper comes first: what was signed, terminated or closed is dated as the paper is, beside the instant at which it was
//! written here.

use super::*;

fn dated(party: &str, day: &str) -> Value {
    json!({ "place": "Toulouse", "method": "paper", "party": party, "signed_on": day })
}

#[tokio::test]
async fn what_happened_on_paper_has_its_own_day() {
    let world = world().await;
    let (tom, claire) = (world.as_("tom"), world.as_("claire"));
    let day = |days| world.day(days).to_string();
    let proposed = proposed(&world, "karim", 100).await;
    let signatures = path(&proposed, "signatures");
    let fault = |field: &str, code: &str| vec![(format!("/{field}"), code.to_owned())];
    for (body, code) in [
        (dated("candidate", &day(1)), "maximum"),
        (dated("candidate", "2001-12-31"), "minimum"),
        (
            json!({ "place": "Toulouse", "signed_on": day(0) }),
            "not_allowed",
        ),
    ] {
        let refused = tom.sign(&signatures, body).await.faults();
        assert_eq!(refused, fault("signed_on", code));
    }
    // Before it was proposed here, and before the booklet was.
    let first = dated("candidate", &day(-28));
    tom.sign(&signatures, first).await.expect(200);
    let signed = claire.sign(&signatures, paper("tutor")).await.expect(200);
    let days = [
        &signed["signatures"][0]["signed_on"],
        &signed["signatures"][1]["signed_on"],
    ];
    assert_eq!(days, [&json!(day(-28)), &json!(day(0))]);
    let proof = tom.get(&path(&proposed, "proof")).await.expect(200);
    assert_eq!(proof["signatures"], signed["signatures"]);

    world.advance_days(5);
    let terminate = path(&proposed, "terminate");
    let on = |day: &str| json!({ "reason": "Déménagement.", "terminated_on": day });
    let refusals = [
        claire.post(&terminate, on(&day(-6))).await.faults(),
        claire.post(&terminate, on(&day(1))).await.faults(),
    ];
    assert_eq!(
        refusals,
        [
            fault("terminated_on", "minimum"),
            fault("terminated_on", "maximum")
        ]
    );
    let terminated = claire.post(&terminate, on(&day(-2))).await.expect(200);
    assert_eq!(terminated["terminated_on"], json!(day(-2)));
    assert_eq!(terminated["terminated_at"], terminated["updated_at"]);

    let shown = claire.get(&world.booklet("karim", "milestones")).await;
    let shown = &shown.expect(200)["contracts"][0];
    for name in ["terminated_on", "terminated_at"] {
        assert_eq!(shown[name], terminated[name]);
    }
    for name in ["party", "method", "signed_on", "signed_at"] {
        assert_eq!(shown["signatures"][0][name], signed["signatures"][0][name]);
    }
    let exported = claire.get("/v1/exports/signatures").await.text(200);
    assert!(exported.contains(&day(-33)), "{exported}");
}

#[tokio::test]
async fn a_booklet_ends_on_the_day_that_it_did() {
    for (action, body) in [
        ("close", json!({ "outcome": "full" })),
        ("withdraw", reason()),
    ] {
        let world = world().await;
        let claire = world.as_("claire");
        world.advance_days(5);
        let on = |days| {
            let mut body = body.clone();
            body["closed_on"] = json!(world.day(days));
            body
        };
        let path = world.booklet("samira", action);
        for (days, code) in [(1, "maximum"), (-8, "minimum")] {
            let faults = claire.post(&path, on(days)).await.faults();
            assert_eq!(faults, [("/closed_on".to_owned(), code.to_owned())]);
        }
        let ended = claire.post(&path, on(-3)).await.expect(200);
        assert_eq!(ended["closed_on"], json!(world.day(-3)));
        assert_eq!(ended["closed_at"], ended["updated_at"]);
        let milestones = world.booklet("samira", "milestones");
        let shown = claire.get(&milestones).await.expect(200);
        assert_eq!(
            (&shown["closed_on"], &shown["closed_at"]),
            (&ended["closed_on"], &ended["closed_at"])
        );
        let reopen = world.booklet("samira", "reopen");
        let open = claire.post(&reopen, reason()).await.expect(200);
        assert_eq!(
            (&open["closed_on"], &open["closed_at"]),
            (&Value::Null, &Value::Null)
        );
    }
}
