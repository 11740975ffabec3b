//! How many requests a person or an address may make in a second (a rate limit), and how many slots they have
//! at once (elsewhere a semaphore or bulkhead): in this process, for general traffic.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue};
use governor::clock::{Clock as _, DefaultClock};
use governor::middleware::StateInformationMiddleware;
use governor::state::keyed::DefaultKeyedStateStore;
use governor::{Quota, RateLimiter};
use uuid::Uuid;

use crate::foundation::config::RateLimit;
use crate::foundation::problem::{Code, Problem, Result};

type Keyed<K> = RateLimiter<K, DefaultKeyedStateStore<K>, DefaultClock, StateInformationMiddleware>;

/// What is left of somebody's quota, for the headers `RateLimit` and `RateLimit-Policy`
/// (draft-ietf-httpapi-ratelimit-headers-10).
#[derive(Clone, Copy, Debug)]
pub struct Allowance {
    per_second: u32,
    left: u32,
    /// Seconds until there is more.
    wait: u64,
}

impl Allowance {
    /// Tells the caller.
    pub(crate) fn tell(self, headers: &mut HeaderMap) {
        let left = format!("\"general\";r={};t={}", self.left, self.wait);
        let policy = format!("\"general\";q={};w=1", self.per_second);
        for (name, value) in [("ratelimit", left), ("ratelimit-policy", policy)] {
            if let Ok(value) = HeaderValue::from_str(&value) {
                headers.insert(HeaderName::from_static(name), value);
            }
        }
    }
}

/// The limiter; `None` inside when limits are off.
#[derive(Debug)]
pub struct Limiter {
    people: Option<Keyed<Uuid>>,
    addresses: Option<Keyed<u128>>,
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
            people: Some(RateLimiter::keyed(quota).with_middleware()),
            addresses: Some(RateLimiter::keyed(quota).with_middleware()),
        }
    }

    /// Counts a request of somebody known: what is left, if there is a limit, and 429 above it.
    pub fn check_person(&self, id: Uuid) -> (Option<Allowance>, Result<()>) {
        check(self.people.as_ref(), &id)
    }

    /// Counts a request of nobody known yet, likewise.
    pub fn check_address(&self, address: IpAddr) -> (Option<Allowance>, Result<()>) {
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

/// How many requests of each person are being answered now.
#[derive(Debug)]
pub struct Concurrency {
    most: Option<u32>,
    busy: Mutex<HashMap<Uuid, u32>>,
}

impl Concurrency {
    /// So many at once for each; any number without one.
    #[must_use]
    pub fn new(most: Option<NonZeroU32>) -> Arc<Self> {
        Arc::new(Self {
            most: most.map(NonZeroU32::get),
            busy: Mutex::default(),
        })
    }

    /// A slot for one more request of this person, until it is dropped.
    ///
    /// # Errors
    /// 429 when there are too many.
    pub fn enter(self: &Arc<Self>, id: Uuid) -> Result<Option<Slot>> {
        let Some(most) = self.most else {
            return Ok(None);
        };
        let mut busy = self.busy.lock().unwrap_or_else(PoisonError::into_inner);
        let count = busy.entry(id).or_default();
        if *count >= most {
            let wait = Duration::from_secs(1);
            return Err(Problem::new(Code::TooManyRequests).retry_after(wait));
        }
        *count += 1;
        Ok(Some(Slot {
            of: self.clone(),
            id,
            is_over: AtomicBool::new(false),
        }))
    }
}

/// A slot among those that somebody may have at once, until it is dropped.
#[derive(Debug)]
pub struct Slot {
    of: Arc<Concurrency>,
    id: Uuid,
    is_over: AtomicBool,
}

impl Slot {
    /// Frees it before it is dropped: its request waits, and others may go on.
    pub fn end(&self) {
        if self.is_over.swap(true, Ordering::Relaxed) {
            return;
        }
        let mut busy = self.of.busy.lock().unwrap_or_else(PoisonError::into_inner);
        if let Entry::Occupied(mut count) = busy.entry(self.id) {
            *count.get_mut() -= 1;
            if *count.get() == 0 {
                count.remove();
            }
        }
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        self.end();
    }
}

/// An IPv4 address, or the /64 that one IPv6 subscriber has to themselves.
pub(crate) fn network(address: IpAddr) -> u128 {
    match address {
        IpAddr::V4(address) => address.to_bits().into(),
        IpAddr::V6(address) => address.to_bits() & !u128::from(u64::MAX),
    }
}

/// An IPv4 address, or the /48 of an IPv6 one, which is what one customer has at most.
pub(crate) fn site(address: IpAddr) -> u128 {
    match address {
        IpAddr::V4(_) => network(address),
        IpAddr::V6(address) => address.to_bits() >> 80 << 80,
    }
}

fn check<K: Clone + std::hash::Hash + Eq>(
    limiter: Option<&Keyed<K>>,
    key: &K,
) -> (Option<Allowance>, Result<()>) {
    let Some(limiter) = limiter else {
        return (None, Ok(()));
    };
    let (left, per_second, wait, outcome) = match limiter.check_key(key) {
        Ok(state) => {
            let left = state.remaining_burst_capacity();
            (left, state.quota().burst_size(), 1, Ok(()))
        }
        Err(refusal) => {
            let wait = refusal.wait_time_from(DefaultClock::default().now());
            let wait = wait.max(Duration::from_secs(1));
            let problem = Problem::new(Code::TooManyRequests).retry_after(wait);
            (
                0,
                refusal.quota().burst_size(),
                wait.as_secs(),
                Err(problem),
            )
        }
    };
    let allowance = Allowance {
        per_second: per_second.get(),
        left,
        wait,
    };
    (Some(allowance), outcome)
}
