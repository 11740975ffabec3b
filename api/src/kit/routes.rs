//! Where handlers are registered: once to describe them, and once per worker to serve them.

use std::collections::BTreeMap;
use std::sync::Arc;

use actix_web::dev::HttpServiceFactory;
use actix_web::http::Method;
use actix_web::{Scope, guard, web};
use utoipa_actix_web::OpenApiFactory;
use utoipa_actix_web::service_config::ServiceConfig;

use crate::foundation::operations::{Operation, Operations};

/// How many handlers stand behind one door.
const BEHIND_A_DOOR: usize = 16;

/// The list of handlers being made. Workers skip the description, which costs each of them
/// megabytes that the system never gets back.
#[expect(
    missing_debug_implementations,
    reason = "the frameworks' configurations have none"
)]
pub struct Routes<'a, 'b>(Purpose<'a, 'b>);

enum Purpose<'a, 'b> {
    Describe(&'a mut ServiceConfig<'b>),
    Serve(&'a mut Served<'b>),
}

impl<'a, 'b> Routes<'a, 'b> {
    pub(crate) fn described(by: &'a mut ServiceConfig<'b>) -> Self {
        Self(Purpose::Describe(by))
    }

    pub(crate) fn served(by: &'a mut Served<'b>) -> Self {
        Self(Purpose::Serve(by))
    }

    /// Adds a handler.
    pub fn service<F>(&mut self, handler: F) -> &mut Self
    where
        F: HttpServiceFactory + OpenApiFactory + utoipa::Path + 'static,
    {
        match &mut self.0 {
            Purpose::Describe(config) => {
                config.service(handler);
            }
            Purpose::Serve(served) => served.add(handler),
        }
        self
    }

    /// Adds the handlers of a resource.
    pub fn configure(&mut self, resource: impl FnOnce(&mut Self)) -> &mut Self {
        resource(self);
        self
    }
}

/// The handlers of one worker, each found by the operation that the request is known to be for.
///
/// The framework tries its resources one after the other by a regular expression each, which
/// took longer than all else that it does. The table of operations has found the one that is called
/// already (`kit/request/identify.rs`). So each handler stands in a scope of its own that opens for its
/// operation alone, and 16 of these in one that opens for those 16.
pub(crate) struct Served<'a> {
    operations: &'a Operations,
    handlers: BTreeMap<usize, Scope>,
}

impl<'a> Served<'a> {
    pub(crate) fn by(operations: &'a Operations) -> Self {
        Self {
            operations,
            handlers: BTreeMap::new(),
        }
    }

    fn add<F: HttpServiceFactory + utoipa::Path + 'static>(&mut self, handler: F) {
        let path = F::path();
        let operation = F::methods().into_iter().find_map(|method| {
            let method = Method::from_bytes(name(&method).as_bytes()).ok()?;
            self.operations.find(&method, &path)
        });
        match operation {
            Some(operation) => {
                let number = operation.number;
                let door = door(move |called| called == number).service(handler);
                self.handlers.insert(number, door);
            }
            None => tracing::error!(%path, "no operation of the API document: not served"),
        }
    }

    /// Puts the handlers where requests come in.
    pub(crate) fn register(self, config: &mut web::ServiceConfig) {
        let mut doors: BTreeMap<usize, Scope> = BTreeMap::new();
        for (number, handler) in self.handlers {
            let group = number / BEHIND_A_DOOR;
            let outer = doors
                .remove(&group)
                .unwrap_or_else(|| door(move |called| called / BEHIND_A_DOOR == group));
            doors.insert(group, outer.service(handler));
        }
        for door in doors.into_values() {
            config.service(door);
        }
    }
}

/// A scope that takes the requests for these operations, whatever their path.
fn door(opens_for: impl Fn(usize) -> bool + 'static) -> Scope {
    web::scope("").guard(guard::fn_guard(move |request| {
        let known = request.req_data();
        let operation = known.get::<Arc<Operation>>();
        operation.is_some_and(|operation| opens_for(operation.number))
    }))
}

fn name(method: &utoipa::openapi::HttpMethod) -> &'static str {
    use utoipa::openapi::HttpMethod;
    match method {
        HttpMethod::Get => "GET",
        HttpMethod::Post => "POST",
        HttpMethod::Put => "PUT",
        HttpMethod::Delete => "DELETE",
        HttpMethod::Options => "OPTIONS",
        HttpMethod::Head => "HEAD",
        HttpMethod::Patch => "PATCH",
        HttpMethod::Trace => "TRACE",
    }
}
