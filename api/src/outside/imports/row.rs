//! A row of a file, as it waits to be looked at.

use entity::import_row;
use serde_json::{Map, Value};
use uuid::Uuid;

use super::target::ID;
use crate::kit::external_references::ExternalReference;
use crate::kit::{Fault, FaultCode};

/// A row of a file.
pub(super) struct Row {
    pub(super) place: i32,
    pub(super) line: i32,
    /// What another system calls the object.
    pub(super) key: Option<ExternalReference>,
    pub(super) content: Map<String, Value>,
}

impl Row {
    /// Our own id of its object, where it has one.
    ///
    /// # Errors
    /// A fault for what is no id.
    pub(super) fn id(&self) -> Result<Option<Uuid>, Fault> {
        let said = self.content.get(ID).filter(|id| !id.is_null());
        let read = |id: &Value| id.as_str()?.parse().ok();
        let unknown = || Fault::new(format!("/{ID}"), FaultCode::UnknownReference);
        said.map(|id| read(id).ok_or_else(unknown)).transpose()
    }
}

impl From<import_row::Model> for Row {
    fn from(row: import_row::Model) -> Self {
        let key = row.system.zip(row.external_id);
        Self {
            place: row.place,
            line: row.line,
            key: key.map(|(system, external_id)| ExternalReference {
                system,
                external_id,
            }),
            content: serde_json::from_str(&row.content).unwrap_or_default(),
        }
    }
}
