//! The demo data on a day of one's choice, told once and copied for each request that changes it.

use std::collections::BTreeMap;
use std::sync::Arc;

use api::foundation::config::Config;
use api::kit::Clock;
use chrono::{DateTime, TimeDelta, Utc};
use entity::values::Role;
use entity::{service_account, session, user};
use sea_orm::{ActiveModelTrait, EntityTrait, Set};

use crate::copies::Copies;
use crate::people::{People, Person};
use crate::{Backend, Client, World};

/// What the demo told, and who may act in it.
pub struct Demo {
    /// Ids by their names in the stories, and the secrets.
    pub names: BTreeMap<String, String>,
    now: DateTime<Utc>,
    cast: BTreeMap<String, Person>,
    /// The e-mail address or the client, by name.
    accounts: BTreeMap<String, String>,
    copies: Arc<Copies>,
}

impl Demo {
    /// Tells the demo as if it were this instant.
    pub async fn told_at(backend: Backend, now: &str) -> Self {
        let now: DateTime<Utc> = now.parse().unwrap();
        let told = move || Copies::filled(backend, async |config| tell(config, now).await);
        let told = tokio::task::spawn_blocking(told).await;
        let (copies, (names, people)) = told.unwrap();
        let mut cast = BTreeMap::new();
        let mut accounts = BTreeMap::new();
        for (person, account) in people {
            let id = person.id.to_string();
            for (name, _) in names.iter().filter(|(_, named)| **named == id) {
                cast.insert(name.clone(), person);
                accounts.insert(name.clone(), account.clone());
            }
        }
        Self {
            names,
            now,
            cast,
            accounts,
            copies: Arc::new(copies),
        }
    }

    /// The service on a copy of its own.
    pub async fn copy(&self) -> World {
        let copies = self.copies.clone();
        let copy = tokio::task::spawn_blocking(move || copies.copy()).await;
        let (folder, config) = copy.unwrap();
        let clock = Clock::standing_at(self.now);
        World::serve(folder, People::default(), config, clock).await
    }

    /// Acts as whoever the stories call so; `-` is nobody.
    pub fn client(&self, world: &World, name: &str) -> Client {
        if name == "-" {
            return world.anonymous();
        }
        let person = self.cast.get(name).copied();
        world.client(Some(
            person.unwrap_or_else(|| panic!("nobody is called {name}")),
        ))
    }

    /// The e-mail address that this person signs in with, or the client id of the service account.
    pub fn account(&self, name: &str) -> Option<&str> {
        self.accounts.get(name).map(String::as_str)
    }

    /// Whoever signs in so.
    pub fn name_of(&self, account: &str) -> &str {
        let mut found = self.accounts.iter().filter(|(_, known)| *known == account);
        let (name, _) = found
            .next()
            .unwrap_or_else(|| panic!("no account is called {account}"));
        name
    }
}

type Everybody = Vec<(Person, String)>;

async fn tell(config: &Config, now: DateTime<Utc>) -> (BTreeMap<String, String>, Everybody) {
    let told = api::program::demo::tell(config, Clock::standing_at(now)).await;
    let everybody = sign_everybody_in(config, now).await;
    (told.unwrap().names, everybody)
}

#[expect(clippy::disallowed_methods, reason = "a test asks for everybody")]
async fn sign_everybody_in(config: &Config, now: DateTime<Utc>) -> Everybody {
    let db = api::foundation::database::Database::open(config)
        .await
        .unwrap();
    let txn = db.begin().await.unwrap();
    let mut people = Vec::new();
    for user in user::Entity::find().all(&txn).await.unwrap() {
        let row = session::ActiveModel {
            id: Set(api::kit::new_id()),
            user_id: Set(user.id),
            generation: Set(1),
            salt: Set(String::new()),
            created_at: Set(now),
            rotated_at: Set(now),
            expires_at: Set(now + TimeDelta::days(1)),
            revoked_at: Set(None),
            user_agent: Set(None),
            network: Set(None),
        };
        let session_id = Some(row.insert(&txn).await.unwrap().id);
        let person = Person {
            id: user.id,
            role: user.role,
            organization_id: user.organization_id,
            session_id,
        };
        people.push((person, user.email));
    }
    for account in service_account::Entity::find().all(&txn).await.unwrap() {
        let person = Person {
            id: account.id,
            role: Role::Integration,
            organization_id: Some(account.organization_id),
            session_id: None,
        };
        people.push((person, account.client_id));
    }
    txn.commit().await.unwrap();
    db.close().await.unwrap();
    people
}
