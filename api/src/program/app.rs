//! The application: all that stands around its resources.

use std::sync::Arc;

use actix_cors::Cors;
use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceFactory, ServiceRequest, ServiceResponse};
use actix_web::middleware::{Compress, Next, from_fn};
use actix_web::{App, Error, web};
use utoipa_swagger_ui::{Config as SwaggerConfig, SwaggerUi};

use crate::foundation::config::Config;
use crate::foundation::state::State;
use crate::kit;
use crate::kit::Routes;
use crate::kit::request::{finish, settle};
use crate::kit::routes::Served;
use crate::people::auth;
use crate::program::resources::resources;
use crate::program::{openapi, pages};

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
        .configure(|config| handlers(state, config))
        .configure(kit::request::path::configure)
        .configure(openapi::routes)
        .configure(pages::routes)
        .configure(auth::well_known)
        .service(SwaggerUi::new("/docs/{_:.*}").config(swagger_ui()))
        .wrap(from_fn(settle::settle))
        .wrap(from_fn(identify))
        .wrap(Compress::default())
        .wrap(cors(&state.config))
        .wrap(from_fn(finish::finish))
}

/// Chapters are closed and their objects hidden until somebody opens them: the page is there at once.
fn swagger_ui() -> SwaggerConfig<'static> {
    SwaggerConfig::from("/docs/openapi.json")
        .persist_authorization(true)
        .doc_expansion("none")
        .default_models_expand_depth(0)
        .filter(true)
}

/// The resources, each handler found by its operation.
fn handlers(state: &State, config: &mut web::ServiceConfig) {
    let mut served = Served::by(&state.operations);
    resources(&mut Routes::served(&mut served));
    served.register(config);
}

/// With the one way by which callers are known.
async fn identify(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    kit::request::identify::identify(request, next, auth::authenticate).await
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
            "traceparent",
            "prefer",
            "last-event-id",
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
