//! The people and candidates that rows name: by our ids, by what another system calls them, tutors by
//! their e-mail address. Looked up for a page of rows at once, within the organization.

use std::collections::{HashMap, HashSet};

use entity::{candidate, external_reference, user};
use sea_orm::sea_query::ExprTrait;
use sea_orm::{ColumnTrait, ConnectionTrait, QueryFilter};
use serde_json::{Map, Value};
use uuid::Uuid;

use super::claims::Claims;
use super::row::Row;
use super::target::Target;
use crate::foundation::unscoped;
use crate::kit::{Fault, FaultCode, Result};
use crate::people::users::fits;

/// Other ways to say whom a field names: what stands in for it, and what the names are of.
const BY_EXTERNAL_ID: [(&str, &str, &str); 2] = [
    ("candidate_external_id", "candidate_id", "candidate"),
    ("tutor_external_id", "tutor_id", "user"),
];
/// Names the account that somebody signs in with.
const ACCOUNT: &str = "user_id";
const BY_EMAIL: (&str, &str) = ("tutor_email", "tutor_id");

/// Everybody whom a page of rows names.
#[derive(Default)]
pub(super) struct Lookup {
    users: HashMap<Uuid, user::Model>,
    by_email: HashMap<String, Uuid>,
    by_reference: HashMap<(String, String, String), Uuid>,
    candidates: HashSet<Uuid>,
    /// The candidates who sign in with accounts that rows name: an account is one person's.
    linked: HashMap<Uuid, Uuid>,
}

