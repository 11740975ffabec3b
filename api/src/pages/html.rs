//! The service's own pages for people, in French and English.

use actix_web::HttpResponse;
use entity::values::Locale;

use super::DemoAccount;
use crate::kit::Code;
use crate::kit::catalogue::pick;

/// Pages load nothing from elsewhere.
const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; \
                      form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// A whole page around its content.
fn page(locale: Locale, title: &str, content: &str) -> HttpResponse {
    let lang = pick(["fr", "en"], locale);
    let body = format!(
        "<!DOCTYPE html>\n<html lang=\"{lang}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>{title}</title>\n<link rel=\"stylesheet\" href=\"/style.css\">\n</head>\n\
         <body>\n<main>\n<h1>{title}</h1>\n{content}\n</main>\n</body>\n</html>\n"
    );
    HttpResponse::Ok()
        .insert_header(("Content-Security-Policy", POLICY))
        .insert_header(("Content-Language", lang))
        .insert_header(("Vary", "Accept-Language"))
        .content_type("text/html; charset=utf-8")
        .body(body)
}

/// What this service is, and where to go next.
pub(super) fn landing(locale: Locale, demo: &[DemoAccount]) -> HttpResponse {
    let [title, intro, links] = pick(
        [
            [
                "Livret – accompagnement VAE",
                "Le livret d'accompagnement VAE – Compétences Clés, sous forme de service : le contrat \
                 entre un candidat et son tuteur, les objectifs, le plan, les fiches action, le suivi.",
                "<li><a href=\"/docs/\">Essayer l'API dans Swagger UI</a></li>\
                 <li><a href=\"/openapi.json\">Le contrat OpenAPI 3.1</a></li>\
                 <li><a href=\"/health/ready\">L'état du service</a></li>",
            ],
            [
                "Livret – support for the VAE",
                "The booklet of the VAE (certification from experience), as a service: the contract \
                 between a candidate and a tutor, objectives, the plan, action sheets, follow-ups.",
                "<li><a href=\"/docs/\">Try the API in Swagger UI</a></li>\
                 <li><a href=\"/openapi.json\">The OpenAPI 3.1 contract</a></li>\
                 <li><a href=\"/health/ready\">The service's health</a></li>",
            ],
        ],
        locale,
    );
    let accounts = if demo.is_empty() {
        String::new()
    } else {
        demo_accounts(locale, demo)
    };
    page(
        locale,
        title,
        &format!("<p>{intro}</p>\n<ul>{links}</ul>\n{accounts}"),
    )
}

fn demo_accounts(locale: Locale, demo: &[DemoAccount]) -> String {
    let [heading, caption, role, email, password] = pick(
        [
            [
                "Comptes de démonstration",
                "Dans Swagger UI : exécutez <code>POST /v1/auth/login</code> avec un de ces comptes, \
                 puis collez <code>access_token</code> dans « Authorize ».",
                "Rôle",
                "Adresse électronique",
                "Mot de passe",
            ],
            [
                "Demo accounts",
                "In Swagger UI: run <code>POST /v1/auth/login</code> with one of these accounts, then \
                 paste <code>access_token</code> into “Authorize”.",
                "Role",
                "E-mail address",
                "Password",
            ],
        ],
        locale,
    );
    let rows: String = demo
        .iter()
        .map(|account| {
            format!(
                "<tr><td>{}</td><td><code>{}</code></td><td><code>{}</code></td></tr>",
                account.role, account.email, account.password
            )
        })
        .collect();
    format!(
        "<h2>{heading}</h2>\n<div class=\"table\" tabindex=\"0\" role=\"region\" aria-label=\"{heading}\">\
         <table><caption>{caption}</caption>\
         <thead><tr><th scope=\"col\">{role}</th><th scope=\"col\">{email}</th>\
         <th scope=\"col\">{password}</th></tr></thead><tbody>{rows}</tbody></table></div>"
    )
}

/// Where somebody invited chooses a password.
pub(super) fn invitation(locale: Locale) -> HttpResponse {
    let [title, intro, label, button, done] = pick(
        [
            [
                "Bienvenue",
                "Choisissez un mot de passe pour ouvrir votre livret. Une phrase de plusieurs mots est \
                 facile à retenir et difficile à deviner.",
                "Mot de passe (8 caractères au moins)",
                "Activer mon compte",
                "Votre compte est prêt. Vous pouvez vous connecter.",
            ],
            [
                "Welcome",
                "Choose a password to open your booklet. A phrase of several words is easy to remember \
                 and hard to guess.",
                "Password (at least 8 characters)",
                "Activate my account",
                "Your account is ready. You can log in.",
            ],
        ],
        locale,
    );
    page(
        locale,
        title,
        &format!(
            "<p>{intro}</p>\n<form data-done=\"{done}\"><label for=\"password\">{label}</label>\
             <input id=\"password\" name=\"password\" type=\"password\" required minlength=\"8\" \
             maxlength=\"128\" autocomplete=\"new-password\"><button>{button}</button></form>\n\
             <p role=\"status\"></p>\n<script src=\"/invitation.js\" defer></script>"
        ),
    )
}

/// What a problem means and what to do about it.
pub(super) fn problem(locale: Locale, code: Code) -> HttpResponse {
    let entry = code.entry();
    let status = entry.status;
    let label = pick(["Statut HTTP", "HTTP status"], locale);
    page(
        locale,
        entry.title(locale),
        &format!(
            "<p>{}</p>\n<p>{label} : <code>{status}</code> · <code>{code}</code></p>",
            entry.detail(locale)
        ),
    )
}
