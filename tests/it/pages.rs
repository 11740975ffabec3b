//! What is not the API proper: health, the API document, the pages for people.

mod front;

use std::collections::{BTreeSet, VecDeque};

use reqwest::header::HeaderMap;
use serde_json::Value;
use tests::World;

use crate::world;

/// What browsers send.
const BROWSER: &str = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";

struct Answer {
    status: u16,
    headers: HeaderMap,
    text: String,
}

impl Answer {
    fn header(&self, name: &str) -> &str {
        let value = self.headers.get(name).map(|value| value.to_str().unwrap());
        value.unwrap_or_default()
    }
}

async fn get(world: &World, path: &str, accept: &str, language: &str) -> Answer {
    let request = reqwest::Client::new()
        .get(format!("{}{path}", world.url()))
        .header("accept", accept)
        .header("accept-language", language);
    let response = request.send().await.unwrap();
    Answer {
        status: response.status().as_u16(),
        headers: response.headers().clone(),
        text: response.text().await.unwrap(),
    }
}

#[tokio::test]
async fn where_nothing_is_a_browser_is_shown_a_page_and_a_program_the_problem() {
    let world = world().await;
    for (language, holds) in [("fr", "à cette adresse"), ("en", "There is nothing")] {
        let page = get(&world, "/invitatio?token=x", BROWSER, language).await;
        assert_eq!(page.status, 404);
        assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
        assert!(
            page.header("content-security-policy")
                .contains("default-src 'none'")
        );
        assert!(page.text.contains(holds), "{}", page.text);
    }
    for (path, accept, status) in [
        ("/invitatio", "application/json", 404),
        ("/invitatio", "*/*", 404),
        // Whoever mistakes the method is told those that there are.
        ("/v1/auth/login", BROWSER, 405),
    ] {
        let answer = get(&world, path, accept, "en").await;
        assert_eq!(answer.status, status, "{path} {accept}");
        assert!(
            answer
                .header("content-type")
                .starts_with("application/problem+json")
        );
    }
}

#[tokio::test]
async fn the_service_has_pages_for_people_in_french_and_english() {
    let world = world().await;
    for (path, french, english) in [
        ("/", "Par où commencer", "Where to start"),
        ("/welcome", "Par où commencer", "Where to start"),
        ("/invitation", "Mot de passe", "Password"),
        (
            "/forgotten-password",
            "Recevoir le lien",
            "Send me the link",
        ),
        ("/password-reset", "Mot de passe", "Password"),
        ("/email-confirmation", "Confirmer", "Confirm"),
        (
            "/docs/guide",
            "Guide de l'intégrateur",
            "Integrator's guide",
        ),
        ("/problems", "Les erreurs de l'API", "The errors of the API"),
        ("/problems/stale", "Version dépassée", "Stale version"),
        (
            "/problems/invalid",
            "Il faut au plus {max}",
            "At most {max}",
        ),
    ] {
        for (asked, language, holds) in [
            (path.to_owned(), "fr", french),
            (path.to_owned(), "en", english),
            (format!("{path}?lang=fr"), "fr", french),
            (format!("{path}?lang=en"), "en", english),
        ] {
            // The language chosen on the page wins over the browser's.
            let browser = if asked == path { language } else { "de" };
            if path == "/" && asked != path {
                continue;
            }
            let page = get(&world, &asked, BROWSER, browser).await;
            assert_eq!(
                (page.status, page.header("content-language")),
                (200, language)
            );
            assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
            assert!(
                page.header("content-security-policy")
                    .contains("default-src 'none'")
            );
            assert!(
                page.text.contains(&format!("<html lang=\"{language}\">")),
                "{asked}"
            );
            let text = page.text.replace("&#39;", "'");
            assert!(text.contains(holds), "{asked}: {text}");
        }
    }
    for path in [
        "/invitation",
        "/forgotten-password",
        "/password-reset",
        "/email-confirmation",
    ] {
        let page = get(&world, path, BROWSER, "fr").await;
        let next = "<p data-next hidden><a href=\"https://app.livret.example\">";
        assert!(page.text.contains(next), "{path}: {}", page.text);
    }
    let refused = get(&world, "/welcome?lang=de", BROWSER, "fr").await;
    assert_eq!(refused.status, 400);
}

