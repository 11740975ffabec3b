//! The worked front-end of `docs/integrations/front`, served as it stands together with the demo: what the API is for, within
//! a minute (ADR 35). Without a demo there is nothing here.

use actix_web::http::header;
use actix_web::web::{self, Bytes};
use actix_web::{HttpRequest, HttpResponse, get};
use serde_json::json;

use super::{Reader, html, nowhere};
use crate::foundation::state::DemoAccount;
use crate::kit::Call;

macro_rules! files {
    ($($name:literal),*) => {
        &[$(($name, include_str!(concat!("../../../../docs/integrations/front/", $name)))),*]
    };
}

/// Each file by the name under which the others ask for it.
const FILES: &[(&str, &str)] = files![
    "index.html",
    "style.css",
    "main.js",
    "client.js",
    "session.js",
    "dom.js",
    "words.js",
    "ways.js",
    "screens/attempt.js",
    "screens/board.js",
    "screens/booklet.js",
    "screens/dashboard.js",
    "screens/home.js",
    "screens/items.js",
    "screens/sheet.js",
    "screens/sheet_form.js",
    "screens/sign_in.js"
];

/// Its pages have a slash at the end: what they name is beside them.
#[get("/demo")]
pub(super) async fn door(request: HttpRequest, call: Call, reader: Option<Reader>) -> HttpResponse {
    if call.state.demo_accounts.get().is_none() {
        return nowhere(request, call, reader).await;
    }
    HttpResponse::PermanentRedirect()
        .insert_header((header::LOCATION, "/demo/"))
        .finish()
}

#[get("/demo/{name:.*}")]
pub(super) async fn file(
    request: HttpRequest,
    name: web::Path<String>,
    call: Call,
    reader: Option<Reader>,
) -> HttpResponse {
    let demo = call.state.demo_accounts.get();
    let found = demo.and_then(|accounts| served(&name, accounts));
    match found {
        Some((media_type, text)) => HttpResponse::Ok()
            .insert_header((header::CONTENT_SECURITY_POLICY, html::POLICY))
            .insert_header((header::CACHE_CONTROL, "no-cache"))
            .content_type(media_type)
            .body(text),
        None => nowhere(request, call, reader).await,
    }
}

/// The media type and the text of a file.
fn served(name: &str, accounts: &[DemoAccount]) -> Option<(&'static str, Bytes)> {
    let name = match name {
        "accounts.json" => return Some(("application/json", offered(accounts).into())),
        "" => "index.html",
        name => name,
    };
    let (_, text) = FILES.iter().find(|(known, _)| *known == name)?;
    let media_type = match name.rsplit('.').next() {
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        _ => "text/html; charset=utf-8",
    };
    Some((media_type, Bytes::from_static(text.as_bytes())))
}

/// The accounts that the page for signing in offers as buttons.
fn offered(accounts: &[DemoAccount]) -> String {
    let shown = accounts.iter().map(|account| {
        json!({
            "name": account.name[0],
            "role": account.role,
            "email": account.email,
            "password": account.password,
        })
    });
    json!(shown.collect::<Vec<_>>()).to_string()
}
