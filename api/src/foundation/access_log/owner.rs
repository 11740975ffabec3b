//! Whose line it is: an administrator of the platform is of no organization, and what they do about
//! a booklet is for the eyes of those whose it is.

use std::collections::HashMap;

use entity::access_entry::ActiveModel;
use entity::booklet;
use sea_orm::{ColumnTrait, DbErr, QueryFilter, QuerySelect, Set};
use uuid::Uuid;

use crate::foundation::database::Database;
use crate::foundation::unscoped;

/// Gives the lines of nobody's organization that name a booklet to its organization.
pub(super) async fn settle(lines: &mut [ActiveModel], db: &Database) -> Result<(), DbErr> {
    let mut ownerless: Vec<&mut ActiveModel> = lines
        .iter_mut()
        .filter(|line| line.organization_id == Set(None))
        .filter(|line| named(line).is_some())
        .collect();
    if ownerless.is_empty() {
        return Ok(());
    }
    let ids = ownerless.iter().filter_map(|line| named(line));
    let owners: HashMap<Uuid, Uuid> = unscoped::rows::<booklet::Entity>()
        .select_only()
        .columns([booklet::Column::Id, booklet::Column::OrganizationId])
        .filter(booklet::Column::Id.is_in(ids))
        .into_tuple()
        .all(db.reader())
        .await?
        .into_iter()
        .collect();
    for line in &mut ownerless {
        let owner = named(line).and_then(|id| owners.get(&id).copied());
        line.organization_id = Set(owner);
    }
    Ok(())
}

fn named(line: &ActiveModel) -> Option<Uuid> {
    match line.booklet_id {
        Set(id) => id,
        _ => None,
    }
}
