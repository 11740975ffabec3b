//! Where a page of things to do ended. They come in the order of the days on which they are due, those
//! without a day last; within a day by branch, and within a branch by instant and id.

use std::cmp::Ordering;

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::Value;
use uuid::Uuid;

use crate::kit::list::cursor::Cursor;
use crate::kit::{Call, Code, Problem, Result};

/// A place in the order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) due_on: Option<NaiveDate>,
    pub(super) branch: i32,
    /// Where the branch is in the order of instants.
    pub(super) at: Option<DateTime<Utc>>,
    pub(super) id: Uuid,
}

impl Ord for Place {
    fn cmp(&self, other: &Self) -> Ordering {
        let key = |place: &Self| {
            (
                place.due_on.is_none(),
                place.due_on,
                place.branch,
                place.at,
                place.id,
            )
        };
        key(self).cmp(&key(other))
    }
}

impl PartialOrd for Place {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Place {
    /// The cursor that goes on after it.
    pub(super) fn seal(self, call: &Call, list: &str) -> Result<String> {
        let internal = || Problem::new(Code::InternalError);
        // The first day and the first instant there are stand for none.
        let due_on = self.due_on.unwrap_or(NaiveDate::MIN);
        let at = self.at.unwrap_or(DateTime::UNIX_EPOCH);
        let first = Cursor {
            value: due_on.into(),
            key: at.into(),
        };
        let place = Cursor {
            value: first.write().ok_or_else(internal)?.into(),
            key: Value::Uuid(Some(self.id)),
        };
        let branch = Cursor {
            value: self.branch.into(),
            key: place.write().ok_or_else(internal)?.into(),
        };
        branch.seal(call, list)
    }

    /// The place that a cursor of this list goes on after.
    pub(super) fn open(text: &str, call: &Call, list: &str) -> Result<Self> {
        let refused = || Problem::new(Code::InvalidCursor);
        read(Cursor::open(text, call, list)?).ok_or_else(refused)
    }
}

fn read(branch: Cursor) -> Option<Place> {
    let (Value::Int(Some(number)), Value::Bytes(Some(place))) = (branch.value, branch.key) else {
        return None;
    };
    let place = Cursor::read(&mut place.as_slice())?;
    let (Value::Bytes(Some(first)), Value::Uuid(Some(id))) = (place.value, place.key) else {
        return None;
    };
    let first = Cursor::read(&mut first.as_slice())?;
    let (Value::ChronoDate(Some(due_on)), Value::ChronoDateTimeUtc(Some(at))) =
        (first.value, first.key)
    else {
        return None;
    };
    Some(Place {
        due_on: Some(due_on).filter(|day| *day != NaiveDate::MIN),
        branch: number,
        at: Some(at).filter(|at| *at != DateTime::UNIX_EPOCH),
        id,
    })
}
