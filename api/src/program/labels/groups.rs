//! All labels, from where the texts stand: here, with the problems, and with the kinds of things to do.

use entity::values::Locale;
use strum::IntoEnumIterator;

use super::{booklet, events, service};
use crate::booklet::to_do::kinds::ToDoKind;
use crate::foundation::event_types::KINDS;
use crate::kit::{Code, FaultCode};

/// Words that belong together.
pub(crate) struct Group {
    /// The schema of the API document that lists them, or what they are: `Resource`, `ChangeType`,
    /// `ProblemCode`, `FaultCode`.
    pub(crate) name: &'static str,
    /// Each with its labels, French then English.
    pub(crate) words: Vec<(String, [String; 2])>,
}

/// All of them, by name.
pub(crate) fn groups() -> Vec<Group> {
    let listed = booklet::GROUPS.iter().chain(service::GROUPS);
    let mut groups: Vec<Group> = listed
        .map(|(name, words)| Group {
            name,
            words: words.iter().map(owned).collect(),
        })
        .collect();
    let both = |text: &dyn Fn(Locale) -> &'static str| {
        [Locale::Fr, Locale::En].map(|locale| text(locale).to_owned())
    };
    let kinds = ToDoKind::iter();
    let codes = Code::iter();
    let faults = FaultCode::iter();
    groups.push(Group {
        name: "ToDoKind",
        words: kinds
            .map(|kind| (kind.to_string(), both(&|locale| kind.label(locale))))
            .collect(),
    });
    groups.push(Group {
        name: "ProblemCode",
        words: codes
            .map(|code| (code.to_string(), both(&|locale| code.entry().title(locale))))
            .collect(),
    });
    groups.push(Group {
        name: "FaultCode",
        words: faults
            .map(|code| (code.to_string(), both(&|locale| code.text(locale))))
            .collect(),
    });
    groups.push(Group {
        name: "Resource",
        words: events::RESOURCES.iter().map(owned).collect(),
    });
    groups.push(Group {
        name: "ChangeType",
        words: change_types().collect(),
    });
    groups.sort_by_key(|group| group.name);
    groups
}

fn owned((word, labels): &(&'static str, [&'static str; 2])) -> (String, [String; 2]) {
    ((*word).to_owned(), labels.map(ToOwned::to_owned))
}

/// What happened, to what: those that the feed tells of.
fn change_types() -> impl Iterator<Item = (String, [String; 2])> {
    KINDS.iter().filter_map(|kind| {
        let of = |words: super::Words, word| {
            let mut words = words.iter();
            words.find_map(|(known, labels)| (*known == word).then_some(*labels))
        };
        let [fr, en] = of(events::RESOURCES, kind.resource)?;
        let [happened_fr, happened_en] = of(events::VERBS, kind.verb)?;
        let labels = [
            format!("{fr} : {happened_fr}"),
            format!("{en}: {happened_en}"),
        ];
        Some((kind.to_string(), labels))
    })
}
