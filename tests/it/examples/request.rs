//! A request as an example gives it, and how it is sent.

use reqwest::{Method, Url};
use serde_json::{Map, Value, json};
use tests::{Answer, Demo, Operation, World};

/// One operation's example.
#[derive(Clone, Debug)]
pub(super) struct Request {
    pub(super) operation: Operation,
    /// By their name in the stories; `-` is nobody.
    pub(super) account: String,
    /// By name.
    pub(super) parameters: Map<String, Value>,
    pub(super) body: Option<Value>,
}

/// The examples of the API document, as whoever reads nothing else finds them.
pub(super) fn all(demo: &Demo) -> Vec<Request> {
    let read = |operation: Operation| {
        let account = operation.description["x-example-account"].as_str();
        assert!(
            account.is_some() || operation.policy().is_none(),
            "{}: no recorded example: write its line in openapi/examples.txt, then `just examples`",
            operation.id
        );
        let given = operation.parameters().filter_map(|parameter| {
            let name = parameter["name"].as_str()?;
            Some((name.to_owned(), parameter.get("example")?.clone()))
        });
        Request {
            account: account
                .map_or("-", |account| demo.name_of(account))
                .to_owned(),
            parameters: given.collect(),
            body: operation
                .media()
                .and_then(|(_, media)| media.get("example").cloned()),
            operation,
        }
    };
    Operation::all().into_iter().map(read).collect()
}

impl Request {
    /// The 2xx that the API document declares.
    pub(super) fn expected_status(&self) -> u16 {
        let responses = self.operation.description["responses"].as_object().unwrap();
        let status = responses
            .keys()
            .find(|status| status.starts_with('2'))
            .unwrap();
        status.parse().unwrap()
    }

    /// The same with this header.
    pub(super) fn with(mut self, header: &str, value: &str) -> Self {
        self.parameters.insert(header.to_owned(), json!(value));
        self
    }

    /// The same without this header.
    pub(super) fn without(mut self, header: &str) -> Self {
        self.parameters.remove(header);
        self
    }

    /// The same with the version of the object, if it wants one and none is told.
    pub(super) async fn with_version(self, demo: &Demo, world: &World) -> Self {
        if !self.operation.takes("If-Match") || self.parameters.contains_key("If-Match") {
            return self;
        }
        let version = version(&self, demo, world).await;
        self.with("If-Match", &version)
    }

    pub(super) async fn send(&self, demo: &Demo, world: &World) -> Answer {
        let client = demo.client(world, &self.account);
        let declared: Vec<(&str, &str)> = self
            .operation
            .parameters()
            .map(|p| (p["name"].as_str().unwrap(), p["in"].as_str().unwrap()))
            .collect();
        let given = |kind: &str| {
            let of_kind = declared.iter().filter(move |(_, place)| *place == kind);
            let pairs = of_kind.filter_map(|(name, _)| {
                let value = self.parameters.get(*name)?;
                Some((*name, text(value)))
            });
            pairs.collect::<Vec<(&str, String)>>()
        };
        let path = filled(&self.operation.path, &given("path"), &given("query"));
        let mut headers = given("header");
        let form = |body: &Value| {
            let fields = body.as_object().unwrap().iter();
            let fields = fields.map(|(name, value)| (name.as_str(), text(value)));
            encoded(&fields.collect::<Vec<_>>())
        };
        let media_type = self
            .operation
            .media()
            .map_or("application/json", |(media_type, _)| media_type);
        let mut body = self.body.clone();
        if self.operation.id == "refresh" {
            body = Some(json!({ "refresh_token": refresh_token(world).await }));
        }
        match body {
            Some(Value::String(file)) => {
                headers.push(("content-type", media_type.to_owned()));
                let headers: Vec<(&str, &str)> = headers
                    .iter()
                    .map(|(name, value)| (*name, value.as_str()))
                    .collect();
                client.post_bytes(&path, file.as_bytes(), &headers).await
            }
            Some(body) if media_type.ends_with("form-urlencoded") => {
                client.form(&path, &form(&body), &[]).await
            }
            body => {
                if body.is_some() {
                    headers.push(("content-type", media_type.to_owned()));
                }
                let headers: Vec<(&str, &str)> = headers
                    .iter()
                    .map(|(name, value)| (*name, value.as_str()))
                    .collect();
                let method = self.operation.method.clone();
                client.send(method, &path, body, &headers).await
            }
        }
    }
}

/// The etag of the object that is changed or acted on: of the nearest address above that has one.
async fn version(request: &Request, demo: &Demo, world: &World) -> String {
    let given: Vec<(&str, String)> = request
        .parameters
        .iter()
        .map(|(name, value)| (name.as_str(), text(value)))
        .collect();
    let client = demo.client(world, &request.account);
    let mut path = request.operation.path.as_str();
    let all = Operation::all();
    loop {
        let reads = |operation: &&Operation| {
            operation.method == Method::GET && operation.path == path && operation.is_versioned()
        };
        if all.iter().any(|operation| reads(&operation)) {
            let answer = client.get(&filled(path, &given, &[])).await;
            return answer.header("etag").unwrap().to_owned();
        }
        path = path.rsplit_once('/').unwrap().0;
    }
}

/// The one thing that no example can hold: it works once, and only where it was made.
async fn refresh_token(world: &World) -> String {
    let login =
        json!({ "email": "tutrice@horizon.example", "password": api::program::demo::PASSWORD });
    let tokens = world
        .anonymous()
        .post("/v1/auth/login", login)
        .await
        .expect(200);
    text(&tokens["refresh_token"])
}

fn filled(path: &str, values: &[(&str, String)], query: &[(&str, String)]) -> String {
    let mut path = path.to_owned();
    for (name, value) in values {
        path = path.replace(&format!("{{{name}}}"), value);
    }
    if query.is_empty() {
        path
    } else {
        format!("{path}?{}", encoded(query))
    }
}

fn encoded(pairs: &[(&str, String)]) -> String {
    let url = Url::parse_with_params("http://livret.example", pairs).unwrap();
    url.query().unwrap_or_default().to_owned()
}

fn text(value: &Value) -> String {
    if let Some(items) = value.as_array() {
        return items.iter().map(text).collect::<Vec<_>>().join(",");
    }
    value
        .as_str()
        .map_or_else(|| value.to_string(), ToOwned::to_owned)
}
