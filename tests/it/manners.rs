//! How the API behaves, whatever the resource.

use reqwest::Method;
use serde_json::{Value, json};

use crate::world;

#[tokio::test]
async fn every_refusal_is_a_problem_that_names_its_request() {
    let world = world().await;
    let tom = world.as_("tom");
    let follow_ups = world.booklet("samira", "follow-ups");
    tom.get("/v1/nothing-here").await.refused(404, "not_found");
    tom.get("/v1/booklets/not-a-uuid")
        .await
        .refused(400, "malformed_path");
    tom.get("/v1/booklets?limit=many")
        .await
        .refused(400, "malformed_query");
    tom.get("/v1/booklets?after=forged")
        .await
        .refused(400, "invalid_cursor");
    let wrong_method = tom.send(Method::PUT, "/v1/me", None, &[]).await;
    assert_eq!(
        wrong_method.header("allow"),
        Some("GET, PATCH, HEAD, OPTIONS")
    );
    wrong_method.refused(405, "method_not_allowed");
    let problem = tom
        .send(
            Method::GET,
            "/v1/nothing-here",
            None,
            &[("x-request-id", "my-request-1")],
        )
        .await;
    assert_eq!(problem.header("x-request-id"), Some("my-request-1"));
    assert_eq!(
        problem.header("content-type"),
        Some("application/problem+json")
    );
    let body = problem.body;
    assert_eq!(body["request_id"], "my-request-1");
    assert_eq!(body["type"], "http://livret.example/problems/not_found");
    let hostile = tom
        .send(Method::GET, "/v1/me", None, &[("x-request-id", "a\tb")])
        .await;
    assert_ne!(hostile.header("x-request-id"), Some("a\tb"));
    let text = [("content-type", "text/plain")];
    let answer = tom.send(Method::POST, &follow_ups, None, &text).await;
    answer.refused(415, "unsupported_media_type");
}

#[tokio::test]
async fn bodies_are_bounded_and_readable() {
    let world = world().await;
    let path = world.booklet("samira", "follow-ups");
    let send = async |body: Vec<u8>| {
        let request = reqwest::Client::new()
            .post(format!("{}{path}", world.url()))
            .bearer_auth(world.as_("tom").token().unwrap())
            .header("content-type", "application/json")
            .body(body);
        let response = request.send().await.unwrap();
        let status = response.status().as_u16();
        let body: Value = response.json().await.unwrap();
        (status, body["code"].as_str().unwrap_or_default().to_owned())
    };
    let problem = |status: u16, code: &str| (status, code.to_owned());
    assert_eq!(
        send(b"{\"comment\": ".to_vec()).await,
        problem(400, "malformed_json")
    );
    assert_eq!(
        send(b"{\"comment\": \"\xff\"}".to_vec()).await,
        problem(400, "malformed_json")
    );
    assert_eq!(
        send(b"{\"comment\": 1e400}".to_vec()).await,
        problem(400, "malformed_json")
    );
    assert_eq!(
        send("[".repeat(100_000).into_bytes()).await,
        problem(400, "malformed_json")
    );
    assert_eq!(
        send(vec![b' '; 2_000_000]).await,
        problem(413, "payload_too_large")
    );
    let nul =
        b"{\"contacted_on\":\"2026-11-20\",\"contact_mode\":\"sms\",\"comment\":\"a\\u0000b\"}";
    assert_eq!(send(nul.to_vec()).await, problem(422, "invalid"));
    assert_eq!(send(b"[]".to_vec()).await, problem(422, "invalid"));
}

