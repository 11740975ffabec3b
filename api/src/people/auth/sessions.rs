//! Sessions: opened by log-in, renewed by refresh tokens, ended by log-out or theft.

use chrono::{DateTime, TimeDelta, Utc};
use entity::values::{Role, UserState};
use entity::{session, user};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter,
    QuerySelect, Set,
    sea_query::{LockType, Order, Query},
};
use uuid::Uuid;

use super::dto::Tokens;
use super::place::Place;
use super::{refresh, tokens};
use crate::foundation::database::Transaction;
use crate::foundation::keys::secret;
use crate::foundation::unscoped;
use crate::kit::ctx::Actor;
use crate::kit::write::event::{Author, write_events};
use crate::kit::{Call, Code, Event, Problem, Result, Who, new_id, verb};
use crate::people::auth::store::locked;

/// How long a session can be renewed, whatever happens.
const LIFETIME: TimeDelta = TimeDelta::days(30);
/// How many sessions somebody has at a time.
const MOST: u64 = 50;
/// For how long the token before the last is still answered with the last: two tabs may refresh
/// at once.
const GRACE: TimeDelta = TimeDelta::seconds(10);

/// Opens a session for somebody whose password was right, unless it is another one by now: what ends
/// all sessions ends this one too.
pub(crate) async fn open(call: &Call, user: &user::Model, place: Place) -> Result<Tokens> {
    let txn = call.state.db.begin().await?;
    let before = locked(&txn, user.id)
        .await?
        .filter(|now| now.state == UserState::Active && now.password_hash == user.password_hash)
        .ok_or(Problem::new(Code::InvalidCredentials))?;
    end_oldest(&txn, user.id, call.now).await?;
    let salt = secret().map_err(|error| {
        tracing::error!(%error, "cannot make a session");
        Problem::new(Code::InternalError)
    })?;
    let session = session::ActiveModel {
        id: Set(new_id()),
        user_id: Set(user.id),
        generation: Set(1),
        salt: Set(salt),
        created_at: Set(call.now),
        rotated_at: Set(call.now),
        expires_at: Set(call.now + LIFETIME),
        revoked_at: Set(None),
        user_agent: Set(place.user_agent),
        network: Set(place.network),
    };
    let session = session.insert(&txn).await?;
    user::ActiveModel {
        id: Set(user.id),
        last_login_at: Set(Some(call.now)),
        previous_login_at: Set(before.last_login_at),
        ..Default::default()
    }
    .update(&txn)
    .await?;
    txn.commit().await?;
    call.traces.proven(Who::person(user, Some(session.id)));
    issue(call, user, &session)
}

/// Makes room for one more: of the sessions that somebody has, the oldest end.
async fn end_oldest(txn: &Transaction, user_id: Uuid, now: DateTime<Utc>) -> Result<()> {
    use session::Column;
    let kept = Query::select()
        .column(Column::Id)
        .from(session::Entity)
        .and_where(Column::UserId.eq(user_id))
        .and_where(Column::RevokedAt.is_null())
        .and_where(Column::ExpiresAt.gt(now))
        .order_by(Column::Id, Order::Desc)
        .limit(MOST - 1)
        .to_owned();
    session::Entity::update_many()
        .set(session::ActiveModel {
            revoked_at: Set(Some(now)),
            ..Default::default()
        })
        .filter(Column::UserId.eq(user_id))
        .filter(Column::RevokedAt.is_null())
        .filter(Column::Id.not_in_subquery(kept))
        .exec(txn)
        .await?;
    Ok(())
}

/// Renews a session: each refresh token works once, and the use of an old one ends the session.
pub(super) async fn renew(call: &Call, token: &str) -> Result<Tokens> {
    let parts = parse(token)?;
    let generation = parts.generation;
    let txn = call.state.db.begin().await?;
    let session = find(call, &txn, &parts).await?;
    let user = session_user(&txn, &session).await?;
    call.traces.proven(Who::person(&user, Some(session.id)));
    let is_live = session.revoked_at.is_none()
        && session.expires_at > call.now
        && user.state == UserState::Active;
    if !is_live {
        return Err(Problem::new(Code::InvalidRefreshToken));
    }
    let session = if generation == session.generation {
        let mut next = session.into_active_model();
        next.generation = Set(generation + 1);
        next.rotated_at = Set(call.now);
        next.update(&txn).await?
    } else if generation + 1 == session.generation && call.now - session.rotated_at <= GRACE {
        session
    } else {
        revoke(call, &txn, session).await?;
        let whoever = Author {
            id: None,
            role: "anonymous".to_owned(),
        };
        let event = Event::new(&user, verb::RefreshTokenReused);
        write_events(&txn, vec![event], call.now, &whoever, &call.request_id).await?;
        txn.commit().await?;
        call.state.bell.ring(user.organization_id);
        call.traces.reason("refresh_token_reused");
        tracing::warn!(request_id = %call.request_id, "a refresh token was used again: session ended");
        return Err(Problem::new(Code::InvalidRefreshToken));
    };
    txn.commit().await?;
    issue(call, &user, &session)
}

