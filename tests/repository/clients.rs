//! What generators of clients stumble over, in whatever language, stands nowhere in the API document.

use std::collections::{BTreeMap, BTreeSet};

use api::program::openapi::{Form, api_document_text};
use serde_json::{Value, json};

use super::described::{API_DOCUMENT, operations};

/// The longest text that any generator need check.
const LONGEST_TEXT: u64 = 1_048_576;
/// What generators put behind the name of an operation to name what it takes and answers.
const SUFFIXES: [&str; 13] = [
    "",
    "Arg",
    "Body",
    "Data",
    "Error",
    "Errors",
    "Headers",
    "Params",
    "Query",
    "Request",
    "Response",
    "Responses",
    "Result",
];

/// The messages of webhooks, which are operations of the receiver.
fn messages() -> impl Iterator<Item = &'static Value> {
    let messages = API_DOCUMENT["webhooks"].as_object().unwrap().values();
    messages.map(|message| &message["post"])
}

/// Calls something with each object that describes a value, and where it stands.
fn schemas(document: &'static Value, visit: &mut impl FnMut(&str, &'static Value)) {
    let mut waiting = vec![(String::new(), document)];
    while let Some((at, value)) = waiting.pop() {
        match value {
            Value::Object(fields) => {
                visit(&at, value);
                let parts = fields.iter().filter(|(name, _)| {
                    !matches!(name.as_str(), "example" | "examples" | "default" | "enum")
                });
                waiting.extend(parts.map(|(name, part)| (format!("{at}/{name}"), part)));
            }
            Value::Array(items) => waiting.extend(items.iter().map(|item| (at.clone(), item))),
            _ => {}
        }
    }
}

/// As the names of files and classes are compared where case does not count.
fn folded(name: &str) -> String {
    let letters = name.chars().filter(char::is_ascii_alphanumeric);
    letters.collect::<String>().to_ascii_lowercase()
}

#[test]
fn chapters_make_names_of_classes_and_messages_have_their_own() {
    let tags =
        |operation: &'static Value| operation["tags"].as_array().unwrap()[0].as_str().unwrap();
    let declared = API_DOCUMENT["tags"].as_array().unwrap();
    let declared: BTreeSet<&str> = declared
        .iter()
        .map(|tag| tag["name"].as_str().unwrap())
        .collect();
    let called: BTreeSet<&str> = operations()
        .iter()
        .map(|(_, operation)| tags(operation))
        .collect();
    let sent: BTreeSet<&str> = messages().map(tags).collect();
    assert!(called.is_disjoint(&sent), "{sent:?}");
    assert_eq!(declared, called.union(&sent).copied().collect());
    for tag in declared {
        assert!(
            tag.starts_with(|first: char| first.is_ascii_uppercase()),
            "{tag}"
        );
        assert!(
            tag.chars()
                .all(|letter| letter.is_ascii_alphabetic() || " -".contains(letter)),
            "{tag}"
        );
    }
}

#[test]
fn no_name_is_taken_twice_nor_twice_but_for_case() {
    let mut names: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut take = |name: &str, what: &str| {
        names
            .entry(folded(name))
            .or_default()
            .insert(format!("{what} {name}"));
    };
    for tag in API_DOCUMENT["tags"].as_array().unwrap() {
        take(tag["name"].as_str().unwrap(), "chapter");
    }
    let all = operations();
    for operation in all
        .iter()
        .map(|(_, operation)| *operation)
        .chain(messages())
    {
        let id = operation["operationId"].as_str().unwrap();
        for suffix in SUFFIXES {
            take(&format!("{id}{suffix}"), "operation");
        }
    }
    for (name, schema) in API_DOCUMENT["components"]["schemas"].as_object().unwrap() {
        assert!(
            !name.starts_with("New"),
            "{name} is what Go calls a constructor: {name}Input"
        );
        take(name, "schema");
        let parts = schema["allOf"]
            .as_array()
            .into_iter()
            .flatten()
            .chain([schema]);
        for (field, property) in parts
            .filter_map(|part| part["properties"].as_object())
            .flatten()
        {
            // What has bounds of its own, but no name, is named after the object and the field.
            let is_named = property.to_string().contains("$ref");
            if !is_named && (property.get("enum").is_some() || property.get("maxLength").is_some())
            {
                take(&format!("{name} {field}"), "field");
            }
        }
    }
    // A method and the type of a field are never in each other's way.
    let but = |who: &BTreeSet<String>, what: &str| {
        who.iter().filter(|name| !name.starts_with(what)).count()
    };
    let is_taken = |who: &&BTreeSet<String>| but(who, "field") > 1 || but(who, "operation") > 1;
    let twice: Vec<_> = names.values().filter(is_taken).collect();
    assert!(twice.is_empty(), "{twice:#?}");
}

