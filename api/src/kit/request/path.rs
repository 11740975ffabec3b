//! Parameters in the path and in the query.

use actix_web::web;
use uuid::Uuid;

use crate::kit::{Code, Problem};

/// The parameters of the path.
pub type Path<T> = web::Path<T>;

/// The `{id}` of the path.
pub type Id = web::Path<Uuid>;

/// Makes the framework's own refusals problems.
pub(crate) fn configure(app: &mut web::ServiceConfig) {
    app.app_data(
        web::PathConfig::default().error_handler(|_, _| Problem::new(Code::MalformedPath).into()),
    )
    .app_data(
        web::QueryConfig::default().error_handler(|_, _| Problem::new(Code::MalformedQuery).into()),
    );
}
