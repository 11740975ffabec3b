//! The client: addresses are pinned between the check and the connection, answers are bounded.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use reqwest::header::{HeaderMap, RETRY_AFTER};
use reqwest::redirect::Policy;
use reqwest::{Client, Response, StatusCode};
use serde::de::DeserializeOwned;

use super::failure::Failure;
use super::targets::Targets;

/// How long an answer may take, connection and body included, unless told otherwise.
const TIMEOUT: Duration = Duration::from_secs(5);
/// The longest answer, in bytes.
const LONGEST: usize = 1024 * 1024;
/// How much of an answer that says nothing to us is read, in bytes, so that the connection can be
/// used again;
const DROPPED: usize = 16 * 1024;
/// and for how long.
const DROPPING: Duration = Duration::from_secs(1);

/// Something to send.
#[derive(Debug)]
pub(crate) struct Parcel {
    /// Where to.
    pub(crate) address: String,
    /// What is said above it.
    pub(crate) headers: HeaderMap,
    /// What it says.
    pub(crate) body: String,
    /// How long the answer may take.
    pub(crate) timeout: Duration,
}

/// What was answered to it: the body says nothing to us.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Receipt {
    pub(crate) status: StatusCode,
    /// When it wants to be called again, in its own words.
    pub(crate) retry_after: Option<String>,
}

/// What calls others.
#[derive(Debug)]
pub(crate) struct Outbound {
    /// Made when it is first needed, for it reads all certificates of the system; nothing where there
    /// are none to trust.
    client: OnceLock<Option<Client>>,
    targets: Targets,
    allow_local: bool,
}

impl Outbound {
    /// `allow_local` lets it call the machine itself, for tests.
    #[must_use]
    pub(crate) fn new(allow_local: bool) -> Self {
        if allow_local {
            tracing::warn!("LIVRET_ALLOW_LOCAL_TARGETS is on: users may have this machine called");
        }
        Self::to(Targets::new(allow_local), allow_local)
    }

    fn to(targets: Targets, allow_local: bool) -> Self {
        Self {
            client: OnceLock::new(),
            targets,
            allow_local,
        }
    }

    fn client(&self) -> Result<&Client, Failure> {
        let client = self.client.get_or_init(|| {
            let client = Client::builder()
                .user_agent("livret")
                .redirect(Policy::none())
                .no_proxy()
                .https_only(!self.allow_local)
                .dns_resolver(Arc::new(self.targets))
                .timeout(TIMEOUT)
                .pool_max_idle_per_host(1)
                .build();
            if let Err(error) = &client {
                tracing::warn!(%error, "cannot call other services: no single sign-on, no webhooks");
            }
            client.ok()
        });
        client.as_ref().ok_or(Failure::Unreachable)
    }

    /// Which addresses it calls.
    pub(crate) fn targets(&self) -> Targets {
        self.targets
    }

    /// What this address answers, as JSON.
    ///
    /// # Errors
    /// When it may not be called, or does not answer as it should.
    pub(crate) async fn get_json<T: DeserializeOwned>(&self, address: &str) -> Result<T, Failure> {
        let url = self.targets.check(address)?;
        let request = self.client()?.get(url).header("accept", "application/json");
        let answer = request.send().await.map_err(|error| Failure::of(&error))?;
        if answer.status() != StatusCode::OK {
            return Err(Failure::Status);
        }
        let body = bounded(answer).await?;
        serde_json::from_slice(&body).or(Err(Failure::Unreadable))
    }

    /// Sends it, by POST.
    ///
    /// # Errors
    /// When the address may not be called, or answers no status in time.
    pub(crate) async fn post(&self, parcel: Parcel) -> Result<Receipt, Failure> {
        let url = self.targets.check(&parcel.address)?;
        let request = self
            .client()?
            .post(url)
            .headers(parcel.headers)
            .timeout(parcel.timeout)
            .body(parcel.body);
        let answer = request.send().await.map_err(|error| Failure::of(&error))?;
        let retry_after = answer.headers().get(RETRY_AFTER);
        let receipt = Receipt {
            status: answer.status(),
            retry_after: retry_after.and_then(|value| value.to_str().ok().map(str::to_owned)),
        };
        drop_rest(answer).await;
        Ok(receipt)
    }
}

