//! Versions, proved on every operation of the contract that reads one object; those that change one
//! are in `examples/writes.rs`.

use api::policy::{self, Reach};
use reqwest::Method;
use serde_json::Value;
use tests::{Client, Operation, World};

use super::access::CAST;
use super::access::objects::{self, Target};
use crate::world;

/// Those who may do the most come first.
const PREFERRED: [&str; 4] = ["claire", "tom", "samira", "ada"];

/// An operation on a fresh object, by somebody who may.
pub(crate) struct Case {
    pub(crate) name: &'static str,
    pub(crate) path: String,
}

impl Case {
    pub(crate) async fn of(world: &World, operation: &Operation) -> Self {
        let (resource, action) = operation.policy().unwrap();
        let may = |name: &&&str| {
            let (role, _) = CAST.iter().find(|(_, other)| other == *name).unwrap();
            policy::reach(resource, action, *role) != Reach::Nothing
        };
        let name = PREFERRED.iter().find(may).unwrap();
        let (role, _) = CAST.iter().find(|(_, other)| other == name).unwrap();
        let ids = objects::object(world, operation, *role, Target::Own).await;
        let path = operation.fill(&ids);
        Self { name, path }
    }

    pub(crate) fn client(&self, world: &World) -> Client {
        world.as_(self.name)
    }
}

#[tokio::test]
async fn every_object_has_a_tag_that_saves_reading_it_again() {
    let world = world().await;
    let mut read = 0;
    for operation in Operation::all() {
        if operation.method != Method::GET || !operation.declares("304") {
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
