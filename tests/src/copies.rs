//! Databases that are filled once and copied for each test, with their keys.

use std::path::Path;

use api::foundation::config::Config;
use sea_orm::ConnectionTrait;
use tempfile::TempDir;

use crate::postgres;
use crate::settings::config;
use crate::world::{Backend, World};

/// A filled database, to copy.
pub(crate) struct Copies {
    backend: Backend,
    folder: TempDir,
    /// On PostgreSQL.
    database: String,
}

impl Copies {
    /// Fills a database. Blocks.
    pub(crate) fn filled<T>(backend: Backend, fill: impl AsyncFnOnce(&Config) -> T) -> (Self, T) {
        let folder = TempDir::new().unwrap();
        let (database, url) = empty_database(backend, folder.path());
        let filled = block_on(fill(&config(&url, folder.path())));
        let copies = Self {
            backend,
            folder,
            database,
        };
        (copies, filled)
    }

    /// A copy. Blocks.
    pub(crate) fn copy(&self) -> (TempDir, Config) {
        let folder = TempDir::new().unwrap();
        let mut files = vec!["token-1.pem", "mac.key"];
        let url = match self.backend {
            Backend::Sqlite => {
                files.push("db");
                sqlite_url(&folder.path().join("db"))
            }
            Backend::Postgres => {
                let template = format!("TEMPLATE {} STRATEGY FILE_COPY", self.database);
                create_database(&template).1
            }
        };
        for file in files {
            let (from, to) = (self.folder.path().join(file), folder.path().join(file));
            std::fs::copy(from, to).unwrap();
        }
        let config = config(&url, folder.path());
        (folder, config)
    }
}

impl World {
    /// The address of another database of the same kind that has nothing yet; on SQLite a file in this
    /// folder, which is not there yet.
    pub async fn database_elsewhere(&self, folder: &Path) -> String {
        let backend = match self.state.config.is_sqlite() {
            true => Backend::Sqlite,
            false => Backend::Postgres,
        };
        let folder = folder.to_owned();
        let made = tokio::task::spawn_blocking(move || empty_database(backend, &folder).1);
        made.await.unwrap()
    }
}

/// Its name and address.
pub(crate) fn empty_database(backend: Backend, folder: &Path) -> (String, String) {
    match backend {
        Backend::Sqlite => (String::new(), sqlite_url(&folder.join("db"))),
        Backend::Postgres => create_database(""),
    }
}

fn create_database(options: &str) -> (String, String) {
    let server = postgres::server();
    let name = format!("world_{}", api::kit::new_id().simple());
    let sql = format!("CREATE DATABASE {name} {options}");
    block_on(async {
        let db = sea_orm::Database::connect(server.url("postgres"))
            .await
            .unwrap();
        db.execute_unprepared(&sql).await.unwrap();
        db.close().await.unwrap();
    });
    let url = server.url(&name);
    (name, url)
}

fn sqlite_url(file: &Path) -> String {
    format!("sqlite://{}?mode=rwc", file.display())
}

fn block_on<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap()
        .block_on(work)
}
