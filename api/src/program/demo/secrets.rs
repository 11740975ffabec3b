//! The secrets of the demo that the API document's examples use, and what else nobody tells. Like its
//! password they are known to everybody, and like it never set in production.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use entity::values::{MailKind, MailState, TokenPurpose};
use entity::{account_token, invitation, mail, service_account, session};
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveModelTrait, ColumnTrait, DbErr, EntityTrait, QueryFilter, Set};
use uuid::Uuid;

use crate::foundation::database::{Database, Transaction};
use crate::kit::new_id;
use crate::people::auth::store::token_hash;

/// The secret of the service account that the stories call `crm`.
const CLIENT_SECRET: &str = "secret-de-demonstration-du-crm";
/// The invitation of the person whom the stories call `jeanne`.
const INVITATION: &str = "invitation-de-demonstration-de-jeanne";
/// The links of the person whom the stories call `yann`: not one of the accounts that testers share.
const LINKS: [(&str, TokenPurpose, &str); 2] = [
    (
        "yann.reset_token",
        TokenPurpose::PasswordReset,
        "mot-de-passe-de-demonstration-de-yann",
    ),
    (
        "yann.email_token",
        TokenPurpose::EmailChange,
        "adresse-de-demonstration-de-yann",
    ),
];
/// The address that the second one gives him.
const NEW_ADDRESS: &str = "yann@horizon.example";

/// Puts them in the place of those that nobody could know beforehand.
pub(super) async fn make_known(
    db: &Database,
    names: &mut BTreeMap<String, String>,
    now: DateTime<Utc>,
) -> Result<(), DbErr> {
    let told = |name: &str| names.get(name).cloned().unwrap_or_default();
    let txn = db.begin().await?;
    service_account::Entity::update_many()
        .col_expr(
            service_account::Column::SecretHash,
            Expr::value(token_hash(CLIENT_SECRET)),
        )
        .filter(service_account::Column::ClientId.eq(told("crm.client_id")))
        .exec(&txn)
        .await?;
    invitation::Entity::update_many()
        .col_expr(
            invitation::Column::ExpiresAt,
            Expr::value(now + TimeDelta::days(365)),
        )
        .col_expr(
            invitation::Column::TokenHash,
            Expr::value(token_hash(INVITATION)),
        )
        .filter(invitation::Column::TokenHash.eq(token_hash(&told("jeanne.token"))))
        .exec(&txn)
        .await?;
    let year = now + TimeDelta::days(365);
    give_links(&txn, names, (now, year)).await?;
    remember_mail(&txn, names, now).await?;
    open_session(&txn, names, (now, year)).await?;
    txn.commit().await?;
    names.insert("crm.secret".into(), CLIENT_SECRET.into());
    names.insert("jeanne.token".into(), INVITATION.into());
    Ok(())
}

/// The links that somebody would find in their mails.
async fn give_links(
    txn: &Transaction,
    names: &mut BTreeMap<String, String>,
    (now, expires_at): (DateTime<Utc>, DateTime<Utc>),
) -> Result<(), DbErr> {
    let Some(yann) = id(names, "yann") else {
        return Ok(());
    };
    for (name, purpose, token) in LINKS {
        let wanted = (purpose == TokenPurpose::EmailChange).then(|| NEW_ADDRESS.to_owned());
        account_token::ActiveModel {
            id: Set(new_id()),
            user_id: Set(yann),
            purpose: Set(purpose),
            token_hash: Set(token_hash(token)),
            email: Set(wanted),
            created_at: Set(now),
            expires_at: Set(expires_at),
        }
        .insert(txn)
        .await?;
        names.insert(name.into(), token.into());
    }
    Ok(())
}

/// The mail of jeanne's invitation, which left.
async fn remember_mail(
    txn: &Transaction,
    names: &mut BTreeMap<String, String>,
    now: DateTime<Utc>,
) -> Result<(), DbErr> {
    let (Some(jeanne), Some(horizon)) = (id(names, "jeanne"), id(names, "horizon")) else {
        return Ok(());
    };
    mail::ActiveModel {
        id: Set(new_id()),
        organization_id: Set(Some(horizon)),
        user_id: Set(Some(jeanne)),
        kind: Set(MailKind::Invitation),
        state: Set(MailState::Sent),
        recipient: Set(String::new()),
        subject: Set(None),
        body: Set(None),
        attempts: Set(1),
        next_attempt_at: Set(now),
        give_up_at: Set(now),
        reason: Set(None),
        created_at: Set(now),
        sent_at: Set(Some(now)),
    }
    .insert(txn)
    .await
    .map(drop)
}

/// A session that lea left open on her telephone; nobody holds its token.
async fn open_session(
    txn: &Transaction,
    names: &mut BTreeMap<String, String>,
    (now, expires_at): (DateTime<Utc>, DateTime<Utc>),
) -> Result<(), DbErr> {
    let Some(lea) = id(names, "lea") else {
        return Ok(());
    };
    let row = session::ActiveModel {
        id: Set(new_id()),
        user_id: Set(lea),
        generation: Set(1),
        salt: Set(String::new()),
        created_at: Set(now),
        rotated_at: Set(now),
        expires_at: Set(expires_at),
        revoked_at: Set(None),
        user_agent: Set(Some(
            "Mozilla/5.0 (Android 16; Mobile; rv:145.0)".to_owned(),
        )),
        network: Set(Some("203.0.113.0/24".to_owned())),
    };
    let row = row.insert(txn).await?;
    names.insert("lea.telephone".into(), row.id.to_string());
    Ok(())
}

fn id(names: &BTreeMap<String, String>, name: &str) -> Option<Uuid> {
    names.get(name)?.parse().ok()
}
