//! Which addresses the service calls. They are checked when somebody names them, and again at each
//! call, on the very addresses that it then connects to.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use futures_util::future::BoxFuture;
use reqwest::Url;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use strum::Display;
use tokio::time::timeout;
use url::Host;

use super::names::system_names;
use super::networks::is_public;
use crate::foundation::limiter::Slot;

/// How long a name may take to be looked up when it is registered.
const LOOKUP: Duration = Duration::from_secs(2);

/// Why an address is not called.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Display)]
pub(crate) enum Refused {
    /// Not `https://`, or with a user, a fragment or no host.
    #[strum(serialize = "not an https address")]
    Malformed,
    /// It leads into a private network.
    #[strum(serialize = "an address of a private network")]
    Private,
}

impl std::error::Error for Refused {}

/// What a name leads to now.
type Names = fn(String) -> BoxFuture<'static, io::Result<Vec<SocketAddr>>>;

/// The rule, and whether the machine itself may be called, for tests.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Targets {
    allow_local: bool,
    names: Names,
}

impl Targets {
    /// `allow_local` lets the machine itself be called. Names are looked up as the system does.
    pub(super) fn new(allow_local: bool) -> Self {
        Self {
            allow_local,
            names: system_names,
        }
    }

    /// The same, with names that lead elsewhere.
    #[cfg(test)]
    pub(super) fn named(self, names: Names) -> Self {
        Self { names, ..self }
    }

    /// An address that may be called, as far as it tells by itself.
    ///
    /// # Errors
    /// When it may not.
    pub(crate) fn check(self, address: &str) -> Result<Url, Refused> {
        let url = Url::parse(address).or(Err(Refused::Malformed))?;
        let has_user = !url.username().is_empty() || url.password().is_some();
        let is_secure = url.scheme() == "https" || (self.allow_local && url.scheme() == "http");
        if !is_secure || has_user || url.fragment().is_some() {
            return Err(Refused::Malformed);
        }
        // Exotic notations (`0x7f.1`, `2130706433`) were made ordinary when it was read.
        let is_open = match url.host() {
            Some(Host::Ipv4(address)) => self.permits(IpAddr::V4(address)),
            Some(Host::Ipv6(address)) => self.permits(IpAddr::V6(address)),
            Some(Host::Domain(name)) => self.allow_local || !is_local(name),
            None => return Err(Refused::Malformed),
        };
        if is_open {
            Ok(url)
        } else {
            Err(Refused::Private)
        }
    }

    /// The same for an address that is registered: its name must not lead into a private network.
    /// One that leads nowhere yet may, since each call looks again. The slot is held until the name
    /// is found, however long that takes and whoever waits.
    ///
    /// # Errors
    /// When it may not be called.
    pub(crate) async fn check_name(self, address: &str, slot: Option<Slot>) -> Result<(), Refused> {
        let url = self.check(address)?;
        let Some(name) = url.domain() else {
            return Ok(());
        };
        let name = name.to_owned();
        let looking = tokio::spawn(async move {
            let found = self.look_up(&name).await;
            drop(slot);
            found
        });
        match timeout(LOOKUP, looking).await {
            Ok(Ok(Ok(Err(refused)))) => Err(refused),
            _ => Ok(()),
        }
    }

    /// The addresses of a name, all of which may be called.
    async fn look_up(self, name: &str) -> io::Result<Result<Vec<SocketAddr>, Refused>> {
        let found = (self.names)(name.to_owned()).await?;
        if found.iter().all(|address| self.permits(address.ip())) {
            Ok(Ok(found))
        } else {
            Ok(Err(Refused::Private))
        }
    }

    fn permits(self, address: IpAddr) -> bool {
        is_public(address) || (self.allow_local && address.is_loopback())
    }
}

impl Resolve for Targets {
    fn resolve(&self, name: Name) -> Resolving {
        let targets = *self;
        Box::pin(async move {
            match targets.look_up(name.as_str()).await? {
                Ok(found) => Ok(Box::new(found.into_iter()) as Addrs),
                Err(refused) => Err(refused.into()),
            }
        })
    }
}

/// Names that are never anybody's on the Internet (RFC 6761, RFC 6762).
fn is_local(name: &str) -> bool {
    let name = name.trim_end_matches('.');
    ["localhost", "local", "internal", "home.arpa"]
        .iter()
        .any(|suffix| {
            let rest = name.strip_suffix(suffix);
            rest.is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    const CLOSED: Targets = Targets {
        allow_local: false,
        names: system_names,
    };
    const OPEN: Targets = Targets {
        allow_local: true,
        names: system_names,
    };

    #[test]
    fn an_https_address_on_the_internet_may_be_called() {
        for address in [
            "https://idp.example/realms/vae",
            "https://8.8.8.8:8443/",
            "https://notlocal/x",
        ] {
            assert!(CLOSED.check(address).is_ok(), "{address}");
        }
    }

    #[test]
    fn another_scheme_a_user_or_a_fragment_is_refused() {
        for address in [
            "http://idp.example",
            "ftp://idp.example",
            "file:///etc/passwd",
            "https://",
            "idp.example",
            "https://somebody@idp.example",
            "https://a:b@idp.example",
            "https://idp.example/#x",
            "",
        ] {
            assert_eq!(CLOSED.check(address), Err(Refused::Malformed), "{address}");
        }
    }

    #[test]
    fn the_machine_itself_is_refused_however_it_is_written() {
        for address in [
            "https://127.0.0.1",
            "https://127.1",
            "https://2130706433",
            "https://0x7f.0.0.1",
            "https://0177.0.0.1",
            "https://0",
            "https://[::1]",
            "https://[::ffff:127.0.0.1]",
            "https://[::ffff:7f00:1]",
            "https://localhost",
            "https://LOCALHOST.",
            "https://api.localhost",
            "https://printer.local",
            "https://metadata.google.internal",
            "https://169.254.169.254/latest",
            "https://①②⑦.0.0.1",
            "https://127。0。0。1",
        ] {
            assert_eq!(CLOSED.check(address), Err(Refused::Private), "{address}");
        }
    }

    #[test]
    fn with_the_switch_the_machine_itself_may_be_called_and_its_network_may_not() {
        assert!(OPEN.check("http://127.0.0.1:4000").is_ok());
        assert!(OPEN.check("http://[::1]:4000").is_ok());
        assert_eq!(OPEN.check("http://10.0.0.1"), Err(Refused::Private));
        assert_eq!(OPEN.check("http://169.254.169.254"), Err(Refused::Private));
    }

    #[tokio::test]
    async fn a_name_that_leads_to_the_machine_is_refused_at_the_call() {
        let found = CLOSED.look_up("localhost").await.unwrap();
        assert_eq!(found, Err(Refused::Private));
        assert!(OPEN.look_up("localhost").await.unwrap().is_ok());
    }
}
