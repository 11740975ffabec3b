//! From an access token to somebody, by one read on a primary key.

use chrono::{DateTime, Utc};
use entity::values::{Role, Texts, UserState};
use entity::{organization, revoked_token, service_account, session, user};
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use sea_orm::{
    ColumnTrait, EntityTrait, FromQueryResult, JoinType, QueryFilter, QuerySelect, RelationDef,
};
use uuid::Uuid;

use super::api_key;
use super::tokens::{self, Claims};
use crate::foundation::scope::Scope;
use crate::foundation::unscoped;
use crate::kit::ctx::{Actor, timezone};
use crate::kit::request::proof::Ask;
use crate::kit::{Call, Code, Problem, Result, Who};
use crate::people::identity_providers;

/// Who sends this token, as the database knows them now; or as it knew them some seconds ago, and is
/// asked with the first row that is looked up.
pub(crate) async fn authenticate(call: &Call, token: &str, ask: Ask) -> Result<Actor> {
    if api_key::is_key(token) {
        return api_key::authenticate(call, token).await;
    }
    let known = match tokens::verified_before(call, token) {
        Some(known) => known,
        None => {
            let own = call.state.config.public_url();
            if identity_providers::issuer_of(token).is_some_and(|issuer| issuer != own) {
                return identity_providers::authenticate(call, token).await;
            }
            tokens::verify(call, token).await?
        }
    };
    let claims = &known.claims;
    let who = Who {
        id: claims.sub,
        role: claims.role,
        organization_id: claims.org,
        session_id: claims.sid,
    };
    call.traces.claimed(who);
    if ask == Ask::WithARow
        && let Some(actor) = person_known(call, claims)
    {
        call.owe_proof_of(who);
        return Ok(actor);
    }
    let actor = recognise(call, claims).await?;
    call.traces.proven(who);
    Ok(actor)
}

/// The person of these claims, if the database will agree: what is not in the claims was read a moment ago.
fn person_known(call: &Call, claims: &Claims) -> Option<Actor> {
    let (session_id, organization_id) = (claims.sid?, claims.org?);
    Some(Actor {
        id: claims.sub,
        session_id: Some(session_id),
        role: claims.role,
        organization_id: Some(organization_id),
        timezone: call.state.zones.of(organization_id)?,
        scopes: Vec::new(),
    })
}

/// Who is meant by these claims, as the database knows them now.
pub(super) async fn recognise(call: &Call, claims: &Claims) -> Result<Actor> {
    let actor = match claims.sid {
        Some(session_id) => person(call, session_id).await?,
        None => service(call, claims).await?,
    };
    actor
        .filter(|actor| is_same(actor, claims))
        .ok_or(Problem::new(Code::Unauthenticated))
}

/// A token made for another role or organization is worth nothing any more.
fn is_same(actor: &Actor, claims: &Claims) -> bool {
    actor.id == claims.sub && actor.role == claims.role && actor.organization_id == claims.org
}

#[derive(FromQueryResult)]
struct Person {
    expires_at: DateTime<Utc>,
    revoked_at: Option<DateTime<Utc>>,
    user_id: Uuid,
    role: Role,
    state: UserState,
    organization_id: Option<Uuid>,
    timezone: Option<String>,
}

async fn person(call: &Call, session_id: Uuid) -> Result<Option<Actor>> {
    let person = unscoped::row::<session::Entity>(session_id)
        .select_only()
        .columns([
            session::Column::ExpiresAt,
            session::Column::RevokedAt,
            session::Column::UserId,
        ])
        .columns([
            user::Column::Role,
            user::Column::State,
            user::Column::OrganizationId,
        ])
        .column(organization::Column::Timezone)
        .join(JoinType::InnerJoin, users_of_sessions())
        .join(JoinType::LeftJoin, organizations_of_users())
        .into_model::<Person>()
        .one(call.state.db.reader())
        .await?;
    Ok(person
        .filter(|person| {
            person.state == UserState::Active
                && person.revoked_at.is_none()
                && person.expires_at > call.now
        })
        .map(|person| Actor {
            id: person.user_id,
            session_id: Some(session_id),
            role: person.role,
            organization_id: person.organization_id,
            timezone: timezone(person.timezone),
            scopes: Vec::new(),
        })
        .inspect(|actor| {
            if let Some(id) = actor.organization_id {
                call.state.zones.note(id, actor.timezone);
            }
        }))
}

fn users_of_sessions() -> RelationDef {
    session::Entity::belongs_to(user::Entity)
        .from(session::Column::UserId)
        .to(user::Column::Id)
        .into()
}

fn organizations_of_users() -> RelationDef {
    user::Entity::belongs_to(organization::Entity)
        .from(user::Column::OrganizationId)
        .to(organization::Column::Id)
        .into()
}

#[derive(FromQueryResult)]
struct Service {
    id: Uuid,
    organization_id: Uuid,
    scopes: Texts,
    expires_at: DateTime<Utc>,
    revoked_at: Option<DateTime<Utc>>,
    timezone: String,
}

async fn service(call: &Call, claims: &Claims) -> Result<Option<Actor>> {
    use service_account::Column;
    let is_revoked = Query::select()
        .column(revoked_token::Column::Jti)
        .from(revoked_token::Entity)
        .and_where(revoked_token::Column::Jti.eq(claims.jti))
        .to_owned();
    let organizations: RelationDef = service_account::Entity::belongs_to(organization::Entity)
        .from(Column::OrganizationId)
        .to(organization::Column::Id)
        .into();
    let service = unscoped::row::<service_account::Entity>(claims.sub)
        .filter(Expr::exists(is_revoked).not())
        .column(organization::Column::Timezone)
        .join(JoinType::InnerJoin, organizations)
        .into_model::<Service>()
        .one(call.state.db.reader())
        .await?;
    Ok(service
        .filter(|service| service.revoked_at.is_none() && service.expires_at > call.now)
        .map(|service| Actor {
            id: service.id,
            session_id: None,
            role: Role::Integration,
            organization_id: Some(service.organization_id),
            timezone: timezone(Some(service.timezone)),
            scopes: both(Scope::stored(&service.scopes), &claims.scopes()),
        }))
}

/// What the account may today, among what the token was made for.
fn both(mut granted: Vec<Scope>, asked: &[Scope]) -> Vec<Scope> {
    granted.retain(|scope| asked.contains(scope));
    granted
}
