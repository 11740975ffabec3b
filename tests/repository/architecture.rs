//! The directions that `docs/adding-a-resource.md` promises: routes know stores and rules, rules
//! know neither HTTP nor SQL, entities know no web, migrations no API; the kit knows no resource, and no
//! folder is named by one that it names itself.

use std::collections::{BTreeMap, BTreeSet};
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
            "QueryFilter",
            "all_of::",
            "_many()",
            "Statement::",
            "execute_unprepared",
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

/// The groups of folders, from what knows all others to what knows none (ADR 22): each may name those
/// after it.
const GROUPS: [&str; 8] = [
    "program",
    "outside",
    "trust",
    "booklet",
    "people",
    "reference",
    "kit",
    "foundation",
];

#[test]
fn each_group_names_only_those_below_it() {
    let place = |folder: &str| {
        let group = folder.split('/').next().unwrap();
        let place = GROUPS.iter().position(|name| *name == group);
        place.unwrap_or_else(|| panic!("{group} is no group"))
    };
    let mut upwards = Vec::new();
    for (folder, names) in folders() {
        let above = names.iter().filter(|name| place(name) < place(&folder));
        upwards.extend(above.map(|name| format!("{folder} names {name}")));
    }
    assert!(upwards.is_empty(), "{upwards:#?}");
}

/// The API document shows these within each other (`include=booklet`, `include=current_contract`).
const WITHIN_EACH_OTHER: [&str; 3] = [
    "booklet/appointments",
    "booklet/booklets",
    "booklet/contracts",
];

/// A circle of folders can only be read as a whole. `docs/measure/imports.py --arrows` says which
/// files close it.
#[test]
fn no_folder_is_named_by_one_that_it_names() {
    let mut arrows = folders();
    assert!(arrows.len() > 50, "only {} folders were read", arrows.len());
    loop {
        // Who names nobody that is left, or is named by nobody that is left, is on no circle.
        let left: BTreeSet<String> = arrows.keys().cloned().collect();
        let named: BTreeSet<String> = arrows.values().flatten().cloned().collect();
        arrows.retain(|folder, names| {
            names.retain(|name| left.contains(name));
            !names.is_empty() && named.contains(folder)
        });
        if arrows.len() == left.len() {
            break;
        }
    }
    assert!(arrows.keys().eq(&WITHIN_EACH_OTHER), "{arrows:#?}");
}

/// The folders of the API as `group/folder`, the kit as one: which others each names. Unit tests do
/// not count, nor the program's two entries.
fn folders() -> BTreeMap<String, BTreeSet<String>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../api/src");
    let mut files = Vec::new();
    collect(&root, &mut files);
    let mut arrows: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for file in files.iter().filter(|file| !file.ends_with("tests.rs")) {
        let path = file.strip_prefix(&root).unwrap().display().to_string();
        let Some((group, rest)) = path.split_once('/') else {
            continue;
        };
        let folder = folder_of(group, rest);
        let code = code_of(file);
        let paths = code.split("crate::").skip(1).flat_map(named);
        let others = paths.filter(|name| *name != folder);
        arrows.entry(folder.clone()).or_default().extend(others);
    }
    arrows
}

fn folder_of(group: &str, path: &str) -> String {
    match group {
        "kit" => group.to_owned(),
        _ => format!("{group}/{}", word(path)),
    }
}

/// The folders that a path behind `crate::` leads to.
fn named(path: &str) -> Vec<String> {
    let group = word(path);
    let rest = path[group.len()..].strip_prefix("::").unwrap_or_default();
    let within = match rest.strip_prefix('{') {
        Some(list) => items(list),
        None => vec![word(rest)],
    };
    within.iter().map(|name| folder_of(&group, name)).collect()
}

/// The first word of each thing in a list that a brace has opened.
fn items(list: &str) -> Vec<String> {
    let (mut names, mut depth) = (Vec::new(), 0);
    for part in list.split_inclusive([',', '{', '}']) {
        if depth == 0 {
            names.push(word(part));
        }
        depth += i32::from(part.ends_with('{')) - i32::from(part.ends_with('}'));
        if depth < 0 {
            break;
        }
    }
    names.retain(|name| !name.is_empty());
    names
}

fn word(text: &str) -> String {
    let is_of_a_name = |c: &char| c.is_alphanumeric() || *c == '_';
    text.trim_start().chars().take_while(is_of_a_name).collect()
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

pub(crate) fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
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