#[tokio::test]
async fn a_problem_s_address_is_a_page_for_browsers_and_json_for_programs() {
    let world = world().await;
    for (accept, media_type) in [
        (BROWSER, "text/html; charset=utf-8"),
        ("text/html", "text/html; charset=utf-8"),
        (
            "text/*;q=0.5, application/json;q=0.4",
            "text/html; charset=utf-8",
        ),
        ("*/*", "application/json"),
        ("application/json", "application/json"),
        ("application/json, text/html;q=0.9", "application/json"),
        ("text/html;q=0, */*", "application/json"),
        ("image/png", "application/problem+json"),
        ("text/html;q=0", "application/problem+json"),
    ] {
        for path in ["/problems", "/problems/stale"] {
            let answer = get(&world, path, accept, "fr").await;
            assert_eq!(answer.header("content-type"), media_type, "{accept}");
            let is_refused = media_type == "application/problem+json";
            assert_eq!(
                answer.status,
                if is_refused { 406 } else { 200 },
                "{accept}"
            );
        }
    }
}

#[tokio::test]
async fn every_link_of_the_pages_leads_somewhere() {
    let world = world().await;
    let mut waiting =
        VecDeque::from(["/welcome?lang=fr".to_owned(), "/welcome?lang=en".to_owned()]);
    let mut seen = BTreeSet::new();
    while let Some(path) = waiting.pop_front() {
        if !seen.insert(path.clone()) {
            continue;
        }
        let page = get(&world, &path, BROWSER, "fr").await;
        assert_eq!(page.status, 200, "{path}");
        // Swagger UI has links of its own.
        if !page.header("content-type").starts_with("text/html") || path == "/docs/" {
            continue;
        }
        for link in page.text.split("href=\"").skip(1) {
            let link = link.split('"').next().unwrap();
            let anchor = link.strip_prefix('#');
            if let Some(anchor) = anchor {
                assert!(
                    page.text.contains(&format!("id=\"{anchor}\"")),
                    "{path}: #{anchor}"
                );
            } else if link.starts_with('/') {
                waiting.push_back(link.split('#').next().unwrap().to_owned());
            } else if let Some(query) = link.strip_prefix('?') {
                let own = path.split('?').next().unwrap();
                waiting.push_back(format!("{own}?{query}"));
            } else {
                let known = ["https://", "http://", "data:"];
                assert!(
                    known.iter().any(|scheme| link.starts_with(scheme)),
                    "{path}: {link}"
                );
            }
        }
    }
    let pages = seen
        .iter()
        .filter(|path| path.starts_with("/problems/"))
        .count();
    assert!(pages > 80, "{pages}");
}

#[tokio::test]
async fn the_service_says_that_it_lives_and_shows_its_api_document() {
    let world = world().await;
    assert_eq!(get(&world, "/health/live", "*/*", "fr").await.status, 200);
    assert_eq!(
        get(&world, "/health/ready", "*/*", "fr").await.text,
        r#"{"status":"ready"}"#
    );
    world
        .state
        .ready
        .store(false, std::sync::atomic::Ordering::Relaxed);
    assert_eq!(get(&world, "/health/ready", "*/*", "fr").await.status, 503);
    for (path, format, version) in [
        ("/openapi.json", "openapi", "3.1.0"),
        ("/openapi-3.0.json", "openapi", "3.0.3"),
        ("/swagger-2.0.json", "swagger", "2.0"),
    ] {
        let document = get(&world, path, "*/*", "fr").await;
        assert_eq!(document.header("content-type"), "application/json");
        let document: Value = serde_json::from_str(&document.text).unwrap();
        assert_eq!(document[format], version, "{path}");
        for language in ["fr", "en"] {
            let welcome = get(&world, "/", BROWSER, language).await;
            let link = format!("<a href=\"{path}\">");
            assert!(welcome.text.contains(&link), "{path} {language}");
        }
    }
    for audience in ["candidate", "tutor", "coordinator", "crm", "agent"] {
        let path = format!("/openapi/{audience}.json");
        let document: Value =
            serde_json::from_str(&get(&world, &path, "*/*", "fr").await.text).unwrap();
        let server = document["servers"][0]["url"].as_str();
        assert_eq!(server, Some(&*world.state.config.public_url()), "{path}");
    }
    let stranger = get(&world, "/openapi/stranger.json", "application/json", "fr").await;
    assert_eq!(stranger.status, 404);
    let page: Value =
        serde_json::from_str(&get(&world, "/docs/openapi.json", "*/*", "fr").await.text).unwrap();
    assert_eq!(page["servers"][0]["url"], "/");
    for path in ["/docs", "/docs/"] {
        assert!(
            get(&world, path, BROWSER, "fr")
                .await
                .text
                .contains("swagger")
        );
    }
}
