//! A booklet and its pages, to be written: the booklet is locked until the end of the transaction.

use std::sync::LazyLock;

use entity::booklet;
use entity::row::Row;
use sea_orm::sea_query::{Condition, Expr, ExprTrait, LockBehavior, LockType};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbBackend, EntityTrait, FromQueryResult, QueryFilter,
    QueryResult, QuerySelect, QueryTrait, Select,
};
use uuid::Uuid;

use super::{Tx, writable};
use crate::foundation::unscoped;
use crate::kit::scope::in_organization;
use crate::kit::{ById, Code, IfMatch, Problem, Result, Scoped};

impl Tx {
    /// The booklet of this id within reach, locked: until the end of the transaction nobody else
    /// writes any of its pages, so that numbers, positions and states cannot race.
    ///
    /// # Errors
    /// 404 when there is none within reach.
    pub async fn booklet(&self, id: Uuid) -> Result<booklet::Model> {
        // On SQLite the transaction is the only writer already.
        if self.txn.get_database_backend() != DbBackend::Sqlite {
            // Mostly nobody else has it: it is locked and read at once then.
            if let Some(booklet) = self.free_booklet(id).await? {
                self.is_proven();
                return Ok(booklet);
            }
            let lock = locked_booklets()
                .select_only()
                .column(booklet::Column::Id)
                .filter(booklet::Column::Id.eq(id))
                .filter(self.within_organization::<booklet::Entity>());
            let found: Option<Uuid> = lock.into_tuple().one(&self.txn).await?;
            found.ok_or(Problem::new(Code::NotFound))?;
        }
        // Who waited for the lock sees what is true now: a membership may have ended meanwhile.
        self.row::<booklet::Entity>(id).await
    }

    /// The booklet of this id within reach, locked without waiting; nothing when somebody else has it.
    async fn free_booklet(&self, id: Uuid) -> Result<Option<booklet::Model>> {
        let free = unscoped::row::<booklet::Entity>(id)
            .filter(booklet::Entity::scope(&self.ctx))
            .filter(self.proof())
            .lock_with_behavior(LockType::NoKeyUpdate, LockBehavior::SkipLocked)
            .one(&self.txn)
            .await?;
        Ok(free)
    }

