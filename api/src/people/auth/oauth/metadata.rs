//! What clients find out by themselves: where everything is (RFC 8414), and the keys to verify
//! tokens with (RFC 7517).

use actix_web::http::header::{CacheControl, CacheDirective};
use actix_web::{HttpResponse, get, web};
use serde::Serialize;
use serde_json::json;

use crate::foundation::scope::Scope;
use crate::kit::{Call, Code, Problem, Result};

/// How long others may keep the answers, in seconds. A new key is published for longer than that
/// before it signs.
const MAX_AGE: u32 = 300;

/// The ways in which a service account proves who it is.
const OF_PROGRAMS: [&str; 2] = ["client_secret_basic", "client_secret_post"];
/// Besides, the public client proves nothing.
const OF_ALL: [&str; 3] = ["client_secret_basic", "client_secret_post", "none"];

pub(crate) fn well_known(app: &mut web::ServiceConfig) {
    app.service(metadata).service(keys);
}

#[get("/.well-known/oauth-authorization-server")]
async fn metadata(call: Call) -> HttpResponse {
    let url = call.state.config.public_url();
    let scopes: Vec<String> = Scope::all().map(|scope| scope.to_string()).collect();
    kept(&json!({
        "issuer": url,
        "token_endpoint": format!("{url}/oauth/token"),
        "token_endpoint_auth_methods_supported": OF_ALL,
        "revocation_endpoint": format!("{url}/oauth/revoke"),
        "revocation_endpoint_auth_methods_supported": OF_ALL,
        "introspection_endpoint": format!("{url}/oauth/introspect"),
        "introspection_endpoint_auth_methods_supported": OF_PROGRAMS,
        "jwks_uri": format!("{url}/.well-known/jwks.json"),
        "grant_types_supported": ["client_credentials", "refresh_token"],
        "response_types_supported": [],
        "scopes_supported": scopes,
        "service_documentation": format!("{url}/docs/guide"),
        "ui_locales_supported": ["fr", "en"],
    }))
}

#[get("/.well-known/jwks.json")]
async fn keys(call: Call) -> Result<HttpResponse> {
    let now = call.now;
    let read = tokio::task::spawn_blocking(move || {
        call.state.keys.read_again_unless_fresh();
        call.state.keys.published(now)
    });
    let keys = read.await.or(Err(Problem::new(Code::InternalError)))?;
    Ok(kept(&keys))
}

fn kept(body: &impl Serialize) -> HttpResponse {
    let cache = [CacheDirective::Public, CacheDirective::MaxAge(MAX_AGE)];
    HttpResponse::Ok()
        .insert_header(CacheControl(cache.to_vec()))
        .json(body)
}
