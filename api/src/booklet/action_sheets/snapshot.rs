//! What a sheet shows of its items, as values of their rows: made anew until it locks, kept with it
//! then. Texts for people are no part of it, and fields may come to it later as optional ones.

use chrono::{DateTime, NaiveDate, Utc};
use entity::action_sheet::Model as Sheet;
use entity::sheet_answer::Model as AnswerRow;
use entity::sheet_item::Model as Item;
use entity::values::{Answer, ItemKind, ItemState, Party};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use super::rules::Shown;
use crate::kit::{Code, Problem, Result};

/// The three lists of a sheet.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Snapshot {
    pub(super) to_do: Vec<KeptItem>,
    pub(super) done: Vec<KeptItem>,
    pub(super) carried_over: Vec<KeptCarried>,
}

/// An item as it was; organization and booklet are the sheet's.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct KeptItem {
    id: Uuid,
    kind: ItemKind,
    label: String,
    owner: Party,
    #[serde(default)]
    due_on: Option<NaiveDate>,
    state: ItemState,
    #[serde(default)]
    raised_in: Option<Uuid>,
    #[serde(default)]
    raised_number: Option<i32>,
    #[serde(default)]
    settled_in: Option<Uuid>,
    #[serde(default)]
    settled_on: Option<NaiveDate>,
    #[serde(default)]
    dropped_reason: Option<String>,
    #[serde(default)]
    variance_reason: Option<String>,
    #[serde(default)]
    useful_address_id: Option<Uuid>,
    version: i32,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

/// An item that came to the sheet, and what the sheet said about it.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct KeptCarried {
    #[serde(flatten)]
    pub(super) item: KeptItem,
    #[serde(default)]
    pub(super) answer: Option<Answer>,
    #[serde(default)]
    pub(super) answer_reason: Option<String>,
}

impl Snapshot {
    /// What the sheet shows now.
    pub(super) fn of(shown: &Shown<'_>) -> Self {
        let carried = |(item, answer): &(&Item, Option<&AnswerRow>)| KeptCarried {
            item: KeptItem::from(*item),
            answer: answer.map(|row| row.answer),
            answer_reason: answer.and_then(|row| row.reason.clone()),
        };
        Self {
            to_do: shown.to_do.iter().copied().map(KeptItem::from).collect(),
            done: shown.done.iter().copied().map(KeptItem::from).collect(),
            carried_over: shown.carried_over.iter().map(carried).collect(),
        }
    }

    /// As it is stored.
    pub(super) fn kept(&self) -> Result<Value> {
        serde_json::to_value(self).or(Err(Problem::new(Code::InternalError)))
    }

    /// What a locked sheet keeps.
    pub(super) fn read(sheet: &Sheet, kept: &Value) -> Result<Self> {
        Self::deserialize(kept).map_err(|error| {
            tracing::error!(sheet = %sheet.id, %error, "the items of a locked sheet cannot be read");
            Problem::new(Code::InternalError)
        })
    }
}

impl KeptItem {
    /// The row again, as it was.
    pub(super) fn row(&self, sheet: &Sheet) -> Item {
        Item {
            id: self.id,
            organization_id: sheet.organization_id,
            booklet_id: sheet.booklet_id,
            kind: self.kind,
            label: self.label.clone(),
            owner: self.owner,
            due_on: self.due_on,
            state: self.state,
            raised_in: self.raised_in,
            raised_number: self.raised_number,
            settled_in: self.settled_in,
            settled_on: self.settled_on,
            dropped_reason: self.dropped_reason.clone(),
            variance_reason: self.variance_reason.clone(),
            useful_address_id: self.useful_address_id,
            version: self.version,
            created_at: self.created_at,
            updated_at: self.updated_at,
        }
    }
}

impl From<&Item> for KeptItem {
    fn from(row: &Item) -> Self {
        let row = row.clone();
        Self {
            id: row.id,
            kind: row.kind,
            label: row.label,
            owner: row.owner,
            due_on: row.due_on,
            state: row.state,
            raised_in: row.raised_in,
            raised_number: row.raised_number,
            settled_in: row.settled_in,
            settled_on: row.settled_on,
            dropped_reason: row.dropped_reason,
            variance_reason: row.variance_reason,
            useful_address_id: row.useful_address_id,
            version: row.version,
            created_at: row.created_at,
            updated_at: row.updated_at,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::rules::samples::{item, sheet};
    use super::super::rules::shown;
    use super::*;

    #[test]
    fn what_is_kept_reads_as_the_rows_it_was_made_of() {
        let (first, second) = (sheet(1), sheet(2));
        let items = [item(&first), item(&second)];
        let kept = Snapshot::of(&shown(&second, &items, &[])).kept().unwrap();
        let read = Snapshot::read(&second, &kept).unwrap();
        assert_eq!(read.carried_over[0].item.row(&second), items[0]);
        assert_eq!(read.to_do[0].row(&second), items[1]);
        assert!(read.done.is_empty());
    }

    #[test]
    fn a_snapshot_may_lack_optional_fields_and_hold_forgotten_ones() {
        let sheet = sheet(1);
        let items = [item(&sheet)];
        let mut kept = Snapshot::of(&shown(&sheet, &items, &[])).kept().unwrap();
        let old = kept["to_do"][0].as_object_mut().unwrap();
        old.remove("useful_address_id");
        old.insert("colour".to_owned(), "red".into());
        let read = Snapshot::read(&sheet, &kept).unwrap();
        assert_eq!(read.to_do[0].row(&sheet), items[0]);
        assert!(Snapshot::read(&sheet, &"nothing".into()).is_err());
    }
}
