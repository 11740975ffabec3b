//! What every versioned row has in common.

use chrono::{DateTime, Utc};
use sea_orm::{ActiveModelTrait, ModelTrait};
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

/// Whose a new row is.
#[derive(Clone, Copy, Debug, Default)]
pub struct Owner {
    pub organization_id: Option<Uuid>,
    pub booklet_id: Option<Uuid>,
    pub service_account_id: Option<Uuid>,
}

impl From<&crate::booklet::Model> for Owner {
    fn from(booklet: &crate::booklet::Model) -> Self {
        Self {
            organization_id: Some(booklet.organization_id),
            booklet_id: Some(booklet.id),
            service_account_id: None,
        }
    }
}

impl From<Option<Uuid>> for Owner {
    /// An organization's, or everybody's.
    fn from(organization_id: Option<Uuid>) -> Self {
        Self {
            organization_id,
            ..Self::default()
        }
    }
}

impl From<&crate::service_account::Model> for Owner {
    fn from(account: &crate::service_account::Model) -> Self {
        Self {
            organization_id: Some(account.organization_id),
            booklet_id: None,
            service_account_id: Some(account.id),
        }
    }
}

/// A row about to be written for the first time.
pub trait NewRow: ActiveModelTrait {
    /// Sets what every row has: id, owner, version 1, instants.
    fn stamp(&mut self, id: Uuid, owner: Owner, now: DateTime<Utc>);
}

/// `row!("name", kind)` or `row!("name", kind, state)`, where kind says whose the row is:
/// `global` (the platform's), `organization` (itself), `shared` (an organization's or everybody's),
/// `tenant` (an organization's), `page` (a booklet's), `itself` (the booklet).
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

        impl $crate::row::NewRow for ActiveModel {
            fn stamp(
                &mut self,
                id: sea_orm::prelude::Uuid,
                owner: $crate::row::Owner,
                now: sea_orm::prelude::DateTimeUtc,
            ) {
                self.id = sea_orm::Set(id);
                $crate::row!(@own $kind self owner);
                self.version = sea_orm::Set(1);
                self.created_at = sea_orm::Set(now);
                self.updated_at = sea_orm::Set(now);
            }
        }
    };
    (@own global $row:ident $owner:ident) => { let _ = $owner; };
    (@own organization $row:ident $owner:ident) => { let _ = $owner; };
    (@own shared $row:ident $owner:ident) => {
        $row.organization_id = sea_orm::Set($owner.organization_id);
    };
    (@own tenant $row:ident $owner:ident) => {
        if let Some(id) = $owner.organization_id {
            $row.organization_id = sea_orm::Set(id);
        }
    };
    (@own itself $row:ident $owner:ident) => {
        $crate::row!(@own tenant $row $owner);
    };
    (@own page $row:ident $owner:ident) => {
        $crate::row!(@own tenant $row $owner);
        if let Some(id) = $owner.booklet_id {
            $row.booklet_id = sea_orm::Set(id);
        }
    };
    (@organization global $row:ident) => { None };
    (@organization organization $row:ident) => { Some($row.id) };
    (@organization shared $row:ident) => { $row.organization_id };
    (@organization $kind:ident $row:ident) => { Some($row.organization_id) };
    (@booklet itself $row:ident) => {
        Some($row.id)
    };
    (@booklet page $row:ident) => { Some($row.booklet_id) };
    (@booklet $kind:ident $row:ident) => { None };
    (@state $row:ident) => { None };
    (@state $row:ident $state:ident) => { Some(sea_orm::ActiveEnum::to_value(&$row.$state)) };
}
