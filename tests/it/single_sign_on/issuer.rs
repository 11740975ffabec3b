//! A small OpenID provider on this machine, which does as it is told.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair, RSA_PKCS1_SHA256,
    RSA_PSS_SHA256, RsaKeyPair,
};
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use tests::World;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;

/// How it answers.
#[derive(Clone, Debug)]
pub(super) enum Manner {
    Well,
    Down,
    Hangs,
    OnceTold(Arc<Notify>),
    AsAnother,
    Redirects(String),
    Endlessly,
    KeysAt(String),
}

/// What signs its tokens.
pub(super) enum Key {
    Ed(Ed25519KeyPair),
    Ec(EcdsaKeyPair),
    Rsa(Box<RsaKeyPair>),
}

pub(super) struct Issuer {
    pub(super) url: String,
    shared: Arc<Shared>,
}

struct Shared {
    url: String,
    manner: Mutex<Manner>,
    keys: Mutex<Vec<Value>>,
    asked: AtomicUsize,
    reached: AtomicUsize,
}

impl Issuer {
    pub(super) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let shared = Arc::new(Shared {
            url: url.clone(),
            manner: Mutex::new(Manner::Well),
            keys: Mutex::default(),
            asked: AtomicUsize::new(0),
            reached: AtomicUsize::new(0),
        });
        let serving = shared.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                serving.reached.fetch_add(1, Ordering::SeqCst);
                tokio::spawn(answer(stream, serving.clone()));
            }
        });
        Self { url, shared }
    }

    pub(super) fn answers(&self, manner: Manner) {
        *self.shared.manner.lock().unwrap() = manner;
    }

    /// Publishes this key, and no other.
    pub(super) fn publishes(&self, id: &str, key: &Key) {
        self.publishes_raw(vec![key.published(id)]);
    }

    pub(super) fn publishes_raw(&self, keys: Vec<Value>) {
        *self.shared.keys.lock().unwrap() = keys;
    }

    /// How often it was asked for anything.
    pub(super) fn asked(&self) -> usize {
        self.shared.asked.load(Ordering::SeqCst)
    }

    /// How often somebody connected, whatever they said then.
    pub(super) fn reached(&self) -> usize {
        self.shared.reached.load(Ordering::SeqCst)
    }

    /// What a good token for the person with this address says.
    pub(super) fn claims(&self, world: &World, email: &str) -> Value {
        let now = world.clock.now().timestamp();
        json!({
            "iss": self.url, "aud": "livret", "sub": "248289761001", "email": email,
            "email_verified": true, "iat": now, "exp": now + 300,
        })
    }
}

impl Key {
    pub(super) fn ed() -> Self {
        Self::Ed(Ed25519KeyPair::generate().unwrap())
    }

