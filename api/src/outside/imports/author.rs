//! In whose name an import works: theirs who sent it or applied it, with the rights they have now.

use std::sync::Arc;

use entity::values::{ImportResource, Role, UserState};
use entity::{import, organization, service_account, user};

use super::target::resource;
use crate::foundation::policy::{Action, Permit, Reach, Resource};
use crate::foundation::scope::Scope;
use crate::foundation::state::State;
use crate::foundation::unscoped;
use crate::kit::ctx::Actor;
use crate::kit::ctx::timezone;
use crate::kit::request::identify::permit;
use crate::kit::{Call, Code, Ctx, Problem, Result};

/// A call in their name, to change imports and what their rows are.
///
/// # Errors
/// 403 when they may not any more; 503 when the database does not answer.
pub(super) async fn call(state: &Arc<State>, import: &import::Model) -> Result<Ctx> {
    let actor = actor(state, import).await?;
    may(&actor, import.resource)?;
    let permit = permit(Resource::Imports, Action::Update, &actor)?;
    let call = Call::of_itself(state.clone(), import.id.to_string());
    Ok(Ctx::new(call, actor, permit))
}

/// A call of theirs to note that they may not, or that it did not work.
pub(super) fn without_rights(state: &Arc<State>, import: &import::Model) -> Ctx {
    let actor = Actor {
        id: import.author_id,
        session_id: None,
        role: import.author_role,
        organization_id: Some(import.organization_id),
        timezone: timezone(None),
        scopes: Vec::new(),
    };
    let permit = Permit {
        resource: Resource::Imports,
        action: Action::Update,
        reach: Reach::Nothing,
    };
    let call = Call::of_itself(state.clone(), import.id.to_string());
    Ctx::new(call, actor, permit)
}

/// Whether somebody may make and change what the rows of an import are.
///
/// # Errors
/// 403 when they may not, or lack the scope.
pub(super) fn may(actor: &Actor, rows: ImportResource) -> Result<()> {
    for action in [Action::Create, Action::Update] {
        permit(resource(rows), action, actor)?;
    }
    Ok(())
}

async fn actor(state: &State, import: &import::Model) -> Result<Actor> {
    let db = state.db.reader();
    let organization = unscoped::row::<organization::Entity>(import.organization_id)
        .one(db)
        .await?;
    let timezone = timezone(organization.map(|row| row.timezone));
    let gone = || Problem::new(Code::Forbidden);
    let (role, scopes) = if import.author_role == Role::Integration {
        let account = unscoped::row::<service_account::Entity>(import.author_id)
            .one(db)
            .await?
            .filter(|account| {
                account.organization_id == import.organization_id
                    && account.revoked_at.is_none()
                    && account.expires_at > state.clock.now()
            })
            .ok_or_else(gone)?;
        (Role::Integration, Scope::stored(&account.scopes))
    } else {
        let user = unscoped::row::<user::Entity>(import.author_id)
            .one(db)
            .await?
            .filter(|user| {
                user.organization_id == Some(import.organization_id)
                    && user.state == UserState::Active
            })
            .ok_or_else(gone)?;
        (user.role, Vec::new())
    };
    Ok(Actor {
        id: import.author_id,
        session_id: None,
        role,
        organization_id: Some(import.organization_id),
        timezone,
        scopes,
    })
}
