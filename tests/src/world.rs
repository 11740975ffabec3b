//! A world of one test: a database of its own with the people in it, the service on a port of its
//! own, and a clock that the test moves.

use std::net::TcpListener;
use std::num::NonZeroU32;
use std::sync::{Arc, LazyLock, OnceLock};
use std::time::Duration;

use actix_web::dev::ServerHandle;
use api::foundation::config::{Config, RateLimit};
use api::foundation::database::{self, Database};
use api::foundation::state::{ApiDocument, State};
use api::kit::Clock;
use api::program::openapi::read_api_document;
use api::program::server;
use chrono::{NaiveDate, TimeDelta};
use serde_json::json;
use tempfile::TempDir;
use tokio::runtime::Handle;
use uuid::Uuid;

use crate::client::Client;
use crate::copies::{Copies, empty_database};
use crate::people::{PASSWORD, People, Person, settle};
use crate::settings::config;

/// Which database a test runs on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Backend {
    Sqlite,
    Postgres,
}

/// Two organizations, their people, and the service.
pub struct World {
    pub clock: Clock,
    /// The service from within, for what HTTP cannot show.
    pub state: Arc<State>,
    server: ServerHandle,
    people: People,
    url: String,
    http: reqwest::Client,
    folder: Arc<TempDir>,
}

/// Read once: every test has a service of its own.
static API_DOCUMENT: LazyLock<ApiDocument> = LazyLock::new(|| read_api_document().unwrap());

impl World {
    pub async fn new(backend: Backend) -> Self {
        Self::configured(backend, |_| {}).await
    }

    /// The same, with other settings than those of most tests.
    pub async fn configured(backend: Backend, change: fn(&mut Config)) -> Self {
        let prepared = tokio::task::spawn_blocking(move || prepare(backend));
        let (folder, people, mut config) = prepared.await.unwrap();
        change(&mut config);
        Self::serve(folder, people, config, Clock::default()).await
    }

    /// The same, where everybody may make one request a second.
    pub async fn limited(backend: Backend) -> Self {
        Self::configured(backend, |config| {
            config.rate_limit = RateLimit::PerSecond(NonZeroU32::MIN);
        })
        .await
    }

    /// Migrated, with the shipped reference data and nobody in it.
    pub async fn empty(backend: Backend) -> Self {
        let prepared = tokio::task::spawn_blocking(move || {
            let folder = TempDir::new().unwrap();
            let (_, url) = empty_database(backend, folder.path());
            let config = config(&url, folder.path());
            (folder, config)
        });
        let (folder, config) = prepared.await.unwrap();
        database::migrate(&config).await.unwrap();
        Self::serve(folder, People::default(), config, Clock::default()).await
    }

    pub(crate) async fn serve(
        folder: TempDir,
        people: People,
        config: Config,
        clock: Clock,
    ) -> Self {
        Self::instance(folder.into(), people, config, clock).await
    }

    /// Another instance of the service, on the same database and keys.
    pub async fn twin(&self) -> Self {
        let (folder, people) = (self.folder.clone(), self.people.clone());
        let config = self.state.config.clone();
        Self::instance(folder, people, config, self.clock.clone()).await
    }

    async fn instance(folder: Arc<TempDir>, people: People, config: Config, clock: Clock) -> Self {
        let listener = TcpListener::bind(config.listen).unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let document = API_DOCUMENT.clone();
        let state = State::open(config, clock.clone(), document);
        let state = state.await.unwrap();
        let server = server::start(&state, listener).unwrap();
        let handle = server.handle();
        tokio::spawn(server);
        Self {
            clock,
            state,
            server: handle,
            people,
            url,
            http: client(),
            folder,
        }
    }

    /// Acts as this person, by first name.
    pub fn as_(&self, name: &str) -> Client {
        let person = self.people.users.get(name).copied();
        let person = person.unwrap_or_else(|| panic!("nobody is called {name}"));
        self.client(Some(person))
    }

    /// Acts as whoever this is, signed in over HTTP.
    pub async fn log_in(&self, email: &str, password: &str) -> Client {
        let anonymous = self.anonymous();
        let login = json!({ "email": email, "password": password });
        let tokens = anonymous.post("/v1/auth/login", login).await.expect(200);
        anonymous.bearing(tokens["access_token"].as_str().unwrap())
    }

    /// Acts as nobody known.
    pub fn anonymous(&self) -> Client {
        self.client(None)
    }