/// Reads a short body to its end, and no more of a long or slow one.
async fn drop_rest(mut answer: Response) {
    let rest = async {
        let mut read = 0;
        while let Ok(Some(part)) = answer.chunk().await {
            read += part.len();
            if read > DROPPED {
                break;
            }
        }
    };
    if tokio::time::timeout(DROPPING, rest).await.is_err() {
        tracing::debug!("a slow answer was not read to its end");
    }
}

async fn bounded(mut answer: Response) -> Result<Vec<u8>, Failure> {
    let mut body = Vec::new();
    while let Some(part) = answer.chunk().await.or(Err(Failure::Unreachable))? {
        if body.len() + part.len() > LONGEST {
            return Err(Failure::TooLong);
        }
        body.extend_from_slice(&part);
    }
    Ok(body)
}

#[cfg(test)]
mod tests {
    use std::net::SocketAddr;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use futures_util::FutureExt;
    use tokio::net::TcpListener;

    use super::*;
    use crate::foundation::outbound::targets::Refused;

    fn parcel(address: String) -> Parcel {
        Parcel {
            address,
            headers: HeaderMap::new(),
            body: "{}".to_owned(),
            timeout: Duration::from_secs(5),
        }
    }

    /// Whether somebody knocks, within a moment.
    async fn knocked(listener: &TcpListener) -> bool {
        let wait = Duration::from_millis(200);
        tokio::time::timeout(wait, listener.accept()).await.is_ok()
    }

    #[tokio::test]
    async fn a_name_that_leads_elsewhere_after_it_was_checked_is_not_called() {
        static ASKED: AtomicUsize = AtomicUsize::new(0);
        let targets = Targets::new(false).named(|_| {
            // On the Internet when it is registered, on this machine ever after.
            let address = match ASKED.fetch_add(1, Ordering::SeqCst) {
                0 => [193, 70, 1, 1],
                _ => [127, 0, 0, 1],
            };
            async move { Ok(vec![SocketAddr::from((address, 0))]) }.boxed()
        });
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let address = format!("https://rebinding.example:{port}/");
        assert!(targets.check_name(&address, None).await.is_ok());
        let outbound = Outbound::to(targets, false);
        for _ in 0..2 {
            let refused = outbound.post(parcel(address.clone())).await;
            assert_eq!(refused, Err(Failure::Refused));
        }
        assert!(!knocked(&listener).await);
        assert_eq!(ASKED.load(Ordering::SeqCst), 3);
        assert_eq!(
            targets.check_name(&address, None).await,
            Err(Refused::Private),
            "and not registered again"
        );
    }

    #[tokio::test]
    async fn a_name_with_one_private_address_among_others_is_not_called() {
        let targets = Targets::new(false).named(|_| {
            let addresses = [[193, 70, 1, 1], [127, 0, 0, 1]];
            let found = addresses.map(|address| SocketAddr::from((address, 0)));
            async move { Ok(found.to_vec()) }.boxed()
        });
        let outbound = Outbound::to(targets, false);
        let refused = outbound
            .post(parcel("https://both.example/".to_owned()))
            .await;
        assert_eq!(refused, Err(Failure::Refused));
    }

    #[tokio::test]
    async fn an_address_of_this_machine_is_not_called() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let outbound = Outbound::new(false);
        for address in [
            format!("https://127.0.0.1:{port}"),
            format!("https://0x7f.1:{port}"),
            format!("https://[::ffff:127.0.0.1]:{port}"),
            format!("http://127.0.0.1:{port}"),
        ] {
            let refused = outbound.post(parcel(address)).await;
            assert_eq!(refused, Err(Failure::Refused));
        }
        assert!(!knocked(&listener).await);
    }
}
