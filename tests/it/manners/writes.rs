//! Versions, merge patches, numbers.

use super::*;

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