    pub(crate) fn client(&self, person: Option<Person>) -> Client {
        Client::new(
            self.http.clone(),
            self.url.clone(),
            self.state.clone(),
            person,
        )
    }

    /// Where the service listens.
    pub fn url(&self) -> &str {
        &self.url
    }

    pub fn people(&self) -> &People {
        &self.people
    }

    pub fn user_id(&self, name: &str) -> Uuid {
        self.people.users[name].id
    }

    pub fn candidate_id(&self, name: &str) -> Uuid {
        self.people.candidates[name]
    }

    pub fn organization_id(&self, name: &str) -> Uuid {
        self.people.organizations[name]
    }

    /// The booklet of this candidate: samira's and karim's tutor is tom, nadia's is tina, rita's
    /// is remi (of Rivage). Samira's prescriber is paul and her validator vera.
    pub fn booklet_id(&self, candidate: &str) -> Uuid {
        self.people.booklets[candidate]
    }

    /// `/v1/booklets/<id of this candidate's booklet>/<page>`.
    pub fn booklet(&self, candidate: &str, page: &str) -> String {
        let path = format!("/v1/booklets/{}", self.booklet_id(candidate));
        if page.is_empty() {
            path
        } else {
            format!("{path}/{page}")
        }
    }

    /// How many transactions may write at the same time.
    pub fn writers_at_once(&self) -> usize {
        if self.state.config.is_sqlite() { 1 } else { 6 }
    }

    /// The same hour there, so many days later: in summer it is another one in UTC.
    pub fn advance_days(&self, days: i64) {
        let (now, paris) = (self.clock.now(), chrono_tz::Europe::Paris);
        let local = now.with_timezone(&paris).naive_local() + TimeDelta::days(days);
        // The hour that spring leaves out is the next one.
        let there = [0, 1].into_iter().find_map(|hour| {
            let local = local + TimeDelta::hours(hour);
            local.and_local_timezone(paris).earliest()
        });
        self.clock.advance(there.unwrap().to_utc() - now);
    }

    /// The civil date of the organizations (Europe/Paris), so many days from now.
    pub fn day(&self, offset: i64) -> NaiveDate {
        let paris = self
            .clock
            .now()
            .with_timezone(&chrono_tz::Europe::Paris)
            .date_naive();
        paris + TimeDelta::days(offset)
    }
}

impl Drop for World {
    /// A test may use a hundred worlds, and the database has only so many connections.
    fn drop(&mut self) {
        let (server, db) = (self.server.clone(), self.state.db.clone());
        if let Ok(runtime) = Handle::try_current() {
            runtime.spawn(async move {
                server.stop(false).await;
                db.close().await
            });
        }
    }
}

/// The world before anything happened, made once per process and copied for each test.
fn prepare(backend: Backend) -> (TempDir, People, Config) {
    static SQLITE: OnceLock<(Copies, People)> = OnceLock::new();
    static POSTGRES: OnceLock<(Copies, People)> = OnceLock::new();
    let made = match backend {
        Backend::Sqlite => &SQLITE,
        Backend::Postgres => &POSTGRES,
    };
    let (copies, people) = made.get_or_init(|| Copies::filled(backend, peopled));
    let (folder, config) = copies.copy();
    (folder, people.clone(), config)
}

async fn peopled(config: &Config) -> People {
    database::migrate(config).await.unwrap();
    let clock = Clock::default();
    let state = State::open(config.clone(), clock.clone(), API_DOCUMENT.clone())
        .await
        .unwrap();
    let hash = state.passwords.hash(PASSWORD.to_owned()).await.unwrap();
    let db = Database::open(config).await.unwrap();
    let txn = db.begin().await.unwrap();
    let people = settle(&txn, clock.now(), &hash).await;
    txn.commit().await.unwrap();
    db.close().await.unwrap();
    state.db.clone().close().await.unwrap();
    people
}

/// Lets go of idle connections before the service closes them, after five seconds: a request that
/// meets the closing is lost, and not sent again unless it is sure to have no effect. It trusts no
/// certificate: to read all those of the system takes longer than most tests.
fn client() -> reqwest::Client {
    let client = reqwest::Client::builder()
        .tls_certs_only([])
        .redirect(reqwest::redirect::Policy::none())
        .pool_idle_timeout(Duration::from_secs(2));
    client.build().unwrap()
}
