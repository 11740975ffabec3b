//! The API document for one kind of reader: the operations that they may call, and what those lead to.

use std::collections::BTreeSet;

use entity::values::Role;
use serde_json::{Map, Value, json};

use super::operations;

/// Whom a document is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Audience {
    Candidate,
    Tutor,
    Coordinator,
    /// Programs with a service account.
    Crm,
    /// Assistants that read with somebody's own token, and change nothing.
    Agent,
}

impl Audience {
    pub(super) const ALL: [Self; 5] = [
        Self::Candidate,
        Self::Tutor,
        Self::Coordinator,
        Self::Crm,
        Self::Agent,
    ];

    /// As addresses name it.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Candidate => "candidate",
            Self::Tutor => "tutor",
            Self::Coordinator => "coordinator",
            Self::Crm => "crm",
            Self::Agent => "agent",
        }
    }

    /// The roles of those who read it.
    fn roles(self) -> &'static [Role] {
        match self {
            Self::Candidate => &[Role::Candidate],
            Self::Tutor => &[Role::Tutor],
            Self::Coordinator => &[Role::Coordinator],
            Self::Crm => &[Role::Integration],
            Self::Agent => &[Role::Candidate, Role::Tutor, Role::Coordinator],
        }
    }

    fn may_call(self, method: &str, operation: &Value) -> bool {
        let roles = operation.get("x-roles").and_then(Value::as_array);
        let Some(roles) = roles else {
            // Public: signing in, words and problems.
            return self != Self::Agent;
        };
        let is_theirs = self.roles().iter().any(|role| roles.contains(&json!(role)));
        is_theirs && (self != Self::Agent || method == "get" && answers_json(operation))
    }

    /// Leaves what this audience may call.
    pub(super) fn of(self, mut document: Value) -> Value {
        if let Some(paths) = document.get_mut("paths").and_then(Value::as_object_mut) {
            for item in paths.values_mut().filter_map(Value::as_object_mut) {
                item.retain(|method, operation| self.may_call(method, operation));
            }
            paths.retain(|_, item| item.as_object().is_some_and(|item| !item.is_empty()));
        }
        if !matches!(self, Self::Coordinator | Self::Crm)
            && let Some(document) = document.as_object_mut()
        {
            document.remove("webhooks");
        }
        if self != Self::Crm {
            forget_programs(&mut document);
        }
        forget_chapters(&mut document);
        document
    }
}

fn answers_json(operation: &Value) -> bool {
    let json = "/responses/200/content/application~1json";
    operation.pointer(json).is_some()
}

/// People have no client credentials.
fn forget_programs(document: &mut Value) {
    for operation in operations(document) {
        if let Some(ways) = operation.get_mut("security").and_then(Value::as_array_mut) {
            ways.retain(|way| way.get("oauth2").is_none());
        }
    }
    let schemes = document.pointer_mut("/components/securitySchemes");
    if let Some(schemes) = schemes.and_then(Value::as_object_mut) {
        schemes.remove("oauth2");
    }
}

/// Chapters without operations.
fn forget_chapters(document: &mut Value) {
    let named = |item: &Value| {
        let operations = item.as_object().into_iter().flat_map(Map::values);
        let tags = operations.filter_map(|operation| operation.pointer("/tags/0")?.as_str());
        tags.map(ToOwned::to_owned).collect::<Vec<_>>()
    };
    let sections = ["paths", "webhooks"].map(|name| document.get(name).and_then(Value::as_object));
    let items = sections.into_iter().flatten().flat_map(Map::values);
    let used: BTreeSet<String> = items.flat_map(named).collect();
    if let Some(tags) = document.get_mut("tags").and_then(Value::as_array_mut) {
        let name = |tag: &Value| {
            tag.get("name")
                .and_then(Value::as_str)
                .map(ToOwned::to_owned)
        };
        tags.retain(|tag| name(tag).is_some_and(|name| used.contains(&name)));
    }
}

#[cfg(test)]
mod tests {
    use super::super::{document, published};
    use super::*;

    #[test]
    fn each_audience_sees_what_it_may_call_and_the_schemas_of_that() {
        let whole = published(document());
        let count = |document: &Value| {
            let paths = document.get("paths").and_then(Value::as_object);
            let items = paths.into_iter().flat_map(Map::values);
            items
                .filter_map(Value::as_object)
                .map(Map::len)
                .sum::<usize>()
        };
        let schemas = |document: &Value| {
            let schemas = document.pointer("/components/schemas");
            schemas.and_then(Value::as_object).map_or(0, Map::len)
        };
        for audience in Audience::ALL {
            let mut theirs = published(audience.of(whole.clone()));
            assert!(count(&theirs) > 30, "{audience:?}: {}", count(&theirs));
            assert!(count(&theirs) < count(&whole) && schemas(&theirs) < schemas(&whole));
            for operation in operations(&mut theirs) {
                let roles = operation.get("x-roles").and_then(Value::as_array);
                let may = |roles: &Vec<Value>| {
                    audience
                        .roles()
                        .iter()
                        .any(|role| roles.contains(&json!(role)))
                };
                assert!(roles.is_none_or(may), "{audience:?}: {operation:?}");
            }
        }
        let agent = Audience::Agent.of(whole);
        let items = agent.get("paths").and_then(Value::as_object);
        for item in items
            .into_iter()
            .flat_map(Map::values)
            .filter_map(Value::as_object)
        {
            assert!(item.keys().eq(["get"]), "an assistant only reads");
        }
    }
}
