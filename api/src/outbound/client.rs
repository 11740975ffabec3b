//! The client: addresses are pinned between the check and the connection, answers are bounded.

use std::sync::Arc;
use std::time::Duration;

use reqwest::redirect::Policy;
use reqwest::{Client, Response};
use serde::de::DeserializeOwned;
use strum::Display;

use super::targets::{Refused, Targets};

/// How long an answer may take, connection and body included.
const TIMEOUT: Duration = Duration::from_secs(5);
/// The longest answer, in bytes.
const LONGEST: usize = 1024 * 1024;

/// Why there is no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Display)]
pub(crate) enum Failure {
    /// The address may not be called.
    #[strum(serialize = "the address may not be called")]
    Refused,
    /// Nobody answered in time, or under another certificate.
    #[strum(serialize = "no answer")]
    Unreachable,
    /// Another status than 200, a redirect among them.
    #[strum(serialize = "an answer with another status than 200")]
    Status,
    /// More than we read.
    #[strum(serialize = "too long an answer")]
    TooLong,
    /// Not the JSON that was expected.
    #[strum(serialize = "an answer that cannot be read")]
    Unreadable,
}

impl From<Refused> for Failure {
    fn from(_: Refused) -> Self {
        Self::Refused
    }
}

/// What calls others.
#[derive(Debug)]
pub(crate) struct Outbound {
    /// Nothing where the system has no certificates to trust.
    client: Option<Client>,
    targets: Targets,
}

impl Outbound {
    /// `allow_local` lets it call the machine itself, for tests.
    #[must_use]
    pub(crate) fn new(allow_local: bool) -> Self {
        let targets = Targets { allow_local };
        if allow_local {
            tracing::warn!("LIVRET_ALLOW_LOCAL_TARGETS is on: users may have this machine called");
        }
        let client = Client::builder()
            .user_agent("livret")
            .redirect(Policy::none())
            .no_proxy()
            .https_only(!allow_local)
            .dns_resolver(Arc::new(targets))
            .timeout(TIMEOUT)
            .pool_max_idle_per_host(1)
            .build();
        if let Err(error) = &client {
            tracing::warn!(%error, "cannot call other services: single sign-on will not work");
        }
        Self {
            client: client.ok(),
            targets,
        }
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
        let client = self.client.as_ref().ok_or(Failure::Unreachable)?;
        let request = client.get(url).header("accept", "application/json");
        let answer = request.send().await.or(Err(Failure::Unreachable))?;
        if answer.status() != reqwest::StatusCode::OK {
            return Err(Failure::Status);
        }
        let body = bounded(answer).await?;
        serde_json::from_slice(&body).or(Err(Failure::Unreadable))
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
