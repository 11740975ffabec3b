//! What Prometheus and its like ask for, on a listener of its own (`LIVRET_METRICS_LISTEN`), so that nobody
//! reaches it through the public address. `docs/operations.md` says what each figure means.

use std::net::TcpListener;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use actix_web::dev::Server;
use actix_web::{App, HttpResponse, HttpServer, get, web};
use entity::values::{DeliveryState, ImportState, MailState};
use entity::{event, import, mail, webhook_delivery};
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::ConstCounter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::Registry;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QuerySelect, Select};

use crate::foundation::config::Config;
use crate::foundation::state::State;
use crate::foundation::unscoped;
use crate::kit::{Code, Problem, Result};

/// Where a text may be read (OpenMetrics 1.0).
const OPEN_METRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";
/// How far what waits is counted: more is as bad.
const COUNTED: u64 = 10_000;

/// A figure of something that has one name.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Of {
    of: &'static str,
}

/// A pool of connections, and what they do.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Connections {
    pool: &'static str,
    state: &'static str,
}

/// Binds the address, if there is one.
///
/// # Errors
/// A sentence that names the setting.
pub(crate) fn listen(config: &Config) -> Result<Option<TcpListener>, String> {
    let bind = |address| {
        TcpListener::bind(address)
            .map_err(|error| format!("LIVRET_METRICS_LISTEN: cannot listen on {address}: {error}"))
    };
    config.metrics_listen.map(bind).transpose()
}

/// Answers on this listener.
///
/// # Errors
/// When it cannot be used.
pub(crate) fn start(state: &Arc<State>, listener: TcpListener) -> Result<Server, String> {
    let state = web::Data::from(state.clone());
    let server = HttpServer::new(move || App::new().app_data(state.clone()).service(metrics))
        .workers(1)
        .disable_signals()
        .listen(listener)
        .map_err(|error| format!("LIVRET_METRICS_LISTEN: {error}"))?;
    Ok(server.run())
}

#[get("/metrics")]
async fn metrics(state: web::Data<State>) -> Result<HttpResponse> {
    let text = text(&state).await?;
    Ok(HttpResponse::Ok().content_type(OPEN_METRICS).body(text))
}

/// All figures, in the text form of OpenMetrics. Where the database does not answer, what waits there is
/// left out.
///
/// # Errors
/// None that a caller could cause.
pub async fn text(state: &State) -> Result<String> {
    let mut registry = Registry::with_prefix("livret");
    state.metrics.register(&mut registry);
    let version = Info::new([("version", env!("CARGO_PKG_VERSION"))]);
    registry.register("build", "The version that runs", version);
    let ready = Gauge::<i64>::default();
    ready.set(state.ready.load(Ordering::Relaxed).into());
    registry.register("ready", "Whether requests are taken: 1 or 0", ready);
    let statements = ConstCounter::new(state.db.statements());
    registry.register("statements", "Statements sent to the database", statements);
    registry.register(
        "connections",
        "Connections to the database",
        connections(state),
    );
    registry.register(
        "waiting",
        "What is still to be done, up to 10,000 of each",
        waiting(state).await,
    );
    if let Some(bytes) = log_of_sqlite(&state.config) {
        let gauge = Gauge::<u64, AtomicU64>::default();
        gauge.set(bytes);
        let help = "Bytes of SQLite's write-ahead log, which a long reader keeps from shrinking";
        registry.register("sqlite_log_bytes", help, gauge);
    }
    let mut text = String::new();
    encode(&mut text, &registry).or(Err(Problem::new(Code::InternalError)))?;
    Ok(text)
}

fn connections(state: &State) -> Family<Connections, Gauge> {
    let figures = Family::<Connections, Gauge>::default();
    for (pool, open, idle) in state.db.connections() {
        let idle = i64::try_from(idle).unwrap_or(i64::MAX);
        let of = |state| figures.get_or_create_owned(&Connections { pool, state });
        of("idle").set(idle);
        of("busy").set(i64::from(open) - idle);
    }
    figures
}

/// What is done after requests are answered, and how much of it waits.
async fn waiting(state: &State) -> Family<Of, Gauge<u64, AtomicU64>> {
    let deliveries = webhook_delivery::Column::State.eq(DeliveryState::Pending);
    let mails = mail::Column::State.eq(MailState::Pending);
    let imports = import::Column::State.is_in([ImportState::Checking, ImportState::Applying]);
    let (events, deliveries, mails, imports) = tokio::join!(
        count(
            state,
            event::Column::Position.is_null(),
            unscoped::rows::<event::Entity>()
        ),
        count(
            state,
            deliveries,
            unscoped::rows::<webhook_delivery::Entity>()
        ),
        count(state, mails, unscoped::rows::<mail::Entity>()),
        count(state, imports, unscoped::rows::<import::Entity>()),
    );
    let lines = u64::try_from(state.access_log.len()).ok();
    let figures = Family::<Of, Gauge<u64, AtomicU64>>::default();
    for (of, figure) in [
        ("events", events),
        ("access_lines", lines),
        ("webhook_deliveries", deliveries),
        ("mails", mails),
        ("imports", imports),
    ] {
        if let Some(figure) = figure {
            figures.get_or_create_owned(&Of { of }).set(figure);
        }
    }
    figures
}

async fn count<E: EntityTrait<Model: Sync>>(
    state: &State,
    which: sea_orm::sea_query::Expr,
    rows: Select<E>,
) -> Option<u64> {
    let some = rows.filter(which).limit(COUNTED);
    some.count(state.db.reader()).await.ok()
}

fn log_of_sqlite(config: &Config) -> Option<u64> {
    let mut path = config.sqlite_path()?.into_os_string();
    path.push("-wal");
    // Not opened: closing it would let go of SQLite's locks.
    std::fs::metadata(path).ok().map(|log| log.len())
}
