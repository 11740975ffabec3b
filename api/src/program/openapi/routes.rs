//! The API document over HTTP, in its three forms.

use std::sync::LazyLock;

use actix_web::{HttpResponse, get, web};

use super::servers::located;
use super::{Form, short_text};
use crate::foundation::state::State;

pub(crate) fn routes(app: &mut web::ServiceConfig) {
    app.service(contract)
        .service(openapi_3_0)
        .service(swagger_2_0);
}

#[get("/openapi.json")]
async fn contract(state: web::Data<State>) -> HttpResponse {
    json(&state, &state.document)
}

/// The same API document for tools that read nothing newer; it never changes while the service runs.
static OPENAPI_3_0: LazyLock<String> = LazyLock::new(|| short_text(Form::OpenApi30));
static SWAGGER_2_0: LazyLock<String> = LazyLock::new(|| short_text(Form::Swagger20));

#[get("/openapi-3.0.json")]
async fn openapi_3_0(state: web::Data<State>) -> HttpResponse {
    json(&state, &OPENAPI_3_0)
}

#[get("/swagger-2.0.json")]
async fn swagger_2_0(state: web::Data<State>) -> HttpResponse {
    json(&state, &SWAGGER_2_0)
}

fn json(state: &State, text: &str) -> HttpResponse {
    HttpResponse::Ok()
        .content_type("application/json")
        .body(located(text, &state.config.public_url()))
}