/// Ends the session of this token. Saying it twice is no error.
pub(super) async fn close(call: &Call, token: &str) -> Result<()> {
    let parts = parse(token)?;
    let txn = call.state.db.begin().await?;
    let session = find(call, &txn, &parts).await?;
    let user = session_user(&txn, &session).await?;
    call.traces.proven(Who::person(&user, Some(session.id)));
    revoke(call, &txn, session).await?;
    txn.commit().await?;
    Ok(())
}

/// Ends what somebody is signed in by: their session, or what a provider signed until now. A service
/// account has neither.
pub(super) async fn leave(call: &Call, actor: &Actor) -> Result<()> {
    match (actor.session_id, actor.role) {
        (Some(session_id), _) => end(call, session_id).await,
        (None, Role::Integration) => Ok(()),
        (None, _) => sign_out(call.state.db.writer(), actor.id, call.now).await,
    }
}

/// Ends this session.
pub(super) async fn end(call: &Call, session_id: Uuid) -> Result<()> {
    session::Entity::update_many()
        .set(session::ActiveModel {
            revoked_at: Set(Some(call.now)),
            ..Default::default()
        })
        .filter(session::Column::Id.eq(session_id))
        .filter(session::Column::RevokedAt.is_null())
        .exec(call.state.db.writer())
        .await?;
    Ok(())
}

/// From this instant on nobody is signed in as this user by what a provider signed before.
async fn sign_out(db: &impl ConnectionTrait, user_id: Uuid, now: DateTime<Utc>) -> Result<()> {
    user::Entity::update_many()
        .set(user::ActiveModel {
            signed_out_at: Set(Some(now)),
            ..Default::default()
        })
        .filter(user::Column::Id.eq(user_id))
        .exec(db)
        .await?;
    Ok(())
}

/// Ends the sessions of somebody, but for this one, and what providers signed for them.
pub(crate) async fn end_all(
    txn: &Transaction,
    user_id: Uuid,
    but: Option<Uuid>,
    now: DateTime<Utc>,
) -> Result<()> {
    session::Entity::update_many()
        .set(session::ActiveModel {
            revoked_at: Set(Some(now)),
            ..Default::default()
        })
        .filter(session::Column::UserId.eq(user_id))
        .filter(session::Column::RevokedAt.is_null())
        .filter(session::Column::Id.is_not_in(but))
        .exec(txn)
        .await?;
    sign_out(txn, user_id, now).await
}

/// Rubbish never gets as far as the database.
fn parse(token: &str) -> Result<refresh::Parts> {
    refresh::parse(token).ok_or(Problem::new(Code::InvalidRefreshToken))
}

async fn find(call: &Call, txn: &Transaction, parts: &refresh::Parts) -> Result<session::Model> {
    unscoped::row::<session::Entity>(parts.session_id)
        .lock(LockType::NoKeyUpdate)
        .one(txn)
        .await?
        .filter(|session| refresh::is_genuine(&call.state.keys, session, parts))
        .ok_or(Problem::new(Code::InvalidRefreshToken))
}

async fn session_user(txn: &Transaction, session: &session::Model) -> Result<user::Model> {
    let user = unscoped::row::<user::Entity>(session.user_id)
        .one(txn)
        .await?;
    user.ok_or(Problem::new(Code::InvalidRefreshToken))
}

async fn revoke(call: &Call, txn: &Transaction, session: session::Model) -> Result<()> {
    if session.revoked_at.is_none() {
        let mut ended = session.into_active_model();
        ended.revoked_at = Set(Some(call.now));
        ended.update(txn).await?;
    }
    Ok(())
}

fn issue(call: &Call, user: &user::Model, session: &session::Model) -> Result<Tokens> {
    let state = &call.state;
    let subject = tokens::Subject {
        id: user.id,
        session_id: Some(session.id),
        organization_id: user.organization_id,
        role: user.role,
        program: None,
    };
    let access_token = tokens::sign(&state.keys, &state.config.public_url(), subject, call.now)?;
    Ok(Tokens {
        access_token,
        token_type: "Bearer",
        expires_in: tokens::LIFETIME,
        refresh_token: refresh::token(&state.keys, session, session.generation),
    })
}
