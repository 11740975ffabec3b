//! What a list is put in order of. Rows that have no value there come after all others.

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::sea_query::{Expr, Func};
use sea_orm::{ColumnTrait, ColumnType, Value};

/// The day and the instant after all others.
const LAST_DAY: &str = "9999-12-31";
const LAST_INSTANT: &str = "9999-12-31T00:00:00+00:00";

/// The expression to sort by and to compare with a cursor. Indexes of columns that may be null are of this
/// expression, so its constant is written out, not bound.
pub fn ordered(column: impl ColumnTrait) -> Expr {
    let value = Expr::col(column.as_column_ref());
    match last(column) {
        Some((text, _)) => Func::coalesce([value, Expr::Constant(text.into())]).into(),
        None => value,
    }
}

/// What a cursor holds for a row with this value.
pub(super) fn placed(column: impl ColumnTrait, value: Value) -> Value {
    let is_null = matches!(
        value,
        Value::ChronoDate(None) | Value::ChronoDateTimeUtc(None)
    );
    match last(column) {
        Some((_, last)) if is_null => last,
        _ => value,
    }
}

/// What stands for nothing in this column, as it is written and as it is compared.
fn last(column: impl ColumnTrait) -> Option<(&'static str, Value)> {
    let definition = column.def();
    if !definition.is_null() {
        return None;
    }
    let day: Option<NaiveDate> = LAST_DAY.parse().ok();
    match definition.get_column_type() {
        ColumnType::Date => Some((LAST_DAY, day.into())),
        ColumnType::TimestampWithTimeZone => {
            let instant: Option<DateTime<Utc>> = LAST_INSTANT.parse().ok();
            Some((LAST_INSTANT, instant.into()))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use entity::booklet::Column;

    use super::*;

    #[test]
    fn what_has_no_day_comes_after_what_has_one() {
        let last = placed(Column::InForceUntil, Value::ChronoDate(None));
        assert_eq!(last, NaiveDate::from_ymd_opt(9999, 12, 31).into());
        let never = placed(Column::NextAppointmentAt, Value::ChronoDateTimeUtc(None));
        assert!(matches!(never, Value::ChronoDateTimeUtc(Some(_))));
        let day = Value::from(NaiveDate::from_ymd_opt(2026, 11, 30));
        assert_eq!(placed(Column::InForceUntil, day.clone()), day);
        assert_eq!(placed(Column::OpenedOn, day.clone()), day);
    }
}
