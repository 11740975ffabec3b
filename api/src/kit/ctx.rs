//! Who asks, when, and for what: the only source of queries.

use std::net::IpAddr;
use std::ops::Deref;
use std::str::FromStr;
use std::sync::Arc;

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpMessage, HttpRequest};
use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use entity::Row;
use entity::values::{Locale, Role};
use sea_orm::{EntityTrait, QueryFilter, Select, TryGetableMany};
use uuid::Uuid;

use super::request::identify::permit;
use super::request::proof::Proof;
use super::request::settle::Pending;
use super::request::traces::Traces;
use super::write::present;
use super::{ById, Code, Page, Problem, Result, Scoped, Tx};
use crate::foundation::policy::Permit;
use crate::foundation::scope::Scope;
use crate::foundation::state::State;
use crate::foundation::unscoped;

/// One call of the API, whoever makes it.
#[derive(Clone, Debug)]
pub struct Call {
    /// The service: database, clock, keys, settings.
    pub state: Arc<State>,
    /// When it came in; the only "now" of this call.
    pub now: DateTime<Utc>,
    /// The language of texts.
    pub locale: Locale,
    /// Where it comes from, if that is known.
    pub address: Option<IpAddr>,
    /// Whether the answer is asked for without its body (HEAD).
    pub is_head: bool,
    /// Names this call in logs, problems and events.
    pub request_id: String,
    /// Where it leaves what it wrote.
    pub(super) pending: Pending,
    /// Where it notes what the access log will tell.
    pub(crate) traces: Traces,
    /// Who is still to be proven.
    pub(super) proof: Proof,
}

/// The person or service account that calls.
#[derive(Clone, Debug)]
pub struct Actor {
    /// The user's or service account's id.
    pub id: Uuid,
    /// The session, for people.
    pub session_id: Option<Uuid>,
    /// Their role.
    pub role: Role,
    /// Their organization; the platform admin has none.
    pub organization_id: Option<Uuid>,
    /// Their organization's time zone.
    pub timezone: Tz,
    /// What a service account may do besides its role.
    pub scopes: Vec<Scope>,
}

/// An organization's time zone.
pub(crate) fn timezone(name: Option<String>) -> Tz {
    name.and_then(|name| Tz::from_str(&name).ok())
        .unwrap_or(Tz::Europe__Paris)
}

/// A call by somebody known, for an operation that their role permits.
#[derive(Clone, Debug)]
pub struct Ctx {
    call: Call,
    /// Who calls.
    pub actor: Actor,
    /// What for, and how far they reach.
    pub permit: Permit,
    /// The civil date of this call where the organization is.
    pub today: NaiveDate,
}

impl Call {
    /// The service's own: work that goes on after its request was answered.
    pub(crate) fn of_itself(state: Arc<State>, request_id: String) -> Self {
        Self {
            now: state.clock.now(),
            locale: Locale::Fr,
            address: None,
            is_head: false,
            request_id,
            pending: Pending::default(),
            traces: Traces::default(),
            proof: Proof::default(),
            state,
        }
    }
}

impl Deref for Ctx {
    type Target = Call;
    fn deref(&self) -> &Call {
        &self.call
    }
}

impl Ctx {
    pub(crate) fn new(call: Call, actor: Actor, permit: Permit) -> Self {
        let today = call.now.with_timezone(&actor.timezone).date_naive();
        Self {
            call,
            actor,
            permit,
            today,
        }
    }

    /// This call, as if it had come in just now.
    pub(crate) fn call_now(&self) -> Call {
        Call {
            now: self.state.clock.now(),
            ..self.call.clone()
        }
    }

    /// The rows within the caller's reach.
    #[must_use]
    pub fn select<E: Scoped>(&self) -> Select<E> {
        unscoped::rows::<E>().filter(E::scope(self))
    }

    /// The row of this id within the caller's reach.
    ///
    /// # Errors
    /// 404 when there is none.
    pub async fn row<E: Scoped + ById<Model: Row>>(&self, id: Uuid) -> Result<E::Model> {
        let row = unscoped::row::<E>(id)
            .filter(E::scope(self))
            .filter(self.proof())
            .one(self.state.db.reader())
            .await?;
        let row = self.found_by_proof(row, self.state.db.reader()).await?;
        self.traces.row(&row);
        Ok(row)
    }

