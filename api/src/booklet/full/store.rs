//! Reads a whole booklet: one query per kind of page, however many pages there are.

use entity::{
    action_sheet, appointment, booklet, booklet_member, candidate, completed_action, contract,
    follow_up, note, objective, personal_contact,
};
use sea_orm::sea_query::Expr;
use sea_orm::{ExprTrait, QueryFilter, QueryOrder};

use super::dto::FullBooklet;
use super::weight::Weight;
use crate::booklet::booklets::dto::Booklet;
use crate::booklet::contracts::store::page_shown;
use crate::booklet::plan::dto::Plan;
use crate::booklet::stages::dto::Stage;
use crate::booklet::{action_sheets, members, plan, plan_steps, stages};
use crate::kit::external_references;
use crate::kit::{Ctx, Page, Result, Scoped};
use crate::people::candidates::dto::Candidate;
use crate::people::names::{self, Signed};

/// The booklet with all its pages within the reader's reach.
pub(super) async fn read(ctx: &Ctx, booklet: booklet::Model) -> Result<FullBooklet> {
    let db = ctx.state.db.reader();
    let candidate = ctx.row::<candidate::Entity>(booklet.candidate_id).await?;
    let mut references = external_references::of_ids(db, vec![booklet.id, candidate.id]).await?;
    let mut named = |id| references.remove(&id).unwrap_or_default();
    let mut weight = Weight::default();
    let members = pages::<booklet_member::Entity>(ctx, &booklet).await?;
    let contracts = pages::<contract::Entity>(ctx, &booklet).await?;
    let sheets = pages::<action_sheet::Entity>(ctx, &booklet).await?;
    let plan = plan::store::of_booklet(ctx, booklet.id).await?;
    let steps = plan_steps::store::list(ctx, booklet.id).all(db).await?;
    let stages = stages::store::in_order(ctx, booklet.id).all(db).await?;
    let mut objectives = pages::<objective::Entity>(ctx, &booklet).await?;
    objectives.sort_by_key(|objective| objective.position);
    let mut full = FullBooklet {
        candidate: Candidate::of(candidate.clone(), named(candidate.id)),
        members: members::store::with_names(db, &members).await?,
        contracts: weight.with(page_shown(ctx, Page::whole(contracts)).await?.items)?,
        objectives: weight.with(shown(objectives))?,
        plan: Plan::of(&plan, &steps, ctx),
        stages: stages
            .into_iter()
            .filter_map(|(row, stage)| stage.map(|stage| Stage::shown(row, &stage)))
            .collect(),
        personal_contacts: weight.with(shown(
            pages::<personal_contact::Entity>(ctx, &booklet).await?,
        ))?,
        appointments: weight.with(shown(pages::<appointment::Entity>(ctx, &booklet).await?))?,
        action_sheets: weight.with(
            action_sheets::store::show_page(ctx, Page::whole(sheets))
                .await?
                .items,
        )?,
        completed_actions: weight.with(shown(
            pages::<completed_action::Entity>(ctx, &booklet).await?,
        ))?,
        follow_ups: weight.with(shown(pages::<follow_up::Entity>(ctx, &booklet).await?))?,
        notes: weight.with(shown(pages::<note::Entity>(ctx, &booklet).await?))?,
        booklet: Booklet::on(ctx.today, booklet.clone(), named(booklet.id)),
    };
    sign(ctx, &mut full).await?;
    Ok(full)
}

/// Names those who wrote what is in it.
async fn sign(ctx: &Ctx, full: &mut FullBooklet) -> Result<()> {
    let by = full.completed_actions.iter().filter_map(Signed::by);
    let by = by.chain(full.follow_ups.iter().filter_map(Signed::by));
    let by = by.chain(full.notes.iter().filter_map(Signed::by));
    let names = names::of(ctx, by).await?;
    full.completed_actions
        .iter_mut()
        .for_each(|one| names::sign(one, &names));
    full.follow_ups
        .iter_mut()
        .for_each(|one| names::sign(one, &names));
    full.notes
        .iter_mut()
        .for_each(|one| names::sign(one, &names));
    Ok(())
}

/// The pages of one kind, in the order in which they were written.
async fn pages<E: Scoped>(ctx: &Ctx, booklet: &booklet::Model) -> Result<Vec<E::Model>> {
    let column = |name: &'static str| Expr::col((E::default(), name));
    let query = ctx
        .select::<E>()
        .filter(column("booklet_id").eq(booklet.id));
    Ok(query
        .order_by_asc(column("id"))
        .all(ctx.state.db.reader())
        .await?)
}

fn shown<M, T: From<M>>(rows: Vec<M>) -> Vec<T> {
    rows.into_iter().map(T::from).collect()
}
