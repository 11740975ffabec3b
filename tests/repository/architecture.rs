//! The directions that `docs/adding-a-resource.md` promises: routes know stores and rules, rules
//! know neither HTTP nor SQL, entities know no web, migrations no API.

use std::fs;
use std::path::{Path, PathBuf};

/// By the end of a file's path: what its lines of code must not mention, and why.
const RULES: [(&str, &[&str], &str); 7] = [
    (
        "rules.rs",
        &[
            "actix_web",
            "EntityTrait",
            "QueryFilter",
            "ConnectionTrait",
            ".await",
            "::store",
            "::routes",
        ],
        "rules know no HTTP and no SQL",
    ),
    (
        "dto.rs",
        &["actix_web", "::store", "::routes", "::find("],
        "a dto only travels",
    ),
    (
        "store.rs",
        &["actix_web", "::routes"],
        "stores know no HTTP",
    ),
    (
        "routes.rs",
        &[
            "Entity::find",
            "Statement::",
            "execute_unprepared",
            "QueryFilter",
            "all_of",
            "delete_many",
            "update_many",
        ],
        "routes hold no query",
    ),
    (
        "policy.rs",
        &["actix_web", "sea_orm"],
        "the policy is a table",
    ),
    (
        "entity/src/",
        &["actix_web", "api::", "migration"],
        "rows know no web",
    ),
    (
        "migration/src/",
        &["actix_web", "api::", "entity::"],
        "migrations know no API",
    ),
];

#[test]
fn imports_point_in_the_directions_promised() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut files = Vec::new();
    for crate_ in ["api/src", "entity/src", "migration/src"] {
        collect(&root.join(crate_), &mut files);
    }
    let mut broken = Vec::new();
    let mut checked = 0;
    for file in files {
        let path = file.strip_prefix(&root).unwrap().display().to_string();
        let code = code_of(&file);
        for (place, forbidden, why) in RULES {
            if !path.ends_with(&format!("/{place}")) && !path.starts_with(place) {
                continue;
            }
            checked += 1;
            for word in forbidden.iter().filter(|word| code.contains(*word)) {
                broken.push(format!("{path} mentions {word}: {why}"));
            }
        }
    }
    assert!(checked > 100, "only {checked} files were checked");
    assert!(broken.is_empty(), "{broken:#?}");
}

#[test]
fn every_file_says_what_lives_there() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut files = Vec::new();
    for folder in ["api/src", "entity/src", "migration/src", "tests"] {
        collect(&root.join(folder), &mut files);
    }
    let silent: Vec<_> = files
        .iter()
        .filter(|file| !fs::read_to_string(file).unwrap().starts_with("//! "))
        .collect();
    assert!(silent.is_empty(), "{silent:#?}");
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
}

/// Without comments and without unit tests.
fn code_of(file: &Path) -> String {
    let text = fs::read_to_string(file).unwrap();
    let code = text.split("#[cfg(test)]").next().unwrap_or_default();
    code.lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .collect::<Vec<_>>()
        .join("\n")
}
