//! The service's own pages for people, in French and English: what they all look like.

pub(crate) mod account;
pub(crate) mod guide;
pub(crate) mod nowhere;
pub(crate) mod welcome;

use actix_web::HttpResponse;
use actix_web::http::header;
use pulldown_cmark_escape::escape_html;

use super::Reader;
use crate::foundation::problem::catalogue::pick;

/// Pages load nothing from elsewhere.
pub(crate) const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; \
                      img-src 'self' data:; form-action 'self'; base-uri 'none'; \
                      frame-ancestors 'none'";

/// A page around its content, with the way to the other pages.
pub(crate) fn page(reader: &Reader, title: &str, content: &str) -> HttpResponse {
    let [label, guide, problems] = pick(
        [
            ["Documentation", "Guide", "Erreurs"],
            ["Documentation", "Guide", "Errors"],
        ],
        reader.locale,
    );
    let links: String = [
        (reader.link("/welcome"), "Livret"),
        (reader.link("/docs/guide"), guide),
        (reader.link("/problems"), problems),
        ("/docs/".to_owned(), "Swagger UI"),
    ]
    .iter()
    .map(|(address, text)| format!("<a href=\"{address}\">{text}</a>\n"))
    .collect();
    frame(
        reader,
        title,
        &format!("<nav aria-label=\"{label}\">\n{links}</nav>\n"),
        content,
    )
}

/// A page by itself.
fn frame(reader: &Reader, title: &str, navigation: &str, content: &str) -> HttpResponse {
    let lang = reader.lang();
    let skip = pick(["Aller au contenu", "Skip to the content"], reader.locale);
    let (other, language) = pick([("en", "English"), ("fr", "Français")], reader.locale);
    let title = escaped(title);
    let body = format!(
        "<!DOCTYPE html>\n<html lang=\"{lang}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>{title}</title>\n<link rel=\"icon\" href=\"data:,\">\n\
         <link rel=\"stylesheet\" href=\"/style.css\">\n</head>\n<body>\n\
         <a class=\"skip\" href=\"#content\">{skip}</a>\n<header>\n{navigation}\
         <a class=\"language\" href=\"?lang={other}\" lang=\"{other}\" hreflang=\"{other}\">{language}</a>\n\
         </header>\n<main id=\"content\" tabindex=\"-1\">\n<h1>{title}</h1>\n{content}\n</main>\n\
         </body>\n</html>\n"
    );
    HttpResponse::Ok()
        .insert_header((header::CONTENT_SECURITY_POLICY, POLICY))
        .insert_header((header::CONTENT_LANGUAGE, lang))
        .insert_header((header::VARY, "Accept, Accept-Language"))
        .content_type("text/html; charset=utf-8")
        .body(body)
}

/// A text as HTML shows it.
pub(crate) fn escaped(text: &str) -> String {
    let mut html = String::with_capacity(text.len());
    // Writing to a String cannot fail.
    let _ = escape_html(&mut html, text);
    html
}

/// A part that scrolls when it is wider than the screen, and can be scrolled from the keyboard.
pub(crate) fn scrolling(label: &str, content: &str) -> String {
    format!(
        "<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"{}\">{content}</div>\n",
        escaped(label)
    )
}
