//! The catalogue of problems is true: each code is provoked, and answers what the catalogue says.

mod attempt;
mod codes;
mod faults;
mod scenes;

use std::collections::BTreeMap;

use api::foundation::config::RateLimit;
use api::kit::{Code, FaultCode};
use futures_util::stream::{StreamExt, iter};
use serde_json::{Value, json};
use strum::IntoEnumIterator;

use crate::{world, world_with};

const LANGUAGES: [&str; 2] = ["fr", "en"];
/// How many worlds are provoked at a time.
const AT_A_TIME: usize = 4;

/// The catalogue in both languages: by language, what it says of each code.
async fn catalogue() -> BTreeMap<(&'static str, String), Value> {
    let world = world().await;
    let mut catalogue = BTreeMap::new();
    for language in LANGUAGES {
        let list = format!("/problems?lang={language}");
        let list = world.anonymous().get(&list).await.expect(200);
        for problem in list["items"].as_array().unwrap() {
            let code = problem["code"].as_str().unwrap().to_owned();
            catalogue.insert((language, code), problem.clone());
        }
    }
    catalogue
}

fn names(object: &Value) -> Vec<&String> {
    object.as_object().unwrap().keys().collect()
}

#[tokio::test]
async fn each_problem_is_provoked_and_says_what_the_catalogue_says() {
    let catalogue = catalogue().await;
    assert_eq!(catalogue.len(), Code::iter().count() * LANGUAGES.len());
    iter(Code::iter())
        .for_each_concurrent(AT_A_TIME, async |code| {
            let world = match code {
                Code::TooManyRequests => {
                    world_with(|config| {
                        config.rate_limit = RateLimit::PerSecond(1.try_into().unwrap());
                    })
                    .await
                }
                Code::TooManyAttempts => {
                    world_with(|config| {
                        config.rate_limit = RateLimit::PerSecond(1000.try_into().unwrap());
                    })
                    .await
                }
                Code::RequestTimeout => {
                    world_with(|config| config.body_seconds = 1.try_into().unwrap()).await
                }
                Code::QuotaReached => {
                    world_with(|config| config.booklet_rows = 1.try_into().unwrap()).await
                }
                Code::MailNotConfigured => world_with(|config| config.mail_outbox = None).await,
                _ => world().await,
            };
            let attempt = Box::pin(codes::provoke(&world, code)).await;
            for language in LANGUAGES {
                let answer = attempt.make(&world, language).await;
                let said = &catalogue[&(language, code.to_string())];
                let problem = answer.body;
                for (ours, theirs) in [
                    ("type", "type"),
                    ("code", "code"),
                    ("status", "status"),
                    ("title", "title"),
                    ("detail", "remedy"),
                ] {
                    assert_eq!(
                        problem[ours], said[theirs],
                        "{code} {language}: {problem:#}"
                    );
                }
                assert_eq!(said["status"], answer.status, "{code}");
                assert_eq!(answer.language, language, "{code}");
                assert_eq!(names(&problem), names(&said["example"]), "{code}");
            }
        })
        .await;
}

#[tokio::test]
async fn each_fault_is_provoked_and_says_what_the_catalogue_says() {
    let catalogue = catalogue().await;
    let faults = |language| {
        let invalid = &catalogue[&(language, "invalid".to_owned())];
        invalid["faults"].as_array().unwrap().clone()
    };
    assert_eq!(faults("fr").len(), FaultCode::iter().count());
    iter(FaultCode::iter())
        .for_each_concurrent(AT_A_TIME, async |code| {
            let world = world().await;
            let attempt = Box::pin(faults::provoke(&world, code)).await;
            for language in LANGUAGES {
                let named = |fault: &&Value| fault["code"] == json!(code.to_string());
                let said = faults(language);
                let said = said.iter().find(named).unwrap();
                let problem = attempt.make(&world, language).await.body;
                let fault = problem["errors"]
                    .as_array()
                    .and_then(|all| all.iter().find(named));
                let fault = fault.unwrap_or_else(|| panic!("{code}: {problem:#}"));
                let params = fault["params"].as_object().unwrap();
                let mut detail = said["detail"].as_str().unwrap().to_owned();
                for (name, value) in params {
                    let value = value.as_str().map_or(value.to_string(), ToOwned::to_owned);
                    detail = detail.replace(&format!("{{{name}}}"), &value);
                }
                // What is expected is said in words, and named for programs.
                if let FaultCode::Pattern | FaultCode::Format = code {
                    assert_ne!(fault["detail"], json!(detail));
                } else {
                    assert_eq!(fault["detail"], json!(detail), "{language}");
                }
                let names_left = |name: &String| detail.contains(&format!("{{{name}}}"));
                assert!(!params.keys().any(names_left), "{detail}");
                assert_eq!(said["params"], json!(names(&fault["params"])), "{code}");
                assert_eq!(said["example"]["code"], fault["code"]);
            }
        })
        .await;
}

#[tokio::test]
async fn a_problem_s_address_answers_what_the_list_says_of_it() {
    let catalogue = catalogue().await;
    let world = world().await;
    for ((language, code), said) in catalogue {
        let address = said["type"].as_str().unwrap();
        let path = address.strip_prefix("http://livret.example").unwrap();
        assert_eq!(path, format!("/problems/{code}"));
        let headers = [("accept-language", language)];
        let anonymous = world.anonymous();
        let answer = anonymous
            .send(reqwest::Method::GET, path, None, &headers)
            .await;
        assert_eq!(answer.header("content-language"), Some(language));
        assert_eq!(answer.expect(200), said);
        for text in ["title", "cause", "remedy"] {
            assert!(
                said[text].as_str().unwrap().len() > 3,
                "{code} {language}: {text}"
            );
        }
    }
    let anonymous = world.anonymous();
    for (path, status, code) in [
        ("/problems/unheard_of", 404, "not_found"),
        ("/problems?lang=de", 400, "malformed_query"),
        ("/problems?language=fr", 400, "malformed_query"),
    ] {
        anonymous.get(path).await.refused(status, code);
    }
}
