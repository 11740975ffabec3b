//! Which notes a caller reaches, and the filters of their list.

use entity::note::{self, Column};
use entity::values::Visibility;
use sea_orm::sea_query::{Condition, Expr, ExprTrait, IntoCondition, Query};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryTrait, Select};
use uuid::Uuid;

use super::dto::NoteFilter;
use super::rules;
use crate::kit::{BookletPage, Ctx, IfMatch, Listed, Result, Sorts, Tx};

impl BookletPage for note::Entity {
    /// One reads what is shared and what one wrote; one writes what one wrote.
    fn narrow(ctx: &Ctx) -> Condition {
        let mine = Condition::any().add(Column::AuthorId.eq(ctx.actor.id));
        if ctx.permit.action.is_read() {
            mine.add(Column::Visibility.eq(Visibility::Shared))
        } else {
            mine
        }
    }
}

/// Lines that tell of things by `resource_id` and `private_to`: what was done with a private note is
/// for its author's eyes, even what was done while it was shared, or before it was deleted.
pub(crate) fn for_these_eyes<E: EntityTrait>(ctx: &Ctx) -> Condition {
    let private_to = Expr::col((E::default(), "private_to"));
    let mine_or_everybodys = Condition::any()
        .add(private_to.clone().is_null())
        .add(private_to.eq(ctx.actor.id));
    let organization = ctx.actor.organization_id;
    let anothers = Condition::all()
        .add(Column::AuthorId.ne(ctx.actor.id))
        .add_option(organization.map(|id| Column::OrganizationId.eq(id)));
    Condition::all()
        .add(mine_or_everybodys)
        .add(of_no_private_note::<E>(anothers))
}

/// Lines that tell of no private note, or of none such.
pub(crate) fn of_no_private_note<E: EntityTrait>(such: impl IntoCondition) -> Expr {
    let this = Expr::col((note::Entity, Column::Id)).equals((E::default(), "resource_id"));
    let private = Query::select()
        .expr(Expr::value(1))
        .from(note::Entity)
        .and_where(this)
        .and_where(Column::Visibility.eq(Visibility::Private))
        .cond_where(such)
        .to_owned();
    Expr::exists(private).not()
}

impl Listed for note::Entity {
    type Entity = Self;
    const SORTS: Sorts<Self> = &[
        ("created_at", Column::CreatedAt),
        ("updated_at", Column::UpdatedAt),
    ];
}

pub(super) fn list(ctx: &Ctx, booklet_id: Uuid, filter: &NoteFilter) -> Select<note::Entity> {
    ctx.select::<note::Entity>()
        .filter(Column::BookletId.eq(booklet_id))
        .apply_if(filter.visibility, |query, visibility| {
            query.filter(Column::Visibility.eq(visibility))
        })
        .apply_if(filter.pinned, |query, pinned| {
            query.filter(Column::Pinned.eq(pinned))
        })
        .apply_if(filter.author_id, |query, author| {
            query.filter(Column::AuthorId.eq(author))
        })
}

/// One's own note, to change or delete, in a closed booklet too.
pub(super) async fn to_change(tx: &Tx, id: Uuid, if_match: &IfMatch) -> Result<note::Model> {
    let (_, row) = tx.page::<note::Entity>(id).await?;
    tx.traces.private_to(rules::private_to(&row));
    if_match.require(&row)?;
    Ok(row)
}
