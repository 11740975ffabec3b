//! What can be set, by `LIVRET_*` variables or by the flags of the same names.

mod derived;
mod parse;
mod values;

use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::path::PathBuf;

use clap::Args;
use ipnet::IpNet;
use lettre::message::Mailbox;
use secrecy::SecretString;

use self::parse::{database_url, from_one, network, origin, smtp_url, switch, web_address};
pub use self::values::{Environment, RateLimit, Synchronous};

/// The service's settings. Each value name is the variable that sets it, so that an error names
/// what to correct.
#[derive(Args, Clone, Debug)]
pub struct Config {
    /// Where the data lives: `sqlite://<file>?mode=rwc` or `postgres://…`.
    #[arg(long, env = "LIVRET_DATABASE_URL", value_name = "LIVRET_DATABASE_URL",
          default_value = "sqlite://data/livret.db?mode=rwc", value_parser = database_url,
          hide_env_values = true)]
    pub database_url: SecretString,

    /// Address and port to listen on.
    #[arg(
        long,
        env = "LIVRET_LISTEN",
        value_name = "LIVRET_LISTEN",
        default_value = "127.0.0.1:8080"
    )]
    pub listen: SocketAddr,

    /// Address and port on which `/metrics` is answered, for Prometheus and its like, to whoever reaches it.
    /// Default: none.
    #[arg(
        long,
        env = "LIVRET_METRICS_LISTEN",
        value_name = "LIVRET_METRICS_LISTEN"
    )]
    pub metrics_listen: Option<SocketAddr>,

    /// Address under which people reach the service, without trailing slash. Default: `http://`
    /// and the address listened on.
    #[arg(long, env = "LIVRET_PUBLIC_URL", value_name = "LIVRET_PUBLIC_URL", value_parser = web_address)]
    pub public_url: Option<String>,

    /// Address of the front-end in which people work, without trailing slash: the pages of invitations and
    /// passwords lead there when they are done, and mails name it. Default: none, and those pages lead nowhere; with
    /// `--demo` the screens at `/demo/`.
    #[arg(long, env = "LIVRET_FRONT_URL", value_name = "LIVRET_FRONT_URL", value_parser = web_address)]
    pub front_url: Option<String>,

    /// Requests a second and person (or address, before log-in), or `off`, which turns every limit off
    /// that answers 429.
    #[arg(
        long,
        env = "LIVRET_RATE_LIMIT",
        value_name = "LIVRET_RATE_LIMIT",
        default_value = "200"
    )]
    pub rate_limit: RateLimit,

    /// Requests of one person that are answered at the same time.
    #[arg(long, env = "LIVRET_CONCURRENCY", value_name = "LIVRET_CONCURRENCY",
          default_value = "100", value_parser = from_one)]
    pub concurrency: NonZeroU32,

    /// How many seconds a stream of changes lasts at most; clients take it up again.
    #[arg(long, env = "LIVRET_STREAM_SECONDS", value_name = "LIVRET_STREAM_SECONDS",
          default_value = "600", value_parser = from_one)]
    pub stream_seconds: NonZeroU32,

    /// Folder of the keys that sign tokens. Default: the SQLite file's folder, else `./data`.
    #[arg(long, env = "LIVRET_KEY_DIR", value_name = "LIVRET_KEY_DIR")]
    pub key_dir: Option<PathBuf>,

    /// `production` demands keys that are given, instead of making them at the first start, and
    /// refuses unsafe settings.
    #[arg(
        long,
        env = "LIVRET_ENV",
        value_name = "LIVRET_ENV",
        default_value = "development"
    )]
    pub env: Environment,

    /// Connections that read, and on PostgreSQL as many that write. There each worker has its share, and work
    /// that no caller waits for has three. Default: three times the cores and three; on SQLite twice and one.
    #[arg(long, env = "LIVRET_DATABASE_POOL", value_name = "LIVRET_DATABASE_POOL",
          value_parser = from_one)]
    pub database_pool: Option<NonZeroU32>,

    /// Seconds that the start waits for a PostgreSQL that is not there yet.
    #[arg(
        long,
        env = "LIVRET_DATABASE_WAIT",
        value_name = "LIVRET_DATABASE_WAIT",
        default_value_t = 30
    )]
    pub database_wait: u64,

    /// How safely SQLite commits: `full` survives a power cut, `normal` may lose the last
    /// moments before one and is many times faster.
    #[arg(
        long,
        env = "LIVRET_SQLITE_SYNCHRONOUS",
        value_name = "LIVRET_SQLITE_SYNCHRONOUS",
        default_value = "full"
    )]
    pub sqlite_synchronous: Synchronous,

    /// Threads that answer requests. Default: one per core.
    #[arg(long, env = "LIVRET_WORKERS", value_name = "LIVRET_WORKERS",
        value_parser = from_one)]
    pub workers: Option<NonZeroU32>,

    /// Seconds within which a request's body must arrive.
    #[arg(
        long,
        env = "LIVRET_BODY_SECONDS",
        value_name = "LIVRET_BODY_SECONDS",
        default_value = "30",
        value_parser = from_one
    )]
    pub body_seconds: NonZeroU32,

    /// Seconds after which a reader who takes nothing of an answer is cut off.
    #[arg(
        long,
        env = "LIVRET_READER_SECONDS",
        value_name = "LIVRET_READER_SECONDS",
        default_value = "30",
        value_parser = from_one
    )]
    pub reader_seconds: NonZeroU32,

    /// Rows of one kind that a booklet has at most: notes, appointments, items of sheets.
    #[arg(
        long,
        env = "LIVRET_BOOKLET_ROWS",
        value_name = "LIVRET_BOOKLET_ROWS",
        default_value = "2000",
        value_parser = from_one
    )]
    pub booklet_rows: NonZeroU32,

    /// Rows of one kind that an organization makes at most, one at a time: users, candidates, addresses.
    /// What an import brings has bounds of its own.
    #[arg(
        long,
        env = "LIVRET_ORGANIZATION_ROWS",
        value_name = "LIVRET_ORGANIZATION_ROWS",
        default_value = "200000",
        value_parser = from_one
    )]
    pub organization_rows: NonZeroU32,

    /// Rows of a file to import at most. Default: 200000; on SQLite, where whoever writes waits while rows are
    /// put in their places, 20000. Of booklets a tenth on SQLite.
    #[arg(long, env = "LIVRET_IMPORT_ROWS", value_name = "LIVRET_IMPORT_ROWS",
          value_parser = from_one)]
    pub import_rows: Option<NonZeroU32>,

    /// Seconds during which `/health/ready` says 503 before the listener closes.
    #[arg(
        long,
        env = "LIVRET_DRAIN_SECONDS",
        value_name = "LIVRET_DRAIN_SECONDS",
        default_value_t = 0
    )]
    pub drain_seconds: u64,

    /// The mail server: `smtp://host:port` in clear, `smtp://user:password@host?tls=required` with
    /// STARTTLS, `smtps://user:password@host` with TLS. Without it no mails are sent.
    #[arg(long, env = "LIVRET_SMTP_URL", value_name = "LIVRET_SMTP_URL",
          value_parser = smtp_url, hide_env_values = true)]
    pub smtp_url: Option<SecretString>,

    /// Who mails come from, such as `Livret <livret@example.org>`; needed with `LIVRET_SMTP_URL`.
    #[arg(long, env = "LIVRET_MAIL_FROM", value_name = "LIVRET_MAIL_FROM")]
    pub mail_from: Option<Mailbox>,

    /// Folder into which mails are written instead of being sent. Default: none, and with `--demo` the folder
    /// `outbox` beside the SQLite file, else in `./data`.
    #[arg(long, env = "LIVRET_MAIL_OUTBOX", value_name = "LIVRET_MAIL_OUTBOX")]
    pub mail_outbox: Option<PathBuf>,

    /// Seconds until a mail that did not leave is tried again; twice as long after each attempt, for 48
    /// hours.
    #[arg(
        long,
        env = "LIVRET_MAIL_RETRY_SECONDS",
        value_name = "LIVRET_MAIL_RETRY_SECONDS",
        default_value = "30",
        value_parser = from_one
    )]
    pub mail_retry_seconds: NonZeroU32,

    /// Seconds until a webhook delivery that failed is tried again; three times as long after each
    /// attempt, up to 12 hours, for 3 days.
    #[arg(
        long,
        env = "LIVRET_WEBHOOK_RETRY_SECONDS",
        value_name = "LIVRET_WEBHOOK_RETRY_SECONDS",
        default_value = "10",
        value_parser = from_one
    )]
    pub webhook_retry_seconds: NonZeroU32,

    /// `on` lets the service call this very machine, and without TLS: for tests of identity
    /// providers and webhooks alone. Anybody who may name one could then reach what listens here.
    #[arg(
        long,
        env = "LIVRET_ALLOW_LOCAL_TARGETS",
        value_name = "LIVRET_ALLOW_LOCAL_TARGETS",
        default_value = "off",
        value_parser = switch,
        action = clap::ArgAction::Set
    )]
    pub allow_local_targets: bool,

    /// Addresses of the proxies before the service, separated by commas, such as `10.0.0.0/8`: theirs
    /// alone is the header `X-Forwarded-For` that is believed.
    #[arg(
        long,
        env = "LIVRET_TRUSTED_PROXIES",
        value_name = "LIVRET_TRUSTED_PROXIES",
        value_parser = network,
        value_delimiter = ','
    )]
    pub trusted_proxies: Vec<IpNet>,

    /// Origins of browser front-ends that may call the API, separated by commas.
    #[arg(
        long,
        env = "LIVRET_CORS_ORIGINS",
        value_name = "LIVRET_CORS_ORIGINS",
        value_parser = origin,
        value_delimiter = ','
    )]
    pub cors_origins: Vec<String>,
}
