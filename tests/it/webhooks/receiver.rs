//! A receiver of webhooks on this machine, which does as it is told and remembers what it got.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use serde_json::Value;
use standardwebhooks::Webhook;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// What it does with a message.
#[derive(Clone)]
pub(super) enum Manner {
    /// Answers this status, with this header.
    Answers(u16, &'static str),
    /// Answers what this decides.
    Decides(Arc<dyn Fn(&Received) -> u16 + Send + Sync>),
    Redirects(String),
    Hangs,
    /// Says yes, and goes on talking for ever.
    Endlessly,
    /// Says yes a byte at a time.
    Slowly,
}

/// A message as it came.
#[derive(Clone, Debug)]
pub(super) struct Received {
    pub(super) headers: HeaderMap,
    pub(super) body: String,
}

impl Received {
    pub(super) fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().unwrap())
    }

    pub(super) fn id(&self) -> &str {
        self.header("webhook-id")
    }

    pub(super) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }

    /// Whether the library of Standard Webhooks takes it.
    pub(super) fn is_signed_with(&self, secret: &str) -> bool {
        let verifier = Webhook::new(secret).unwrap();
        verifier.verify(self.body.as_bytes(), &self.headers).is_ok()
    }
}

pub(super) struct Receiver {
    pub(super) url: String,
    shared: Arc<Shared>,
}

struct Shared {
    manner: Mutex<Manner>,
    received: Mutex<Vec<Received>>,
    connected: AtomicUsize,
    most_connected: AtomicUsize,
    reached: AtomicUsize,
}

impl Receiver {
    pub(super) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/livret", listener.local_addr().unwrap());
        let shared = Arc::new(Shared {
            manner: Mutex::new(Manner::Answers(204, "")),
            received: Mutex::default(),
            connected: AtomicUsize::new(0),
            most_connected: AtomicUsize::new(0),
            reached: AtomicUsize::new(0),
        });
        let serving = shared.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let shared = serving.clone();
                shared.reached.fetch_add(1, Ordering::SeqCst);
                let connected = shared.connected.fetch_add(1, Ordering::SeqCst) + 1;
                shared.most_connected.fetch_max(connected, Ordering::SeqCst);
                tokio::spawn(async move {
                    let _ = serve(stream, &shared).await;
                    shared.connected.fetch_sub(1, Ordering::SeqCst);
                });
            }
        });
        Self { url, shared }
    }

    /// One that does this from the start.
    pub(super) async fn that(manner: Manner) -> Self {
        let receiver = Self::start().await;
        receiver.now(manner);
        receiver
    }

    pub(super) fn now(&self, manner: Manner) {
        *self.shared.manner.lock().unwrap() = manner;
    }

    /// What it got so far, as the API document declares it.
    pub(super) fn received(&self) -> Vec<Received> {
        let received = self.shared.received.lock().unwrap().clone();
        for message in &received {
            tests::check_message(&message.headers, &message.json());
        }
        received
    }

    /// How often somebody connected.
    pub(super) fn reached(&self) -> usize {
        self.shared.reached.load(Ordering::SeqCst)
    }

    /// How many were connected at once, at most.
    pub(super) fn most_connected(&self) -> usize {
        self.shared.most_connected.load(Ordering::SeqCst)
    }

    /// Waits until it has got so many messages.
    pub(super) async fn gets(&self, count: usize) -> Vec<Received> {
        for _ in 0..600 {
            let received = self.received();
            if received.len() >= count {
                return received;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("{} of {count} messages came", self.received().len());
    }
}

/// One message after another, as long as the other side likes.
async fn serve(mut stream: TcpStream, shared: &Shared) -> std::io::Result<()> {
    while let Some(received) = read(&mut stream).await? {
        let manner = shared.manner.lock().unwrap().clone();
        shared.received.lock().unwrap().push(received.clone());
        match manner {
            Manner::Answers(status, header) => answer(&mut stream, status, header).await?,
            Manner::Decides(decide) => answer(&mut stream, decide(&received), "").await?,
            Manner::Redirects(to) => {
                answer(&mut stream, 307, &format!("Location: {to}\r\n")).await?;
            }
            Manner::Hangs => {
                stream.read_u8().await?;
            }
            Manner::Endlessly => {
                stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await?;
                loop {
                    stream.write_all(&[b' '; 65536]).await?;
                }
            }
            Manner::Slowly => {
                stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await?;
                loop {
                    stream.write_all(b" ").await?;
                    tokio::time::sleep(Duration::from_millis(100)).await;
                }
            }
        }
    }
    Ok(())
}

async fn answer(stream: &mut TcpStream, status: u16, header: &str) -> std::io::Result<()> {
    let answer = format!("HTTP/1.1 {status} Whatever\r\n{header}Content-Length: 0\r\n\r\n");
    stream.write_all(answer.as_bytes()).await
}

async fn read(stream: &mut TcpStream) -> std::io::Result<Option<Received>> {
    let mut bytes = Vec::new();
    let mut part = [0; 4096];
    loop {
        let count = stream.read(&mut part).await?;
        if count == 0 {
            return Ok(None);
        }
        bytes.extend_from_slice(&part[..count]);
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let Some((head, body)) = text.split_once("\r\n\r\n") else {
            continue;
        };
        let headers = headers(head);
        let length: usize = headers["content-length"].to_str().unwrap().parse().unwrap();
        if body.len() >= length {
            let body = body.to_owned();
            return Ok(Some(Received { headers, body }));
        }
    }
}

fn headers(head: &str) -> HeaderMap {
    head.lines()
        .skip(1)
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| {
            let name: HeaderName = name.parse().unwrap();
            (name, HeaderValue::from_str(value).unwrap())
        })
        .collect()
}
