//! The API document over HTTP: in its three forms, for each audience, and as `/docs/` shows it.

use std::sync::LazyLock;

use actix_web::{HttpResponse, get, web};

use super::audience::Audience;
use super::page::leave_out;
use super::servers::{HERE, located};
use super::{Form, document, in_form, published, short_text, text};
use crate::foundation::state::State;
use crate::kit::{Code, Problem, Result};

pub(crate) fn routes(app: &mut web::ServiceConfig) {
    app.service(contract)
        .service(openapi_3_0)
        .service(swagger_2_0)
        .service(for_audience)
        .service(for_page);
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

static FOR_AUDIENCES: LazyLock<[String; 5]> = LazyLock::new(|| {
    let whole = document();
    Audience::ALL.map(|audience| text::short(&published(audience.of(whole.clone()))))
});

#[get("/openapi/{audience}.json")]
async fn for_audience(state: web::Data<State>, name: web::Path<String>) -> Result<HttpResponse> {
    let mut all = Audience::ALL.iter().zip(FOR_AUDIENCES.iter());
    let found = all.find(|(audience, _)| audience.name() == *name);
    let (_, text) = found.ok_or(Problem::new(Code::NotFound))?;
    Ok(json(&state, text))
}

static FOR_PAGE: LazyLock<String> = LazyLock::new(|| {
    let text = text::short(&leave_out(in_form(document(), Form::OpenApi30)));
    located(&text, HERE)
});

#[get("/docs/openapi.json")]
async fn for_page() -> HttpResponse {
    HttpResponse::Ok()
        .content_type("application/json")
        .body(FOR_PAGE.as_str())
}

fn json(state: &State, text: &str) -> HttpResponse {
    HttpResponse::Ok()
        .content_type("application/json")
        .body(located(text, &state.config.public_url()))
}
