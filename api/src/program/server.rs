//! The running service: starts, answers, drains, stops.

use std::net::TcpListener;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use actix_web::HttpServer;
use actix_web::dev::Server;
use actix_web::rt::net::TcpStream;
use entity::mail;
use futures_util::future::BoxFuture;
use socket2::SockRef;
use tokio::signal::unix::{SignalKind, signal};

pub use crate::booklet::contracts::expiry::end_expired;
use crate::foundation::clock::Clock;
use crate::foundation::config::Config;
use crate::foundation::database;
use crate::foundation::keys;
use crate::foundation::problem::Problem;
use crate::foundation::spans;
use crate::foundation::state::State;
pub use crate::outside::imports::forget_old as forget_imports;
use crate::outside::imports::runner;
pub use crate::outside::imports::runner::run_due as run_imports;
use crate::outside::webhooks::dispatch;
use crate::people::account::reset;
use crate::people::mail::sender;
use crate::program::app::app;
use crate::program::demo;
pub use crate::program::housekeeping::forget_expired;
use crate::program::openapi::read_api_document;
use crate::program::{housekeeping, metrics, production};
use crate::trust::chain;

/// How long the senders of mails and of webhooks may finish.
const FAREWELL: Duration = Duration::from_secs(5);

/// Migrates the database, fills it if `with_demo` and empty, and serves until told to stop (SIGTERM or SIGINT).
///
/// # Errors
/// A sentence that says what keeps the service from starting.
pub async fn serve(mut config: Config, clock: Clock, with_demo: bool) -> Result<(), String> {
    production::check(&config, with_demo)?;
    if with_demo {
        config.fit_for_a_demo();
    }
    spans::start()?;
    let listener = listen(&config)?;
    let metrics = metrics::listen(&config)?;
    let state = prepare(config, clock).await?;
    if let Some(listener) = metrics {
        tokio::spawn(metrics::start(&state, listener)?);
    }
    if with_demo {
        demo::open(&state).await?;
    }
    tracing::info!(url = %state.config.public_url(), "serving");
    let served = run(&state, listener).await;
    spans::stop().await;
    served
}

/// Binds the address, before anything slow.
///
/// # Errors
/// A sentence that names the setting.
pub fn listen(config: &Config) -> Result<TcpListener, String> {
    TcpListener::bind(config.listen)
        .map_err(|error| format!("LIVRET_LISTEN: cannot listen on {}: {error}", config.listen))
}

/// Migrates the database and opens all.
///
/// # Errors
/// A sentence that names the setting.
pub async fn prepare(config: Config, clock: Clock) -> Result<Arc<State>, String> {
    database::migrate(&config)
        .await
        .map_err(|error| format!("LIVRET_DATABASE_URL: cannot prepare the database: {error}"))?;
    State::open(config, clock, read_api_document()?).await
}

/// Serves on this listener until told to stop.
///
/// # Errors
/// When the server fails.
pub async fn run(state: &Arc<State>, listener: TcpListener) -> Result<(), String> {
    let adopted = chain::Chainer::of(state).adopt(&state.db).await;
    adopted.map_err(|error| format!("cannot read the audit trail: {error}"))?;
    let server = start(state, listener)?;
    if let Some(accounts) = state.demo_accounts.get() {
        println!("{}", demo::table(accounts));
    }
    let handle = server.handle();
    let draining = state.clone();
    tokio::spawn(async move {
        if wait_for_signal().await.is_ok() {
            tracing::info!("stopping");
            draining.ready.store(false, Ordering::Relaxed);
            draining.bell.stop();
            tokio::time::sleep(Duration::from_secs(draining.config.drain_seconds)).await;
            handle.stop(true).await;
        }
    });
    let hourly = tokio::spawn(housekeeping::every_hour(state.clone()));
    let reading = tokio::spawn(every_minute(state.clone()));
    let chains = tokio::spawn(chain::extend_forever(state.clone()));
    let accesses = tokio::spawn(chain::write_accesses_until_closed(state.clone()));
    let imports = tokio::spawn(runner::run(state.clone()));
    let mut mails = tokio::spawn(sender::run(state.clone(), write_mail));
    let mut webhooks = tokio::spawn(dispatch::run(state.clone()));
    let served = server.await;
    hourly.abort();
    reading.abort();
    chains.abort();
    // What was not committed is done again at the next start.
    imports.abort();
    // A mail or message that is just leaving leaves once; what is cut off is sent again.
    let both = async { tokio::join!(&mut mails, &mut webhooks) };
    if tokio::time::timeout(FAREWELL, both).await.is_err() {
        mails.abort();
        webhooks.abort();
    }
    state.access_log.close();
    if accesses.await.is_err() {
        tracing::error!("the access log was not written to its end");
    }
    chain::extend_a_last_time(state).await;
    served.map_err(|error| format!("the server failed: {error}"))?;
    state
        .db
        .clone()
        .close()
        .await
        .map_err(|error| format!("cannot close the database: {error}"))
}

/// Meets the keys that come and go while the service runs, and forgets callers who have been quiet.
async fn every_minute(state: Arc<State>) {
    loop {
        tokio::time::sleep(keys::READ_EVERY).await;
        let state = state.clone();
        state.limiter.forget_the_quiet();
        state.provider_keys.forget_the_stale(state.clock.now());
        let read = tokio::task::spawn_blocking(move || state.keys.read_again());
        if read.await.is_err() {
            tracing::warn!("the keys were not read again");
        }
    }
}

/// Sends the mails that are due, some at a time. How many were taken.
///
/// # Errors
/// 503 when the database does not answer.
pub async fn send_mails(state: &State) -> Result<usize, Problem> {
    sender::send_due(state, write_mail).await
}

fn write_mail(
    state: &State,
    mail: mail::Model,
) -> BoxFuture<'_, Result<Option<mail::Model>, Problem>> {
    Box::pin(reset::write(state, mail))
}

/// Starts the workers.
///
/// # Errors
/// When the listener cannot be used.
pub fn start(state: &Arc<State>, listener: TcpListener) -> Result<Server, String> {
    let shared = state.clone();
    let patience = Duration::from_secs(state.config.reader_seconds.get().into());
    let number = Arc::new(AtomicUsize::new(0));
    let server = HttpServer::new(move || {
        database::work_as(number.fetch_add(1, Ordering::Relaxed));
        app(&shared)
    })
    .workers(state.config.workers())
    .client_request_timeout(Duration::from_secs(5))
    .shutdown_timeout(10)
    .on_connect(move |connection, _| {
        // Actix waits for ever for a reader who takes nothing; the system counts from the last
        // byte that was taken.
        if let Some(stream) = connection.downcast_ref::<TcpStream>()
            && let Err(error) = SockRef::from(stream).set_tcp_user_timeout(Some(patience))
        {
            tracing::warn!(%error, "slow readers are not cut");
        }
    })
    .disable_signals()
    .listen(listener)
    .map_err(|error| format!("LIVRET_LISTEN: {error}"))?;
    Ok(server.run())
}

async fn wait_for_signal() -> std::io::Result<()> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
    Ok(())
}
