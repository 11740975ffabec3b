//! The manners of HTTP, on every address of the API document.

use std::collections::BTreeMap;

use super::*;

const METHODS: [Method; 5] = [
    Method::GET,
    Method::POST,
    Method::PUT,
    Method::PATCH,
    Method::DELETE,
];

/// The methods of each address, its parameters filled with an id that nobody has.
fn addresses() -> BTreeMap<String, Vec<Method>> {
    let mut addresses: BTreeMap<String, Vec<Method>> = BTreeMap::new();
    for operation in Operation::all() {
        let path = nobodys(&operation);
        addresses.entry(path).or_default().push(operation.method);
    }
    addresses
}

fn nobodys(operation: &Operation) -> String {
    let id = "01900000-0000-7000-8000-000000000000".to_owned();
    operation.fill(&[id, "jury".to_owned()])
}

#[tokio::test]
async fn every_address_names_its_methods_and_refuses_the_others() {
    let world = world().await;
    let nobody = world.anonymous();
    for (path, methods) in addresses() {
        let mut expected: Vec<String> = methods.iter().map(ToString::to_string).collect();
        if methods.contains(&Method::GET) {
            expected.push("HEAD".to_owned());
        }
        expected.push("OPTIONS".to_owned());
        expected.sort_unstable();
        let allowed = |answer: &Answer| {
            let allow = answer.header("allow").unwrap_or_default();
            let mut allowed: Vec<String> = allow.split(", ").map(str::to_owned).collect();
            allowed.sort_unstable();
            allowed
        };
        let options = nobody.send(Method::OPTIONS, &path, None, &[]).await;
        assert_eq!(
            (options.status, allowed(&options)),
            (204, expected.clone()),
            "{path}"
        );
        for method in METHODS
            .into_iter()
            .filter(|method| !methods.contains(method))
        {
            let answer = nobody.send(method.clone(), &path, None, &[]).await;
            assert_eq!(allowed(&answer), expected, "{method} {path}");
            answer.refused(405, "method_not_allowed");
        }
    }
}

#[tokio::test]
async fn every_operation_may_be_called_by_a_front_end_elsewhere() {
    let world = world().await;
    let origin = "https://front.livret.example";
    for operation in Operation::all() {
        let path = nobodys(&operation);
        let parameters = operation.description["parameters"].as_array();
        let own = parameters.into_iter().flatten();
        let own = own.filter(|parameter| parameter["in"] == "header");
        let own = own.filter_map(|parameter| parameter["name"].as_str());
        let always = ["authorization", "content-type", "accept-language"];
        let wanted: Vec<String> = always
            .into_iter()
            .chain(own)
            .map(str::to_lowercase)
            .collect();
        let wanted = &*wanted.join(",");
        let preflight = [
            ("origin", origin),
            ("access-control-request-method", operation.method.as_str()),
            ("access-control-request-headers", wanted),
        ];
        let nobody = world.anonymous();
        let answer = nobody.send(Method::OPTIONS, &path, None, &preflight).await;
        assert_eq!(answer.status, 200, "{}", operation.id);
        assert_eq!(answer.header("access-control-allow-origin"), Some(origin));
        assert_eq!(answer.header("access-control-allow-credentials"), None);
        let list = |name| answer.header(name).unwrap_or_default().to_lowercase();
        let methods = list("access-control-allow-methods");
        assert!(methods.contains(&operation.method.as_str().to_lowercase()));
        let headers = list("access-control-allow-headers");
        for name in wanted.split(',') {
            assert!(headers.contains(name), "{}: {name}", operation.id);
        }
    }
}

#[tokio::test]
async fn every_answer_names_its_request_and_protects_itself() {
    let world = world().await;
    for operation in Operation::all() {
        let path = nobodys(&operation);
        let own = [("x-request-id", "front-2026.11_23")];
        let answer = send(&caller(&world, &operation), &operation, &path, "", &own).await;
        let id = &operation.id;
        assert_eq!(
            answer.header("x-request-id"),
            Some("front-2026.11_23"),
            "{id}"
        );
        assert_eq!(
            answer.header("x-content-type-options"),
            Some("nosniff"),
            "{id}"
        );
        assert_eq!(
            answer.header("referrer-policy"),
            Some("no-referrer"),
            "{id}"
        );
        let policy = answer.header("content-security-policy");
        assert_eq!(
            policy,
            Some("default-src 'none'; frame-ancestors 'none'"),
            "{id}"
        );
        let owned = answer.header("cross-origin-resource-policy");
        assert_eq!(owned, Some("same-origin"), "{id}");
        assert_eq!(answer.header("strict-transport-security"), None, "{id}");
        assert_eq!(answer.header("server"), None, "{id}");
        if answer.status >= 400 {
            assert_eq!(answer.body["request_id"], "front-2026.11_23", "{id}");
        }
        if path.starts_with("/v1/") {
            let cached = answer.header("cache-control").unwrap_or_default();
            assert!(
                matches!(cached, "private, no-cache" | "no-store"),
                "{id}: {cached}"
            );
            let vary: Vec<_> = answer.headers.get_all("vary").iter().collect();
            let vary = format!("{vary:?}").to_lowercase();
            assert!(
                vary.contains("authorization") && vary.contains("accept-language"),
                "{id}"
            );
        }
        let odd = [("x-request-id", "a b;c")];
        let answer = send(&caller(&world, &operation), &operation, &path, "", &odd).await;
        let given = answer.header("x-request-id").unwrap_or_default();
        assert!(uuid::Uuid::parse_str(given).is_ok(), "{id}: {given}");
    }
}

#[tokio::test]
async fn every_id_in_an_address_is_read_before_anything_else_of_the_request() {
    let world = world().await;
    for operation in Operation::all() {
        if !operation.path.contains("{id}") {
            continue;
        }
        let path = operation.fill(&["one".to_owned(), "jury".to_owned()]);
        let answer = send(&caller(&world, &operation), &operation, &path, "", &[]).await;
        answer.refused(400, "malformed_path");
    }
}
