//! Two candidates who are one person become one: what was written about either is of the one that stays.

use entity::{Row, booklet, candidate, external_reference, merged_candidate};
use sea_orm::sea_query::{Expr, LockType};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Set,
};
use uuid::Uuid;

use super::rules;
use super::store::booklets;
use crate::foundation::unscoped;
use crate::kit::scope::in_organization;
use crate::kit::{Ctx, Event, Fault, FaultCode, IfMatch, Problem, Result, Tx, verb};

/// Both, locked: the one that stays, at the version the caller read, and the one that goes.
///
/// # Errors
/// 404 and 412 for the one that stays; 422 for the other.
pub(super) async fn both(
    tx: &Tx,
    id: Uuid,
    from: Uuid,
    if_match: &IfMatch,
) -> Result<(candidate::Model, candidate::Model)> {
    if id == from {
        return Err(Problem::fault("/from", FaultCode::NotAllowed));
    }
    // In one order, so that two who merge the same two the other way round do not wait for each other.
    let locked = tx
        .all_of::<candidate::Entity>()
        .filter(in_organization::<candidate::Entity>(tx))
        .filter(candidate::Column::Id.is_in([id, from]))
        .order_by_asc(candidate::Column::Id)
        .lock(LockType::Update)
        .all(tx.db())
        .await?;
    let into = tx.row_to_act_on::<candidate::Entity>(id, if_match).await?;
    let goes = locked.into_iter().find(|row| row.id == from);
    let goes = goes.ok_or_else(|| Problem::fault("/from", FaultCode::UnknownReference))?;
    Ok((into, goes))
}

/// Makes one of the two: its own fields stay, those that it has not are the other's.
///
/// # Errors
/// 409 when both sign in; 422 when other systems would call the one that stays by too many names.
pub(super) async fn merge(
    tx: &mut Tx,
    into: &candidate::Model,
    from: &candidate::Model,
) -> Result<(candidate::Model, Vec<String>)> {
    let (change, mut changed) = rules::merged(into, from)?;
    for booklet in booklets(tx, from).await? {
        let moved = booklet::ActiveModel {
            candidate_id: Set(into.id),
            candidate_key: Set(into.sort_key.clone()),
            ..Default::default()
        };
        let booklet = tx.update(&booklet, moved).await?;
        tx.record(Event::updated(&booklet, vec!["candidate_id".to_owned()]));
    }
    if take_names(tx, into.id, from.id).await? {
        changed.push("external_references".to_owned());
    }
    lead_on(tx, into, from).await?;
    tx.delete(from).await?;
    tx.record(Event::new(from, verb::Merged));
    Ok((tx.update(into, change).await?, changed))
}

/// Gives the one that stays what other systems call the other.
async fn take_names(tx: &Tx, into: Uuid, from: Uuid) -> Result<bool> {
    use external_reference::Column;
    // Of two candidates within reach.
    let names = unscoped::rows::<external_reference::Entity>()
        .filter(Column::ResourceId.is_in([into, from]))
        .all(tx.db())
        .await?;
    if names.len() > rules::NAMES {
        let fault = Fault::new("/from", FaultCode::MaxItems).with("max", rules::NAMES);
        return Err(Problem::invalid(vec![fault]));
    }
    let taken = external_reference::Entity::update_many()
        .col_expr(Column::ResourceId, Expr::value(into))
        .filter(Column::ResourceId.eq(from))
        .exec(tx.db())
        .await?;
    Ok(taken.rows_affected > 0)
}

/// The id of the other leads to the one that stays, and so do those that led to the other.
async fn lead_on(tx: &Tx, into: &candidate::Model, from: &candidate::Model) -> Result<()> {
    use merged_candidate::Column;
    merged_candidate::Entity::update_many()
        .col_expr(Column::CandidateId, Expr::value(into.id))
        .filter(Column::CandidateId.eq(from.id))
        .exec(tx.db())
        .await?;
    let led = merged_candidate::ActiveModel {
        former_id: Set(from.id),
        organization_id: Set(into.organization_id),
        candidate_id: Set(into.id),
        merged_at: Set(tx.now),
    };
    led.insert(tx.db()).await?;
    Ok(())
}

/// The candidate within reach to whom a former id leads.
///
/// # Errors
/// 503 when the database does not answer.
pub(super) async fn led_to(ctx: &Ctx, former: Uuid) -> Result<Option<Uuid>> {
    let Some(own) = ctx.actor.organization_id else {
        return Ok(None);
    };
    let db = ctx.state.db.reader();
    // Whoever it leads to is asked for within reach.
    let led = unscoped::rows::<merged_candidate::Entity>()
        .filter(merged_candidate::Column::OrganizationId.eq(own))
        .filter(merged_candidate::Column::FormerId.eq(former))
        .one(db)
        .await?;
    let Some(led) = led else {
        return Ok(None);
    };
    let there = ctx
        .select::<candidate::Entity>()
        .filter(candidate::Column::Id.eq(led.candidate_id))
        .one(db)
        .await?;
    Ok(there.map(|row| row.id()))
}
