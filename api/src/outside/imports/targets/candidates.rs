//! Candidates out of a file.

use entity::candidate;
use entity::values::Role;

use crate::kit::external_references::ExternalReferences;
use crate::kit::{Ctx, Result};
use crate::outside::imports::desk::Desk;
use crate::outside::imports::target::{Change, Target};
use crate::outside::imports::write::write_plain;
use crate::people::candidates::dto::CandidateInput;
use crate::people::candidates::likeness::Traits;
use crate::people::candidates::rules;

/// Each row is the body of `create_candidate`.
pub(crate) struct Rows;

impl Target for Rows {
    type Entity = candidate::Entity;
    type Row = candidate::Model;
    type Left = ();
    type Input = CandidateInput;
    const CREATES: &'static str = "create_candidate";
    const EXPORTED: &'static str = "candidates";
    const USERS: &'static [(&'static str, Role)] = &[("user_id", Role::Candidate)];

    fn present(row: &candidate::Model, references: ExternalReferences) -> CandidateInput {
        CandidateInput::of(row, references)
    }

    fn adjusted(input: CandidateInput, _: Option<&candidate::Model>) -> CandidateInput {
        input.in_lower_case()
    }

    fn judge(
        ctx: &Ctx,
        input: &CandidateInput,
        _: Option<&candidate::Model>,
        _: &[String],
    ) -> Result<()> {
        rules::is_born(input.birth_date, ctx.today)
    }

    fn traits(input: &CandidateInput) -> Option<Traits> {
        Some(input.into())
    }

    async fn write(desk: &mut Desk<Self>, page: Vec<Change<Self>>) -> Result<()> {
        write_plain::<_, candidate::ActiveModel>(desk, page).await
    }
}
