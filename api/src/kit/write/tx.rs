//! A writing transaction, kept only together with the events that tell what it did, and only when
//! its answer is written (see [`settle`](crate::kit::settle)).

mod checks;
mod lookup;
mod pages;
mod told;
mod untold;

use std::ops::Deref;

use chrono::{DateTime, Utc};
use entity::event;
use entity::row::{NewRow, Owner, Row};
use sea_orm::sea_query::{Expr, ExprTrait, UpdateStatement};
use sea_orm::{
    ActiveModelTrait, ConnectionTrait, EntityTrait, FromQueryResult, IntoActiveModel, ModelTrait,
    QueryFilter, QueryTrait,
};
use uuid::Uuid;

use crate::foundation::database::Transaction;
use crate::foundation::unscoped;

use crate::kit::quota::{insertion, written};
use crate::kit::request::settle::Finished;
use crate::kit::write::event::{Author, write_events};
use crate::kit::{Code, Ctx, Event, Problem, Result, new_id};

pub(crate) use checks::transition;
pub use checks::{no_fault, writable};

/// A writing transaction. Dropped without [`commit`](Tx::commit), it changes nothing.
#[derive(Debug)]
pub struct Tx {
    txn: Transaction,
    ctx: Ctx,
    events: Vec<Event>,
    /// Whether the edit that the transaction is about changes nothing.
    is_idle: bool,
}

impl Deref for Tx {
    type Target = Ctx;
    fn deref(&self) -> &Ctx {
        &self.ctx
    }
}

impl Tx {
    pub(in crate::kit) fn new(txn: Transaction, ctx: Ctx) -> Self {
        Self {
            txn,
            ctx,
            events: Vec::new(),
            is_idle: false,
        }
    }

    /// For queries within the transaction. Start them from [`Ctx::select`] wherever rights count.
    #[must_use]
    pub fn db(&self) -> &Transaction {
        &self.txn
    }

    /// Writes a new row of this owner: id, version and instants are set here.
    ///
    /// # Errors
    /// 409 when a constraint forbids it, or there are as many as there may be.
    pub async fn insert<A>(
        &self,
        owner: impl Into<Owner>,
        row: A,
    ) -> Result<<A::Entity as EntityTrait>::Model>
    where
        A: NewRow + sea_orm::ActiveModelBehavior + Send,
        <A::Entity as EntityTrait>::Model: IntoActiveModel<A>,
    {
        self.insert_as(new_id(), owner, row).await
    }

    /// The same under an id of [`new_id`] that is known beforehand.
    ///
    /// # Errors
    /// 409 when a constraint forbids it.
    pub async fn insert_as<A>(
        &self,
        id: Uuid,
        owner: impl Into<Owner>,
        mut row: A,
    ) -> Result<<A::Entity as EntityTrait>::Model>
    where
        A: NewRow + sea_orm::ActiveModelBehavior + Send,
        <A::Entity as EntityTrait>::Model: IntoActiveModel<A>,
    {
        let owner = owner.into();
        row.stamp(id, owner, self.now);
        let (insert, place) = insertion(self, &owner, row)?;
        written(
            &self.state,
            self.txn.query_one(&insert).await?.as_ref(),
            place,
        )
    }

    /// Writes what is set in `change` over the row, raising its version.
    ///
    /// # Errors
    /// 412 when somebody else changed the row meanwhile.
    pub async fn update<A>(
        &self,
        row: &<A::Entity as EntityTrait>::Model,
        change: A,
    ) -> Result<<A::Entity as EntityTrait>::Model>
    where
        A: ActiveModelTrait,
        <A::Entity as EntityTrait>::Model: Row + IntoActiveModel<A>,
    {
        update_row(&self.txn, self.now, row, change).await
    }

    /// Writes an edit over the row. One that changes no field leaves everything as it is: the row,
    /// its version, and at the commit whatever else the transaction did.
    ///
    /// # Errors
    /// 412 when somebody else changed the row meanwhile.
    pub async fn edit<A>(
        &mut self,
        row: &<A::Entity as EntityTrait>::Model,
        change: A,
        changed: &[String],
    ) -> Result<<A::Entity as EntityTrait>::Model>
    where
        A: ActiveModelTrait,
        <A::Entity as EntityTrait>::Model: Row + IntoActiveModel<A>,
    {
        if changed.is_empty() {
            self.is_idle = true;
            return Ok(row.clone());
        }
        self.update(row, change).await
    }

