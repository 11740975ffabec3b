//! Where the service is: at `LIVRET_PUBLIC_URL` in the documents that it serves. The files know no address
//! and leave the host to be filled in.

use serde_json::{Value, json};

const HOST: &str = "livret.example";
pub(super) const TOKEN_URL: &str = "/oauth/token";

/// Where a document says that it is itself.
pub(super) const HERE: &str = "/";

/// What a document says of it, in each of its forms: a field's name, its value in the files, and here.
fn fields(public_url: &str) -> [(&'static str, Value, Value); 5] {
    let (scheme, place) = public_url
        .split_once("://")
        .unwrap_or(("https", public_url));
    let (host, path) = place.split_once('/').unwrap_or((place, ""));
    let token_url = format!("{}{TOKEN_URL}", public_url.trim_end_matches('/'));
    let [server, fixed] = [servers(None), servers(Some(public_url))];
    [
        ("servers", server, fixed),
        ("host", json!(HOST), json!(host)),
        ("basePath", json!("/"), json!(format!("/{path}"))),
        ("schemes", json!(["https"]), json!([scheme])),
        ("tokenUrl", json!(TOKEN_URL), json!(token_url)),
    ]
}

/// `servers` of OpenAPI 3.
pub(super) fn servers(public_url: Option<&str>) -> Value {
    let mut server = json!({
        "url": public_url.unwrap_or("https://{host}"),
        "description": "This service, in production or local.",
        // For everybody who has an account.
        "x-internal": false,
    });
    if public_url.is_none()
        && let Some(server) = server.as_object_mut()
    {
        let host =
            json!({ "default": HOST, "description": "Where your organization's service is." });
        server.insert("variables".into(), json!({ "host": host }));
    }
    json!([server])
}

/// `host` and what goes with it, in Swagger 2.0.
pub(super) fn host() -> [(&'static str, Value); 3] {
    let [_, host, path, schemes, _] = fields("");
    [host, path, schemes].map(|(name, value, _)| (name, value))
}

/// A document, as `text::short` writes it, of the service at this address.
pub(super) fn located(text: &str, public_url: &str) -> String {
    let mut located = text.to_owned();
    for (name, anywhere, here) in fields(public_url) {
        let [from, to] = [anywhere, here].map(|value| format!("\"{name}\":{value}"));
        located = located.replacen(&from, &to, 1);
    }
    located
}

#[cfg(test)]
mod tests {
    use super::super::{Form, document, in_form, text};
    use super::*;

    #[test]
    fn a_document_that_is_served_says_where() {
        for (form, places) in [
            (
                Form::OpenApi31,
                vec![("/servers/0/url", "https://vae.example.org/livret")],
            ),
            (
                Form::OpenApi30,
                vec![("/servers/0/url", "https://vae.example.org/livret")],
            ),
            (
                Form::Swagger20,
                vec![
                    ("/host", "vae.example.org"),
                    ("/basePath", "/livret"),
                    ("/schemes/0", "https"),
                ],
            ),
        ] {
            let text = text::short(&in_form(document(), form));
            let served = located(&text, "https://vae.example.org/livret");
            let served: Value = serde_json::from_str(&served).unwrap_or_default();
            for (place, expected) in places {
                assert_eq!(served.pointer(place), Some(&json!(expected)), "{form:?}");
            }
            assert!(served.pointer("/servers/0/variables").is_none());
        }
    }
}
