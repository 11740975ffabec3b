//! Where people arrive: the landing page.

use actix_web::HttpResponse;

use super::{escaped, page, scrolling};
use crate::foundation::problem::catalogue::pick;
use crate::foundation::state::DemoAccount;
use crate::program::pages::Reader;

/// What this service is, and where to go next.
pub(crate) fn landing(reader: &Reader, demo: &[DemoAccount]) -> HttpResponse {
    let [title, intro, start] = pick(
        [
            [
                "Livret – accompagnement VAE",
                "Le livret d'accompagnement VAE – Compétences Clés, sous forme de service : le contrat \
                 entre un candidat et son tuteur, les objectifs, le plan, les fiches action, le suivi.",
                "Par où commencer",
            ],
            [
                "Livret – support for the VAE",
                "The booklet of the VAE (certification from experience), as a service: the contract \
                 between a candidate and a tutor, objectives, the plan, action sheets, follow-ups.",
                "Where to start",
            ],
        ],
        reader.locale,
    );
    let [
        guide,
        swagger,
        problems,
        api_document,
        openapi_30,
        swagger_20,
        health,
    ] = pick(
        [
            [
                "Le guide d'intégration",
                "Essayer l'API dans Swagger UI",
                "Le catalogue des erreurs",
                "Le document de l'API, en OpenAPI 3.1",
                "Le même en OpenAPI 3.0, pour les outils qui ne lisent pas la version 3.1",
                "Le même en Swagger 2.0, pour les outils plus anciens",
                "L'état du service",
            ],
            [
                "The integrator's guide",
                "Try the API in Swagger UI",
                "The catalogue of errors",
                "The API document, in OpenAPI 3.1",
                "The same in OpenAPI 3.0, for tools that do not read version 3.1",
                "The same in Swagger 2.0, for older tools",
                "The service's health",
            ],
        ],
        reader.locale,
    );
    let screens = pick(
        [
            "Des écrans d'exemple, sur les données de démonstration (en français)",
            "Example screens, on the demo data (in French)",
        ],
        reader.locale,
    );
    let screens = (!demo.is_empty()).then(|| ("/demo/".to_owned(), screens));
    let links: String = screens
        .into_iter()
        .chain([
            (reader.link("/docs/guide"), guide),
            ("/docs/".to_owned(), swagger),
            (reader.link("/problems"), problems),
            ("/openapi.json".to_owned(), api_document),
            ("/openapi-3.0.json".to_owned(), openapi_30),
            ("/swagger-2.0.json".to_owned(), swagger_20),
            ("/health/ready".to_owned(), health),
        ])
        .map(|(address, text)| format!("<li><a href=\"{address}\">{text}</a></li>\n"))
        .collect();
    let accounts = if demo.is_empty() {
        String::new()
    } else {
        demo_accounts(reader, demo)
    };
    let content = format!("<p>{intro}</p>\n<h2>{start}</h2>\n<ul>\n{links}</ul>\n{accounts}");
    page(reader, title, &content)
}

fn demo_accounts(reader: &Reader, demo: &[DemoAccount]) -> String {
    let [heading, intro, role, email, password] = pick(
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
        reader.locale,
    );
    let rows: String = demo
        .iter()
        .map(|account| {
            format!(
                "<tr><td>{}</td><td><code>{}</code></td><td><code>{}</code></td></tr>\n",
                escaped(pick(account.name, reader.locale)),
                escaped(&account.email),
                escaped(account.password)
            )
        })
        .collect();
    let table = format!(
        "<table><thead><tr><th scope=\"col\">{role}</th><th scope=\"col\">{email}</th>\
         <th scope=\"col\">{password}</th></tr></thead>\n<tbody>\n{rows}</tbody></table>"
    );
    format!(
        "<h2>{heading}</h2>\n<p>{intro}</p>\n{}",
        scrolling(heading, &table)
    )
}
