//! A filter that takes several values.

use serde::Deserialize;
use serde::de::value::StrDeserializer;
use serde::de::{DeserializeOwned, Deserializer, Error};

/// Values with commas between them (`style: form`, `explode: false`): a row with any of them is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Several<T>(pub Vec<T>);

impl<'de, T: DeserializeOwned> Deserialize<'de> for Several<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let one = |text| T::deserialize(StrDeserializer::<D::Error>::new(text));
        let values: Result<Vec<T>, D::Error> = text.split(',').map(one).collect();
        values.map(Self).map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use actix_web::web::Query;
    use entity::values::BookletState;

    use super::*;

    #[derive(Deserialize)]
    struct Asked {
        state: Option<Several<BookletState>>,
    }

    fn read(query: &str) -> Option<Vec<BookletState>> {
        let asked = Query::<Asked>::from_query(query).unwrap();
        asked.into_inner().state.map(|several| several.0)
    }

    #[test]
    fn one_value_or_several_with_commas_between() {
        use BookletState::{Active, Open};
        assert_eq!(read(""), None);
        assert_eq!(read("state=open"), Some(vec![Open]));
        assert_eq!(read("state=open,active"), Some(vec![Open, Active]));
        assert!(Query::<Asked>::from_query("state=open,lost").is_err());
    }
}