    /// What the lock looks for: by keys alone, for a lock that follows memberships reads more than the
    /// rest of the transaction. Whether the caller reaches it is asked under the lock.
    fn within_organization<E: Scoped>(&self) -> Condition {
        match self.actor.organization_id {
            Some(_) => in_organization::<E>(&self.ctx),
            None => E::scope(&self.ctx),
        }
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
    pub async fn page<E: Scoped + ById>(&self, id: Uuid) -> Result<(booklet::Model, E::Model)> {
        let (booklet, row, _) = self.page_beside::<E>(id, |page| page).await?;
        Ok((booklet, row))
    }

    /// The same, and the rows of a query that joins others `beside` the page.
    async fn page_beside<E: Scoped + ById>(
        &self,
        id: Uuid,
        beside: impl FnOnce(Select<E>) -> Select<E>,
    ) -> Result<(booklet::Model, E::Model, Vec<QueryResult>)> {
        let (booklet, row, rows) = if self.txn.get_database_backend() == DbBackend::Sqlite {
            // The transaction is the only writer already: nothing is to be locked first.
            let page = |page| with_its_booklet(beside(page));
            let (row, rows) = self.ctx.beside(&self.txn, id, page).await?;
            let first = rows.first().ok_or(Problem::new(Code::NotFound))?;
            (
                booklet::Model::from_query_result(first, OF_BOOKLET)?,
                row,
                rows,
            )
        } else {
            let booklet = self.booklet_of::<E>(id).await?;
            let (row, rows) = self.ctx.beside(&self.txn, id, beside).await?;
            (booklet, row, rows)
        };
        self.traces.booklet(Some(booklet.id));
        Ok((booklet, row, rows))
    }

    /// The booklet of a page, locked. Whether the caller reaches it is still to be asked.
    async fn booklet_of<E: Scoped + ById>(&self, id: Uuid) -> Result<booklet::Model> {
        let booklet_id = unscoped::row::<E>(id)
            .filter(self.within_organization::<E>())
            .select_only()
            .expr(Expr::col((E::default(), "booklet_id")))
            .into_query();
        // The one value of a subquery, not `IN`: that one would be joined.
        let this = Expr::col((booklet::Entity, booklet::Column::Id));
        locked_booklets()
            .filter(this.eq(Expr::SubQuery(None, Box::new(booklet_id.into()))))
            .one(&self.txn)
            .await?
            .ok_or(Problem::new(Code::NotFound))
    }

    /// A page to change or delete: within reach, at the version the caller read, in a booklet
    /// that may still be written.
    ///
    /// # Errors
    /// 404, then 428 or 412, then 409.
    pub async fn page_to_change<E: Scoped + ById<Model: Row>>(
        &self,
        id: Uuid,
        if_match: &IfMatch,
    ) -> Result<(booklet::Model, E::Model)> {
        self.writable_page::<E>(id, |row| if_match.require(row))
            .await
    }

    /// The same, and the rows of a query that joins others `beside` the page.
    ///
    /// # Errors
    /// 404, then 428 or 412, then 409.
    pub(crate) async fn page_to_change_beside<E: Scoped + ById<Model: Row>>(
        &self,
        id: Uuid,
        if_match: &IfMatch,
        beside: impl FnOnce(Select<E>) -> Select<E>,
    ) -> Result<(booklet::Model, E::Model, Vec<QueryResult>)> {
        let (booklet, row, rows) = self.page_beside::<E>(id, beside).await?;
        if_match.require(&row)?;
        writable(&booklet)?;
        Ok((booklet, row, rows))
    }

    /// A page to act on: as one to change, but the caller need not name a version.
    ///
    /// # Errors
    /// 404, then 412, then 409.
    pub async fn page_to_act_on<E: Scoped + ById<Model: Row>>(
        &self,
        id: Uuid,
        if_match: &IfMatch,
    ) -> Result<(booklet::Model, E::Model)> {
        self.writable_page::<E>(id, |row| if_match.honour(row))
            .await
    }

    /// A page whose one version the caller names, for `*` will not do.
    ///
    /// # Errors
    /// 404, then 428 or 412, then 409.
    pub async fn page_as_read<E: Scoped + ById<Model: Row>>(
        &self,
        id: Uuid,
        if_match: &IfMatch,
    ) -> Result<(booklet::Model, E::Model)> {
        self.writable_page::<E>(id, |row| if_match.require_one(row))
            .await
    }

    async fn writable_page<E: Scoped + ById>(
        &self,
        id: Uuid,
        check: impl FnOnce(&E::Model) -> Result<()>,
    ) -> Result<(booklet::Model, E::Model)> {
        let (booklet, row) = self.page::<E>(id).await?;
        check(&row)?;
        writable(&booklet)?;
        Ok((booklet, row))
    }
}

/// How the names of a booklet's columns begin where a page comes with it.
const OF_BOOKLET: &str = "of_booklet_";

fn with_its_booklet<E: EntityTrait>(mut page: Select<E>) -> Select<E> {
    static COLUMNS: LazyLock<String> =
        LazyLock::new(|| unscoped::prefixed::<booklet::Entity>(OF_BOOKLET));
    let its_booklet =
        Expr::col((E::default(), "booklet_id")).equals((booklet::Entity, booklet::Column::Id));
    QueryTrait::query(&mut page)
        .expr(Expr::cust(COLUMNS.as_str()))
        .inner_join(booklet::Entity, its_booklet);
    page
}

fn locked_booklets() -> Select<booklet::Entity> {
    unscoped::rows::<booklet::Entity>().lock(LockType::NoKeyUpdate)
}
