//! Demo data: two organizations, their people, and a dozen booklets in every state, told through
//! the API itself so that every rule holds for them too.

mod ids;
mod people;
mod scene;
mod secrets;
mod teller;

use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::Arc;

use entity::values::UserState;
use entity::{organization, session, user};
use sea_orm::{ColumnTrait, DbErr, EntityTrait, PaginatorTrait, QueryFilter};
use tracing::instrument::WithSubscriber;
use tracing::subscriber::NoSubscriber;

use crate::foundation::config::{Config, Environment, RateLimit, Synchronous};
use crate::foundation::database::{self, Database};
use crate::foundation::state::{DemoAccount, State};
use crate::foundation::unscoped;
use crate::kit::Clock;
use crate::kit::ids::with_ids_from;
use crate::people::auth::tokens::Subject;
use crate::program::admin;
use crate::program::app::app;
use crate::program::openapi::read_api_document;
pub use people::PASSWORD;
use scene::Scene;
use teller::Teller;

/// One account of each role to try, and one of the other organization.
const ACCOUNTS: [([&str; 2], &str); 7] = [
    (
        [
            "Administratrice de la plateforme",
            "Administrator of the platform",
        ],
        people::ADMIN,
    ),
    (
        ["Coordinatrice", "Coordinator"],
        "coordinatrice@horizon.example",
    ),
    (["Tutrice", "Tutor"], "tutrice@horizon.example"),
    (["Candidate", "Candidate"], "candidate@horizon.example"),
    (
        ["Prescripteur", "Prescriber"],
        "prescripteur@horizon.example",
    ),
    (
        ["Certificatrice", "Validator"],
        "certificatrice@horizon.example",
    ),
    (
        [
            "Coordinateur de l'autre organisme",
            "Coordinator of the other organization",
        ],
        "coordinateur@rivage.example",
    ),
];

/// After all scenes of a day.
const LAST_SCENE: i64 = 1400;

/// One line per request: day, who, method, path, a name for what it makes, body.
const STORIES: [&str; 5] = [
    include_str!("stories/directory.txt"),
    include_str!("stories/samira.txt"),
    include_str!("stories/under_way.txt"),
    include_str!("stories/over.txt"),
    include_str!("stories/to_try.txt"),
];

/// What was told.
#[derive(Debug)]
pub struct Told {
    /// The accounts to try it with.
    pub accounts: Vec<DemoAccount>,
    /// Ids by their names in the stories, and the secrets: the same each time.
    pub names: BTreeMap<String, String>,
}

/// Fills an empty database, and names the accounts to try it with.
///
/// # Errors
/// A sentence that says what keeps it from being filled.
pub async fn seed(config: &Config) -> Result<Vec<DemoAccount>, String> {
    Ok(tell(config, Clock::default()).await?.accounts)
}

/// The same, as if today were the day that this clock shows; the telling moves it.
///
/// # Errors
/// A sentence that says what keeps it from being filled.
pub async fn tell(config: &Config, clock: Clock) -> Result<Told, String> {
    refuse_production(config)?;
    database::migrate(config)
        .await
        .map_err(|error| format!("cannot migrate: {error}"))?;
    let config = Config {
        rate_limit: RateLimit::Off,
        // What is told happened before: nobody gets a mail of it.
        smtp_url: None,
        mail_outbox: None,
        sqlite_synchronous: Synchronous::Normal,
        ..config.clone()
    };
    let state = State::open(config, clock, read_api_document()?).await?;
    // Hundreds of requests that nobody sent are no news.
    let told = tell_all(&state)
        .with_subscriber(NoSubscriber::default())
        .await;
    let closed = state.db.clone().close().await;
    let told = told?;
    closed.map_err(|error| format!("cannot close the database: {error}"))?;
    Ok(told)
}

