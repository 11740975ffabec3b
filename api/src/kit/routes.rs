//! Where handlers are registered: once to describe them, and once per worker to serve them.

use actix_web::dev::HttpServiceFactory;
use actix_web::web;
use utoipa_actix_web::OpenApiFactory;
use utoipa_actix_web::service_config::ServiceConfig;

/// The list of handlers being made. Workers skip the description, which costs each of them
/// megabytes that the system never gets back.
#[expect(
    missing_debug_implementations,
    reason = "the frameworks' configurations have none"
)]
pub struct Routes<'a, 'b>(Purpose<'a, 'b>);

enum Purpose<'a, 'b> {
    Describe(&'a mut ServiceConfig<'b>),
    Serve(&'a mut web::ServiceConfig),
}

impl<'a, 'b> Routes<'a, 'b> {
    pub(crate) fn described(by: &'a mut ServiceConfig<'b>) -> Self {
        Self(Purpose::Describe(by))
    }

    pub(crate) fn served(by: &'a mut web::ServiceConfig) -> Self {
        Self(Purpose::Serve(by))
    }

    /// Adds a handler.
    pub fn service<F>(&mut self, handler: F) -> &mut Self
    where
        F: HttpServiceFactory + OpenApiFactory + 'static,
    {
        match &mut self.0 {
            Purpose::Describe(config) => {
                config.service(handler);
            }
            Purpose::Serve(config) => {
                config.service(handler);
            }
        }
        self
    }

    /// Adds the handlers of a resource.
    pub fn configure(&mut self, resource: impl FnOnce(&mut Self)) -> &mut Self {
        resource(self);
        self
    }
}