    /// The one row of a selection within reach, which the address names otherwise than by its id.
    ///
    /// # Errors
    /// 404 when there is none.
    pub async fn only<E>(&self, found: Select<E>) -> Result<E::Model>
    where
        E: Scoped,
        E::Model: Row,
    {
        let row = found
            .filter(self.proof())
            .one(self.state.db.reader())
            .await?;
        let row = self.found_by_proof(row, self.state.db.reader()).await?;
        self.found(&row);
        Ok(row)
    }

    /// The one row of a selection that the service reads for itself, together with who calls.
    ///
    /// # Errors
    /// 401 when the caller is not who they say.
    pub(crate) async fn proven<E>(&self, own: Select<E>) -> Result<E::Model>
    where
        E: EntityTrait,
    {
        let db = self.state.db.reader();
        let row = own.filter(self.proof()).one(db).await?;
        self.found_by_proof(row, db).await
    }

    /// What a statement tells of the rows within reach, together with who calls.
    ///
    /// # Errors
    /// 401 when the caller is not who they say.
    pub(crate) async fn told<E, T>(&self, question: Select<E>) -> Result<Vec<T>>
    where
        E: EntityTrait,
        T: TryGetableMany,
    {
        let db = self.state.db.reader();
        let question = question.filter(self.proof()).into_tuple();
        self.all_by_proof(question.all(db).await?, db).await
    }

    /// Notes for the access log the object that the address names otherwise than by its id.
    pub fn found<M: Row>(&self, row: &M) {
        self.traces.row(row);
        self.traces.object(row.id());
    }

    /// The booklet of this id within the reach of the present permit.
    ///
    /// # Errors
    /// 404 when there is none.
    pub async fn booklet(&self, id: Uuid) -> Result<entity::booklet::Model> {
        self.row::<entity::booklet::Entity>(id).await
    }

    /// A page of a booklet's list; an empty one may hide a booklet that is out of reach.
    ///
    /// # Errors
    /// 404 when the booklet is out of reach.
    pub async fn in_booklet<T>(&self, id: Uuid, page: Page<T>) -> Result<Page<T>> {
        if page.items.is_empty() {
            self.booklet(id).await?;
        }
        Ok(page)
    }

    /// The caller's organization.
    ///
    /// # Errors
    /// 403 for the platform admin, who has none.
    pub fn organization_id(&self) -> Result<Uuid> {
        self.actor
            .organization_id
            .ok_or(Problem::new(Code::Forbidden))
    }

    /// The same call under another cell of the table, for an operation that reads a second
    /// resource on the way.
    ///
    /// # Errors
    /// 403 when the caller's role has no right there, or the service account no scope.
    pub fn also(
        &self,
        resource: crate::foundation::policy::Resource,
        action: crate::foundation::policy::Action,
    ) -> Result<Self> {
        Ok(Self {
            permit: permit(resource, action, &self.actor)?,
            ..self.clone()
        })
    }

    /// Begins a transaction, which takes this call with it. Calls that name the same object in their
    /// address come one after the other.
    ///
    /// # Errors
    /// 503 when its turn does not come in time; 401 when the caller's session ended since the
    /// request began.
    pub async fn begin(self) -> Result<Tx> {
        let (object, organization) = (self.traces.target(), self.actor.organization_id);
        let txn = self.state.db.begin_in_turn(object, organization).await?;
        present::demand(&txn, &self).await?;
        Ok(Tx::new(txn, self))
    }

    /// Begins a transaction that first makes many rows ready aside, in temporary tables, and then
    /// [enters](Tx::enter).
    ///
    /// # Errors
    /// 503 when no connection is to be had; 403 for the platform admin.
    pub(crate) async fn begin_aside(self) -> Result<Tx> {
        let organization = self.organization_id()?;
        let txn = self.state.db.begin_aside(organization).await?;
        Ok(Tx::new(txn, self))
    }
}

impl FromRequest for Call {
    type Error = Problem;
    type Future = std::future::Ready<Result<Self>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let call = request.extensions().get::<Self>().cloned();
        std::future::ready(call.ok_or(Problem::new(Code::InternalError)))
    }
}

impl FromRequest for Ctx {
    type Error = Problem;
    type Future = std::future::Ready<Result<Self>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let ctx = request.extensions().get::<Self>().cloned();
        std::future::ready(ctx.ok_or(Problem::new(Code::Unauthenticated)))
    }
}

/// The day on which an instant is, in a time zone.
pub(crate) fn day_of(instant: DateTime<Utc>, timezone: &str) -> NaiveDate {
    let zone: Tz = timezone.parse().unwrap_or(Tz::UTC);
    instant.with_timezone(&zone).date_naive()
}
