//! A row read together with others that stand beside it: one round trip.

use entity::Row;
use sea_orm::{ConnectionTrait, FromQueryResult, QueryFilter, QueryResult, QueryTrait, Select};
use uuid::Uuid;

use super::{ById, Ctx, Result, Scoped};
use crate::foundation::unscoped;

impl Ctx {
    /// The row of this id within the caller's reach, and the rows of a query that joins others `beside` it.
    ///
    /// # Errors
    /// 404 when there is none.
    pub(crate) async fn row_beside<E: Scoped + ById<Model: Row>>(
        &self,
        id: Uuid,
        beside: impl FnOnce(Select<E>) -> Select<E>,
    ) -> Result<(E::Model, Vec<QueryResult>)> {
        let (row, rows) = self.beside(self.state.db.reader(), id, beside).await?;
        self.traces.row(&row);
        Ok((row, rows))
    }

    pub(in crate::kit) async fn beside<E: Scoped + ById>(
        &self,
        db: &impl ConnectionTrait,
        id: Uuid,
        beside: impl FnOnce(Select<E>) -> Select<E>,
    ) -> Result<(E::Model, Vec<QueryResult>)> {
        let row = unscoped::row::<E>(id)
            .filter(E::scope(self))
            .filter(self.proof());
        let rows = db.query_all(&beside(row).into_query()).await?;
        let first = rows.first();
        let row = first.map(|row| E::Model::from_query_result(row, ""));
        Ok((self.found_by_proof(row.transpose()?, db).await?, rows))
    }
}
