//! The application: its state, and the only list of its resources.

use std::num::NonZeroU32;
use std::sync::Arc;

use actix_cors::Cors;
use actix_web::body::BoxBody;
use actix_web::dev::{ServiceFactory, ServiceRequest, ServiceResponse};
use actix_web::middleware::{Compress, from_fn};
use actix_web::{App, Error, web};
use clap::ValueEnum;
use utoipa_actix_web::AppExt;
use utoipa_swagger_ui::{Config as SwaggerConfig, SwaggerUi};

use crate::access_log::AccessLog;
use crate::auth::keys::Keys;
use crate::auth::passwords::Passwords;
use crate::config::{Config, RateLimit};
use crate::database::Database;
use crate::identity_providers::ProviderKeys;
use crate::kit::Routes;
use crate::kit::clock::Clock;
use crate::kit::operations::Operations;
use crate::kit::{finish, identify, settle};
use crate::limiter::{Concurrency, Limiter};
use crate::outbound::Outbound;
use crate::{
    accesses, account, action_sheets, appointments, audit, auth, booklets, break_glass, candidates,
    changes, completed_actions, contract_templates, contracts, exports, follow_ups, full,
    identity_providers, imports, mail, members, milestones, notes, objectives, openapi,
    organizations, pages, personal_contacts, plan, plan_steps, plan_templates, pledges, problems,
    service_accounts, sessions, sheet_items, stages, useful_addresses, users, vae_stages, webhooks,
};

/// How many requests of one person may wait for changes at once.
const WAITING: NonZeroU32 = NonZeroU32::MIN.saturating_add(15);

/// How many exports of an organization are sent at a time.
const EXPORTS_AT_ONCE: NonZeroU32 = NonZeroU32::MIN.saturating_add(1);

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
    pub mailer: mail::Mailer,
    /// The limits of general traffic.
    pub limiter: Limiter,
    /// What waits to be written to the access log.
    pub access_log: AccessLog,
    /// The requests of each person that are being answered.
    pub concurrency: Arc<Concurrency>,
    /// The exports of each organization that are being sent.
    pub exports: Arc<Concurrency>,
    /// The files of each organization that are arriving.
    pub uploads: Arc<Concurrency>,
    /// The requests of each person that wait for changes.
    pub waiting: Arc<Concurrency>,
    /// Rung when something was committed.
    pub bell: changes::Bell,
    /// Whether `/health/ready` says yes.
    pub ready: std::sync::atomic::AtomicBool,
    /// The accounts shown on the landing page, in demo mode.
    pub demo_accounts: std::sync::OnceLock<Vec<pages::DemoAccount>>,
    pub(crate) operations: Arc<Operations>,
    pub(crate) document: Arc<str>,
    /// What calls others.
    pub(crate) outbound: Outbound,
    /// The keys of identity providers.
    pub(crate) provider_keys: ProviderKeys,
}

/// The contract as the service reads it at its start.
#[derive(Clone, Debug)]
pub struct Contract {
    operations: Arc<Operations>,
    document: Arc<str>,
}

impl Contract {
    /// Reads it.
    ///
    /// # Errors
    /// When a path or a policy of the contract cannot be read: a programming error.
    pub fn read() -> Result<Self, String> {
        let document = openapi::document();
        Ok(Self {
            operations: Arc::new(Operations::read(&document)?),
            document: openapi::published(document).to_string().into(),
        })
    }
}

impl State {
    /// Opens the database, reads the keys and the contract.
    ///
    /// # Errors
    /// A sentence that says what is wrong, and with which setting.
    pub async fn open(config: Config, clock: Clock) -> Result<Arc<Self>, String> {
        Self::open_with(config, clock, Contract::read()?).await
    }

    /// The same with a contract that was read before: for several services in one process.
    ///
    /// # Errors
    /// A sentence that says what is wrong, and with which setting.
    pub async fn open_with(
        config: Config,
        clock: Clock,
        contract: Contract,
    ) -> Result<Arc<Self>, String> {
        let db = Database::open(&config)
            .await
            .map_err(|error| format!("LIVRET_DATABASE_URL: cannot open the database: {error}"))?;
        let mailer = mail::Mailer::new(&config)?;
        let keys = Keys::load(&config).map_err(|error| {
            format!(
                "LIVRET_KEY_DIR: cannot use the keys in {}: {error}",
                config.key_dir().display()
            )
        })?;
        let limited = config.rate_limit != RateLimit::Off;
        Ok(Arc::new(Self {
            operations: contract.operations,
            document: contract.document,
            mailer,
            passwords: Passwords::new(config.workers().div_ceil(2), limited),
            limiter: Limiter::new(config.rate_limit),
            access_log: AccessLog::default(),
            concurrency: Concurrency::new(limited.then_some(config.concurrency)),
            waiting: Concurrency::new(limited.then_some(WAITING)),
            bell: changes::Bell::default(),
            exports: Concurrency::new(limited.then_some(EXPORTS_AT_ONCE)),
            uploads: Concurrency::new(limited.then_some(UPLOADS_AT_ONCE)),
            ready: true.into(),
            demo_accounts: std::sync::OnceLock::new(),
            outbound: Outbound::new(config.allow_local_targets),
            provider_keys: ProviderKeys::default(),
            db,
            clock,
            keys,
            config,
        }))
    }
}

