//! Cursors: which row a page ended with, unreadable and bound to the list. Elsewhere keyset pagination.

use aws_lc_rs::constant_time::verify_slices_are_equal;
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use chrono::{DateTime, Datelike, NaiveDate, Utc};
use sea_orm::Value;
use uuid::Uuid;

use crate::kit::{Call, Code, Problem, Result};

/// Bytes of a cursor's MAC.
const MAC_LENGTH: usize = 16;

/// Where a page ended: the value that the list is in order of, and the key that tells equal ones
/// apart.
#[derive(Clone, Debug, PartialEq)]
pub struct Cursor {
    /// What the list is in order of.
    pub value: Value,
    /// The row's key.
    pub key: Value,
}

impl Cursor {
    /// The cursor that goes on after this place of this list.
    pub(crate) fn seal(&self, call: &Call, list: &str) -> Result<String> {
        let internal = || Problem::new(Code::InternalError);
        let mut bytes = self.write().ok_or_else(internal)?;
        let seal = mac(call, list, &bytes);
        call.state.keys.veil(&seal, &mut bytes);
        bytes.extend(seal);
        Ok(BASE64_URL_SAFE_NO_PAD.encode(bytes))
    }

    /// The place that a cursor of this list goes on after.
    ///
    /// # Errors
    /// 400 when it is not one of this list.
    pub(crate) fn open(cursor: &str, call: &Call, list: &str) -> Result<Self> {
        let refused = || Problem::new(Code::InvalidCursor);
        let mut bytes = BASE64_URL_SAFE_NO_PAD.decode(cursor).or(Err(refused()))?;
        let length = bytes.len().saturating_sub(MAC_LENGTH);
        let (place, seal) = bytes.split_at_mut_checked(length).ok_or_else(refused)?;
        call.state.keys.veil(seal, place);
        let genuine = mac(call, list, place);
        verify_slices_are_equal(&genuine, seal).or(Err(refused()))?;
        Self::read(&mut &*place).ok_or_else(refused)
    }

    /// The place as bytes, if lists are put in order of such values.
    #[must_use]
    pub fn write(&self) -> Option<Vec<u8>> {
        let mut bytes = Vec::new();
        write(&self.value, &mut bytes)?;
        write(&self.key, &mut bytes)?;
        Some(bytes)
    }

    /// What [`write`](Self::write) wrote.
    pub fn read(from: &mut &[u8]) -> Option<Self> {
        Some(Self {
            value: read(from)?,
            key: read(from)?,
        })
    }
}

fn mac(call: &Call, list: &str, place: &[u8]) -> Vec<u8> {
    let mac = call.state.keys.mac(&[b"cursor", list.as_bytes(), place]);
    mac.as_ref().iter().copied().take(MAC_LENGTH).collect()
}

/// A letter for the type, then the value. Only what lists are put in order of has one.
fn write(value: &Value, to: &mut Vec<u8>) -> Option<()> {
    let number = match value {
        Value::Int(Some(number)) => (b'i', i64::from(*number)),
        Value::BigInt(Some(number)) => (b'l', *number),
        Value::ChronoDate(Some(day)) => (b'd', i64::from(day.num_days_from_ce())),
        Value::ChronoDateTimeUtc(Some(instant)) => (b't', instant.timestamp_micros()),
        Value::Uuid(Some(id)) => {
            to.push(b'u');
            to.extend(id.as_bytes());
            return Some(());
        }
        Value::Bytes(Some(bytes)) => {
            to.push(b'b');
            to.push(u8::try_from(bytes.len()).ok()?);
            to.extend(bytes);
            return Some(());
        }
        _ => return None,
    };
    to.push(number.0);
    to.extend(number.1.to_be_bytes());
    Some(())
}

fn read(from: &mut &[u8]) -> Option<Value> {
    let kind = take(from, 1)?.first().copied()?;
    match kind {
        b'u' => return Some(Uuid::from_slice(take(from, 16)?).ok()?.into()),
        b'b' => {
            let length = take(from, 1)?.first().copied()?;
            return Some(take(from, usize::from(length))?.to_vec().into());
        }
        _ => {}
    }
    let number = i64::from_be_bytes(take(from, 8)?.try_into().ok()?);
    Some(match kind {
        b'i' => i32::try_from(number).ok()?.into(),
        b'l' => number.into(),
        b'd' => NaiveDate::from_num_days_from_ce_opt(i32::try_from(number).ok()?)?.into(),
        b't' => DateTime::<Utc>::from_timestamp_micros(number)?.into(),
        _ => return None,
    })
}

fn take<'a>(from: &mut &'a [u8], length: usize) -> Option<&'a [u8]> {
    let (taken, rest) = from.split_at_checked(length)?;
    *from = rest;
    Some(taken)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_holds_what_lists_are_put_in_order_of() {
        let instant = DateTime::from_timestamp_micros(1_795_000_000_123_456).unwrap();
        let values: [Value; 6] = [
            7.into(),
            (-7_i64).into(),
            instant.date_naive().into(),
            instant.into(),
            Uuid::from_u128(9).into(),
            b"benali samira".to_vec().into(),
        ];
        for value in values {
            let mut bytes = Vec::new();
            write(&value, &mut bytes).unwrap();
            let mut left = bytes.as_slice();
            assert_eq!(read(&mut left), Some(value));
            assert!(left.is_empty());
        }
    }
}
