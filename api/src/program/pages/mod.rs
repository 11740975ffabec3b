//! What is not the API proper: health, and the pages for people.

mod front;
pub(crate) mod html;
mod reader;

use std::sync::atomic::Ordering;
use std::time::Duration;

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, get, web};
use serde_json::json;
use tokio::time::timeout;

use crate::foundation::state::State;
use crate::kit::{Call, Code, Problem, Result};

pub(crate) use self::reader::{Language, Reader};

pub(crate) fn routes(app: &mut web::ServiceConfig) {
    app.service(live)
        .service(ready)
        .service(docs)
        .service(swagger_ui)
        .service(root)
        .service(landing)
        .service(invitation)
        .service(forgotten_password)
        .service(password_reset)
        .service(email_confirmation)
        .service(guide)
        .service(style)
        .service(account_script)
        .service(front::door)
        .service(front::file)
        .default_service(web::route().to(nowhere));
}

/// How long the database may take to say that it is there: whoever asks has others to send work to.
const READY_PATIENCE: Duration = Duration::from_secs(2);

#[get("/health/live")]
async fn live() -> HttpResponse {
    HttpResponse::Ok().json(json!({ "status": "live" }))
}

#[get("/health/ready")]
async fn ready(state: web::Data<State>) -> Result<HttpResponse> {
    if !state.ready.load(Ordering::Relaxed) {
        return Err(Problem::new(Code::Unavailable).retry_after(Duration::from_secs(1)));
    }
    let takes_writes = timeout(READY_PATIENCE, state.db.takes_writes()).await;
    let late = |_| Problem::new(Code::Unavailable).retry_after(Duration::from_secs(1));
    if !takes_writes.map_err(late)?? {
        return Err(Problem::new(Code::ReadOnly).retry_after(Duration::from_secs(30)));
    }
    Ok(HttpResponse::Ok().json(json!({ "status": "ready" })))
}

#[get("/docs")]
async fn docs() -> HttpResponse {
    HttpResponse::PermanentRedirect()
        .insert_header((header::LOCATION, "/docs/"))
        .finish()
}

/// Swagger UI's own page has no width for phones; its other files come with it.
#[get("/docs/")]
async fn swagger_ui() -> HttpResponse {
    asset(
        "text/html; charset=utf-8",
        include_str!("../../../assets/docs.html"),
    )
}

#[get("/")]
async fn root() -> HttpResponse {
    HttpResponse::SeeOther()
        .insert_header((header::LOCATION, "/welcome"))
        .finish()
}

#[get("/welcome")]
async fn landing(call: Call, reader: Reader) -> HttpResponse {
    let demo = call.state.demo_accounts.get();
    html::welcome::landing(&reader, demo.map_or(&[], Vec::as_slice))
}

#[get("/invitation")]
async fn invitation(state: web::Data<State>, reader: Reader) -> HttpResponse {
    html::account::invitation(&reader, state.config.front_url.as_deref())
}

#[get("/forgotten-password")]
async fn forgotten_password(state: web::Data<State>, reader: Reader) -> HttpResponse {
    html::account::forgotten_password(&reader, state.config.front_url.as_deref())
}

#[get("/password-reset")]
async fn password_reset(state: web::Data<State>, reader: Reader) -> HttpResponse {
    html::account::password_reset(&reader, state.config.front_url.as_deref())
}

#[get("/email-confirmation")]
async fn email_confirmation(state: web::Data<State>, reader: Reader) -> HttpResponse {
    html::account::email_confirmation(&reader, state.config.front_url.as_deref())
}

#[get("/docs/guide")]
async fn guide(reader: Reader) -> HttpResponse {
    html::guide::guide(&reader)
}

#[get("/style.css")]
async fn style() -> HttpResponse {
    asset(
        "text/css; charset=utf-8",
        include_str!("../../../assets/style.css"),
    )
}

#[get("/account.js")]
async fn account_script() -> HttpResponse {
    asset(
        "text/javascript; charset=utf-8",
        include_str!("../../../assets/account.js"),
    )
}

/// Where nothing is, a browser is shown a page. Programs, and whoever asks a known address by another method, are
/// answered as they always are.
async fn nowhere(request: HttpRequest, call: Call, reader: Option<Reader>) -> HttpResponse {
    let is_known = call.state.operations.methods(request.path()).is_some();
    match reader.filter(|reader| reader.prefers_html && !is_known) {
        Some(reader) => html::nowhere::nowhere(&reader),
        None => HttpResponse::NotFound().finish(),
    }
}

fn asset(media_type: &'static str, text: &'static str) -> HttpResponse {
    HttpResponse::Ok().content_type(media_type).body(text)
}
