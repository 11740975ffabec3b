//! API keys: their text, and the service account that sends one. Each request asks anew what both are worth.

use std::io;

use chrono::{DateTime, TimeDelta, Utc};
use entity::values::{Role, Texts};
use entity::{api_key, organization, service_account};
use sea_orm::sea_query::Condition;
use sea_orm::{
    ColumnTrait, EntityTrait, FromQueryResult, JoinType, QueryFilter, QuerySelect, RelationDef, Set,
};
use uuid::Uuid;

use super::store::token_hash;
use crate::foundation::keys;
use crate::foundation::scope::Scope;
use crate::foundation::unscoped;
use crate::kit::ctx::{Actor, timezone};
use crate::kit::{Call, Code, Problem, Result, Who};

/// What every key begins with, so that whoever finds one knows what it is: `lvk_[A-Za-z0-9_-]{43}`.
const PREFIX: &str = "lvk_";
/// So much of it tells the keys of an account apart, and is no help to guess the rest.
const SHOWN: usize = PREFIX.len() + 4;

/// Whether a bearer token is a key. No JWT begins so.
pub(super) fn is_key(token: &str) -> bool {
    token.starts_with(PREFIX)
}

/// A new one: 256 random bits.
///
/// # Errors
/// When the system has no randomness to give.
pub(crate) fn new() -> io::Result<String> {
    Ok(format!("{PREFIX}{}", keys::secret()?))
}

/// How it begins.
pub(crate) fn beginning(key: &str) -> String {
    key.chars().take(SHOWN).collect()
}

/// How exactly it is known when a key was last used: reading writes no more often than that.
const NOTED_EVERY: TimeDelta = TimeDelta::hours(1);

#[derive(FromQueryResult)]
struct Known {
    id: Uuid,
    expires_at: DateTime<Utc>,
    last_used_at: Option<DateTime<Utc>>,
    service_account_id: Uuid,
    organization_id: Uuid,
    scopes: Texts,
    account_expires_at: DateTime<Utc>,
    account_revoked_at: Option<DateTime<Utc>>,
    timezone: String,
}

/// The service account that sends this key, as the database knows it now. The key is found by its hash, in
/// an index: how long that takes says nothing of keys that are there.
///
/// # Errors
/// 401 when there is no such key, or it or its account works no more.
pub(super) async fn authenticate(call: &Call, key: &str) -> Result<Actor> {
    let refused = Problem::new(Code::Unauthenticated);
    let Some(known) = find(call, key).await? else {
        return Err(refused);
    };
    let who = Who {
        id: known.service_account_id,
        role: Role::Integration,
        organization_id: Some(known.organization_id),
        session_id: Some(known.id),
    };
    call.traces.claimed(who);
    let works = known.expires_at > call.now
        && known.account_expires_at > call.now
        && known.account_revoked_at.is_none();
    if !works {
        return Err(refused);
    }
    call.traces.proven(who);
    note_use(call, &known);
    Ok(Actor {
        id: known.service_account_id,
        session_id: None,
        role: Role::Integration,
        organization_id: Some(known.organization_id),
        timezone: timezone(Some(known.timezone)),
        scopes: Scope::stored(&known.scopes),
    })
}

async fn find(call: &Call, key: &str) -> Result<Option<Known>> {
    use service_account::Column as Account;
    let accounts: RelationDef = api_key::Entity::belongs_to(service_account::Entity)
        .from(api_key::Column::ServiceAccountId)
        .to(Account::Id)
        .into();
    let organizations: RelationDef = api_key::Entity::belongs_to(organization::Entity)
        .from(api_key::Column::OrganizationId)
        .to(organization::Column::Id)
        .into();
    let known = unscoped::rows::<api_key::Entity>()
        .filter(api_key::Column::KeyHash.eq(token_hash(key)))
        .column(Account::Scopes)
        .column_as(Account::ExpiresAt, "account_expires_at")
        .column_as(Account::RevokedAt, "account_revoked_at")
        .column(organization::Column::Timezone)
        .join(JoinType::InnerJoin, accounts)
        .join(JoinType::InnerJoin, organizations)
        .into_model::<Known>()
        .one(call.state.db.reader())
        .await?;
    Ok(known)
}

/// Notes that the key is used: nothing that concurrency control or the event trail should see, and nothing
/// that the request waits for.
fn note_use(call: &Call, known: &Known) {
    let (now, id) = (call.now, known.id);
    let since = now - NOTED_EVERY;
    if known.last_used_at.is_some_and(|last| last > since) {
        return;
    }
    let state = call.state.clone();
    actix_web::rt::spawn(async move {
        let used = api_key::ActiveModel {
            last_used_at: Set(Some(now)),
            ..Default::default()
        };
        let not_noted = Condition::any()
            .add(api_key::Column::LastUsedAt.is_null())
            .add(api_key::Column::LastUsedAt.lte(since));
        let noted = api_key::Entity::update_many()
            .set(used)
            .filter(api_key::Column::Id.eq(id))
            .filter(not_noted)
            .exec(state.db.writer())
            .await;
        if let Err(error) = noted {
            tracing::warn!(%error, "the use of an API key is not noted");
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_recognised_and_its_beginning_says_little_of_it() {
        let key = new().unwrap();
        assert!(is_key(&key) && !is_key("eyJhbGciOiJFZERTQSJ9.e30.x"));
        let random = key.strip_prefix(PREFIX).unwrap();
        let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
        assert!(random.len() == 43 && random.chars().all(is_plain), "{key}");
        assert_eq!(beginning(&key).len(), 8);
        assert_ne!(key, new().unwrap());
    }
}
