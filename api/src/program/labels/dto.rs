//! What travels about labels.

use entity::values::Locale;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::Group;
use crate::foundation::problem::catalogue::pick;

/// Which labels.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct LabelFilter {
    /// Only the words of this name.
    #[param(max_length = 64, pattern = "^[A-Za-z]+$", example = "BookletState")]
    pub(super) name: Option<String>,
}

/// Words of the API that belong together, with what they are called.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LabelGroup {
    /// The schema of the API document that lists them, such as `BookletState`; or `Resource` (kinds of
    /// objects), `ChangeType` (types of changes), `ProblemCode`, `FaultCode`.
    #[schema(max_length = 64, example = "BookletState")]
    name: &'static str,
    /// The words, in the order of their list.
    #[schema(max_items = 500)]
    values: Vec<Label>,
}

/// A word of the API and what it is called.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Label {
    /// As the API writes it.
    #[schema(max_length = 100, example = "active")]
    value: String,
    /// In the reader's language; of a fault `{max}` stands for the parameter `max`.
    #[schema(max_length = 500, example = "Actif")]
    label: String,
}

impl LabelGroup {
    pub(super) fn of(group: Group, locale: Locale) -> Self {
        let words = group.words.into_iter();
        Self {
            name: group.name,
            values: words
                .map(|(value, labels)| Label {
                    value,
                    label: pick(labels, locale),
                })
                .collect(),
        }
    }
}
