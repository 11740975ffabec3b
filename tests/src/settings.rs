//! The settings that most tests run with.

use std::path::Path;

use api::foundation::config::Config;
use clap::Parser;

#[derive(Parser)]
struct Settings {
    #[command(flatten)]
    config: Config,
}

pub(crate) fn config(database_url: &str, folder: &Path) -> Config {
    let keys = folder.display().to_string();
    let outbox = folder.join("outbox").display().to_string();
    Settings::parse_from([
        "livret",
        "--database-url",
        database_url,
        "--key-dir",
        &keys,
        "--mail-outbox",
        &outbox,
        "--rate-limit",
        "off",
        "--listen",
        "127.0.0.1:0",
        "--public-url",
        "http://livret.example",
        "--front-url",
        "https://app.livret.example",
        "--stream-seconds",
        "1",
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
