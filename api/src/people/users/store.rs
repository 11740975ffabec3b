//! Which users a caller reaches, what depends on them, and the ways in that they hold.

use chrono::{DateTime, TimeDelta, Utc};
use entity::values::{Role, UserState, Visibility};
use entity::{booklet, booklet_member, candidate, invitation, note, organization, user};
use sea_orm::sea_query::{Condition, LockType};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, PaginatorTrait, QueryFilter, QuerySelect, QueryTrait, Select,
    Set,
};
use uuid::Uuid;

use super::dto::UserFilter;
use super::rules::{fits, roles_managed_by};
use crate::foundation::config::RateLimit;
use crate::foundation::policy::Reach;
use crate::foundation::unscoped;
use crate::kit::external_references::{self, ReferenceFilter};
use crate::kit::scope::{in_organization, nowhere};
use crate::kit::{
    Code, Ctx, Event, FaultCode, IfMatch, Listed, Problem, Result, Scoped, Several, Sorts, Tx,
    new_id,
};
use crate::people::account::links::void_all;
use crate::people::auth::store::token_hash;

impl Scoped for user::Entity {
    fn scope(ctx: &Ctx) -> Condition {
        let myself = user::Column::Id.eq(ctx.actor.id);
        match ctx.permit.reach {
            Reach::Own => Condition::all().add(myself),
            Reach::Organization => {
                let mut reached = in_organization::<Self>(ctx);
                if !ctx.permit.action.is_read() || ctx.actor.role == Role::Integration {
                    reached = reached.add(managed(ctx));
                }
                reached
            }
            Reach::Everything => managed(ctx),
            _ => nowhere(),
        }
    }
}

impl Listed for user::Entity {
    type Entity = Self;
    const SORTS: Sorts<Self> = &[
        ("created_at", user::Column::CreatedAt),
        ("updated_at", user::Column::UpdatedAt),
        ("name", user::Column::SortKey),
    ];
}

fn managed(ctx: &Ctx) -> Condition {
    let roles = roles_managed_by(ctx.actor.role).iter().copied();
    Condition::all().add(user::Column::Role.is_in(roles))
}

pub(super) fn list(
    ctx: &Ctx,
    filter: &UserFilter,
    reference: &ReferenceFilter,
) -> Select<user::Entity> {
    let list = ctx
        .select::<user::Entity>()
        .apply_if(filter.role.as_ref(), |query, Several(roles)| {
            query.filter(user::Column::Role.is_in(roles.iter().copied()))
        })
        .apply_if(filter.state.as_ref(), |query, Several(states)| {
            query.filter(user::Column::State.is_in(states.iter().copied()))
        });
    if !sees_names(ctx.actor.role) && reference.is_set() {
        return list.filter(nowhere());
    }
    external_references::narrow(ctx, list, reference)
}

/// Whether this role may find users by what other systems call them: what a tutor does not see,
/// nobody is found by.
pub(crate) fn sees_names(role: Role) -> bool {
    role != Role::Tutor
}

/// One's own organization, or for the platform admin the one named.
pub(super) async fn organization_of_new_user(
    tx: &Tx,
    named: Option<Uuid>,
) -> Result<organization::Model> {
    let pointer = "/organization_id";
    let id = match (tx.actor.organization_id, named) {
        (Some(own), None) => own,
        (Some(_), Some(_)) => return Err(Problem::fault(pointer, FaultCode::NotAllowed)),
        (None, Some(named)) => named,
        (None, None) => return Err(Problem::fault(pointer, FaultCode::Required)),
    };
    let organization = tx.reference::<organization::Entity>(id).await?;
    organization.ok_or_else(|| Problem::fault(pointer, FaultCode::UnknownReference))
}

/// Refuses to take the role of somebody who accompanies a booklet, is named on one, or is a
/// candidate: so nobody becomes tutor of a booklet that they validate.
pub(super) async fn no_longer_needed_as(tx: &Tx, user: &user::Model) -> Result<()> {
    let still_member = Condition::any()
        .add(booklet_member::Column::EndsOn.is_null())
        .add(booklet_member::Column::EndsOn.gt(tx.today));
    let memberships = tx
        .all_of::<booklet_member::Entity>()
        .filter(booklet_member::Column::UserId.eq(user.id))
        .filter(still_member)
        .count(tx.db())
        .await?;
    let named = Condition::any()
        .add(booklet::Column::TutorId.eq(user.id))
        .add(booklet::Column::PrescriberId.eq(user.id))
        .add(booklet::Column::ValidatorId.eq(user.id));
    let booklets = tx
        .all_of::<booklet::Entity>()
        .filter(named)
        .count(tx.db())
        .await?;
    let candidates = tx
        .all_of::<candidate::Entity>()
        .filter(candidate::Column::UserId.eq(user.id))
        .count(tx.db())
        .await?;
    if memberships + booklets + candidates > 0 {
        Err(Problem::new(Code::InUse))
    } else {
        Ok(())
    }
}

