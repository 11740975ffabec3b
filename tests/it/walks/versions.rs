//! Versions, proved on every operation of the API document that reads one object; those that change one
//! are in `examples/writes.rs`.

use super::*;

#[tokio::test]
async fn every_object_has_a_tag_that_saves_reading_it_again() {
    let world = world().await;
    let mut read = 0;
    for operation in Operation::all() {
        let is_object = operation.policy().is_some() && operation.declares("304");
        if operation.method != Method::GET || !is_object {
            continue;
        }
        let case = Case::of(&world, &operation).await;
        let client = case.client(&world);
        let whole = client.get(&case.path).await;
        let etag = whole.header("etag").unwrap().to_owned();
        assert_eq!(
            whole.body["etag"],
            Value::from(etag.clone()),
            "{}",
            operation.id
        );
        assert_eq!(etag, format!("\"{}\"", whole.body["version"]));
        let weak = format!("W/{etag}");
        let list = format!("\"x\", {etag}");
        for known in [etag.as_str(), &weak, &list, "*"] {
            let headers = [("if-none-match", known)];
            for method in [Method::GET, Method::HEAD] {
                let answer = client.send(method, &case.path, None, &headers).await;
                assert_eq!(
                    (answer.status, &answer.body),
                    (304, &Value::Null),
                    "{}",
                    operation.id
                );
                assert_eq!(answer.header("etag"), Some(etag.as_str()));
            }
        }
        let headers = [("if-none-match", "\"x\"")];
        let changed = client.send(Method::GET, &case.path, None, &headers).await;
        assert_eq!(changed.expect(200), whole.body);
        let head = client.send(Method::HEAD, &case.path, None, &[]).await;
        assert_eq!((head.status, &head.body), (200, &Value::Null));
        for name in ["etag", "content-length", "content-type", "cache-control"] {
            assert_eq!(
                head.header(name),
                whole.header(name),
                "{} {name}",
                operation.id
            );
        }
        read += 1;
    }
    assert!(read >= 22, "only {read} objects were read");
}