/// The resources, in the order of the booklet. The order matters where a fixed path and a
/// variable one overlap.
pub(crate) fn resources(api: &mut Routes) {
    api.configure(auth::routes::routes)
        .configure(sessions::routes::routes)
        .configure(account::routes::routes)
        .configure(organizations::routes::routes)
        .configure(users::routes::routes)
        .configure(mail::routes::routes)
        .configure(service_accounts::routes::routes)
        .configure(identity_providers::routes::routes)
        .configure(webhooks::routes::routes)
        .configure(candidates::routes::routes)
        .configure(booklets::routes::routes)
        .configure(members::routes::routes)
        .configure(milestones::routes::routes)
        .configure(full::routes::routes)
        .configure(audit::routes::routes)
        .configure(changes::routes::routes)
        .configure(break_glass::routes::routes)
        .configure(accesses::routes::routes)
        .configure(contract_templates::routes::routes)
        .configure(pledges::routes::routes)
        .configure(contracts::routes::routes)
        .configure(objectives::routes::routes)
        .configure(plan_templates::routes::routes)
        .configure(plan::routes::routes)
        .configure(plan_steps::routes::routes)
        .configure(vae_stages::routes::routes)
        .configure(stages::routes::routes)
        .configure(useful_addresses::routes::routes)
        .configure(personal_contacts::routes::routes)
        .configure(imports::routes::routes)
        .configure(appointments::routes::routes)
        .configure(action_sheets::routes::routes)
        .configure(sheet_items::routes::routes)
        .configure(completed_actions::routes::routes)
        .configure(follow_ups::routes::routes)
        .configure(notes::routes::routes)
        .configure(exports::routes::routes)
        .configure(problems::routes::routes);
}

/// The contract's description of all resources, before the shared answers are added.
pub(crate) fn described(info: utoipa::openapi::OpenApi) -> utoipa::openapi::OpenApi {
    App::new()
        .into_utoipa_app()
        .openapi(info)
        .configure(|config| resources(&mut Routes::described(config)))
        .split_for_parts()
        .1
}

/// Builds the application for one worker.
pub fn app(
    state: &Arc<State>,
) -> App<
    impl ServiceFactory<
        ServiceRequest,
        Config = (),
        Response = ServiceResponse<BoxBody>,
        Error = Error,
        InitError = (),
    > + use<>,
> {
    App::new()
        .app_data(web::Data::from(state.clone()))
        .configure(|config| resources(&mut Routes::served(config)))
        .configure(crate::kit::path::configure)
        .configure(pages::routes)
        .configure(auth::well_known)
        .service(
            SwaggerUi::new("/docs/{_:.*}")
                .config(SwaggerConfig::from("/openapi.json").persist_authorization(true)),
        )
        .wrap(from_fn(settle::settle))
        .wrap(from_fn(identify::identify))
        .wrap(Compress::default())
        .wrap(cors(&state.config))
        .wrap(from_fn(finish::finish))
}

fn cors(config: &Config) -> Cors {
    let cors = Cors::default()
        .allowed_methods(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"])
        .allowed_headers([
            "authorization",
            "content-type",
            "if-match",
            "if-none-match",
            "idempotency-key",
            "accept-language",
            "x-request-id",
            "prefer",
        ])
        .expose_headers([
            "Content-Disposition",
            "ETag",
            "Location",
            "Link",
            "Retry-After",
            "RateLimit",
            "RateLimit-Policy",
            "X-Request-Id",
            "Idempotent-Replayed",
            "Preference-Applied",
        ])
        .max_age(600);
    config
        .cors_origins
        .iter()
        .filter(|origin| !origin.is_empty())
        .fold(cors, |cors, origin| cors.allowed_origin(origin))
}

/// The form in which the contract is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Form {
    /// OpenAPI 3.1, the source.
    #[value(name = "3.1")]
    OpenApi31,
    /// OpenAPI 3.0.3.
    #[value(name = "3.0")]
    OpenApi30,
    /// Swagger 2.0.
    #[value(name = "2.0")]
    Swagger20,
}

/// The contract as text, as the files in `openapi/` hold it.
#[must_use]
pub fn contract_text(form: Form) -> String {
    let document = openapi::published(openapi::document());
    let document = match form {
        Form::OpenApi31 => document,
        Form::OpenApi30 => openapi::openapi_3_0(document),
        Form::Swagger20 => openapi::swagger_2_0(document),
    };
    serde_json::to_string_pretty(&document).unwrap_or_default()
}

/// The contract as the code declares it: what its examples are made from.
#[must_use]
pub fn declared_contract() -> serde_json::Value {
    openapi::declared()
}
