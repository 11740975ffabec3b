//! Which follow-ups a caller reaches, and the filters of their list.

use entity::follow_up;
use sea_orm::{ColumnTrait, QueryFilter, QueryTrait, Select};
use uuid::Uuid;

use super::dto::FollowUpFilter;
use crate::kit::{BookletPage, Ctx, Listed, Sorts};

impl BookletPage for follow_up::Entity {}

impl Listed for follow_up::Entity {
    type Entity = Self;
    const SORTS: Sorts<Self> = &[
        ("created_at", follow_up::Column::CreatedAt),
        ("updated_at", follow_up::Column::UpdatedAt),
        ("contacted_on", follow_up::Column::ContactedOn),
    ];
}

pub(super) fn list(
    ctx: &Ctx,
    booklet_id: Uuid,
    filter: &FollowUpFilter,
) -> Select<follow_up::Entity> {
    use follow_up::Column;
    ctx.select::<follow_up::Entity>()
        .filter(Column::BookletId.eq(booklet_id))
        .apply_if(filter.contact_mode, |query, mode| {
            query.filter(Column::ContactMode.eq(mode))
        })
        .apply_if(filter.contacted_from, |query, day| {
            query.filter(Column::ContactedOn.gte(day))
        })
        .apply_if(filter.contacted_to, |query, day| {
            query.filter(Column::ContactedOn.lte(day))
        })
}
