//! What is refused, in which order, and how much is told of it.

use super::*;

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
        send("[".repeat(40_000).into_bytes()).await,
        problem(400, "malformed_json")
    );
    assert_eq!(
        send("[".repeat(100_000).into_bytes()).await,
        problem(413, "payload_too_large")
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
