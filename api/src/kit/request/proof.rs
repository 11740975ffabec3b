//! Whether somebody is still who their token says. That is asked together with what is read or looked up
//! to be written: one statement finds the row, or the page, if and only if the session lives and the
//! person is as they were.
//!
//! Whatever a handler does, no answer leaves before this is asked ([`identify`](super::identify)), and
//! nothing is kept before ([`Tx::commit`](crate::kit::Tx::commit)).

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, Utc};
use entity::values::UserState;
use entity::{session, user};
use sea_orm::sea_query::{Condition, Expr, ExprTrait, Query};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, Select};

use crate::foundation::policy::{Action, Resource};
use crate::kit::request::traces::Who;
use crate::kit::{Call, Code, Problem, Result};

/// When the database is asked who sends a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ask {
    /// Before anything is done.
    First,
    /// Together with the first row that is looked up.
    WithARow,
}

impl Ask {
    /// Reads answer one object or one page; but whoever waits for changes, or takes a file away, does
    /// much before they are answered. Writes of these resources do nothing outside their transaction.
    pub(super) fn of(resource: Resource, action: Action) -> Self {
        match resource {
            Resource::Events | Resource::Exports => Self::First,
            _ if action.is_read() => Self::WithARow,
            Resource::Candidates
            | Resource::Booklets
            | Resource::Members
            | Resource::Contracts
            | Resource::Templates
            | Resource::Objectives
            | Resource::Plan
            | Resource::Stages
            | Resource::StageReference
            | Resource::Appointments
            | Resource::ActionSheets
            | Resource::SheetItems
            | Resource::CompletedActions
            | Resource::FollowUps
            | Resource::Notes
            | Resource::UsefulAddresses
            | Resource::PersonalContacts => Self::WithARow,
            _ => Self::First,
        }
    }
}

/// Who is still to be proven, if anybody is. Clones share it.
#[derive(Clone, Debug, Default)]
pub(in crate::kit) struct Proof(Arc<Mutex<Option<Who>>>);

impl Proof {
    fn owed(&self) -> MutexGuard<'_, Option<Who>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Call {
    /// Notes that this person, whose token is right, is still to be proven.
    pub(crate) fn owe_proof_of(&self, who: Who) {
        *self.proof.owed() = Some(who);
    }

    /// For the statement that reads: it finds nothing unless the caller is who they say.
    pub(in crate::kit) fn proof(&self) -> Condition {
        match *self.proof.owed() {
            Some(who) => Condition::all().add(is_there(who, self.now)),
            None => Condition::all(),
        }
    }

    /// A statement with that condition has found something.
    pub(in crate::kit) fn is_proven(&self) {
        if let Some(who) = self.proof.owed().take() {
            self.traces.proven(who);
        }
    }

    /// What such a statement found. When that is nothing, it may be for either reason.
    ///
    /// # Errors
    /// 401, or 404.
    pub(in crate::kit) async fn found_by_proof<T>(
        &self,
        found: Option<T>,
        db: &impl ConnectionTrait,
    ) -> Result<T> {
        match found {
            Some(row) => {
                self.is_proven();
                Ok(row)
            }
            None => {
                self.prove(db).await?;
                Err(Problem::new(Code::NotFound))
            }
        }
    }

    /// The same of several.
    ///
    /// # Errors
    /// 401.
    pub(in crate::kit) async fn all_by_proof<T>(
        &self,
        found: Vec<T>,
        db: &impl ConnectionTrait,
    ) -> Result<Vec<T>> {
        match found.is_empty() {
            true => self.prove(db).await?,
            false => self.is_proven(),
        }
        Ok(found)
    }

    /// All rows of a short selection, together with who calls.
    ///
    /// # Errors
    /// 401 when the caller is not who they say.
    pub(crate) async fn all<E: EntityTrait>(&self, rows: Select<E>) -> Result<Vec<E::Model>> {
        let db = self.state.db.reader();
        let rows = rows.filter(self.proof()).all(db).await?;
        self.all_by_proof(rows, db).await
    }

    /// Asks, if nothing that was read has proven it.
    ///
    /// # Errors
    /// 401 when the caller is not who they say.
    pub(in crate::kit) async fn prove(&self, db: &impl ConnectionTrait) -> Result<()> {
        let Some(who) = *self.proof.owed() else {
            return Ok(());
        };
        let question = Query::select()
            .expr(Expr::val(1))
            .and_where(is_there(who, self.now))
            .to_owned();
        if db.query_one(&question).await?.is_none() {
            return Err(Problem::new(Code::Unauthenticated));
        }
        self.is_proven();
        Ok(())
    }
}

/// Whether the session of this person lives, and they have the role and the organization that they had.
fn is_there(who: Who, now: DateTime<Utc>) -> Expr {
    let its_user = Expr::col((user::Entity, user::Column::Id))
        .equals((session::Entity, session::Column::UserId));
    let session = Query::select()
        .expr(Expr::val(1))
        .from(session::Entity)
        .inner_join(user::Entity, its_user)
        .and_where(session::Column::Id.is_in(who.session_id))
        .and_where(session::Column::RevokedAt.is_null())
        .and_where(session::Column::ExpiresAt.gt(now))
        .and_where(user::Column::Id.eq(who.id))
        .and_where(user::Column::State.eq(UserState::Active))
        .and_where(user::Column::Role.eq(who.role))
        .and_where(user::Column::OrganizationId.is_in(who.organization_id))
        .to_owned();
    Expr::exists(session)
}
