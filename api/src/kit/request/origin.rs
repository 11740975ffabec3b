//! Where a request comes from, through the proxies that the operator trusts.

use std::net::{IpAddr, SocketAddr};

use actix_web::http::header::HeaderMap;
use ipnet::IpNet;

/// Longest list of addresses that is read: more hops than anybody has.
const LONGEST: usize = 32;

/// The caller's address: the peer's, unless the peer is a trusted proxy. Then the last address in
/// `X-Forwarded-For` that is no trusted proxy's, as each proxy appends the address it was called
/// from; what stands before it is the caller's own claim and is not believed. A proxy that tells
/// nothing readable is taken for the caller.
#[must_use]
pub fn client_address(
    peer: Option<IpAddr>,
    headers: &HeaderMap,
    trusted: &[IpNet],
) -> Option<IpAddr> {
    let peer = peer?.to_canonical();
    if !is_trusted(peer, trusted) {
        return Some(peer);
    }
    let lines: Vec<&str> = headers
        .get_all("x-forwarded-for")
        .filter_map(|line| line.to_str().ok())
        .collect();
    let mut nearest = peer;
    let hops = lines.iter().rev().flat_map(|line| line.rsplit(','));
    for hop in hops.take(LONGEST).map(|hop| address(hop.trim())) {
        let Some(hop) = hop else { break };
        nearest = hop;
        if !is_trusted(hop, trusted) {
            break;
        }
    }
    Some(nearest)
}

/// An address, with or without a port.
fn address(text: &str) -> Option<IpAddr> {
    let bare = text
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'))
        .unwrap_or(text);
    bare.parse()
        .ok()
        .or_else(|| Some(text.parse::<SocketAddr>().ok()?.ip()))
        .map(|address: IpAddr| address.to_canonical())
}

fn is_trusted(address: IpAddr, trusted: &[IpNet]) -> bool {
    trusted.iter().any(|network| network.contains(&address))
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::{HeaderName, HeaderValue};
    use proptest::prelude::*;

    use super::*;

    fn seen(peer: &str, lines: &[&str]) -> String {
        let trusted = ["10.0.0.0/8", "fd00::/8"].map(|network| network.parse().unwrap());
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(
                HeaderName::from_static("x-forwarded-for"),
                HeaderValue::from_str(line).unwrap(),
            );
        }
        let address = client_address(Some(peer.parse().unwrap()), &headers, &trusted);
        address.unwrap().to_string()
    }

    #[test]
    fn a_stranger_cannot_say_who_they_are() {
        assert_eq!(seen("203.0.113.9", &["198.51.100.1"]), "203.0.113.9");
    }

    #[test]
    fn a_trusted_proxy_tells_who_called_it() {
        assert_eq!(seen("10.0.0.2", &["203.0.113.9"]), "203.0.113.9");
        assert_eq!(seen("::ffff:10.0.0.2", &["203.0.113.9"]), "203.0.113.9");
        assert_eq!(seen("10.0.0.2", &["2001:db8::7"]), "2001:db8::7");
        assert_eq!(seen("10.0.0.2", &["203.0.113.9:51234"]), "203.0.113.9");
        assert_eq!(seen("10.0.0.2", &["[2001:db8::7]:443"]), "2001:db8::7");
        assert_eq!(seen("10.0.0.2", &["[2001:db8::7]"]), "2001:db8::7");
    }

    #[test]
    fn what_the_caller_claims_itself_is_not_believed() {
        let claimed = "127.0.0.1, 198.51.100.1, 203.0.113.9, 10.0.0.3";
        assert_eq!(seen("10.0.0.2", &[claimed]), "203.0.113.9");
        let lines = ["198.51.100.1", "203.0.113.9", "fd00::1"];
        assert_eq!(seen("10.0.0.2", &lines), "203.0.113.9");
    }

    #[test]
    fn a_proxy_that_tells_nothing_readable_is_the_caller() {
        assert_eq!(seen("10.0.0.2", &[]), "10.0.0.2");
        assert_eq!(seen("10.0.0.2", &["unknown"]), "10.0.0.2");
        assert_eq!(seen("10.0.0.2", &["203.0.113.9, , 10.0.0.3"]), "10.0.0.3");
    }

    proptest! {
        #[test]
        fn whatever_is_claimed_before_the_caller_changes_nothing(claim in "[ -~]{0,200}") {
            let line = format!("{claim}, 203.0.113.9, 10.0.0.3");
            prop_assert_eq!(seen("10.0.0.2", &[&line]), "203.0.113.9");
        }
    }
}
