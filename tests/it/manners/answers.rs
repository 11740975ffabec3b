//! Languages, headers, caches, and who may read an answer.

use super::*;

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