    pub(super) fn ec() -> Self {
        Self::Ec(EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).unwrap())
    }

    pub(super) fn rsa() -> Self {
        Self::Rsa(Box::new(RsaKeyPair::generate(KeySize::Rsa2048).unwrap()))
    }

    pub(super) fn algorithm(&self) -> &'static str {
        match self {
            Self::Ed(_) => "EdDSA",
            Self::Ec(_) => "ES256",
            Self::Rsa(_) => "RS256",
        }
    }

    /// As a JWK (RFC 7517).
    pub(super) fn published(&self, id: &str) -> Value {
        match self {
            Self::Ed(pair) => {
                json!({ "kty": "OKP", "crv": "Ed25519", "kid": id, "use": "sig", "x": base64(pair.public_key().as_ref()) })
            }
            Self::Ec(pair) => {
                let point = pair.public_key().as_ref();
                json!({ "kty": "EC", "crv": "P-256", "kid": id, "x": base64(&point[1..33]), "y": base64(&point[33..]) })
            }
            Self::Rsa(pair) => {
                // RSAPublicKey of 2048 bits: two headers, a sign, the modulus, the exponent.
                let der = pair.public_key().as_ref();
                json!({ "kty": "RSA", "kid": id, "n": base64(&der[9..265]), "e": base64(&der[267..]) })
            }
        }
    }

    /// A token of these claims.
    pub(super) fn token(&self, id: &str, claims: &Value) -> String {
        let header = json!({ "alg": self.algorithm(), "typ": "JWT", "kid": id });
        self.signed(&header, claims)
    }

    /// A token with this header, whatever it says.
    pub(super) fn signed(&self, header: &Value, claims: &Value) -> String {
        let text = unsigned(header, claims);
        let message = text.as_bytes();
        let random = SystemRandom::new();
        let signature = match self {
            Self::Ed(pair) => pair.sign(message).as_ref().to_vec(),
            Self::Ec(pair) => pair.sign(&random, message).unwrap().as_ref().to_vec(),
            Self::Rsa(pair) => {
                let mut signature = vec![0; pair.public_modulus_len()];
                let padding = match header["alg"].as_str() {
                    Some("PS256") => &RSA_PSS_SHA256 as &dyn aws_lc_rs::signature::RsaEncoding,
                    _ => &RSA_PKCS1_SHA256,
                };
                pair.sign(padding, &random, message, &mut signature)
                    .unwrap();
                signature
            }
        };
        format!("{text}.{}", base64(&signature))
    }
}

/// Header and claims, to be signed.
pub(super) fn unsigned(header: &Value, claims: &Value) -> String {
    let part = |value: &Value| base64(value.to_string().as_bytes());
    format!("{}.{}", part(header), part(claims))
}

pub(super) fn base64(bytes: &[u8]) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(bytes)
}

async fn answer(mut stream: TcpStream, shared: Arc<Shared>) {
    let mut head = Vec::new();
    let mut part = [0; 1024];
    while !head.ends_with(b"\r\n\r\n") {
        match stream.read(&mut part).await {
            Ok(read) if read > 0 => head.extend_from_slice(&part[..read]),
            _ => return,
        }
    }
    shared.asked.fetch_add(1, Ordering::SeqCst);
    let head = String::from_utf8_lossy(&head).into_owned();
    let path = head.split(' ').nth(1).unwrap_or_default().to_owned();
    let manner = shared.manner.lock().unwrap().clone();
    if let Manner::OnceTold(told) = &manner {
        told.notified().await;
    }
    let (status, header, body) = match manner {
        Manner::Hangs => {
            // As long as the other side waits.
            let _ = stream.read(&mut part).await;
            return;
        }
        Manner::Down => ("500 Internal Server Error", String::new(), Value::Null),
        Manner::Redirects(to) => ("302 Found", format!("Location: {to}\r\n"), Value::Null),
        Manner::Endlessly => return endless(stream).await,
        manner => ("200 OK", String::new(), body(&shared, &path, &manner)),
    };
    let body = body.to_string();
    let length = body.len();
    let answer = format!(
        "HTTP/1.1 {status}\r\n{header}Content-Type: application/json\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}"
    );
    let _ = stream.write_all(answer.as_bytes()).await;
}

fn body(shared: &Shared, path: &str, manner: &Manner) -> Value {
    if path == "/keys" {
        return json!({ "keys": *shared.keys.lock().unwrap() });
    }
    assert_eq!(path, "/.well-known/openid-configuration");
    let issuer = match manner {
        Manner::AsAnother => "https://another.example",
        _ => &shared.url,
    };
    let keys = match manner {
        Manner::KeysAt(address) => address.clone(),
        _ => format!("{}/keys", shared.url),
    };
    json!({ "issuer": issuer, "jwks_uri": keys })
}

/// JSON that has no end.
async fn endless(mut stream: TcpStream) {
    let head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n\"";
    let mut written = stream.write_all(head).await;
    while written.is_ok() {
        written = stream.write_all(&[b' '; 65536]).await;
    }
}
