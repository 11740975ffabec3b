//! Who may be the same person as somebody: what their names, birth dates and ways to reach them have in common.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use entity::candidate::{self, Column};
use entity::values::Likeness;
use migration::fold::sort_key;
use sea_orm::sea_query::Condition;
use sea_orm::{ColumnTrait, ConnectionTrait, QueryFilter, QuerySelect};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::dto::CandidateInput;
use crate::foundation::unscoped;
use crate::kit::scope::in_organization;
use crate::kit::{Ctx, Result};

/// How many are named.
pub(crate) const MOST: usize = 20;
/// How many are looked at for each who is asked for: many may have the telephone of one home.
const LOOKED_AT: u64 = 200;

/// A candidate who may be the same person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct SimilarCandidate {
    /// Their id.
    pub(crate) id: Uuid,
    /// Prénom and nom.
    #[schema(max_length = 401)]
    name: String,
    /// What they have in common.
    #[schema(min_items = 1, max_items = 3)]
    pub(crate) why: Vec<Likeness>,
}

/// What somebody is recognised by.
#[derive(Clone, Debug)]
pub(crate) struct Traits {
    /// Family name first, and the other way round: people put one in the place of the other.
    names: [Vec<u8>; 2],
    birth_date: Option<NaiveDate>,
    email: Option<String>,
    phone: Option<String>,
}

impl Traits {
    fn of(given_name: &str, family_name: &str) -> Self {
        let key = |first: &str, second: &str| sort_key(&format!("{first} {second}"));
        Self {
            names: [key(family_name, given_name), key(given_name, family_name)],
            birth_date: None,
            email: None,
            phone: None,
        }
    }

    /// What these have in common: nothing, where the birth dates of two of one name differ.
    fn shared_with(&self, row: &candidate::Model) -> Vec<Likeness> {
        let mut why = Vec::new();
        if self.names.contains(&row.sort_key) {
            match (self.birth_date, row.birth_date) {
                (Some(one), Some(other)) if one == other => why.push(Likeness::NameAndBirthDate),
                (Some(_), Some(_)) => {}
                _ => why.push(Likeness::Name),
            }
        }
        let is_shared =
            |one: &Option<String>, other: &Option<String>| one.is_some() && one == other;
        if is_shared(&self.email, &row.email) {
            why.push(Likeness::Email);
        }
        if is_shared(&self.phone, &row.phone) {
            why.push(Likeness::Phone);
        }
        why
    }
}

impl From<&candidate::Model> for Traits {
    fn from(row: &candidate::Model) -> Self {
        Self {
            birth_date: row.birth_date,
            email: row.email.clone(),
            phone: row.phone.clone(),
            ..Self::of(&row.given_name, &row.family_name)
        }
    }
}

impl From<&CandidateInput> for Traits {
    fn from(input: &CandidateInput) -> Self {
        Self {
            birth_date: input.birth_date,
            email: input.email.clone(),
            phone: input.phone.clone(),
            ..Self::of(&input.given_name, &input.family_name)
        }
    }
}

/// Who in the caller's organization may be the same person, the likeliest first.
///
/// # Errors
/// 503 when the database does not answer.
pub(crate) async fn similar_to(
    ctx: &Ctx,
    db: &impl ConnectionTrait,
    who: &candidate::Model,
) -> Result<Vec<SimilarCandidate>> {
    let found = of_all(ctx, db, &[Traits::from(who)]).await?;
    let others = found.into_iter().flatten();
    Ok(others
        .filter(|other| other.id != who.id)
        .take(MOST)
        .collect())
}

/// The same for each of several, in one query.
///
/// # Errors
/// 503 when the database does not answer.
pub(crate) async fn of_all(
    ctx: &Ctx,
    db: &impl ConnectionTrait,
    all: &[Traits],
) -> Result<Vec<Vec<SimilarCandidate>>> {
    if all.is_empty() {
        return Ok(Vec::new());
    }
    let names: BTreeSet<_> = all.iter().flat_map(|one| one.names.clone()).collect();
    let emails: BTreeSet<_> = all.iter().filter_map(|one| one.email.clone()).collect();
    let phones: BTreeSet<_> = all.iter().filter_map(|one| one.phone.clone()).collect();
    let mut known = Condition::any().add(Column::SortKey.is_in(names));
    if !emails.is_empty() {
        known = known.add(Column::Email.is_in(emails));
    }
    if !phones.is_empty() {
        known = known.add(Column::Phone.is_in(phones));
    }
    // Within the caller's organization.
    let rows = unscoped::rows::<candidate::Entity>()
        .filter(in_organization::<candidate::Entity>(ctx))
        .filter(known)
        .limit(LOOKED_AT.saturating_mul(u64::try_from(all.len()).unwrap_or(1)))
        .all(db)
        .await?;
    Ok(all.iter().map(|one| among(one, &rows)).collect())
}

fn among(one: &Traits, rows: &[candidate::Model]) -> Vec<SimilarCandidate> {
    let mut found: Vec<_> = rows
        .iter()
        .map(|row| SimilarCandidate {
            id: row.id,
            name: format!("{} {}", row.given_name, row.family_name),
            why: one.shared_with(row),
        })
        .filter(|other| !other.why.is_empty())
        .collect();
    let strength = |other: &SimilarCandidate| {
        let is_named = other.why.contains(&Likeness::NameAndBirthDate);
        (!is_named, usize::MAX - other.why.len(), other.id)
    };
    found.sort_by_key(strength);
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(
        given: &str,
        family: &str,
        birth: Option<&str>,
        phone: Option<&str>,
    ) -> candidate::Model {
        candidate::Model {
            id: Uuid::nil(),
            organization_id: Uuid::nil(),
            user_id: None,
            given_name: given.to_owned(),
            family_name: family.to_owned(),
            birth_date: birth.map(|day| day.parse().unwrap()),
            email: None,
            phone: phone.map(ToOwned::to_owned),
            preferred_channel: entity::values::PreferredChannel::Email,
            accessibility_needs: None,
            search: String::new(),
            sort_key: sort_key(&format!("{family} {given}")),
            version: 1,
            created_at: chrono::DateTime::UNIX_EPOCH,
            updated_at: chrono::DateTime::UNIX_EPOCH,
        }
    }

    #[test]
    fn one_person_is_recognised_however_they_were_typed() {
        use Likeness::{Name, NameAndBirthDate, Phone};
        let birth = Some("1980-05-01");
        let known = row("Samira", "Ben Ali", birth, Some("+33612345678"));
        for (other, why) in [
            (
                row("SAMIRA", "Ben-Ali", birth, None),
                vec![NameAndBirthDate],
            ),
            (
                row("Ben Ali", "Samira", birth, None),
                vec![NameAndBirthDate],
            ),
            (row("Samira", "Ben Ali", None, None), vec![Name]),
            (row("Samira", "Ben Ali", Some("1981-05-01"), None), vec![]),
            (
                row("Karim", "Ben Ali", None, Some("+33612345678")),
                vec![Phone],
            ),
            (row("Karim", "Ben Ali", birth, None), vec![]),
        ] {
            assert_eq!(Traits::from(&other).shared_with(&known), why, "{other:?}");
        }
    }
}
