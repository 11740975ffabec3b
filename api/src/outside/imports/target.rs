//! What a resource says so that its rows can come from a file: whose body a row is, and whom it names.

use entity::row::Row;
use entity::values::{ImportResource, Role};
use sea_orm::{EntityTrait, ModelTrait};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use validator::Validate;

use super::desk::Desk;
use crate::foundation::policy::Resource;
use crate::kit::external_references::{ExternalReference, ExternalReferences};
use crate::kit::{Ctx, Fault, FaultCode, Problem, Result, Tx};
use crate::people::candidates::likeness::Traits;

/// What a row may say besides the fields of its object: what another system calls it.
pub(super) const ROW_FIELDS: [&str; 2] = ["external_id", "external_system"];
/// Our own id of the object, as exports have it.
pub(super) const ID: &str = "id";
/// The longest names of systems and of what they call objects.
const LONGEST: [usize; 2] = [40, 120];

/// A resource whose rows can come from a file.
pub(crate) trait Target: 'static {
    /// Its rows in the database.
    type Entity: EntityTrait<Model = Self::Row>;
    /// One of them.
    type Row: Row + ModelTrait<Entity = Self::Entity> + Clone + Send + Sync;
    /// The body of the POST that makes one: a row of a file is no more and no less.
    type Input: Serialize + DeserializeOwned + Validate + Send;
    /// The `operationId` of that POST.
    const CREATES: &'static str;
    /// The table of exports that has its rows.
    const EXPORTED: &'static str;
    /// What it may be named by besides its fields, for whoever does not know our ids.
    const ALSO: &'static [&'static str] = &[];
    /// The fields that name users, and the role each must have.
    const USERS: &'static [(&'static str, Role)];

    /// The object as a POST would make it now.
    fn present(row: &Self::Row, references: ExternalReferences) -> Self::Input;

    /// What follows from other fields, or stays because nothing was said of it.
    #[must_use]
    fn adjusted(input: Self::Input, _before: Option<&Self::Row>) -> Self::Input {
        input
    }

    /// The rules of POST, or of PATCH when the object is there, that its schema cannot say.
    ///
    /// # Errors
    /// 422 or 409, as those answer.
    fn judge(
        ctx: &Ctx,
        input: &Self::Input,
        before: Option<&Self::Row>,
        changed: &[String],
    ) -> Result<()>;

    /// What a new object is recognised by, where one person may be there twice.
    #[must_use]
    fn traits(_input: &Self::Input) -> Option<Traits> {
        None
    }

    /// What is left to do when all rows are ready.
    type Left: Default + Send;

    /// Makes the rows of a page ready, with the events that tell of them.
    ///
    /// # Errors
    /// 503 when the database does not answer.
    fn write(
        desk: &mut Desk<Self>,
        page: Vec<Change<Self>>,
    ) -> impl Future<Output = Result<()>> + Send
    where
        Self: Sized;

    /// Does what is left, in the transaction that puts the rows in their places.
    ///
    /// # Errors
    /// 409 when what the rows were made from is another by now; 503 when the database does not answer.
    fn at_last(_tx: &mut Tx, _left: Self::Left) -> impl Future<Output = Result<()>> + Send {
        async { Ok(()) }
    }
}

/// What is to be written of a row.
pub(crate) struct Change<T: Target> {
    /// The object as it is, if it is there.
    pub(crate) before: Option<T::Row>,
    /// What it becomes.
    pub(crate) input: T::Input,
    /// The names of the fields that change.
    pub(crate) changed: Vec<String>,
    /// The names of other systems that it gets.
    pub(crate) references: ExternalReferences,
}

/// What the rights to this resource are called.
pub(super) fn resource(resource: ImportResource) -> Resource {
    match resource {
        ImportResource::Candidates => Resource::Candidates,
        ImportResource::Booklets => Resource::Booklets,
        ImportResource::UsefulAddresses => Resource::UsefulAddresses,
    }
}

/// Takes out of a row what another system calls its object; the one reference of a list counts too.
pub(super) fn taken_out(
    content: &mut Value,
    system: Option<&str>,
    faults: &mut Vec<Fault>,
) -> Option<ExternalReference> {
    let listed = content.get("external_references").and_then(Value::as_array);
    let listed: Vec<ExternalReference> = listed
        .into_iter()
        .flatten()
        .filter_map(|reference| serde_json::from_value(reference.clone()).ok())
        .filter(|reference: &ExternalReference| {
            system.is_none_or(|system| reference.system == system)
        })
        .collect();
    let fields = content.as_object_mut()?;
    let mut text = |(name, longest): (&str, usize)| match fields.remove(name)? {
        Value::Null => None,
        Value::String(text) if text.is_empty() => None,
        Value::String(text) => {
            if text.chars().count() > longest {
                let fault = Fault::new(format!("/{name}"), FaultCode::MaxLength);
                faults.push(fault.with("max", longest));
            }
            Some(text)
        }
        _ => {
            let fault = Fault::new(format!("/{name}"), FaultCode::Type);
            faults.push(fault.with("expected", "string"));
            None
        }
    };
    let [external_id, own] = ROW_FIELDS;
    let [longest_system, longest_id] = LONGEST;
    let external_id = text((external_id, longest_id));
    let own = text((own, longest_system)).or(system.map(ToOwned::to_owned));
    match (external_id, own) {
        (Some(external_id), Some(system)) => Some(ExternalReference {
            system,
            external_id,
        }),
        (Some(_), None) => {
            faults.push(Fault::new("/external_system", FaultCode::Required));
            None
        }
        (None, _) => match listed.as_slice() {
            [only] => Some(only.clone()),
            _ => None,
        },
    }
}

/// What a refusal says of a row.
pub(super) fn faults_of(problem: Problem) -> Vec<Fault> {
    let faults = problem.into_faults();
    if faults.is_empty() {
        vec![Fault::new("", FaultCode::NotAllowed)]
    } else {
        faults
    }
}
