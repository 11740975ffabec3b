//! The API document over HTTP, in its three forms.

use std::sync::LazyLock;

use actix_web::{HttpResponse, get, web};

use super::{Form, api_document_text};
use crate::foundation::state::State;

pub(crate) fn routes(app: &mut web::ServiceConfig) {
    app.service(contract)
        .service(openapi_3_0)
        .service(swagger_2_0);
}

#[get("/openapi.json")]
async fn contract(state: web::Data<State>) -> HttpResponse {
    json(&state.document)
}

/// The same API document for tools that read nothing newer; it never changes while the service runs.
static OPENAPI_3_0: LazyLock<String> = LazyLock::new(|| api_document_text(Form::OpenApi30));
static SWAGGER_2_0: LazyLock<String> = LazyLock::new(|| api_document_text(Form::Swagger20));

#[get("/openapi-3.0.json")]
async fn openapi_3_0() -> HttpResponse {
    json(&OPENAPI_3_0)
}

#[get("/swagger-2.0.json")]
async fn swagger_2_0() -> HttpResponse {
    json(&SWAGGER_2_0)
}

fn json(text: &str) -> HttpResponse {
    HttpResponse::Ok()
        .content_type("application/json")
        .body(text.to_owned())
}
