//! What the words of the API are called.

use std::collections::BTreeMap;

use reqwest::Method;
use serde_json::Value;
use tests::{api_document, declared};

use crate::world;

/// By name and word: the label in this language.
fn labels(page: &Value) -> BTreeMap<(String, String), String> {
    let text = |of: &Value, name: &str| of[name].as_str().unwrap().to_owned();
    let mut labels = BTreeMap::new();
    for group in page["items"].as_array().unwrap() {
        for word in group["values"].as_array().unwrap() {
            let key = (text(group, "name"), text(word, "value"));
            let twice = labels.insert(key, text(word, "label"));
            assert_eq!(twice, None, "{word}");
        }
    }
    labels
}

/// The words of the API document: those of named closed lists, and those that open ones know.
fn words() -> Vec<(String, String)> {
    let mut words = Vec::new();
    for (name, schema) in declared()["components"]["schemas"].as_object().unwrap() {
        let mut listed = vec![(name.as_str(), &schema["enum"])];
        if name == "Change" {
            let known = |field: &str| &schema["properties"][field]["x-known-values"];
            listed.extend([
                ("Resource", known("resource")),
                ("ChangeType", known("type")),
            ]);
        }
        for (name, listed) in listed {
            let listed = listed.as_array().into_iter().flatten();
            words.extend(listed.map(|word| (name.to_owned(), word.as_str().unwrap().to_owned())));
        }
    }
    words
}

#[tokio::test]
async fn every_word_of_the_api_document_has_a_label_in_both_languages() {
    let world = world().await;
    let anybody = world.anonymous();
    let french = anybody.get("/v1/labels?lang=fr").await.expect(200);
    let english = anybody.get("/v1/labels?lang=en").await.expect(200);
    let (french, english) = (labels(&french), labels(&english));
    assert!(french.keys().eq(english.keys()));
    let words = words();
    assert!(words.len() > 300, "{}", words.len());
    for word in &words {
        for labels in [&french, &english] {
            let label = labels.get(word);
            assert!(
                label.is_some_and(|label| !label.is_empty()),
                "{word:?} has no label"
            );
        }
    }
    // Nothing is called what no longer exists.
    let spare = ["ProblemCode", "FaultCode"];
    for key in french.keys().filter(|(name, _)| !spare.contains(&&**name)) {
        assert!(
            words.contains(key),
            "{key:?} is no word of the API document"
        );
    }
    // The problems are those of the catalogue, under their own titles.
    for (lang, labels) in [("fr", &french), ("en", &english)] {
        let problems = anybody
            .get(&format!("/problems?lang={lang}"))
            .await
            .expect(200);
        for problem in problems["items"].as_array().unwrap() {
            let code = problem["code"].as_str().unwrap().to_owned();
            let label = &labels[&("ProblemCode".to_owned(), code)];
            assert_eq!(problem["title"], **label);
        }
    }
    // And the document holds those of its closed lists.
    for (name, schema) in api_document()["components"]["schemas"].as_object().unwrap() {
        for word in schema["enum"].as_array().into_iter().flatten() {
            let word = word.as_str().unwrap();
            let key = (name.clone(), word.to_owned());
            let told = &schema["x-labels"][word];
            assert_eq!(
                (&told["fr"], &told["en"]),
                (&french[&key].clone().into(), &english[&key].clone().into()),
                "{key:?}"
            );
        }
    }
}

#[tokio::test]
async fn labels_are_read_again_only_when_they_change() {
    let world = world().await;
    let anybody = world.anonymous();
    let one = anybody.get("/v1/labels?name=BookletState").await;
    let tag = one.header("etag").unwrap().to_owned();
    assert_eq!(one.header("content-language"), Some("fr"));
    let known = [("if-none-match", tag.as_str())];
    let path = "/v1/labels?name=BookletState";
    let again = anybody.send(Method::GET, path, None, &known).await;
    assert_eq!(again.status, 304);
    let english = [("if-none-match", tag.as_str()), ("accept-language", "en")];
    let english = anybody.send(Method::GET, path, None, &english).await;
    let shown = labels(&english.expect(200));
    assert_eq!(
        shown[&("BookletState".to_owned(), "withdrawn".to_owned())],
        "Withdrawn"
    );
    assert_eq!(labels(&one.expect(200)).len(), 5);
    let none = anybody.get("/v1/labels?name=Nothing").await.expect(200);
    assert_eq!(none["items"], serde_json::json!([]));
    for query in ["lang=de", "name=é", "nonsense=1"] {
        let path = format!("/v1/labels?{query}");
        anybody.get(&path).await.refused(400, "malformed_query");
    }
}