    /// Raises a row's version because something shown within it changed.
    ///
    /// # Errors
    /// 412 when somebody else changed the row meanwhile.
    pub async fn touch<M>(&self, row: &M) -> Result<M>
    where
        M: Row + IntoActiveModel<<M::Entity as EntityTrait>::ActiveModel>,
        M::Entity: EntityTrait<Model = M>,
        <M::Entity as EntityTrait>::ActiveModel: ActiveModelTrait<Entity = M::Entity> + Default,
    {
        let nothing: <M::Entity as EntityTrait>::ActiveModel = Default::default();
        self.update(row, nothing).await
    }

    /// Deletes a row.
    ///
    /// # Errors
    /// 409 when others depend on it.
    pub async fn delete<M>(&self, row: &M) -> Result<()>
    where
        M: Row + ModelTrait + Clone + IntoActiveModel<<M::Entity as EntityTrait>::ActiveModel>,
        <M::Entity as EntityTrait>::ActiveModel: sea_orm::ActiveModelBehavior + Send,
    {
        row.clone().delete(&self.txn).await?;
        Ok(())
    }

    /// From now on a transaction that made rows ready aside reads and writes as others do.
    ///
    /// # Errors
    /// 503 when its turn does not come in time.
    pub(crate) async fn enter(self) -> Result<Self> {
        let txn = self.ctx.state.db.enter(self.txn).await?;
        Ok(Self { txn, ..self })
    }

    /// The events noted so far, as the rows that they become.
    pub(crate) fn told(&mut self) -> Vec<event::ActiveModel> {
        let author = self.author();
        let events = std::mem::take(&mut self.events);
        let rows = events.into_iter();
        rows.map(|event| event.row(self.ctx.now, &author, &self.ctx.request_id))
            .collect()
    }

    fn author(&self) -> Author {
        Author {
            id: Some(self.actor.id),
            role: self.actor.role.to_string(),
        }
    }

    /// Notes an event, to be written at the commit.
    pub fn record(&mut self, event: Event) {
        self.events.push(event);
    }

    /// Writes the events, at least this one, and leaves the whole to be kept with the answer: what
    /// the answer shows is read before. An edit that changes nothing leaves nothing.
    ///
    /// # Errors
    /// 401 when no row that was looked up has proven who the caller is, and they are not; 503 when the
    /// database cannot write the events. Nothing has changed then.
    pub async fn commit(mut self, last: Event) -> Result<Ctx> {
        if self.is_idle {
            self.txn.rollback().await?;
            return Ok(self.ctx);
        }
        self.prove(&self.txn).await?;
        self.events.push(last.clone());
        let author = self.author();
        let events = std::mem::take(&mut self.events);
        write_events(&self.txn, events, self.now, &author, &self.request_id).await?;
        Ok(self.keep(&last))
    }

    /// Leaves the whole to be kept with the answer.
    fn keep(self, last: &Event) -> Ctx {
        self.ctx.pending.put(Finished {
            txn: self.txn,
            booklet_id: last.booklet_id,
            organization_id: last.organization_id,
        });
        self.ctx
    }
}

/// Writes what is set in `change` over a row, raising its version.
pub(crate) async fn update_row<A>(
    txn: &Transaction,
    now: DateTime<Utc>,
    row: &<A::Entity as EntityTrait>::Model,
    change: A,
) -> Result<<A::Entity as EntityTrait>::Model>
where
    A: ActiveModelTrait,
    <A::Entity as EntityTrait>::Model: Row + IntoActiveModel<A>,
{
    let updated = txn.query_one(&update(now, row, change)).await?;
    let updated = updated.ok_or(Problem::new(Code::Stale))?;
    Ok(FromQueryResult::from_query_result(&updated, "")?)
}

/// The statement that does.
fn update<A>(
    now: DateTime<Utc>,
    row: &<A::Entity as EntityTrait>::Model,
    change: A,
) -> UpdateStatement
where
    A: ActiveModelTrait,
    <A::Entity as EntityTrait>::Model: Row,
{
    let mut update = <A::Entity as EntityTrait>::update_many()
        .set(change)
        .filter(Expr::col("id").eq(row.id()))
        .filter(Expr::col("version").eq(row.version()))
        .into_query();
    update
        .value("version", row.version() + 1)
        .value("updated_at", now)
        .returning(unscoped::returning::<A::Entity>());
    update
}
