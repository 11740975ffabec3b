//! How many requests a person or an address may make: in this process, for general traffic.

use std::net::IpAddr;
use std::time::Duration;

use governor::clock::{Clock as _, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use uuid::Uuid;

use crate::config::RateLimit;
use crate::kit::{Code, Problem, Result};

/// The limiter; `None` inside when limits are off.
#[derive(Debug)]
pub struct Limiter {
    people: Option<DefaultKeyedRateLimiter<Uuid>>,
    addresses: Option<DefaultKeyedRateLimiter<u128>>,
}

impl Limiter {
    /// A limiter for this setting.
    #[must_use]
    pub fn new(limit: RateLimit) -> Self {
        let RateLimit::PerSecond(per_second) = limit else {
            return Self {
                people: None,
                addresses: None,
            };
        };
        let quota = Quota::per_second(per_second);
        Self {
            people: Some(RateLimiter::keyed(quota)),
            addresses: Some(RateLimiter::keyed(quota)),
        }
    }

    /// Counts a request of somebody known.
    ///
    /// # Errors
    /// 429 above the limit.
    pub fn check_person(&self, id: Uuid) -> Result<()> {
        check(self.people.as_ref(), &id)
    }

    /// Counts a request of nobody known yet.
    ///
    /// # Errors
    /// 429 above the limit.
    pub fn check_address(&self, address: IpAddr) -> Result<()> {
        check(self.addresses.as_ref(), &network(address))
    }

    /// Forgets those who have been quiet, so that memory stays bounded.
    pub fn forget_the_quiet(&self) {
        if let Some(people) = &self.people {
            people.retain_recent();
        }
        if let Some(addresses) = &self.addresses {
            addresses.retain_recent();
        }
    }
}

/// An IPv4 address, or the /64 that one IPv6 subscriber has to themselves.
fn network(address: IpAddr) -> u128 {
    match address {
        IpAddr::V4(address) => address.to_bits().into(),
        IpAddr::V6(address) => address.to_bits() & !u128::from(u64::MAX),
    }
}

fn check<K: Clone + std::hash::Hash + Eq>(
    limiter: Option<&DefaultKeyedRateLimiter<K>>,
    key: &K,
) -> Result<()> {
    let Some(limiter) = limiter else {
        return Ok(());
    };
    limiter.check_key(key).map_err(|refusal| {
        let wait = refusal.wait_time_from(DefaultClock::default().now());
        Problem::new(Code::TooManyRequests).retry_after(wait.max(Duration::from_secs(1)))
    })
}
