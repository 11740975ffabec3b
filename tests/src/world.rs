//! A world of one test: a database of its own with the people in it, the service on a port of its
//! own, and a clock that the test moves.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use api::app::State;
use api::config::Config;
use api::database::{self, Database};
use api::kit::Clock;
use api::server;
use chrono::{NaiveDate, TimeDelta};
use clap::Parser;
use sea_orm::ConnectionTrait;
use serde_json::json;
use tempfile::TempDir;
use uuid::Uuid;

use crate::client::Client;
use crate::people::{PASSWORD, People, settle};
use crate::postgres;

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
    people: People,
    url: String,
    http: reqwest::Client,
    _folder: TempDir,
}

#[derive(Parser)]
struct Settings {
    #[command(flatten)]
    config: Config,
}

fn config(database_url: &str, folder: &Path) -> Config {
    let keys = folder.display().to_string();
    Settings::parse_from([
        "livret",
        "--database-url",
        database_url,
        "--key-dir",
        &keys,
        "--rate-limit",
        "off",
        "--listen",
        "127.0.0.1:0",
        "--public-url",
        "http://livret.example",
        "--workers",
        "1",
        "--database-pool",
        "8",
        "--cors-origins",
        "https://front.livret.example",
        "--sqlite-synchronous",
        "normal",
    ])
    .config
}

impl World {
    pub async fn new(backend: Backend) -> Self {
        Self::configured(backend, |_| {}).await
    }

    /// The same, with other settings than those of most tests.
    pub async fn configured(backend: Backend, change: fn(&mut Config)) -> Self {
        let prepared = tokio::task::spawn_blocking(move || prepare(backend));
        let (folder, people, mut config) = prepared.await.unwrap();
        change(&mut config);
        Self::serve(folder, people, config).await
    }

    /// Migrated, with the shipped reference data and nobody in it.
    pub async fn empty(backend: Backend) -> Self {
        let prepared = tokio::task::spawn_blocking(move || {
            let folder = TempDir::new().unwrap();
            let url = empty_database(backend, folder.path());
            let config = config(&url, folder.path());
            (folder, config)
        });
        let (folder, config) = prepared.await.unwrap();
        database::migrate(&config).await.unwrap();
        Self::serve(folder, People::default(), config).await
    }

    async fn serve(folder: TempDir, people: People, config: Config) -> Self {
        let listener = TcpListener::bind(config.listen).unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let clock = Clock::default();
        let state = State::open(config, clock.clone()).await.unwrap();
        tokio::spawn(server::start(&state, listener).unwrap());
        Self {
            clock,
            state,
            people,
            url,
            http: reqwest::Client::new(),
            _folder: folder,
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

    fn client(&self, person: Option<crate::people::Person>) -> Client {
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

    pub fn advance_days(&self, days: i64) {
        self.clock.advance(TimeDelta::days(days));
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

/// The world before anything happened, made once per process and copied for each test.
struct Template {
    people: People,
    folder: PathBuf,
}

fn prepare(backend: Backend) -> (TempDir, People, Config) {
    static SQLITE: OnceLock<Template> = OnceLock::new();
    static POSTGRES: OnceLock<Template> = OnceLock::new();
    let folder = TempDir::new().unwrap();
    let (template, url) = match backend {
        Backend::Sqlite => {
            let template = SQLITE.get_or_init(|| template(|folder| sqlite_url(&folder.join("db"))));
            let file = folder.path().join("db");
            std::fs::copy(template.folder.join("db"), &file).unwrap();
            (template, sqlite_url(&file))
        }
        Backend::Postgres => {
            let server = postgres::server();
            let template = POSTGRES.get_or_init(|| {
                execute(
                    &server.url("postgres"),
                    "DROP DATABASE IF EXISTS livret_template",
                );
                execute(&server.url("postgres"), "CREATE DATABASE livret_template");
                template(|_| server.url("livret_template"))
            });
            let name = database_name();
            let clone =
                format!("CREATE DATABASE {name} TEMPLATE livret_template STRATEGY FILE_COPY");
            execute(&server.url("postgres"), &clone);
            (template, server.url(&name))
        }
    };
    for key in ["token-1.pem", "mac.key"] {
        std::fs::copy(template.folder.join(key), folder.path().join(key)).unwrap();
    }
    let config = config(&url, folder.path());
    (folder, template.people.clone(), config)
}

fn empty_database(backend: Backend, folder: &Path) -> String {
    match backend {
        Backend::Sqlite => sqlite_url(&folder.join("db")),
        Backend::Postgres => {
            let server = postgres::server();
            let name = database_name();
            execute(&server.url("postgres"), &format!("CREATE DATABASE {name}"));
            server.url(&name)
        }
    }
}

fn database_name() -> String {
    format!("world_{}", api::kit::new_id().simple())
}

fn sqlite_url(file: &Path) -> String {
    format!("sqlite://{}?mode=rwc", file.display())
}

fn template(url: impl FnOnce(&Path) -> String) -> Template {
    let folder = TempDir::new().unwrap().keep();
    let config = config(&url(&folder), &folder);
    let people = block_on(async {
        database::migrate(&config).await.unwrap();
        let clock = Clock::default();
        let state = State::open(config.clone(), clock.clone()).await.unwrap();
        let hash = state.passwords.hash(PASSWORD.to_owned()).await.unwrap();
        let db = Database::open(&config).await.unwrap();
        let txn = db.begin().await.unwrap();
        let people = settle(&txn, clock.now(), &hash).await;
        txn.commit().await.unwrap();
        db.close().await.unwrap();
        state.db.clone().close().await.unwrap();
        people
    });
    Template { people, folder }
}

fn execute(url: &str, sql: &str) {
    block_on(async {
        let db = sea_orm::Database::connect(url).await.unwrap();
        db.execute_unprepared(sql).await.unwrap();
        db.close().await.unwrap();
    });
}

fn block_on<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap()
        .block_on(work)
}