#[tokio::test]
async fn refusals_come_in_order() {
    let world = world().await;
    let path = world.booklet("samira", "follow-ups");
    let rubbish = || Some(json!({ "rubbish": true }));
    let post = async |client: tests::Client, path: &str| {
        client.send(Method::POST, path, rubbish(), &[]).await
    };
    post(world.anonymous(), &path)
        .await
        .refused(401, "unauthenticated");
    post(world.as_("samira"), &path)
        .await
        .refused(403, "forbidden");
    post(world.as_("tina"), &path).await.refused(422, "invalid");
    let valid = json!({ "contacted_on": "2026-11-20", "contact_mode": "sms", "comment": "Oui" });
    world
        .as_("tina")
        .post(&path, valid.clone())
        .await
        .refused(404, "not_found");
    let made = world.as_("tom").post(&path, valid).await.expect(201);
    let item = format!("/v1/follow-ups/{}", made["id"].as_str().unwrap());
    world
        .as_("claire")
        .post(
            &world.booklet("samira", "close"),
            json!({ "outcome": "full" }),
        )
        .await
        .expect(200);
    let patch = async |headers: &[(&str, &str)]| {
        world
            .as_("tom")
            .send(
                Method::PATCH,
                &item,
                Some(json!({ "comment": "Non" })),
                headers,
            )
            .await
    };
    patch(&[]).await.refused(428, "precondition_required");
    patch(&[("if-match", "\"9\"")]).await.refused(412, "stale");
    patch(&[("if-match", "\"1\"")])
        .await
        .refused(409, "booklet_closed");
}

#[tokio::test]
async fn texts_come_in_french_or_english() {
    let world = world().await;
    for (asked, language, title) in [
        ("", "fr", "Introuvable"),
        ("en", "en", "Not found"),
        ("de, en;q=0.8, fr;q=0.3", "en", "Not found"),
        ("de", "fr", "Introuvable"),
    ] {
        let headers = [("accept-language", asked)];
        let answer = world
            .as_("tom")
            .send(Method::GET, "/v1/nothing", None, &headers)
            .await;
        assert_eq!(
            (answer.header("content-language"), &answer.body["title"]),
            (Some(language), &json!(title))
        );
    }
}

#[tokio::test]
async fn head_and_options_answer_where_get_does() {
    let world = world().await;
    let tom = world.as_("tom");
    let path = world.booklet("samira", "");
    let head = tom.send(Method::HEAD, &path, None, &[]).await;
    let length: usize = head.header("content-length").unwrap().parse().unwrap();
    assert_eq!((head.status, head.header("etag")), (200, Some("\"1\"")));
    assert!(length > 100);
    let options = tom.send(Method::OPTIONS, &path, None, &[]).await;
    assert_eq!(
        (options.status, options.header("allow")),
        (204, Some("GET, PATCH, HEAD, OPTIONS"))
    );
}

#[tokio::test]
async fn personal_data_is_cached_by_nobody_else() {
    let world = world().await;
    let answer = world.as_("tom").get(&world.booklet("samira", "")).await;
    assert_eq!(answer.header("cache-control"), Some("private, no-cache"));
    assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
    let vary: Vec<_> = answer
        .headers
        .get_all("vary")
        .iter()
        .map(|value| value.to_str().unwrap())
        .collect();
    assert!(vary.join(", ").contains("Authorization"));
    assert!(answer.header("server").is_none());
}

#[tokio::test]
async fn a_front_end_elsewhere_reads_answers_and_problems() {
    let world = world().await;
    let origin = "https://front.livret.example";
    let headers = [("origin", origin)];
    let path = world.booklet("samira", "");
    for (path, status) in [
        (path.as_str(), 200),
        ("/v1/nothing", 404),
        ("/v1/users?x=1", 400),
    ] {
        let answer = world
            .as_("tom")
            .send(Method::GET, path, None, &headers)
            .await;
        assert_eq!(answer.status, status);
        assert_eq!(
            answer.header("access-control-allow-origin"),
            Some(origin),
            "{path}"
        );
        assert!(
            answer
                .header("access-control-expose-headers")
                .unwrap()
                .contains("etag")
        );
    }
    let known = [("origin", origin), ("if-none-match", "\"1\"")];
    let unchanged = world
        .as_("tom")
        .send(Method::GET, &path, None, &known)
        .await;
    assert_eq!(
        (
            unchanged.status,
            unchanged.header("access-control-allow-origin")
        ),
        (304, Some(origin))
    );
    let preflight = [
        ("origin", origin),
        ("access-control-request-method", "PATCH"),
        (
            "access-control-request-headers",
            "authorization,if-match,idempotency-key",
        ),
    ];
    let allowed = world
        .anonymous()
        .send(Method::OPTIONS, &path, None, &preflight)
        .await;
    assert_eq!(allowed.status, 200);
    assert!(
        allowed
            .header("access-control-allow-headers")
            .unwrap()
            .contains("if-match")
    );
    let stranger = [("origin", "https://evil.example")];
    let refused = world
        .as_("tom")
        .send(Method::GET, &path, None, &stranger)
        .await;
    assert_eq!(refused.header("access-control-allow-origin"), None);
}