#[test]
fn every_value_has_one_type() {
    schemas(&API_DOCUMENT, &mut |at, schema| {
        assert!(schema.get("discriminator").is_none(), "{at}");
        for union in ["oneOf", "anyOf"]
            .iter()
            .filter_map(|word| schema.get(word)?.as_array())
        {
            let is_null = |branch: &Value| branch["type"] == "null";
            let types = union.iter().filter(|branch| !is_null(branch)).count();
            assert!(types == 1, "{at}: a union other than with null");
        }
    });
    for (name, operation) in operations() {
        for parameter in operation["parameters"].as_array().into_iter().flatten() {
            let schema = &parameter["schema"];
            let is_one = schema["type"].is_string() || schema["$ref"].is_string();
            assert!(is_one, "{name} {}", parameter["name"]);
        }
    }
}

#[test]
fn bounds_are_those_that_a_client_can_hold() {
    schemas(&API_DOCUMENT, &mut |at, schema| {
        let most = schema["maxLength"].as_u64().unwrap_or_default();
        assert!(most <= LONGEST_TEXT, "{at}");
        if schema["format"] == "binary" {
            assert_eq!(
                *schema,
                json!({ "type": "string", "format": "binary" }),
                "{at}"
            );
        }
        let fits = schema["maximum"]
            .as_i64()
            .is_some_and(|most| i32::try_from(most).is_ok());
        assert!(
            !fits || schema["format"] != "int64",
            "{at} fits into 32 bits"
        );
    });
}

#[test]
fn files_are_bytes() {
    for (name, operation) in operations() {
        let answers = operation["responses"].as_object().unwrap().values();
        for content in answers
            .chain([&operation["requestBody"]])
            .filter_map(|body| body["content"].as_object())
        {
            for (media_type, media) in content {
                let is_text =
                    tests::is_json(media_type) || media_type.ends_with("-form-urlencoded");
                if !is_text && !["text/html", "text/event-stream"].contains(&media_type.as_str()) {
                    assert_eq!(media["schema"]["format"], "binary", "{name} {media_type}");
                }
                assert_ne!(
                    media_type, "application/jsonl",
                    "{name}: JSON Lines are x-ndjson, both ways"
                );
            }
        }
    }
    let text = api_document_text(Form::OpenApi31);
    let import = text
        .split("\"operationId\": \"create_import\"")
        .nth(1)
        .unwrap();
    let body = import.split("\"requestBody\"").nth(1).unwrap();
    assert!(
        body.find("text/csv") < body.find("x-ndjson"),
        "the first is what clients send"
    );
}

#[test]
fn a_patch_may_be_sent_as_json() {
    for (form, offered) in [
        (
            Form::OpenApi31,
            vec!["application/json", "application/merge-patch+json"],
        ),
        (Form::OpenApi30, vec!["application/json"]),
    ] {
        let document: Value = serde_json::from_str(&api_document_text(form)).unwrap();
        let mut patches = 0;
        for (path, item) in document["paths"].as_object().unwrap() {
            let content = item["patch"]["requestBody"]["content"].as_object();
            for content in content.into_iter() {
                patches += 1;
                assert_eq!(content.keys().collect::<Vec<_>>(), offered, "{path}");
            }
        }
        assert!(patches >= 25, "{patches}");
    }
}

#[test]
fn who_needs_a_token_is_told_in_one_way() {
    // Generators go by the names, and the last one writes the header: it must be the one with "Bearer".
    let schemes = API_DOCUMENT["components"]["securitySchemes"]
        .as_object()
        .unwrap();
    assert_eq!(schemes.keys().next_back().unwrap(), "token");
    for (name, operation) in operations() {
        let Some(ways) = operation.get("security") else {
            continue;
        };
        let ways = ways.as_array().unwrap();
        let has_token = ways.contains(&json!({ "token": [] }));
        assert!(ways.is_empty() || has_token, "{name}: {ways:?}");
    }
}

/// Words of a summary that name nothing.
const FILLERS: [&str; 17] = [
    "and", "another", "anew", "done", "for", "from", "into", "longer", "may", "new", "others",
    "own", "the", "what", "who", "whole", "with",
];

/// Tools for agents show one operation alone: without its chapter, and its description without its summary.
#[test]
fn a_summary_and_a_description_say_on_their_own_what_they_are_of() {
    let words = |text: &str| -> Vec<String> {
        let words = text.split(|letter: char| !letter.is_ascii_alphabetic());
        words
            .map(str::to_ascii_lowercase)
            .filter(|word| word.len() > 2 && !FILLERS.contains(&word.as_str()))
            .collect()
    };
    // Of one stem: an address, addresses.
    let stem = |word: &String| word.chars().take(4).collect::<String>();
    let mut silent = Vec::new();
    for (_, operation) in operations() {
        let id = operation["operationId"].as_str().unwrap();
        let summary = operation["summary"].as_str().unwrap();
        let description = operation["description"].as_str().unwrap();
        let all = words(summary);
        let named = if all.len() > 1 { &all[1..] } else { &all[..] };
        let first = description.split(". ").next().unwrap();
        let first: BTreeSet<String> = words(first).iter().map(stem).collect();
        let is_named = named.iter().map(stem).any(|name| first.contains(&name));
        if summary.split(' ').count() < 2 || !is_named {
            silent.push(format!("{id}: {summary}: {description}"));
        }
    }
    assert!(silent.is_empty(), "{silent:#?}");
}
