//! A writing transaction, kept only together with the events that tell what it did, and only when
//! its answer is written (see [`settle`](super::settle)).

use std::ops::Deref;

use chrono::{DateTime, Utc};
use entity::booklet;
use entity::row::{NewRow, Owner, Row};
use entity::values::BookletState;
use sea_orm::sea_query::{Expr, ExprTrait, LockType};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, ModelTrait,
    PrimaryKeyTrait, QueryFilter, QuerySelect, QueryTrait, Select,
};
use uuid::Uuid;

use super::event::{Author, write_events};
use super::settle::Finished;
use super::{Code, Ctx, Event, Fault, FaultCode, IfMatch, Problem, Result, Scoped, new_id};

/// A writing transaction. Dropped without [`commit`](Tx::commit), it changes nothing.
#[derive(Debug)]
pub struct Tx {
    txn: DatabaseTransaction,
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
    pub(super) fn new(txn: DatabaseTransaction, ctx: Ctx) -> Self {
        Self {
            txn,
            ctx,
            events: Vec::new(),
            is_idle: false,
        }
    }

    /// For queries within the transaction. Start them from [`Ctx::select`] wherever rights count.
    #[must_use]
    pub fn db(&self) -> &DatabaseTransaction {
        &self.txn
    }

    /// The booklet of this id within reach, locked: until the end of the transaction nobody else
    /// writes any of its pages, so that numbers, positions and states cannot race.
    ///
    /// # Errors
    /// 404 when there is none within reach.
    pub async fn booklet(&self, id: Uuid) -> Result<booklet::Model> {
        let within_reach = self.ctx.select::<booklet::Entity>();
        within_reach
            .filter(booklet::Column::Id.eq(id))
            .lock(LockType::NoKeyUpdate)
            .one(&self.txn)
            .await?
            .ok_or(Problem::new(Code::NotFound))?;
        // Who waited for the lock looks again: a membership may have ended meanwhile.
        self.row::<booklet::Entity>(id).await
    }

    /// The same, for a new page in it.
    ///
    /// # Errors
    /// 404; 409 when the booklet is closed, withdrawn or archived.
    pub async fn open_booklet(&self, id: Uuid) -> Result<booklet::Model> {
        let booklet = self.booklet(id).await?;
        writable(&booklet)?;
        Ok(booklet)
    }

    /// A page within reach, its booklet locked first.
    ///
    /// # Errors
    /// 404 when there is none within reach.
    pub async fn page<E>(&self, id: Uuid) -> Result<(booklet::Model, E::Model)>
    where
        E: Scoped,
        <E::PrimaryKey as PrimaryKeyTrait>::ValueType: From<Uuid>,
    {
        let booklet_id = by_id::<E>(id)
            .filter(E::scope(&self.ctx))
            .select_only()
            .expr(Expr::col((E::default(), "booklet_id")))
            .into_query();
        let booklet = locked_booklet(booklet_id)
            .one(&self.txn)
            .await?
            .ok_or(Problem::new(Code::NotFound))?;
        self.traces.booklet(Some(booklet.id));
        Ok((booklet, self.row::<E>(id).await?))
    }

    /// A page to change or delete: within reach, at the version the caller read, in a booklet
    /// that may still be written.
    ///
    /// # Errors
    /// 404, then 428 or 412, then 409.
    pub async fn page_to_change<E>(
        &self,
        id: Uuid,
        if_match: &IfMatch,
    ) -> Result<(booklet::Model, E::Model)>
    where
        E: Scoped,
        E::Model: Row,
        <E::PrimaryKey as PrimaryKeyTrait>::ValueType: From<Uuid>,
    {
        let (booklet, row) = self.page::<E>(id).await?;
        if_match.require(&row)?;
        writable(&booklet)?;
        Ok((booklet, row))
    }

