//! Every kind of page of a booklet, one entry each: the tests that go over all of them take from here
//! how one is written, and where the whole booklet shows it.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use entity::values::Role;
use serde_json::{Value, json};
use tests::{Operation, World};

/// A kind of page.
pub(crate) struct Kind {
    /// Its row, in `entity/src`.
    pub(crate) row: &'static str,
    /// The last part of its list's address.
    pub(crate) list: &'static str,
    /// The field of `GET /v1/booklets/{id}/full` that shows it, or why none does.
    full: Result<&'static str, &'static str>,
    /// How one is written, where a body is enough for it.
    pub(crate) writing: Option<Writing>,
}

/// How a page is written.
pub(crate) struct Writing {
    by: Author,
    /// The body of the POST on its list, about this many days from now.
    pub(crate) body: fn(&World, i64) -> Value,
}

/// Who writes pages of a kind.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Author {
    Tutor,
    Candidate,
    /// Both, each their own.
    Either,
}

impl Writing {
    /// Who writes it, for somebody of this role who will do something with it: the tutor or the
    /// candidate of a booklet.
    pub(crate) fn author<'a>(&self, role: Role, tutor: &'a str, candidate: &'a str) -> &'a str {
        match self.by {
            Author::Candidate => candidate,
            Author::Either if role == Role::Candidate => candidate,
            _ => tutor,
        }
    }

    /// The same in samira's booklet, for the tutor where there is a choice.
    pub(crate) fn by(&self) -> &'static str {
        self.author(Role::Tutor, "tom", "samira")
    }
}

impl Kind {
    /// The kind whose list or objects this operation is about.
    pub(crate) fn of(operation: &Operation) -> Option<&'static Self> {
        let is_its = |part: &str| KINDS.iter().find(|kind| kind.list == part);
        let last = operation.path.rsplit('/').next().unwrap_or_default();
        is_its(last).or_else(|| is_its(&operation.collection()))
    }

    /// The section of the whole booklet that holds what its list does.
    pub(crate) fn section(&self) -> Option<&'static str> {
        self.full
            .ok()
            .filter(|section| *section == self.list.replace('-', "_") && *section != "plan")
    }

    /// The kind of this row.
    pub(crate) fn named(row: &str) -> Option<&'static Self> {
        KINDS.iter().find(|kind| kind.row == row)
    }
}

/// Those whose pages a body is enough for.
pub(crate) fn written() -> impl Iterator<Item = (&'static Kind, &'static Writing)> {
    KINDS
        .iter()
        .filter_map(|kind| Some((kind, kind.writing.as_ref()?)))
}

const fn writing(by: Author, body: fn(&World, i64) -> Value) -> Option<Writing> {
    Some(Writing { by, body })
}

pub(crate) const KINDS: [Kind; 14] = [
    Kind {
        row: "action_sheet",
        list: "action-sheets",
        full: Ok("action_sheets"),
        writing: writing(
            Author::Tutor,
            |world, days| json!({ "appointment_on": world.day(days) }),
        ),
    },
    Kind {
        row: "appointment",
        list: "appointments",
        full: Ok("appointments"),
        writing: writing(Author::Tutor, |world, days| {
            let starts_at = world.clock.now() + chrono::TimeDelta::days(days.abs());
            let ends_at = starts_at + chrono::TimeDelta::hours(1);
            json!({ "starts_at": starts_at, "ends_at": ends_at, "kind": "interview", "mode": "phone" })
        }),
    },
    Kind {
        row: "booklet_member",
        list: "members",
        full: Ok("members"),
        writing: None,
    },
    Kind {
        row: "break_glass",
        list: "break-glass",
        full: Err("who looked into the booklet is no part of it: it has a list of its own"),
        writing: None,
    },
    Kind {
        row: "completed_action",
        list: "completed-actions",
        full: Ok("completed_actions"),
        writing: writing(
            Author::Either,
            |world, days| json!({ "done_on": world.day(days.min(0)), "description": "Lu" }),
        ),
    },
    Kind {
        row: "contract",
        list: "contracts",
        full: Ok("contracts"),
        writing: writing(
            Author::Tutor,
            |world, _| json!({ "ends_on": world.day(100) }),
        ),
    },
    Kind {
        row: "follow_up",
        list: "follow-ups",
        full: Ok("follow_ups"),
        writing: writing(
            Author::Tutor,
            |world, days| json!({ "contacted_on": world.day(days.min(0)), "contact_mode": "sms", "comment": "Oui" }),
        ),
    },
    Kind {
        row: "note",
        list: "notes",
        full: Ok("notes"),
        writing: writing(
            Author::Either,
            |_, _| json!({ "body": "Note", "visibility": "shared" }),
        ),
    },
    Kind {
        row: "objective",
        list: "objectives",
        full: Ok("objectives"),
        writing: writing(
            Author::Candidate,
            |_, _| json!({ "kind": "working", "statement": "Lire" }),
        ),
    },
    Kind {
        row: "personal_contact",
        list: "personal-contacts",
        full: Ok("personal_contacts"),
        writing: writing(
            Author::Candidate,
            |_, _| json!({ "category": "cep", "name": "Mme Roux" }),
        ),
    },
    Kind {
        row: "plan",
        list: "plan",
        full: Ok("plan"),
        writing: None,
    },
    Kind {
        row: "plan_step",
        list: "plan-steps",
        // Within the plan.
        full: Ok("plan"),
        writing: writing(
            Author::Tutor,
            |_, _| json!({ "objective": "Lire", "label": "Lire", "activity": "workshop", "grouping": "either" }),
        ),
    },
    Kind {
        row: "sheet_item",
        list: "sheet-items",
        // Within their sheets.
        full: Ok("action_sheets"),
        writing: None,
    },
    Kind {
        row: "stage_progress",
        list: "stages",
        full: Ok("stages"),
        writing: None,
    },
];

#[test]
fn every_row_of_a_booklet_is_a_kind_of_page() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../entity/src");
    let mut rows = BTreeSet::new();
    for file in fs::read_dir(folder).unwrap() {
        let text = fs::read_to_string(file.unwrap().path()).unwrap();
        let declared = text.lines().find_map(|line| {
            let (name, kind) = line.strip_prefix("crate::row!(\"")?.split_once("\", ")?;
            kind.starts_with("page").then(|| name.to_owned())
        });
        rows.extend(declared);
    }
    let known: BTreeSet<String> = KINDS.iter().map(|kind| kind.row.to_owned()).collect();
    let (missing, gone) = (&rows - &known, &known - &rows);
    assert!(
        missing.is_empty() && gone.is_empty(),
        "each page needs an entry in {}: {missing:?}; no pages any more: {gone:?}",
        file!()
    );
}

#[test]
fn the_whole_booklet_shows_each_kind_or_an_entry_says_why_not() {
    let schemas = &tests::api_document()["components"]["schemas"];
    let sections = schemas["FullBooklet"]["properties"].as_object().unwrap();
    for kind in KINDS {
        match kind.full {
            Ok(section) => assert!(
                sections.contains_key(section),
                "{}: no such section in api/src/booklet/full/dto.rs",
                kind.row
            ),
            Err(why) => assert!(why.len() > 20, "{}", kind.row),
        }
    }
    let shown: BTreeSet<&str> = KINDS.iter().filter_map(|kind| kind.full.ok()).collect();
    for section in sections.keys() {
        let is_about_it = matches!(section.as_str(), "booklet" | "candidate");
        assert!(is_about_it || shown.contains(section.as_str()), "{section}");
    }
}