#[tokio::test]
async fn an_address_written_otherwise_is_the_same_address() {
    let world = world().await;
    let rubbish = Some(json!({ "email": 1, "x": true }));
    let answer = world
        .anonymous()
        .send(Method::POST, "/v1/auth/%6Cogin", rubbish, &[])
        .await;
    assert_eq!(answer.faults().len(), 3);
}

#[tokio::test]
async fn an_answer_tells_a_hundred_faults_at_most() {
    let world = world().await;
    let many: serde_json::Map<String, Value> =
        (0..1000).map(|n| (format!("x{n}"), json!(n))).collect();
    let answer = world
        .anonymous()
        .post("/v1/auth/login", Value::Object(many))
        .await;
    assert_eq!(answer.faults().len(), 100);
}

#[tokio::test]
async fn two_writers_with_one_version_and_exactly_one_wins() {
    let world = world().await;
    let path = world.booklet("samira", "");
    let tom = world.as_("tom");
    let write = |purpose: String| {
        let (tom, path) = (tom.clone(), path.clone());
        async move {
            let body = Some(json!({ "purpose": purpose }));
            tom.send(Method::PATCH, &path, body, &[("if-match", "\"1\"")])
                .await
                .status
        }
    };
    let mut statuses =
        futures_util::future::join_all((0..8).map(|n| write(format!("Version {n}")))).await;
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 412, 412, 412, 412, 412, 412, 412]);
}

#[tokio::test]
async fn a_patch_reaches_within_an_object_and_its_result_is_checked_as_a_whole() {
    let world = world().await;
    let (tom, path) = (world.as_("tom"), world.booklet("samira", ""));
    let certification = |value: Value| json!({ "certification": value });
    let whole = json!({ "label": "CAP Cuisine", "rncp_code": "38430" });
    tom.patch(&path, certification(whole)).await.expect(200);
    let erased = tom
        .patch(&path, certification(json!({ "rncp_code": null })))
        .await
        .expect(200);
    assert_eq!(erased["certification"]["label"], "CAP Cuisine");
    assert_eq!(erased["certification"]["rncp_code"], Value::Null);
    tom.patch(&path, certification(Value::Null))
        .await
        .expect(200);
    let faults = tom
        .patch(&path, certification(json!({ "rncp_code": "1" })))
        .await
        .faults();
    assert_eq!(
        faults,
        [("/certification/label".to_owned(), "required".to_owned())]
    );
    let faults = tom
        .patch(&path, certification(json!({ "rncp_code": "x" })))
        .await
        .faults();
    assert_eq!(
        faults,
        [("/certification/rncp_code".to_owned(), "pattern".to_owned())]
    );
}

#[tokio::test]
async fn numbers_are_whole_however_they_are_written_and_answers_are_json() {
    let world = world().await;
    let (tom, path) = (world.as_("tom"), world.booklet("samira", "follow-ups"));
    let call = json!({ "contacted_on": "2026-11-20", "contact_mode": "sms", "comment": "Oui", "duration_minutes": 10.0 });
    assert_eq!(
        tom.post(&path, call).await.expect(201)["duration_minutes"],
        10
    );
    for (accept, status) in [
        ("text/html", 406),
        ("application/json;q=0", 406),
        ("text/html, */*;q=0.1", 200),
    ] {
        let answer = tom
            .send(Method::GET, &path, None, &[("accept", accept)])
            .await;
        assert_eq!(answer.status, status, "{accept}");
    }
}
