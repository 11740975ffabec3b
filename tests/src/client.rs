//! A client that checks every answer, status and body, against the API document.

use std::sync::Arc;

use api::foundation::scope::Scope;
use api::foundation::state::State;
use api::people::auth::tokens::{self, Program, Subject};
use entity::values::Role;
use reqwest::header::HeaderMap;
use reqwest::{Method, RequestBuilder};
use serde_json::Value;

use crate::api_document;
use crate::people::Person;

/// Somebody calling the API.
#[derive(Clone)]
pub struct Client {
    http: reqwest::Client,
    url: String,
    state: Arc<State>,
    person: Option<Person>,
    bearer: Option<String>,
}

/// What the API answered.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    /// Null when the answer has no body, or none in JSON.
    pub body: Value,
    /// The body as it came.
    pub bytes: Vec<u8>,
    request: String,
}

impl Client {
    pub(crate) fn new(
        http: reqwest::Client,
        url: String,
        state: Arc<State>,
        person: Option<Person>,
    ) -> Self {
        Self {
            http,
            url,
            state,
            person,
            bearer: None,
        }
    }

    /// The same, with this access token.
    #[must_use]
    pub fn bearing(&self, token: &str) -> Self {
        Self {
            bearer: Some(token.to_owned()),
            ..self.clone()
        }
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, None, &[]).await
    }

    pub async fn post(&self, path: &str, body: Value) -> Answer {
        self.send(Method::POST, path, Some(body), &[]).await
    }

    /// An action without a body.
    pub async fn act(&self, path: &str) -> Answer {
        self.send(Method::POST, path, None, &[]).await
    }

    /// Signs a contract as it is now; one that is out of reach, unread.
    pub async fn sign(&self, signatures: &str, signature: Value) -> Answer {
        let contract = self.get(signatures.trim_end_matches("/signatures")).await;
        let etag = contract.body["etag"].as_str().unwrap_or("\"1\"");
        let read = [("if-match", etag)];
        self.send(Method::POST, signatures, Some(signature), &read)
            .await
    }

    /// Changes any version (`If-Match: *`).
    pub async fn patch(&self, path: &str, body: Value) -> Answer {
        self.send(Method::PATCH, path, Some(body), &[("if-match", "*")])
            .await
    }

    /// Replaces any version (`If-Match: *`).
    pub async fn put(&self, path: &str, body: Value) -> Answer {
        self.send(Method::PUT, path, Some(body), &[("if-match", "*")])
            .await
    }

    /// Deletes any version (`If-Match: *`).
    pub async fn delete(&self, path: &str) -> Answer {
        self.send(Method::DELETE, path, None, &[("if-match", "*")])
            .await
    }

    /// Any request, with headers of its own.
    pub async fn send(
        &self,
        method: Method,
        path: &str,
        body: Option<Value>,
        headers: &[(&str, &str)],
    ) -> Answer {
        let mut request = self.request(&method, path, headers);
        if let Some(body) = &body {
            request = request.json(body);
        }
        let shown = body.unwrap_or_default().to_string();
        answer(request, &method, path, &shown).await
    }

    /// A form, as OAuth 2.0 clients send it.
    pub async fn form(&self, path: &str, form: &str, headers: &[(&str, &str)]) -> Answer {
        let form_type = ("content-type", "application/x-www-form-urlencoded");
        let headers = [headers, &[form_type]].concat();
        self.post_bytes(path, form.as_bytes(), &headers).await
    }

    /// Any body; its type is one of the headers.
    pub async fn post_bytes(&self, path: &str, body: &[u8], headers: &[(&str, &str)]) -> Answer {
        let request = self.request(&Method::POST, path, headers);
        let shown = String::from_utf8_lossy(body.get(..1000).unwrap_or(body));
        answer(request.body(body.to_vec()), &Method::POST, path, &shown).await
    }

    /// A body as it is, good or bad, with the headers that go with it.
    pub async fn raw(
        &self,
        method: Method,
        path: &str,
        body: impl Into<reqwest::Body>,
        headers: &[(&str, &str)],
    ) -> Answer {
        let request = self.request(&method, path, headers).body(body);
        answer(request, &method, path, "").await
    }

    fn request(&self, method: &Method, path: &str, headers: &[(&str, &str)]) -> RequestBuilder {
        let mut request = self
            .http
            .request(method.clone(), format!("{}{path}", self.url));
        if let Some(token) = self.token() {
            request = request.bearer_auth(token);
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        request
    }

    /// The token that log-in gave, or a fresh one of this person.
    pub fn token(&self) -> Option<String> {
        if self.bearer.is_some() {
            return self.bearer.clone();
        }
        let person = self.person?;
        let subject = Subject {
            id: person.id,
            session_id: person.session_id,
            organization_id: person.organization_id,
            role: person.role,
            program: (person.role == Role::Integration).then(program),
        };
        let issuer = self.state.config.public_url();
        Some(tokens::sign(&self.state.keys, &issuer, subject, self.state.clock.now()).unwrap())
    }
}

/// What the service account `crm` may: everything.
fn program() -> Program {
    Program {
        client_id: "crm".to_owned(),
        scopes: Scope::all().collect(),
    }
}

async fn answer(request: RequestBuilder, method: &Method, path: &str, shown: &str) -> Answer {
    let response = request.send().await.unwrap();
    let status = response.status().as_u16();
    let headers = response.headers().clone();
    let bytes = response.bytes().await.unwrap().to_vec();
    let is_stream = headers
        .get("content-type")
        .is_some_and(|value| value == "text/event-stream");
    let body = match is_stream {
        true => Value::String(String::from_utf8_lossy(&bytes).into_owned()),
        false => serde_json::from_slice(&bytes).unwrap_or(Value::Null),
    };
    api_document::check(method, path, status, &headers, &body);
    Answer {
        status,
        headers,
        body,
        bytes,
        request: format!("{method} {path} {shown}"),
    }
}

impl Answer {
    /// The body, when the status is this one.
    #[track_caller]
    pub fn expect(self, status: u16) -> Value {
        assert_eq!(self.status, status, "{}\n{:#}", self.request, self.body);
        self.body
    }

    /// The problem, when the status and its code are these.
    #[track_caller]
    pub fn refused(self, status: u16, code: &str) -> Value {
        assert_eq!(
            (self.status, self.body["code"].as_str()),
            (status, Some(code)),
            "{}\n{:#}",
            self.request,
            self.body
        );
        self.body
    }

    /// The pointers at fault, when the answer is a 422.
    #[track_caller]
    pub fn faults(self) -> Vec<(String, String)> {
        let body = self.expect(422);
        body["errors"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|fault| {
                let text = |name: &str| fault[name].as_str().unwrap_or_default().to_owned();
                (text("pointer"), text("code"))
            })
            .collect()
    }

    /// The body of an answer that is not JSON, when the status is this one.
    #[track_caller]
    pub fn text(self, status: u16) -> String {
        assert_eq!(self.status, status, "{}\n{:#}", self.request, self.body);
        String::from_utf8(self.bytes).unwrap()
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }
}
