//! Organizations, accounts with a session, and a service account.

use api::foundation::database::Transaction;
use api::foundation::scope::Scope;
use chrono::{DateTime, TimeDelta, Utc};
use entity::values::{Locale, Role, Texts, UserState};
use entity::{organization, service_account, session, user};
use sea_orm::prelude::Uuid;
use sea_orm::{ActiveModelTrait, Set};

use super::{Person, capitalized, id};

pub(super) async fn organization(txn: &Transaction, now: DateTime<Utc>, name: &str) -> Uuid {
    let row = organization::ActiveModel {
        id: Set(id()),
        name: Set(name.to_owned()),
        siret: Set(None),
        address: Set(None),
        phone: Set(None),
        email: Set(None),
        timezone: Set("Europe/Paris".to_owned()),
        locale: Set(Locale::Fr),
        retention_months: Set(24),
        no_contact_weeks: Set(6),
        version: Set(1),
        created_at: Set(now),
        updated_at: Set(now),
    };
    row.insert(txn).await.unwrap().id
}

pub(super) async fn person(
    txn: &Transaction,
    now: DateTime<Utc>,
    name: &str,
    role: Role,
    organization_id: Option<Uuid>,
    hash: &str,
) -> Person {
    let row = user::ActiveModel {
        id: Set(id()),
        organization_id: Set(organization_id),
        email: Set(format!("{name}@livret.example")),
        given_name: Set(capitalized(name)),
        family_name: Set("Martin".to_owned()),
        sort_key: Set(format!("martin {name}").into_bytes()),
        phone: Set(None),
        locale: Set(Locale::Fr),
        role: Set(role),
        state: Set(UserState::Active),
        password_hash: Set(Some(hash.to_owned())),
        last_login_at: Set(None),
        previous_login_at: Set(None),
        news_seen_at: Set(None),
        email_moved_at: Set(None),
        email_confirmed_at: Set(Some(now - TimeDelta::days(1))),
        signed_out_at: Set(None),
        version: Set(1),
        created_at: Set(now),
        updated_at: Set(now),
    };
    let user_id = row.insert(txn).await.unwrap().id;
    let row = session::ActiveModel {
        id: Set(id()),
        user_id: Set(user_id),
        generation: Set(1),
        salt: Set(name.to_owned()),
        created_at: Set(now),
        rotated_at: Set(now),
        expires_at: Set(now + TimeDelta::days(36500)),
        revoked_at: Set(None),
        user_agent: Set(None),
        network: Set(None),
    };
    let session_id = Some(row.insert(txn).await.unwrap().id);
    Person {
        id: user_id,
        role,
        organization_id,
        session_id,
    }
}

pub(super) async fn integration(
    txn: &Transaction,
    now: DateTime<Utc>,
    organization_id: Uuid,
) -> Person {
    let scopes = Scope::all().map(|scope| scope.to_string()).collect();
    let row = service_account::ActiveModel {
        id: Set(id()),
        organization_id: Set(organization_id),
        name: Set("CRM".to_owned()),
        scopes: Set(Texts(scopes)),
        client_id: Set("crm".to_owned()),
        secret_hash: Set("none".to_owned()),
        former_secret_hash: Set(None),
        created_by: Set(None),
        former_secret_expires_at: Set(None),
        expires_at: Set(now + TimeDelta::days(36500)),
        revoked_at: Set(None),
        last_used_at: Set(None),
        version: Set(1),
        created_at: Set(now),
        updated_at: Set(now),
    };
    let id = row.insert(txn).await.unwrap().id;
    let organization_id = Some(organization_id);
    Person {
        id,
        role: Role::Integration,
        organization_id,
        session_id: None,
    }
}
