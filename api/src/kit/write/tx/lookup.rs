//! Which rows a writing transaction looks up, and which of them it locks until its end.

use entity::row::Row;
use sea_orm::sea_query::LockType;
use sea_orm::{EntityTrait, QueryFilter, QuerySelect, Select};
use uuid::Uuid;

use super::Tx;
use crate::foundation::unscoped;
use crate::kit::scope::in_organization;
use crate::kit::{ById, FaultCode, IfMatch, Problem, Result, Scoped};

impl Tx {
    /// The row of this id within reach, as the transaction sees it.
    ///
    /// # Errors
    /// 404 when there is none.
    pub async fn row<E: Scoped + ById>(&self, id: Uuid) -> Result<E::Model> {
        let row = unscoped::row::<E>(id)
            .filter(E::scope(&self.ctx))
            .filter(self.proof())
            .one(&self.txn)
            .await?;
        self.found_by_proof(row, &self.txn).await
    }

    /// A row to change that hangs on no booklet: within reach, at the version the caller read.
    ///
    /// # Errors
    /// 404, then 428 or 412.
    pub async fn row_to_change<E: Scoped + ById<Model: Row>>(
        &self,
        id: Uuid,
        if_match: &IfMatch,
    ) -> Result<E::Model> {
        self.locked_row::<E>(id, if_match, LockType::NoKeyUpdate)
            .await
    }

    /// A row to act on that hangs on no booklet: the same, but the caller need not name a version.
    ///
    /// # Errors
    /// 404, then 412.
    pub async fn row_to_act_on<E: Scoped + ById<Model: Row>>(
        &self,
        id: Uuid,
        if_match: &IfMatch,
    ) -> Result<E::Model> {
        let row = self.to_lock::<E>(id, LockType::NoKeyUpdate).await?;
        if_match.honour(&row)?;
        Ok(row)
    }

    /// The same for a row to delete: nobody hangs another row on it meanwhile.
    ///
    /// # Errors
    /// 404, then 428 or 412.
    pub async fn row_to_delete<E: Scoped + ById<Model: Row>>(
        &self,
        id: Uuid,
        if_match: &IfMatch,
    ) -> Result<E::Model> {
        self.locked_row::<E>(id, if_match, LockType::Update).await
    }

    async fn locked_row<E: Scoped + ById<Model: Row>>(
        &self,
        id: Uuid,
        if_match: &IfMatch,
        lock: LockType,
    ) -> Result<E::Model> {
        let row = self.to_lock::<E>(id, lock).await?;
        if_match.require(&row)?;
        Ok(row)
    }

    async fn to_lock<E: Scoped + ById>(&self, id: Uuid, lock: LockType) -> Result<E::Model> {
        let row = unscoped::row::<E>(id)
            .filter(E::scope(&self.ctx))
            .filter(self.proof())
            .lock(lock)
            .one(&self.txn)
            .await?;
        self.found_by_proof(row, &self.txn).await
    }

    /// A row that the request's body names, in the caller's organization. It stays as it is until
    /// the end of the transaction.
    ///
    /// # Errors
    /// 422 at `pointer` when there is none.
    pub async fn named<E: ById>(&self, id: Uuid, pointer: &str) -> Result<E::Model> {
        unscoped::row::<E>(id)
            .filter(in_organization::<E>(&self.ctx))
            .lock(LockType::Share)
            .one(&self.txn)
            .await?
            .ok_or_else(|| Problem::fault(pointer, FaultCode::UnknownReference))
    }

    /// A row of this id, whoever's it is: for rules, never for answers.
    ///
    /// # Errors
    /// 503 when the database does not answer.
    pub async fn reference<E: ById>(&self, id: Uuid) -> Result<Option<E::Model>> {
        Ok(unscoped::row::<E>(id).one(&self.txn).await?)
    }

    /// All rows of a table, whoever's they are: for rules, never for answers.
    #[must_use]
    pub fn all_of<E: EntityTrait>(&self) -> Select<E> {
        unscoped::rows::<E>()
    }
}