    /// A page to act on: the same, but the caller need not name a version.
    ///
    /// # Errors
    /// 404, then 412, then 409.
    pub async fn page_to_act_on<E>(
        &self,
        id: Uuid,
        if_match: &IfMatch,
    ) -> Result<(booklet::Model, E::Model)>
    where
        E: Scoped,
        E::Model: Row,
        <E::PrimaryKey as PrimaryKeyTrait>::ValueType: From<Uuid>,
    {
        let (booklet, row) = self.page::<E>(id).await?;
        if_match.honour(&row)?;
        writable(&booklet)?;
        Ok((booklet, row))
    }

    /// The row of this id within reach, as the transaction sees it.
    ///
    /// # Errors
    /// 404 when there is none.
    pub async fn row<E>(&self, id: Uuid) -> Result<E::Model>
    where
        E: Scoped,
        <E::PrimaryKey as PrimaryKeyTrait>::ValueType: From<Uuid>,
    {
        by_id::<E>(id)
            .filter(E::scope(&self.ctx))
            .one(&self.txn)
            .await?
            .ok_or(Problem::new(Code::NotFound))
    }

    /// A row to change that hangs on no booklet: within reach, at the version the caller read.
    ///
    /// # Errors
    /// 404, then 428 or 412.
    pub async fn row_to_change<E>(&self, id: Uuid, if_match: &IfMatch) -> Result<E::Model>
    where
        E: Scoped,
        E::Model: Row,
        <E::PrimaryKey as PrimaryKeyTrait>::ValueType: From<Uuid>,
    {
        self.locked_row::<E>(id, if_match, LockType::NoKeyUpdate)
            .await
    }

    /// The same for a row to delete: nobody hangs another row on it meanwhile.
    ///
    /// # Errors
    /// 404, then 428 or 412.
    pub async fn row_to_delete<E>(&self, id: Uuid, if_match: &IfMatch) -> Result<E::Model>
    where
        E: Scoped,
        E::Model: Row,
        <E::PrimaryKey as PrimaryKeyTrait>::ValueType: From<Uuid>,
    {
        self.locked_row::<E>(id, if_match, LockType::Update).await
    }

    async fn locked_row<E>(&self, id: Uuid, if_match: &IfMatch, lock: LockType) -> Result<E::Model>
    where
        E: Scoped,
        E::Model: Row,
        <E::PrimaryKey as PrimaryKeyTrait>::ValueType: From<Uuid>,
    {
        let row = by_id::<E>(id)
            .filter(E::scope(&self.ctx))
            .lock(lock)
            .one(&self.txn)
            .await?
            .ok_or(Problem::new(Code::NotFound))?;
        if_match.require(&row)?;
        Ok(row)
    }

    /// A row that the request's body names, in the caller's organization. It stays as it is until
    /// the end of the transaction.
    ///
    /// # Errors
    /// 422 at `pointer` when there is none.
    pub async fn named<E>(&self, id: Uuid, pointer: &str) -> Result<E::Model>
    where
        E: EntityTrait,
        <E::PrimaryKey as PrimaryKeyTrait>::ValueType: From<Uuid>,
    {
        by_id::<E>(id)
            .filter(super::scope::in_organization::<E>(&self.ctx))
            .lock(LockType::Share)
            .one(&self.txn)
            .await?
            .ok_or_else(|| Problem::fault(pointer, FaultCode::UnknownReference))
    }

    /// A row of this id, whoever's it is: for rules, never for answers.
    ///
    /// # Errors
    /// 503 when the database does not answer.
    pub async fn reference<E>(&self, id: Uuid) -> Result<Option<E::Model>>
    where
        E: EntityTrait,
        <E::PrimaryKey as PrimaryKeyTrait>::ValueType: From<Uuid>,
    {
        Ok(by_id::<E>(id).one(&self.txn).await?)
    }