impl Lookup {
    /// Looks them up.
    ///
    /// # Errors
    /// 503 when the database does not answer.
    pub(super) async fn of<T: Target>(
        rows: &[Row],
        db: &impl ConnectionTrait,
        organization_id: Uuid,
    ) -> Result<Self> {
        let mut lookup = Self::default();
        let texts = |field: &'static str| {
            let found = rows.iter().filter_map(move |row| row.content.get(field));
            found.filter_map(Value::as_str).map(ToOwned::to_owned)
        };
        let outer: Vec<String> = BY_EXTERNAL_ID
            .iter()
            .flat_map(|(from, ..)| texts(from))
            .collect();
        if !outer.is_empty() {
            let systems: HashSet<&str> = rows
                .iter()
                .filter_map(|row| Some(row.key.as_ref()?.system.as_str()))
                .collect();
            // Within the organization of the import.
            let found = unscoped::rows::<external_reference::Entity>()
                .filter(external_reference::Column::OrganizationId.eq(organization_id))
                .filter(external_reference::Column::ResourceType.is_in(["candidate", "user"]))
                .filter(external_reference::Column::System.is_in(systems))
                .filter(external_reference::Column::ExternalId.is_in(outer))
                .all(db)
                .await?;
            lookup.by_reference = found
                .into_iter()
                .map(|one| {
                    (
                        (one.resource_type, one.system, one.external_id),
                        one.resource_id,
                    )
                })
                .collect();
        }
        let ids = |field| texts(field).filter_map(|text| text.parse::<Uuid>().ok());
        let mut users: HashSet<Uuid> = T::USERS.iter().flat_map(|(field, _)| ids(field)).collect();
        users.extend(lookup.by_reference.values());
        let emails: Vec<String> = texts(BY_EMAIL.0)
            .map(|text| text.to_ascii_lowercase())
            .collect();
        if !users.is_empty() || !emails.is_empty() {
            let query = unscoped::rows::<user::Entity>()
                .filter(user::Column::OrganizationId.eq(organization_id))
                .filter(
                    user::Column::Id
                        .is_in(users)
                        .or(user::Column::Email.is_in(emails)),
                );
            for user in query.all(db).await? {
                lookup.by_email.insert(user.email.clone(), user.id);
                lookup.users.insert(user.id, user);
            }
        }
        let accounts: HashSet<Uuid> = ids(ACCOUNT).collect();
        if !accounts.is_empty() {
            let found = unscoped::rows::<candidate::Entity>()
                .filter(candidate::Column::UserId.is_in(accounts))
                .all(db)
                .await?;
            let pairs = found
                .into_iter()
                .filter_map(|row| row.user_id.zip(Some(row.id)));
            lookup.linked = pairs.collect();
        }
        let mut candidates: HashSet<Uuid> = ids("candidate_id").collect();
        candidates.extend(lookup.by_reference.values());
        if !candidates.is_empty() {
            let found = unscoped::rows::<candidate::Entity>()
                .filter(candidate::Column::OrganizationId.eq(organization_id))
                .filter(candidate::Column::Id.is_in(candidates))
                .all(db)
                .await?;
            lookup.candidates = found.into_iter().map(|row| row.id).collect();
        }
        Ok(lookup)
    }

    /// Puts ids in the place of the other ways to name somebody.
    pub(super) fn put_ids<T: Target>(
        &self,
        content: &mut Map<String, Value>,
        system: Option<&str>,
        faults: &mut Vec<Fault>,
    ) {
        let (by_email, tutor) = BY_EMAIL;
        for (from, to, kind) in BY_EXTERNAL_ID
            .into_iter()
            .chain([(by_email, tutor, "")])
            .filter(|(from, ..)| T::ALSO.contains(from))
        {
            let text = match content.remove(from) {
                Some(Value::String(text)) if !text.is_empty() => text,
                Some(Value::Null | Value::String(_)) | None => continue,
                Some(_) => {
                    let fault = Fault::new(format!("/{from}"), FaultCode::Type);
                    faults.push(fault.with("expected", "string"));
                    continue;
                }
            };
            let id = if from == by_email {
                self.by_email.get(&text.to_ascii_lowercase())
            } else {
                let system = system.unwrap_or_default().to_owned();
                self.by_reference.get(&(kind.to_owned(), system, text))
            };
            match id {
                Some(id) => {
                    content.insert(to.to_owned(), id.to_string().into());
                }
                None => {
                    let fault = Fault::new(format!("/{from}"), FaultCode::UnknownReference);
                    faults.push(fault);
                }
            }
        }
    }

    /// Whether those whom a row names newly are there, and have the roles for it.
    pub(super) fn check<T: Target>(
        &self,
        content: &Value,
        own: Option<Uuid>,
        changed: &[String],
        faults: &mut Vec<Fault>,
    ) {
        let newly = |field: &str| {
            let id = content.get(field)?.as_str()?.parse::<Uuid>().ok()?;
            changed.iter().any(|name| name == field).then_some(id)
        };
        for (field, role) in T::USERS {
            let Some(id) = newly(field) else { continue };
            let pointer = format!("/{field}");
            match self.users.get(&id) {
                Some(_) if *field == ACCOUNT && self.is_of_another(id, own) => {
                    faults.push(Fault::new(pointer, FaultCode::Taken));
                }
                Some(user) => faults.extend(fits(user, *role, &pointer).err()),
                None => faults.push(Fault::new(pointer, FaultCode::UnknownReference)),
            }
        }
        if let Some(id) = newly("candidate_id")
            && !self.candidates.contains(&id)
        {
            faults.push(Fault::new("/candidate_id", FaultCode::UnknownReference));
        }
    }

    /// The account that a row names is its candidate's from now on.
    pub(super) fn link(&mut self, content: &Value, candidate: Uuid, claims: &mut Claims) {
        let account = content.get(ACCOUNT).and_then(Value::as_str);
        if let Some(account) = account.and_then(|id| id.parse().ok()) {
            self.linked.insert(account, candidate);
            claims.accounts.insert(account, candidate);
        }
    }

    /// What rows of pages before have claimed, and on whom those of this one rely.
    pub(super) fn share(&mut self, claims: &mut Claims) {
        self.linked.extend(&claims.accounts);
        let users = self.users.values();
        claims
            .users
            .extend(users.map(|user| (user.id, user.version)));
    }

    fn is_of_another(&self, account: Uuid, own: Option<Uuid>) -> bool {
        let linked = self.linked.get(&account);
        linked.is_some_and(|candidate| Some(*candidate) != own)
    }
}