/// For `serve --demo`: fills a database that is empty, and shows the accounts that are there.
///
/// # Errors
/// A sentence that says what keeps it from being filled.
pub async fn open(state: &Arc<State>) -> Result<(), String> {
    refuse_production(&state.config)?;
    let mut filled = Ok(());
    // Instances that start together fill it once.
    let fill = async || {
        if is_empty(&state.db).await? {
            // Apart from this stack, which it would fill: it holds the whole service.
            filled = Box::pin(seed(&state.config)).await.map(|_| ());
        }
        Ok(())
    };
    if is_empty(&state.db)
        .await
        .map_err(|error| unreadable(&error))?
    {
        let locked = database::one_at_a_time(&state.config, fill).await;
        locked.map_err(|error| unreadable(&error))?;
    }
    filled?;
    let accounts = accounts(&state.db)
        .await
        .map_err(|error| unreadable(&error))?;
    state.demo_accounts.get_or_init(|| accounts);
    Ok(())
}

/// The accounts as a table for the terminal.
#[must_use]
pub fn table(accounts: &[DemoAccount]) -> String {
    let mut table = String::new();
    for account in accounts {
        // Writing to a string cannot fail.
        let _ = writeln!(
            table,
            "{:<34} {:<32} {}",
            account.name[0], account.email, account.password
        );
    }
    table
}

async fn tell_all(state: &Arc<State>) -> Result<Told, String> {
    if !is_empty(&state.db)
        .await
        .map_err(|error| unreadable(&error))?
    {
        return Err(
            "this database already has organizations; demo data goes into an empty one".into(),
        );
    }
    let service = actix_web::test::init_service(app(state)).await;
    let mut teller = Teller::new(state.clone(), service);
    teller.go_to(people::FIRST_DAY, 0);
    with_ids_from(ids::first(people::FIRST_DAY, 0), meet_admin(&mut teller)).await?;

    let mut scenes = people::arrivals();
    for story in STORIES {
        scenes.extend(Scene::read_all(story)?);
    }
    teller.play(scenes).await?;
    let settled = async {
        forget_sessions(&state.db, &teller).await?;
        let known = secrets::make_known(&state.db, &mut teller.names, state.clock.now());
        with_ids_from(ids::first(0, LAST_SCENE), known).await?;
        accounts(&state.db).await
    };
    Ok(Told {
        accounts: settled.await.map_err(|error| unreadable(&error))?,
        names: teller.names,
    })
}

async fn meet_admin<S>(teller: &mut Teller<S>) -> Result<(), String> {
    let (db, now) = (&teller.state.db, teller.state.clock.now());
    let admin = admin::insert(db, people::ADMIN.to_owned(), PASSWORD, now)
        .await
        .map_err(|problem| format!("{}: {}", people::ADMIN, problem.code()))?;
    teller.names.insert("admin".into(), admin.id.to_string());
    let admin = Subject {
        id: admin.id,
        session_id: None,
        organization_id: None,
        role: admin.role,
        program: None,
    };
    teller.meet("admin", admin).await
}

fn refuse_production(config: &Config) -> Result<(), String> {
    if config.env == Environment::Production {
        return Err("demo accounts have a known password: not with LIVRET_ENV=production".into());
    }
    Ok(())
}

/// Nobody has signed in yet.
async fn forget_sessions<S>(db: &Database, teller: &Teller<S>) -> Result<(), DbErr> {
    let txn = db.begin().await?;
    session::Entity::delete_many()
        .filter(session::Column::UserId.is_in(teller.cast()))
        .exec(&txn)
        .await?;
    txn.commit().await
}

async fn is_empty(db: &Database) -> Result<bool, DbErr> {
    Ok(unscoped::rows::<organization::Entity>()
        .count(db.reader())
        .await?
        == 0)
}

async fn accounts(db: &Database) -> Result<Vec<DemoAccount>, DbErr> {
    let present = unscoped::rows::<user::Entity>()
        .filter(user::Column::Email.is_in(ACCOUNTS.map(|(_, email)| email)))
        .filter(user::Column::State.eq(UserState::Active))
        .all(db.reader())
        .await?;
    Ok(ACCOUNTS
        .into_iter()
        .filter_map(|(name, email)| {
            let user = present.iter().find(|user| user.email == email)?;
            Some(DemoAccount {
                name,
                role: user.role,
                email: email.to_owned(),
                password: PASSWORD,
            })
        })
        .collect())
}

fn unreadable(error: &DbErr) -> String {
    format!("LIVRET_DATABASE_URL: cannot use the database: {error}")
}