    /// All rows of a table, whoever's they are: for rules, never for answers.
    #[must_use]
    #[expect(
        clippy::disallowed_methods,
        reason = "rules look beyond the caller's reach"
    )]
    pub fn all_of<E: EntityTrait>(&self) -> Select<E> {
        E::find()
    }

    /// Writes a new row of this owner: id, version and instants are set here.
    ///
    /// # Errors
    /// 409 when a constraint forbids it.
    pub async fn insert<A>(
        &self,
        owner: impl Into<Owner>,
        mut row: A,
    ) -> Result<<A::Entity as EntityTrait>::Model>
    where
        A: NewRow + sea_orm::ActiveModelBehavior + Send,
        <A::Entity as EntityTrait>::Model: IntoActiveModel<A>,
    {
        row.stamp(new_id(), owner.into(), self.now);
        Ok(row.insert(&self.txn).await?)
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

    /// Notes an event, to be written at the commit.
    pub fn record(&mut self, event: Event) {
        self.events.push(event);
    }

    /// Writes the events, at least this one, and leaves the whole to be kept with the answer: what
    /// the answer shows is read before. An edit that changes nothing leaves nothing.
    ///
    /// # Errors
    /// 503 when the database cannot write them; nothing has changed then.
    pub async fn commit(mut self, last: Event) -> Result<Ctx> {
        if self.is_idle {
            self.txn.rollback().await?;
            return Ok(self.ctx);
        }
        let booklet_id = last.booklet_id;
        self.events.push(last);
        let author = Author {
            id: Some(self.actor.id),
            role: self.actor.role.to_string(),
        };
        let events = std::mem::take(&mut self.events);
        write_events(&self.txn, events, self.now, &author, &self.request_id).await?;
        let txn = self.txn;
        self.ctx.pending.put(Finished { txn, booklet_id });
        Ok(self.ctx)
    }
}

/// Writes what is set in `change` over a row, raising its version.
pub(crate) async fn update_row<A>(
    txn: &DatabaseTransaction,
    now: DateTime<Utc>,
    row: &<A::Entity as EntityTrait>::Model,
    change: A,
) -> Result<<A::Entity as EntityTrait>::Model>
where
    A: ActiveModelTrait,
    <A::Entity as EntityTrait>::Model: Row + IntoActiveModel<A>,
{
    let mut update = <A::Entity as EntityTrait>::update_many()
        .set(change)
        .filter(Expr::col("id").eq(row.id()))
        .filter(Expr::col("version").eq(row.version()));
    QueryTrait::query(&mut update)
        .value("version", row.version() + 1)
        .value("updated_at", now);
    let updated = update.exec_with_returning(txn).await?;
    updated.into_iter().next().ok_or(Problem::new(Code::Stale))
}

#[expect(clippy::disallowed_methods, reason = "each caller adds its own filter")]
fn by_id<E>(id: Uuid) -> Select<E>
where
    E: EntityTrait,
    <E::PrimaryKey as PrimaryKeyTrait>::ValueType: From<Uuid>,
{
    E::find_by_id(id)
}

#[expect(
    clippy::disallowed_methods,
    reason = "each caller gives ids within reach"
)]
fn locked_booklet(id: sea_orm::sea_query::SelectStatement) -> Select<booklet::Entity> {
    booklet::Entity::find()
        .filter(booklet::Column::Id.in_subquery(id))
        .lock(LockType::NoKeyUpdate)
}

/// Whether a booklet's pages may be written.
///
/// # Errors
/// 409 when it is closed, withdrawn or archived.
pub fn writable(booklet: &booklet::Model) -> Result<()> {
    let closed = matches!(
        booklet.state,
        BookletState::Closed | BookletState::Withdrawn
    );
    if closed || booklet.archived_at.is_some() {
        return Err(Problem::new(Code::BookletClosed));
    }
    Ok(())
}

/// One 422 out of checks that each may find a fault.
///
/// # Errors
/// 422 with all the faults.
pub fn no_fault(faults: impl IntoIterator<Item = Option<Fault>>) -> Result<()> {
    let faults: Vec<Fault> = faults.into_iter().flatten().collect();
    if faults.is_empty() {
        Ok(())
    } else {
        Err(Problem::invalid(faults))
    }
}
