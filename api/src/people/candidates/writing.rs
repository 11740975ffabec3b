//! How a candidate is made and changed, whatever they are named by.

use entity::candidate;
use entity::values::Role;
use uuid::Uuid;

use super::dto::CandidateInput;
use super::rules;
use crate::kit::external_references::{self, ExternalReferences};
use crate::kit::{Code, Edited, Problem, Result, Tx};
use crate::people::users::named_user;

/// A candidate as they were written, and what other systems call them.
type Written = (candidate::Model, ExternalReferences);

/// Makes a candidate under this id.
///
/// # Errors
/// 422; 409 when their account or one of their names is another's.
pub(crate) async fn create(tx: &Tx, id: Uuid, new: CandidateInput) -> Result<Written> {
    rules::is_born(new.birth_date, tx.today)?;
    if let Some(user_id) = new.user_id {
        named_user(tx, user_id, Role::Candidate, "/user_id").await?;
    }
    let references = new.external_references.clone();
    let row = candidate::ActiveModel::from(new.in_lower_case());
    let row = tx.insert_as(id, Some(tx.organization_id()?), row);
    let row = row.await.map_err(user_linked)?;
    external_references::replace(tx, &row, &references).await?;
    Ok((row, references))
}

/// Changes a candidate.
///
/// # Errors
/// 422; 409 when their account or one of their names is another's; 412.
pub(crate) async fn edit(
    tx: &mut Tx,
    row: &candidate::Model,
    edit: Edited<CandidateInput>,
) -> Result<Written> {
    rules::is_born(edit.value.birth_date, tx.today)?;
    if let Some(id) = edit.value.user_id.filter(|id| row.user_id != Some(*id)) {
        named_user(tx, id, Role::Candidate, "/user_id").await?;
    }
    let references = edit.value.external_references.clone();
    let change = candidate::ActiveModel::from(edit.value);
    let row = tx.edit(row, change, &edit.changed);
    let row = row.await.map_err(user_linked)?;
    external_references::replace(tx, &row, &references).await?;
    Ok((row, references))
}

fn user_linked(problem: Problem) -> Problem {
    problem.renamed(Code::Conflict, Code::UserLinked)
}