/// Refuses to take an organization's last active coordinator.
pub(super) async fn not_the_last_coordinator(tx: &Tx, user: &user::Model) -> Result<()> {
    if user.role != Role::Coordinator || user.state != UserState::Active {
        return Ok(());
    }
    let Some(organization_id) = user.organization_id else {
        return Ok(());
    };
    // Locked, so that two coordinators cannot disable each other at once.
    tx.all_of::<organization::Entity>()
        .filter(organization::Column::Id.eq(organization_id))
        .lock(LockType::NoKeyUpdate)
        .one(tx.db())
        .await?;
    let others: Vec<Uuid> = tx
        .all_of::<user::Entity>()
        .select_only()
        .column(user::Column::Id)
        .filter(user::Column::OrganizationId.eq(organization_id))
        .filter(user::Column::Role.eq(Role::Coordinator))
        .filter(user::Column::State.eq(UserState::Active))
        .filter(user::Column::Id.ne(user.id))
        .into_tuple()
        .all(tx.db())
        .await?;
    if others.is_empty() {
        Err(Problem::new(Code::LastCoordinator))
    } else {
        Ok(())
    }
}

/// Somebody to act on, locked: of two invitations at once the later voids the earlier.
pub(crate) async fn to_act_on(tx: &Tx, id: Uuid, if_match: &IfMatch) -> Result<user::Model> {
    let row = tx
        .select::<user::Entity>()
        .filter(user::Column::Id.eq(id))
        .lock(LockType::NoKeyUpdate)
        .one(tx.db())
        .await?
        .ok_or(Problem::new(Code::NotFound))?;
    if_match.honour(&row)?;
    Ok(row)
}

/// The least time between two invitations of somebody: nobody's mailbox is flooded.
const REST: TimeDelta = TimeDelta::minutes(1);

/// Refuses an invitation right after another one.
async fn rested(tx: &Tx, user_id: Uuid) -> Result<()> {
    if tx.state.config.rate_limit == RateLimit::Off {
        return Ok(());
    }
    // Of somebody within reach.
    let before = unscoped::rows::<invitation::Entity>()
        .filter(invitation::Column::UserId.eq(user_id))
        .filter(invitation::Column::CreatedAt.gt(tx.now - REST));
    let wait = before
        .one(tx.db())
        .await?
        .map(|row| row.created_at + REST - tx.now);
    match wait.and_then(|wait| wait.to_std().ok()) {
        Some(wait) => Err(Problem::new(Code::TooManyRequests).retry_after(wait)),
        None => Ok(()),
    }
}

/// Gives a person this invitation and no other: by the token that is handed over, or by the one that is mailed.
pub(super) async fn replace_invitation(
    tx: &Tx,
    user_id: Uuid,
    [handed, mailed]: [&str; 2],
    expires_at: DateTime<Utc>,
) -> Result<()> {
    rested(tx, user_id).await?;
    void_all(tx.db(), user_id).await?;
    invitation::ActiveModel {
        id: Set(new_id()),
        user_id: Set(user_id),
        token_hash: Set(token_hash(handed)),
        mail_token_hash: Set(Some(token_hash(mailed))),
        created_at: Set(tx.now),
        expires_at: Set(expires_at),
    }
    .insert(tx.db())
    .await?;
    Ok(())
}

/// A user named in a body, who must have this role and not be disabled.
pub(crate) async fn named_user(
    tx: &Tx,
    id: Uuid,
    role: Role,
    pointer: &str,
) -> Result<user::Model> {
    let user = tx.named::<user::Entity>(id, pointer).await?;
    match fits(&user, role, pointer) {
        Ok(()) => Ok(user),
        Err(fault) => Err(Problem::invalid(vec![fault])),
    }
}

/// Deletes the private notes of somebody who goes: nobody else could ever read them.
pub(super) async fn forget_private_notes(tx: &mut Tx, author: &user::Model) -> Result<()> {
    let notes = tx
        .all_of::<note::Entity>()
        .filter(note::Column::AuthorId.eq(author.id))
        .filter(note::Column::Visibility.eq(Visibility::Private))
        .all(tx.db())
        .await?;
    for note in notes {
        tx.delete(&note).await?;
        tx.record(Event::deleted(&note).private_to(Some(author.id)));
    }
    Ok(())
}
