//! The people of every test, and their booklets.
//!
//! | organization | people |
//! |---|---|
//! | Horizon | claire (coordinator), tom, tina and theo (tutors), samira and nadia (candidates), karim (candidate without account), paul (prescriber), vera (validator), crm (integration, all scopes) |
//! | Rivage | rose (coordinator), remi and raoul (tutors), rita (candidate) |
//! | – | ada (platform admin) |

use std::collections::BTreeMap;

use api::scope::Scope;
use chrono::{DateTime, TimeDelta, Utc};
use entity::values::{
    BookletState, Locale, MemberKind, PlanState, PreferredChannel, Role, StageState, Texts,
    UserState,
};
use entity::{
    booklet, booklet_member, candidate, organization, plan, service_account, session,
    stage_progress, user,
};
use sea_orm::prelude::Uuid;
use sea_orm::{ActiveModelTrait, DatabaseTransaction, Set};

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

pub(crate) async fn settle(txn: &DatabaseTransaction, now: DateTime<Utc>, hash: &str) -> People {
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

async fn organization(txn: &DatabaseTransaction, now: DateTime<Utc>, name: &str) -> Uuid {
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
        version: Set(1),
        created_at: Set(now),
        updated_at: Set(now),
    };
    row.insert(txn).await.unwrap().id
}

async fn person(
    txn: &DatabaseTransaction,
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

async fn integration(
    txn: &DatabaseTransaction,
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

async fn candidate(
    txn: &DatabaseTransaction,
    now: DateTime<Utc>,
    name: &str,
    organization_id: Uuid,
    user_id: Option<Uuid>,
) -> Uuid {
    let row = candidate::ActiveModel {
        id: Set(id()),
        organization_id: Set(organization_id),
        user_id: Set(user_id),
        given_name: Set(capitalized(name)),
        family_name: Set("Benali".to_owned()),
        birth_date: Set(None),
        email: Set(None),
        phone: Set(None),
        preferred_channel: Set(PreferredChannel::Email),
        accessibility_needs: Set(None),
        search: Set(format!("{name} benali")),
        sort_key: Set(format!("benali {name}").into_bytes()),
        version: Set(1),
        created_at: Set(now),
        updated_at: Set(now),
    };
    row.insert(txn).await.unwrap().id
}

async fn booklet(
    txn: &DatabaseTransaction,
    now: DateTime<Utc>,
    organization_id: Uuid,
    candidate_id: Uuid,
    tutor_id: Uuid,
    watched: Option<(Uuid, Uuid)>,
) -> Uuid {
    let today = now.date_naive();
    let row = booklet::ActiveModel {
        id: Set(id()),
        organization_id: Set(organization_id),
        candidate_id: Set(candidate_id),
        tutor_id: Set(tutor_id),
        prescriber_id: Set(watched.map(|(prescriber, _)| prescriber)),
        validator_id: Set(watched.map(|(_, validator)| validator)),
        purpose: Set("Un livret.".to_owned()),
        certification: Set(None),
        state: Set(BookletState::Open),
        in_force_until: Set(None),
        suspension_reason: Set(None),
        reopening_reason: Set(None),
        opened_on: Set(today),
        target_closing_on: Set(None),
        closed_on: Set(None),
        closure_reason: Set(None),
        outcome: Set(None),
        archived_at: Set(None),
        version: Set(1),
        created_at: Set(now),
        updated_at: Set(now),
    };
    let booklet_id = row.insert(txn).await.unwrap().id;
    let row = booklet_member::ActiveModel {
        id: Set(id()),
        organization_id: Set(organization_id),
        booklet_id: Set(booklet_id),
        user_id: Set(tutor_id),
        kind: Set(MemberKind::Tutor),
        starts_on: Set(today),
        ends_on: Set(None),
        version: Set(1),
        created_at: Set(now),
        updated_at: Set(now),
    };
    row.insert(txn).await.unwrap();
    let row = plan::ActiveModel {
        id: Set(id()),
        organization_id: Set(organization_id),
        booklet_id: Set(booklet_id),
        state: Set(PlanState::Draft),
        proposed_by: Set(None),
        agreed_by_candidate_at: Set(None),
        agreed_by_tutor_at: Set(None),
        on_behalf: Set(false),
        source_template_id: Set(None),
        version: Set(1),
        created_at: Set(now),
        updated_at: Set(now),
    };
    row.insert(txn).await.unwrap();
    for code in [
        "information_project",
        "support",
        "admissibility",
        "validation_file",
        "jury",
    ] {
        let row = stage_progress::ActiveModel {
            id: Set(id()),
            organization_id: Set(organization_id),
            booklet_id: Set(booklet_id),
            code: Set(code.to_owned()),
            state: Set(StageState::NotStarted),
            started_on: Set(None),
            completed_on: Set(None),
            comment: Set(None),
            version: Set(1),
            created_at: Set(now),
            updated_at: Set(now),
        };
        row.insert(txn).await.unwrap();
    }
    booklet_id
}
