//! What is not the API proper: health, the contract, the landing page.

use std::sync::atomic::Ordering;

use actix_web::http::header;
use actix_web::{HttpResponse, get, web};
use serde_json::json;

use crate::app::State;
use crate::database;
use crate::kit::{Code, Problem, Result};

/// An account that testers may use.
#[derive(Clone, Debug)]
pub struct DemoAccount {
    /// Its role, in French.
    pub role: &'static str,
    /// Its e-mail address.
    pub email: String,
    /// Its password.
    pub password: &'static str,
}

pub(crate) fn routes(app: &mut web::ServiceConfig) {
    app.service(live)
        .service(ready)
        .service(contract)
        .service(docs);
}

#[get("/health/live")]
async fn live() -> HttpResponse {
    HttpResponse::Ok().json(json!({ "status": "live" }))
}

#[get("/health/ready")]
async fn ready(state: web::Data<State>) -> Result<HttpResponse> {
    if !state.ready.load(Ordering::Relaxed) {
        return Err(Problem::new(Code::Unavailable).retry_after(std::time::Duration::from_secs(1)));
    }
    database::ping(&state.db).await?;
    Ok(HttpResponse::Ok().json(json!({ "status": "ready" })))
}

#[get("/openapi.json")]
async fn contract(state: web::Data<State>) -> HttpResponse {
    HttpResponse::Ok()
        .content_type("application/json")
        .body(state.document.clone())
}

#[get("/docs")]
async fn docs() -> HttpResponse {
    HttpResponse::PermanentRedirect()
        .insert_header((header::LOCATION, "/docs/"))
        .finish()
}
