//! Where somebody signs in from, as much of it as they need to recognise it.

use std::future::{Ready, ready};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use actix_web::dev::Payload;
use actix_web::http::header;
use actix_web::{FromRequest, HttpMessage, HttpRequest};

use crate::kit::{Call, Code, Problem, Result};

/// The longest name of a program kept, in characters.
const LONGEST: usize = 200;

/// The program and the network that a sign-in comes from.
#[derive(Debug)]
pub(crate) struct Place {
    /// What the program says that it is.
    pub(super) user_agent: Option<String>,
    /// The network of its address, not the address.
    pub(super) network: Option<String>,
}

impl FromRequest for Place {
    type Error = Problem;
    type Future = Ready<Result<Self>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let user_agent = request.headers().get(header::USER_AGENT);
        let user_agent = user_agent.and_then(|value| value.to_str().ok());
        let call = request.extensions().get::<Call>().cloned();
        let call = call.ok_or(Problem::new(Code::InternalError));
        ready(call.map(|call| Self {
            user_agent: user_agent.and_then(shortened),
            network: call.address.map(network),
        }))
    }
}

fn shortened(text: &str) -> Option<String> {
    let visible = text.chars().filter(|c| !c.is_control());
    let text: String = visible.take(LONGEST).collect();
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

/// What providers give to a place rather than to a person: /24 of IPv4, /48 of IPv6.
fn network(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(address) => {
            let [a, b, c, _] = address.octets();
            format!("{}/24", Ipv4Addr::new(a, b, c, 0))
        }
        IpAddr::V6(address) => {
            let [a, b, c, ..] = address.segments();
            format!("{}/48", Ipv6Addr::new(a, b, c, 0, 0, 0, 0, 0))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_an_address_the_network_is_kept() {
        let of = |text: &str| network(text.parse().unwrap());
        assert_eq!(of("203.0.113.77"), "203.0.113.0/24");
        assert_eq!(of("::ffff:203.0.113.77"), "203.0.113.0/24");
        assert_eq!(of("2001:db8:1:2:3:4:5:6"), "2001:db8:1::/48");
    }

    #[test]
    fn of_a_program_s_name_what_can_be_read_is_kept() {
        assert_eq!(shortened(" \t"), None);
        assert_eq!(shortened("a\tb").as_deref(), Some("ab"));
        assert_eq!(shortened(&"x".repeat(900)).unwrap().len(), LONGEST);
    }
}
