//! A request that is refused, as often as it is made.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use reqwest::Method;
use serde_json::Value;
use tests::{Client, World};

/// How often a limit of one request a second is tried.
const TRIES: usize = 100;

/// A request to make.
pub(super) struct Attempt {
    who: Client,
    method: Method,
    path: String,
    headers: Vec<(&'static str, &'static str)>,
    body: Body,
}

enum Body {
    None,
    Json(Value),
    Bytes(Vec<u8>),
    /// Announced, and never sent.
    Promised,
    /// None, and the request is made until it is one too many.
    Repeated,
}

/// A refusal.
pub(super) struct Refusal {
    pub(super) status: u16,
    pub(super) language: String,
    pub(super) body: Value,
}

pub(super) fn get(who: Client, path: &str) -> Attempt {
    Attempt {
        who,
        method: Method::GET,
        path: path.to_owned(),
        headers: Vec::new(),
        body: Body::None,
    }
}

pub(super) fn act(who: Client, path: &str) -> Attempt {
    Attempt {
        method: Method::POST,
        ..get(who, path)
    }
}

pub(super) fn post(who: Client, path: &str, body: Value) -> Attempt {
    Attempt {
        body: Body::Json(body),
        ..act(who, path)
    }
}

/// Changes any version.
pub(super) fn patch(who: Client, path: &str, body: Value) -> Attempt {
    Attempt {
        method: Method::PATCH,
        ..post(who, path, body)
    }
    .with("if-match", "*")
}

/// Replaces any version.
pub(super) fn put(who: Client, path: &str, body: Value) -> Attempt {
    Attempt {
        method: Method::PUT,
        ..patch(who, path, body)
    }
}

/// Deletes any version.
pub(super) fn delete(who: Client, path: &str) -> Attempt {
    Attempt {
        method: Method::DELETE,
        ..get(who, path)
    }
    .with("if-match", "*")
}

/// Sends these bytes as this media type.
pub(super) fn bytes(who: Client, path: &str, media_type: &'static str, bytes: &[u8]) -> Attempt {
    Attempt {
        body: Body::Bytes(bytes.to_vec()),
        ..act(who, path)
    }
    .with("content-type", media_type)
}

/// Announces a body that never comes.
pub(super) fn promise(who: Client, path: &str) -> Attempt {
    Attempt {
        body: Body::Promised,
        ..act(who, path)
    }
}

/// Asks again and again.
pub(super) fn insist(who: Client, path: &str) -> Attempt {
    Attempt {
        body: Body::Repeated,
        ..get(who, path)
    }
}

impl Attempt {
    pub(super) fn with(mut self, header: &'static str, value: &'static str) -> Self {
        self.headers.push((header, value));
        self
    }

    pub(super) fn without(mut self, header: &str) -> Self {
        self.headers.retain(|(name, _)| *name != header);
        self
    }

    /// Makes the request, in this language.
    pub(super) async fn make(&self, world: &World, language: &'static str) -> Refusal {
        let headers = [self.headers.as_slice(), &[("accept-language", language)]].concat();
        let send = async |body| {
            self.who
                .send(self.method.clone(), &self.path, body, &headers)
                .await
        };
        let answer = match &self.body {
            Body::None => send(None).await,
            Body::Json(body) => send(Some(body.clone())).await,
            Body::Bytes(bytes) => self.who.post_bytes(&self.path, bytes, &headers).await,
            Body::Repeated => {
                let mut answer = send(None).await;
                for _ in 0..TRIES {
                    if answer.status != 429 {
                        answer = send(None).await;
                    }
                }
                answer
            }
            Body::Promised => return self.stall(world, language).await,
        };
        Refusal {
            status: answer.status,
            language: answer
                .header("content-language")
                .unwrap_or_default()
                .to_owned(),
            body: answer.body,
        }
    }

    /// A client that sends its headers and then falls asleep.
    async fn stall(&self, world: &World, language: &'static str) -> Refusal {
        let address = world.url().trim_start_matches("http://").to_owned();
        let request = format!(
            "POST {} HTTP/1.1\r\nhost: {address}\r\nauthorization: Bearer {}\r\ncontent-type: application/json\r\n\
             accept-language: {language}\r\ncontent-length: 10\r\nconnection: close\r\n\r\n{{",
            self.path,
            self.who.token().unwrap()
        );
        let text = tokio::task::spawn_blocking(move || {
            let mut stream = TcpStream::connect(address).unwrap();
            stream
                .set_read_timeout(Some(Duration::from_secs(60)))
                .unwrap();
            stream.write_all(request.as_bytes()).unwrap();
            let mut text = String::new();
            stream.read_to_string(&mut text).unwrap();
            text
        })
        .await
        .unwrap();
        let (head, body) = text.split_once("\r\n\r\n").unwrap();
        let language = head
            .lines()
            .find_map(|line| line.strip_prefix("content-language: "));
        Refusal {
            status: head.split(' ').nth(1).unwrap().parse().unwrap(),
            language: language.unwrap_or_default().to_owned(),
            body: serde_json::from_str(body).unwrap(),
        }
    }
}
