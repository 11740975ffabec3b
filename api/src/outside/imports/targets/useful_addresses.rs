//! Useful addresses out of a file: of the organization's own directory.

use entity::useful_address;
use entity::values::Role;

use crate::kit::external_references::ExternalReferences;
use crate::kit::{Ctx, Result};
use crate::outside::imports::desk::Desk;
use crate::outside::imports::target::{Change, Target};
use crate::outside::imports::write::write_plain;
use crate::reference::useful_addresses::dto::UsefulAddressInput;

/// Each row is the body of `create_useful_address`.
pub(crate) struct Rows;

impl Target for Rows {
    type Entity = useful_address::Entity;
    type Row = useful_address::Model;
    type Left = ();
    type Input = UsefulAddressInput;
    const CREATES: &'static str = "create_useful_address";
    const EXPORTED: &'static str = "useful_addresses";
    const USERS: &'static [(&'static str, Role)] = &[];

    fn present(row: &useful_address::Model, references: ExternalReferences) -> UsefulAddressInput {
        UsefulAddressInput::of(row, references)
    }

    fn adjusted(
        input: UsefulAddressInput,
        _: Option<&useful_address::Model>,
    ) -> UsefulAddressInput {
        input.in_lower_case()
    }

    fn judge(
        _: &Ctx,
        _: &UsefulAddressInput,
        _: Option<&useful_address::Model>,
        _: &[String],
    ) -> Result<()> {
        Ok(())
    }

    async fn write(desk: &mut Desk<Self>, page: Vec<Change<Self>>) -> Result<()> {
        write_plain::<_, useful_address::ActiveModel>(desk, page).await
    }
}
