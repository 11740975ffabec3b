//! What every request shares, and how it is opened. It knows no resource: whoever stands above them
//! reads the API document, and hands it in.

pub(crate) mod bell;
pub(crate) mod ends;
pub(crate) mod glances;
pub(crate) mod mailer;
pub(crate) mod passwords;
pub(crate) mod provider_keys;
pub(crate) mod strength;
pub(crate) mod zones;

use std::num::NonZeroU32;
use std::sync::Arc;

use entity::values::Role;
use uuid::Uuid;

use self::bell::Bell;
use self::ends::Ends;
use self::glances::Glances;
use self::mailer::Mailer;
use self::passwords::Passwords;
use self::provider_keys::ProviderKeys;
use self::zones::Zones;
use crate::foundation::access_log::AccessLog;
use crate::foundation::clock::Clock;
use crate::foundation::config::{Config, RateLimit};
use crate::foundation::database::Database;
use crate::foundation::keys::Keys;
use crate::foundation::limiter::{Concurrency, Limiter};
use crate::foundation::metrics::Metrics;
use crate::foundation::operations::Operations;
use crate::foundation::outbound::Outbound;

/// How many requests of one person may wait for changes at once.
const WAITING: NonZeroU32 = NonZeroU32::MIN.saturating_add(15);

/// How many of an organization: each change wakes them all.
const WAITING_TOGETHER: NonZeroU32 = NonZeroU32::MIN.saturating_add(255);

/// How many exports of an organization are sent at a time.
const EXPORTS_AT_ONCE: NonZeroU32 = NonZeroU32::MIN.saturating_add(1);

/// How many whole booklets a person reads at a time.
const FULL_AT_ONCE: NonZeroU32 = NonZeroU32::MIN.saturating_add(1);

/// How many names are looked up at a time for an organization.
const LOOKUPS_AT_ONCE: NonZeroU32 = NonZeroU32::MIN.saturating_add(3);

/// How many files of an organization arrive at a time.
const UPLOADS_AT_ONCE: NonZeroU32 = NonZeroU32::MIN.saturating_add(3);

/// What every request shares.
#[derive(Debug)]
pub struct State {
    /// The settings.
    pub config: Config,
    /// The database.
    pub db: Database,
    /// The clock.
    pub clock: Clock,
    /// The keys of tokens and cursors.
    pub keys: Keys,
    /// The pool that hashes passwords.
    pub passwords: Passwords,
    /// The way that mails take.
    pub mailer: Mailer,
    /// The limits of general traffic.
    pub limiter: Limiter,
    /// Where the chains of the audit trail ended when they were last seen.
    pub(crate) ends: Ends,
    /// What is counted of requests.
    pub(crate) metrics: Metrics,
    /// What waits to be written to the access log.
    pub access_log: AccessLog,
    /// The requests of each person that are being answered.
    pub concurrency: Arc<Concurrency>,
    /// The exports of each organization that are being sent.
    pub exports: Arc<Concurrency>,
    /// The whole booklets that each person reads.
    pub full: Arc<Concurrency>,
    /// The names that are being looked up for each organization.
    pub lookups: Arc<Concurrency>,
    /// The receivers of each organization that are being tried.
    pub trials: Arc<Concurrency>,
    /// The files of each organization that are arriving.
    pub uploads: Arc<Concurrency>,
    /// The requests of each person that wait for changes.
    pub waiting: Arc<Concurrency>,
    /// The same of each organization, whoever they are.
    pub waiting_together: Arc<Concurrency>,
    /// The same of an organization's people who follow their news.
    pub people_waiting: Arc<Concurrency>,
    /// Rung when something was committed.
    pub bell: Bell,
    /// Whether `/health/ready` says yes.
    pub ready: std::sync::atomic::AtomicBool,
    /// The accounts shown on the landing page, in demo mode.
    pub demo_accounts: std::sync::OnceLock<Vec<DemoAccount>>,
    pub(crate) operations: Arc<Operations>,
    pub(crate) document: Arc<str>,
    /// What calls others.
    pub(crate) outbound: Outbound,
    /// The keys of identity providers.
    pub(crate) provider_keys: ProviderKeys,
    /// Whose answers under an `Idempotency-Key` are counted next.
    pub(crate) kept_answers: Glances<Uuid>,
    /// Of which table the rows of which owner are counted next.
    pub(crate) rows: Glances<(&'static str, Uuid)>,
    /// The time zones of organizations.
    pub(crate) zones: Zones,
}

/// The API document as the service reads it at its start.
#[derive(Clone, Debug)]
pub struct ApiDocument {
    pub(crate) operations: Arc<Operations>,
    /// As it is published.
    pub(crate) text: Arc<str>,
}

/// An account that testers may use.
#[derive(Clone, Debug)]
pub struct DemoAccount {
    /// What its role is called, in French and in English.
    pub name: [&'static str; 2],
    /// Its role.
    pub role: Role,
    /// Its e-mail address.
    pub email: String,
    /// Its password.
    pub password: &'static str,
}

impl State {
    /// Opens the database, and reads the keys. Several services of one process may share the API document.
    ///
    /// # Errors
    /// A sentence that says what is wrong, and with which setting.
    pub async fn open(config: Config, clock: Clock, api: ApiDocument) -> Result<Arc<Self>, String> {
        let db = Database::open(&config)
            .await
            .map_err(|error| format!("LIVRET_DATABASE_URL: cannot open the database: {error}"))?;
        let mailer = Mailer::new(&config)?;
        let keys = Keys::load(&config).map_err(|error| {
            format!(
                "LIVRET_KEY_DIR: cannot use the keys in {}: {error}",
                config.key_dir().display()
            )
        })?;
        let limited = config.rate_limit != RateLimit::Off;
        Ok(Arc::new(Self {
            operations: api.operations,
            document: api.text,
            mailer,
            passwords: Passwords::new(config.workers().div_ceil(2), limited),
            limiter: Limiter::new(config.rate_limit),
            ends: Ends::default(),
            metrics: Metrics::default(),
            access_log: AccessLog::default(),
            concurrency: Concurrency::new(limited.then_some(config.concurrency)),
            waiting: Concurrency::new(limited.then_some(WAITING)),
            waiting_together: Concurrency::new(limited.then_some(WAITING_TOGETHER)),
            people_waiting: Concurrency::new(limited.then_some(WAITING_TOGETHER)),
            bell: Bell::default(),
            exports: Concurrency::new(limited.then_some(EXPORTS_AT_ONCE)),
            full: Concurrency::new(limited.then_some(FULL_AT_ONCE)),
            lookups: Concurrency::new(limited.then_some(LOOKUPS_AT_ONCE)),
            trials: Concurrency::new(limited.then_some(NonZeroU32::MIN)),
            uploads: Concurrency::new(limited.then_some(UPLOADS_AT_ONCE)),
            ready: true.into(),
            demo_accounts: std::sync::OnceLock::new(),
            outbound: Outbound::new(config.allow_local_targets),
            provider_keys: ProviderKeys::default(),
            kept_answers: Glances::default(),
            rows: Glances::default(),
            zones: Zones::default(),
            db,
            clock,
            keys,
            config,
        }))
    }
}
