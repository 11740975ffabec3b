//! The application, and the only list of its resources.

mod state;

use std::sync::Arc;

use actix_cors::Cors;
use actix_web::body::BoxBody;
use actix_web::dev::{ServiceFactory, ServiceRequest, ServiceResponse};
use actix_web::middleware::{Compress, from_fn};
use actix_web::{App, Error, web};
use clap::ValueEnum;
use utoipa_actix_web::AppExt;
use utoipa_swagger_ui::{Config as SwaggerConfig, SwaggerUi};

use crate::config::Config;
use crate::kit::Routes;
use crate::kit::{finish, identify, settle};
use crate::{
    accesses, account, action_sheets, appointments, audit, auth, booklets, break_glass, candidates,
    changes, completed_actions, contract_templates, contracts, exports, follow_ups, full,
    identity_providers, imports, mail, members, milestones, notes, objectives, openapi,
    organizations, pages, personal_contacts, plan, plan_steps, plan_templates, pledges, problems,
    service_accounts, sessions, sheet_items, stages, useful_addresses, users, vae_stages, webhooks,
};

pub use state::{Contract, State};

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
