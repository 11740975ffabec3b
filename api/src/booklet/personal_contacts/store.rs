//! Which personal contacts a caller reaches, the filters of their list, and the main one.

use entity::booklet;
use entity::personal_contact::{self, Column, Entity};
use entity::values::AddressCategory;
use sea_orm::{ColumnTrait, QueryFilter, QueryTrait, Select, Set};
use uuid::Uuid;

use super::dto::PersonalContactFilter;
use crate::kit::{BookletPage, Ctx, Event, Listed, Result, Sorts, Tx};

impl BookletPage for Entity {}

impl Listed for Entity {
    type Entity = Self;
    const SORTS: Sorts<Self> = &[
        ("created_at", Column::CreatedAt),
        ("updated_at", Column::UpdatedAt),
    ];
}

pub(super) fn list(ctx: &Ctx, booklet_id: Uuid, filter: &PersonalContactFilter) -> Select<Entity> {
    ctx.select::<Entity>()
        .filter(Column::BookletId.eq(booklet_id))
        .apply_if(filter.category, |query, category| {
            query.filter(Column::Category.eq(category))
        })
        .apply_if(filter.is_main, |query, is_main| {
            query.filter(Column::IsMain.eq(is_main))
        })
}

/// Makes room for a new main contact of this kind: the former one no longer is, unless it is this
/// one. The booklet is locked, so nobody else names one meanwhile.
pub(super) async fn unseat_main(
    tx: &mut Tx,
    booklet: &booklet::Model,
    category: AddressCategory,
    but: Option<Uuid>,
) -> Result<()> {
    let former = tx
        .all_of::<Entity>()
        .filter(Column::BookletId.eq(booklet.id))
        .filter(Column::Category.eq(category))
        .filter(Column::IsMain.eq(true))
        .apply_if(but, |query, id| query.filter(Column::Id.ne(id)))
        .all(tx.db())
        .await?;
    for contact in former {
        let change = personal_contact::ActiveModel {
            is_main: Set(false),
            ..Default::default()
        };
        let contact = tx.update(&contact, change).await?;
        tx.record(Event::updated(&contact, vec!["is_main".to_owned()]));
    }
    Ok(())
}
