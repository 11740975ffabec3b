//! The example front-end, which comes with the demo.

use std::collections::{BTreeSet, VecDeque};

use super::get;
use crate::world;

#[tokio::test]
async fn the_example_front_end_is_there_together_with_demo_accounts_alone() {
    let world = world().await;
    for path in ["/demo", "/demo/", "/demo/main.js", "/demo/accounts.json"] {
        let nothing = get(&world, path, "*/*", "fr").await;
        assert_eq!(nothing.status, 404, "{path}");
        let media_type = nothing.header("content-type");
        assert!(media_type.starts_with("application/problem+json"), "{path}");
    }
    // As `serve --demo` does once its data are there.
    world.state.demo_accounts.get_or_init(Vec::new);
    let accounts = get(&world, "/demo/accounts.json", "*/*", "fr").await;
    assert_eq!((accounts.status, &*accounts.text), (200, "[]"));
    let unknown = get(&world, "/demo/nowhere.js", "*/*", "fr").await;
    assert_eq!(unknown.status, 404);

    let start = reqwest::Url::parse(&format!("{}/demo", world.url())).unwrap();
    let (mut waiting, mut seen) = (VecDeque::from([start]), BTreeSet::new());
    while let Some(address) = waiting.pop_front() {
        let path = address.path().to_owned();
        let page = get(&world, &path, "*/*", "fr").await;
        assert_eq!(page.status, 200, "{path}");
        let policy = page.header("content-security-policy");
        assert!(policy.contains("default-src 'none'"), "{path}: {policy}");
        assert!(policy.contains("script-src 'self'"), "{path}: {policy}");
        assert!(!policy.contains("unsafe"), "{path}: {policy}");
        assert_eq!(page.header("x-content-type-options"), "nosniff", "{path}");
        let media_type = match path.rsplit('.').next() {
            Some("js") => "text/javascript",
            Some("css") => "text/css",
            _ => "text/html",
        };
        assert!(page.header("content-type").starts_with(media_type));
        let base = start_of(&address);
        for named in ["src=\"", "href=\"", "from \""] {
            let named = page.text.split(named).skip(1);
            let names = named.filter_map(|rest| rest.split('"').next());
            for name in names.filter(|name| name.ends_with(".js") || name.ends_with(".css")) {
                let next = base.join(name).unwrap();
                if seen.insert(next.path().to_owned()) {
                    waiting.push_back(next);
                }
            }
        }
    }
    assert!(seen.contains("/demo/screens/sheet.js"), "{seen:?}");
}

/// What a page's addresses begin from; `/demo` leads to `/demo/`.
fn start_of(address: &reqwest::Url) -> reqwest::Url {
    match address.path() {
        "/demo" => address.join("/demo/").unwrap(),
        _ => address.clone(),
    }
}
