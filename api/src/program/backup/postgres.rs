//! Copies of a PostgreSQL database, by its own tools: `pg_dump` and `pg_restore` (Debian's package
//! `postgresql-client`), which must not be older than the server.

use std::ffi::OsStr;
use std::io::ErrorKind;
use std::path::Path;
use std::process::Command;

use percent_encoding::percent_decode_str;
use sea_orm::ConnectionTrait;
use secrecy::{ExposeSecret, SecretString};
use url::Url;

use crate::foundation::config::Config;
use crate::kit::new_id;

/// Writes an archive of the database, and reads it back to its end.
pub(super) async fn dump(config: &Config, to: impl AsRef<Path>) -> Result<(), String> {
    let (name, path) = (database(config)?, to.as_ref().as_os_str());
    let options = ["--format=custom", "--no-owner", "--no-privileges", "--file"];
    let options = options.map(OsStr::new).into_iter();
    let source = [path, OsStr::new("--dbname"), OsStr::new(name.0.as_str())];
    run("pg_dump", options.chain(source), &name.1).await?;
    let nowhere = ["--file", "/dev/null"].map(OsStr::new).into_iter();
    run("pg_restore", nowhere.chain([path]), "").await
}

/// Fills an empty database from an archive, all of it or nothing.
pub(super) async fn load(config: &Config, file: &Path) -> Result<(), String> {
    if has_tables(config).await? {
        let why = "has tables already: restore to an empty one, and nothing is overwritten";
        return Err(format!("LIVRET_DATABASE_URL: the database {why}"));
    }
    let (name, password) = database(config)?;
    let options = [
        "--no-owner",
        "--no-privileges",
        "--single-transaction",
        "--exit-on-error",
    ];
    let options = options.map(OsStr::new).into_iter();
    let target = [
        OsStr::new("--dbname"),
        OsStr::new(name.as_str()),
        file.as_os_str(),
    ];
    run("pg_restore", options.chain(target), &password).await
}

/// Works in a database of its own beside that of the settings, and drops it.
pub(super) async fn apart<T>(
    config: &Config,
    work: impl AsyncFnOnce(SecretString) -> Result<T, String>,
) -> Result<T, String> {
    let cannot = |error| format!("cannot make a database to rehearse in: {error}");
    let server = sea_orm::Database::connect(config.database_url.expose_secret())
        .await
        .map_err(cannot)?;
    let name = format!("livret_rehearsal_{}", new_id().simple());
    let make = format!("CREATE DATABASE {name} TEMPLATE template0");
    server.execute_unprepared(&make).await.map_err(cannot)?;
    let mut url = parsed(config)?;
    url.set_path(&name);
    let done = work(SecretString::from(String::from(url))).await;
    let drop = format!("DROP DATABASE {name} WITH (FORCE)");
    let dropped = server.execute_unprepared(&drop).await;
    let done = done?;
    dropped.map_err(|error| format!("cannot drop the database {name} again: {error}"))?;
    Ok(done)
}

async fn has_tables(config: &Config) -> Result<bool, String> {
    let asked = async {
        let db = sea_orm::Database::connect(config.database_url.expose_secret()).await?;
        let tables =
            "SELECT 1 FROM information_schema.tables WHERE table_schema = current_schema()";
        let found = db.query_one_raw(sea_orm::Statement::from_string(
            db.get_database_backend(),
            tables,
        ));
        let is_found = found.await?.is_some();
        db.close().await?;
        Ok(is_found)
    };
    let cannot = |error: sea_orm::DbErr| format!("LIVRET_DATABASE_URL: cannot open: {error}");
    asked.await.map_err(cannot)
}

/// The address without the password, which others on this machine would see, and the password.
fn database(config: &Config) -> Result<(Url, String), String> {
    let mut url = parsed(config)?;
    let password = percent_decode_str(url.password().unwrap_or_default())
        .decode_utf8_lossy()
        .into_owned();
    // It has one, so it may lose it.
    let _lost = url.set_password(None);
    Ok((url, password))
}

fn parsed(config: &Config) -> Result<Url, String> {
    let url = Url::parse(config.database_url.expose_secret());
    url.map_err(|error| format!("LIVRET_DATABASE_URL: {error}"))
}

async fn run<A: AsRef<OsStr>>(
    tool: &str,
    arguments: impl IntoIterator<Item = A>,
    password: &str,
) -> Result<(), String> {
    let mut command = Command::new(tool);
    command.args(arguments);
    if !password.is_empty() {
        command.env("PGPASSWORD", password);
    }
    let ended = tokio::task::spawn_blocking(move || command.output()).await;
    let ended = ended.map_err(|error| format!("{tool}: {error}"))?;
    let ended = ended.map_err(|error| match error.kind() {
        ErrorKind::NotFound => format!("{tool} is not installed (Debian: postgresql-client)"),
        _ => format!("{tool}: {error}"),
    })?;
    if ended.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&ended.stderr);
    Err(format!("{tool}: {}", said.trim()))
}
