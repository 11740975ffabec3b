//! Making the platform's administrators, from the command line alone.

use chrono::{DateTime, Utc};
use entity::user;
use entity::values::{Locale, Role, UserState};
use sea_orm::{ActiveModelTrait, Set};
use validator::ValidateEmail;

use crate::foundation::config::Config;
use crate::foundation::database::{self, Database};
use crate::foundation::operations::secret::opaque;
use crate::foundation::state::passwords::Passwords;
use crate::foundation::state::strength::check_strength;
use crate::kit::write::event::{Author, write_events};
use crate::kit::{Clock, Code, Event, Problem, new_id};

/// Makes an active administrator. A live server needs no restart.
///
/// # Errors
/// A sentence that says what is wrong.
pub async fn create(config: &Config, email: &str, password: &str) -> Result<(), String> {
    let email = email.trim().to_ascii_lowercase();
    if !email.validate_email() {
        return Err(format!("--email: {email} is not an e-mail address"));
    }
    let password = &opaque(password).ok_or("the password must have no control characters")?;
    if !(8..=128).contains(&password.chars().count()) {
        return Err("the password must have 8 to 128 characters".to_owned());
    }
    check_strength("/password", password, &[&email]).or(Err(
        "this password is too easy to guess; a phrase of several words does well",
    ))?;
    database::migrate(config)
        .await
        .map_err(|error| format!("cannot migrate: {error}"))?;
    let db = Database::open(config)
        .await
        .map_err(|error| format!("LIVRET_DATABASE_URL: cannot open the database: {error}"))?;
    insert(&db, email, password, Clock::default().now())
        .await
        .map(drop)
        .map_err(|problem| match problem.code() {
            Code::Conflict => "--email: somebody already has this e-mail address".to_owned(),
            other => format!("cannot create the administrator: {other}"),
        })?;
    db.close()
        .await
        .map_err(|error| format!("cannot close the database: {error}"))
}

/// Writes the administrator and the event that tells of it.
pub(crate) async fn insert(
    db: &Database,
    email: String,
    password: &str,
    now: DateTime<Utc>,
) -> Result<user::Model, Problem> {
    let hash = Passwords::new(1, false).hash(password.to_owned()).await?;
    let txn = db.begin().await?;
    let admin = user::ActiveModel {
        id: Set(new_id()),
        organization_id: Set(None),
        email: Set(email),
        sort_key: Set(migration::fold::sort_key("Livret Administration")),
        given_name: Set("Administration".to_owned()),
        family_name: Set("Livret".to_owned()),
        phone: Set(None),
        locale: Set(Locale::Fr),
        role: Set(Role::Admin),
        state: Set(UserState::Active),
        password_hash: Set(Some(hash)),
        last_login_at: Set(None),
        previous_login_at: Set(None),
        news_seen_at: Set(None),
        email_moved_at: Set(None),
        email_confirmed_at: Set(None),
        signed_out_at: Set(None),
        version: Set(1),
        created_at: Set(now),
        updated_at: Set(now),
    };
    let admin = admin.insert(&txn).await?;
    let author = Author {
        id: None,
        role: "system".to_owned(),
    };
    write_events(
        &txn,
        vec![Event::created(&admin)],
        now,
        &author,
        "create-admin",
    )
    .await?;
    txn.commit().await?;
    Ok(admin)
}
