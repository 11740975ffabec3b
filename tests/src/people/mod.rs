//! The people of every test, and their booklets.
//!
//! | organization | people |
//! |---|---|
//! | Horizon | claire (coordinator), tom, tina and theo (tutors), samira and nadia (candidates), karim (candidate without account), paul (prescriber), vera (validator), crm (integration, all scopes) |
//! | Rivage | rose (coordinator), remi and raoul (tutors), rita (candidate) |
//! | – | ada (platform admin) |

mod accounts;
mod booklets;

use api::foundation::database::Transaction;
use chrono::{DateTime, Utc};
use entity::values::Role;
use sea_orm::prelude::Uuid;
use std::collections::BTreeMap;

use self::accounts::{integration, organization, person};
use self::booklets::{booklet, candidate};

/// What tests know of the world: ids by name.
#[derive(Clone, Debug, Default)]
pub struct People {
    /// Users, and `crm`.
    pub users: BTreeMap<&'static str, Person>,
    /// `horizon` and `rivage`.
    pub organizations: BTreeMap<&'static str, Uuid>,
    /// Candidates by first name.
    pub candidates: BTreeMap<&'static str, Uuid>,
    /// Booklets by their candidate's first name.
    pub booklets: BTreeMap<&'static str, Uuid>,
}

#[derive(Clone, Copy, Debug)]
pub struct Person {
    pub id: Uuid,
    pub role: Role,
    pub organization_id: Option<Uuid>,
    pub session_id: Option<Uuid>,
}

/// Everybody's password.
pub const PASSWORD: &str = "quatre chevaux mauves";

const HORIZON: &str = "horizon";

const RIVAGE: &str = "rivage";

pub(crate) async fn settle(txn: &Transaction, now: DateTime<Utc>, hash: &str) -> People {
    let mut people = People::default();
    for (name, title) in [
        (HORIZON, "Horizon Formation"),
        (RIVAGE, "Rivage Compétences"),
    ] {
        let id = organization(txn, now, title).await;
        people.organizations.insert(name, id);
    }
    for (name, role, home) in [
        ("ada", Role::Admin, None),
        ("claire", Role::Coordinator, Some(HORIZON)),
        ("tom", Role::Tutor, Some(HORIZON)),
        ("tina", Role::Tutor, Some(HORIZON)),
        ("theo", Role::Tutor, Some(HORIZON)),
        ("samira", Role::Candidate, Some(HORIZON)),
        ("nadia", Role::Candidate, Some(HORIZON)),
        ("paul", Role::Prescriber, Some(HORIZON)),
        ("vera", Role::Validator, Some(HORIZON)),
        ("rose", Role::Coordinator, Some(RIVAGE)),
        ("remi", Role::Tutor, Some(RIVAGE)),
        ("raoul", Role::Tutor, Some(RIVAGE)),
        ("rita", Role::Candidate, Some(RIVAGE)),
    ] {
        let organization_id = home.map(|home| people.organizations[home]);
        let person = person(txn, now, name, role, organization_id, hash).await;
        people.users.insert(name, person);
    }
    let crm = integration(txn, now, people.organizations[HORIZON]).await;
    people.users.insert("crm", crm);
    for (name, tutor, home) in [
        ("samira", "tom", HORIZON),
        ("karim", "tom", HORIZON),
        ("nadia", "tina", HORIZON),
        ("rita", "remi", RIVAGE),
    ] {
        let organization_id = people.organizations[home];
        let account = people.users.get(name).map(|person| person.id);
        let candidate_id = candidate(txn, now, name, organization_id, account).await;
        people.candidates.insert(name, candidate_id);
        let watched =
            (name == "samira").then(|| (people.users["paul"].id, people.users["vera"].id));
        let tutor_id = people.users[tutor].id;
        let id = booklet(txn, now, organization_id, candidate_id, tutor_id, watched).await;
        people.booklets.insert(name, id);
    }
    people
}

fn id() -> Uuid {
    api::kit::new_id()
}

fn capitalized(name: &str) -> String {
    let (first, rest) = name.split_at(1);
    format!("{}{rest}", first.to_uppercase())
}
