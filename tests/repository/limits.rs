//! The table of limits in `docs/security.md` is what the code holds to: each row is found in the code,
//! its setting in the help, what is told in the contract, and its tests in the suite.

mod table;

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use self::table::{LIMITS, NAMES, OTHERS};

struct Row {
    what: String,
    how_much: String,
    setting: String,
    told: String,
    test: String,
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn text(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap()
}

fn table() -> Vec<Row> {
    let page = text("docs/security.md");
    let (_, rest) = page.split_once("## What a request may cost").unwrap();
    let (section, _) = rest.split_once("\n## ").unwrap();
    let lines = section
        .lines()
        .filter(|line| line.starts_with("| "))
        .skip(1);
    lines
        .map(|line| {
            let mut cells = line
                .trim_matches('|')
                .split('|')
                .map(|cell| cell.trim().to_owned());
            let mut next = || cells.next().unwrap();
            Row {
                what: next(),
                how_much: next(),
                setting: next(),
                told: next(),
                test: next(),
            }
        })
        .collect()
}

fn in_thousands(number: &str) -> String {
    let mut text = String::new();
    for (place, digit) in number.chars().enumerate() {
        if place > 0 && (number.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[test]
fn every_row_is_what_the_code_declares() {
    let rows = table();
    let named: Vec<&str> = rows.iter().map(|row| row.what.as_str()).collect();
    assert_eq!(named, LIMITS.map(|(what, ..)| what));
    for (row, (what, declared, said)) in rows.iter().zip(LIMITS) {
        for (file, declaration) in declared {
            let code = text(&format!("api/src/{file}"));
            assert!(
                code.contains(declaration),
                "{what}: {file} has no {declaration}"
            );
        }
        for words in said {
            assert!(
                row.how_much.contains(words),
                "{what}: {words} is not in {}",
                row.how_much
            );
        }
    }
}

#[test]
fn settings_are_in_the_help_with_the_numbers_of_the_table() {
    let help = text("api/src/foundation/config.rs");
    for row in table().iter().filter(|row| row.setting != "–") {
        let name = row.setting.trim_matches('`');
        let (_, declared) = help.split_once(&format!("env = \"{name}\"")).unwrap();
        // One whose default depends on the machine says so in words.
        let (declared, _) = declared.split_once("pub ").unwrap();
        if let Some((_, default)) = declared.split_once("default_value = \"") {
            let (default, _) = default.split_once('"').unwrap();
            let number = in_thousands(default);
            assert!(
                row.how_much.contains(&number),
                "{}: {name} is {number}",
                row.what
            );
        }
    }
}

#[test]
fn what_is_told_is_in_the_contract() {
    let contract: Value = serde_json::from_str(&text("openapi/openapi.json")).unwrap();
    let answers = &contract["components"]["responses"];
    for row in table() {
        let codes = row.told.split(", ").filter(|told| told.starts_with('4'));
        for code in codes {
            assert!(
                answers[format!("Problem{code}")].is_object(),
                "{}: {code}",
                row.what
            );
        }
    }
    let too_large = answers["Problem413"]["description"].as_str().unwrap();
    for size in ["1 MiB", "64 MiB", "200,000 rows"] {
        assert!(too_large.contains(size), "{too_large}");
    }
}

#[test]
fn every_row_has_its_tests() {
    for row in table() {
        for test in row.test.split("`, `") {
            let name = test.split('`').find(|part| !part.is_empty()).unwrap();
            let name = name.trim_matches('`');
            let places = ["tests/it", "tests/it/security"].map(|at| root().join(at).join(name));
            let is_there = |place: &PathBuf| place.is_dir() || place.with_extension("rs").is_file();
            assert!(
                places.iter().any(is_there),
                "{}: there is no {name}",
                row.what
            );
        }
    }
}

#[test]
fn every_bound_in_the_code_has_its_row() {
    let mut files = Vec::new();
    collect(&root().join("api/src"), &mut files);
    let mut missing = Vec::new();
    for path in files {
        let code = fs::read_to_string(&path).unwrap();
        let name = path.strip_prefix(root().join("api/src")).unwrap();
        let name = name.to_str().unwrap();
        if OTHERS.iter().any(|other| name.starts_with(other)) {
            continue;
        }
        for line in code.lines() {
            let Some((_, declaration)) = line.split_once("const ") else {
                continue;
            };
            let Some((constant, _)) = declaration.split_once(": ") else {
                continue;
            };
            let is_upper = constant
                .chars()
                .all(|sign| sign.is_ascii_uppercase() || sign == '_');
            let is_bound = is_upper && NAMES.iter().any(|part| constant.contains(part));
            let has_row = LIMITS.iter().any(|(_, declared, _)| {
                declared.iter().any(|(file, text)| {
                    let is_this = text.starts_with(&format!("{constant}:"));
                    *file == name && is_this
                })
            });
            if is_bound && !has_row {
                missing.push(format!("{name}: {constant}"));
            }
        }
    }
    assert_eq!(missing, Vec::<String>::new());
}

fn collect(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, found);
        } else if path.extension().is_some_and(|kind| kind == "rs") {
            found.push(path);
        }
    }
}
