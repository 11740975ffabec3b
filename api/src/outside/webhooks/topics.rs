//! Which changes an endpoint is told of.

use std::collections::BTreeSet;

use entity::values::Texts;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::foundation::event_types::{KINDS, Kind};
use crate::kit::{Fault, FaultCode, Problem, Result};

/// A type of change (`booklet.closed`), all of a resource (`booklet.*`), or all of them (`*`).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[schema(
    min_length = 1,
    max_length = 80,
    pattern = r"^(\*|[a-z_]{1,40}\.(\*|[a-z_]{1,38}))$",
    example = "booklet.*"
)]
pub(crate) struct Topic(String);

impl Topic {
    /// What a row holds.
    pub(super) fn read(texts: &Texts) -> Vec<Self> {
        texts.0.iter().cloned().map(Self).collect()
    }

    /// Whether it means this type of change.
    fn means(&self, kind: &str) -> bool {
        match self.0.strip_suffix('*') {
            Some("") => true,
            Some(family) => kind.starts_with(family),
            None => self.0 == kind,
        }
    }

    /// What may stand in its place: the types of its resource, or all resources when it has none.
    fn alternatives(&self) -> BTreeSet<String> {
        let of = |family: &Self| -> Vec<&Kind> {
            let told = KINDS.iter().filter(|kind| kind.is_of_an_organization());
            told.filter(|kind| wants(std::slice::from_ref(family), &kind.to_string()))
                .collect()
        };
        let resource = self.0.split('.').next().unwrap_or_default();
        let types = of(&Self(format!("{resource}.*")));
        if types.is_empty() {
            let all = of(&Self("*".to_owned()));
            all.iter()
                .map(|kind| format!("{}.*", kind.resource))
                .collect()
        } else {
            types.iter().map(ToString::to_string).collect()
        }
    }
}

/// Topics as they are stored.
pub(super) fn texts<'a>(topics: impl IntoIterator<Item = &'a Topic>) -> Texts {
    Texts(topics.into_iter().map(|topic| topic.0.clone()).collect())
}

/// Whether an endpoint with these topics is told of this type of change. What happens to webhooks
/// themselves stands in the feed alone: an endpoint that is told of its own deliveries has no end.
pub(super) fn wants(topics: &[Topic], kind: &str) -> bool {
    let is_our_own = ["webhook.", "webhook_delivery."]
        .iter()
        .any(|own| kind.starts_with(own));
    !is_our_own && topics.iter().any(|topic| topic.means(kind))
}

/// Refuses topics that nothing ever happens under.
///
/// # Errors
/// 422 at each of them.
pub(super) fn known<'a>(topics: impl IntoIterator<Item = &'a Topic>) -> Result<()> {
    let faults: Vec<Fault> = topics
        .into_iter()
        .enumerate()
        .filter(|(_, topic)| {
            !KINDS
                .iter()
                .filter(|kind| kind.is_of_an_organization())
                .any(|kind| wants(std::slice::from_ref(topic), &kind.to_string()))
        })
        .map(|(place, topic)| {
            let allowed = topic.alternatives().into_iter().collect::<Vec<_>>();
            Fault::new(format!("/topics/{place}"), FaultCode::Enum)
                .with("allowed", allowed.join(", "))
        })
        .collect();
    if faults.is_empty() {
        Ok(())
    } else {
        Err(Problem::invalid(faults))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn topics(names: &[&str]) -> Vec<Topic> {
        names.iter().map(|name| Topic((*name).to_owned())).collect()
    }

    #[test]
    fn a_topic_is_a_type_a_resource_or_everything() {
        assert!(wants(&topics(&["booklet.closed"]), "booklet.closed"));
        assert!(!wants(&topics(&["booklet.closed"]), "booklet.updated"));
        assert!(wants(&topics(&["booklet.*"]), "booklet.updated"));
        assert!(!wants(&topics(&["booklet.*"]), "booklet_member.created"));
        assert!(wants(&topics(&["*"]), "follow_up.created"));
        assert!(wants(
            &topics(&["note.created", "contract.*"]),
            "contract.signed"
        ));
        assert!(!wants(&topics(&[]), "booklet.closed"));
    }

    #[test]
    fn webhooks_are_not_told_of_themselves() {
        for kind in ["webhook.disabled", "webhook_delivery.created"] {
            assert!(!wants(&topics(&["*", "webhook.*"]), kind), "{kind}");
        }
    }

    #[test]
    fn a_topic_that_nothing_happens_under_is_refused() {
        assert!(known(&topics(&["*", "booklet.*", "booklet.created"])).is_ok());
        for name in ["boklet.*", "booklet.exploded", "webhook.*"] {
            assert!(known(&topics(&[name])).is_err(), "{name}");
        }
    }

    #[test]
    fn who_names_an_unknown_topic_is_told_the_known_ones() {
        let alternatives = |name: &str| Topic(name.to_owned()).alternatives();
        let resources = alternatives("booklets.*");
        assert!(resources.contains("booklet.*") && resources.contains("user.*"));
        assert!(!resources.contains("webhook.*"));
        let types = alternatives("booklet.exploded");
        assert!(types.contains("booklet.closed") && !types.contains("user.created"));
    }
}
