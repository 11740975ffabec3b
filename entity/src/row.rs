//! What every versioned row has in common.

use chrono::{DateTime, Utc};
use sea_orm::ModelTrait;
use uuid::Uuid;

/// A versioned row: what concurrency control and the event trail need to know of it.
pub trait Row: ModelTrait {
    /// The resource's name in the API, in events and in problems.
    const NAME: &'static str;
    fn id(&self) -> Uuid;
    /// Starts at 1 and rises with each change: the `ETag`.
    fn version(&self) -> i32;
    fn created_at(&self) -> DateTime<Utc>;
    fn updated_at(&self) -> DateTime<Utc>;
    /// The tenant; none for platform rows and for reference data shared by all.
    fn organization_id(&self) -> Option<Uuid>;
    /// The booklet whose page this row is.
    fn booklet_id(&self) -> Option<Uuid>;
    /// The stored state, for rows that have one.
    fn state(&self) -> Option<String>;
}

/// `row!("name", kind)` or `row!("name", kind, state)`, where kind says whose the row is:
/// `global` (the platform's), `shared` (an organization's or everybody's), `tenant` (an
/// organization's), `page` (a booklet's).
#[macro_export]
macro_rules! row {
    ($name:literal, $kind:ident $(, $state:ident)?) => {
        impl $crate::Row for Model {
            const NAME: &'static str = $name;
            fn id(&self) -> sea_orm::prelude::Uuid {
                self.id
            }
            fn version(&self) -> i32 {
                self.version
            }
            fn created_at(&self) -> sea_orm::prelude::DateTimeUtc {
                self.created_at
            }
            fn updated_at(&self) -> sea_orm::prelude::DateTimeUtc {
                self.updated_at
            }
            fn organization_id(&self) -> Option<sea_orm::prelude::Uuid> {
                $crate::row!(@organization $kind self)
            }
            fn booklet_id(&self) -> Option<sea_orm::prelude::Uuid> {
                $crate::row!(@booklet $kind self)
            }
            fn state(&self) -> Option<String> {
                $crate::row!(@state self $($state)?)
            }
        }
    };
    (@organization global $row:ident) => { None };
    (@organization shared $row:ident) => { $row.organization_id };
    (@organization $kind:ident $row:ident) => { Some($row.organization_id) };
    (@booklet page $row:ident) => { Some($row.booklet_id) };
    (@booklet $kind:ident $row:ident) => { None };
    (@state $row:ident) => { None };
    (@state $row:ident $state:ident) => { Some(sea_orm::ActiveEnum::to_value(&$row.$state)) };
}
