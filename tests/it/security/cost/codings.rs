//! Bodies that unpack to more than there is room for: none is unpacked.

use reqwest::Method;
use serde_json::json;
use tests::Answer;

use crate::world;

/// `{"email": "a@b.example", "password": "x"}`, by gzip: read as it is, it would be a good body.
const GZIP: &[u8] = include_bytes!("login.json.gz");
const LOGIN: &str = "/v1/auth/login";

fn refused(answer: Answer) {
    assert_eq!(answer.header("accept-encoding"), Some("identity"));
    answer.refused(415, "unsupported_media_type");
}

#[tokio::test]
async fn a_compressed_body_is_refused_before_a_byte_of_it_is_unpacked() {
    let world = world().await;
    let (nobody, tom, claire) = (world.anonymous(), world.as_("tom"), world.as_("claire"));
    let json = ("content-type", "application/json");
    for coding in ["gzip", "br", "deflate", "zstd", "identity, gzip", "GZIP"] {
        let coding = ("content-encoding", coding);
        refused(nobody.post_bytes(LOGIN, GZIP, &[json, coding]).await);
        let form = [
            ("content-type", "application/x-www-form-urlencoded"),
            coding,
        ];
        let token = nobody.post_bytes("/oauth/token", GZIP, &form).await;
        assert_eq!(
            (token.status, token.header("accept-encoding")),
            (415, Some("identity"))
        );
        let notes = world.booklet("samira", "notes");
        for key in [("idempotency-key", "one"), ("prefer", "handling=lenient")] {
            refused(tom.post_bytes(&notes, GZIP, &[json, coding, key]).await);
            let csv = [("content-type", "text/csv"), coding, key];
            let file = claire.post_bytes("/v1/imports?resource=candidates", GZIP, &csv);
            refused(file.await);
        }
        let headers = [json, coding, ("if-match", "*")];
        refused(tom.raw(Method::PATCH, "/v1/me", GZIP, &headers).await);
    }
}

#[tokio::test]
async fn a_body_that_says_that_it_is_not_compressed_is_read_as_it_is() {
    let world = world().await;
    let headers = [
        ("content-type", "application/json"),
        ("content-encoding", "Identity"),
    ];
    let body = json!({ "email": "tom@livret.example", "password": tests::PASSWORD }).to_string();
    let nobody = world.anonymous();
    let answer = nobody.post_bytes(LOGIN, body.as_bytes(), &headers);
    answer.await.expect(200);
    // Another media type has nothing to do with codings (RFC 9110, section 12.5.3).
    let text = [("content-type", "text/plain")];
    let answer = world.anonymous().post_bytes(LOGIN, b"text", &text).await;
    assert_eq!(answer.header("accept-encoding"), None);
    answer.refused(415, "unsupported_media_type");
}
