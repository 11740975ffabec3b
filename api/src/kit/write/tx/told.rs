//! A row that is written together with the events that tell of it, in one round trip: what most operations
//! end with (ADR 28).

use entity::event;
use entity::row::{NewRow, Owner, Row};
use sea_orm::sea_query::{
    CommonTableExpression, DeleteStatement, Expr, ExprTrait, InsertStatement, Query,
    UpdateStatement, WithClause,
};
use sea_orm::{
    ActiveModelBehavior, ActiveModelTrait, ActiveValue, ConnectionTrait, DbBackend, DbErr,
    EntityName, EntityTrait, FromQueryResult, IdenStatic, IntoActiveModel, Iterable, ModelTrait,
    QueryResult, QueryTrait, Statement, StatementBuilder, TryIntoModel, Values,
};
use uuid::Uuid;

use super::{Tx, update};
use crate::foundation::unscoped;
use crate::kit::quota::{insertion, written};
use crate::kit::write::beside::Beside;
use crate::kit::{Code, Event, Problem, Result, new_id};

type ModelOf<A> = <<A as ActiveModelTrait>::Entity as EntityTrait>::Model;

impl Tx {
    /// Writes a new row of this owner with what it `tell`s, and leaves the whole to be kept with the answer.
    /// What the database fills in by itself is not known beforehand, and told afterwards.
    ///
    /// # Errors
    /// As [`insert`](Tx::insert) and [`commit`](Tx::commit).
    pub async fn create<A>(
        self,
        owner: impl Into<Owner>,
        row: A,
        tell: impl FnOnce(&ModelOf<A>) -> Event,
    ) -> Result<ModelOf<A>>
    where
        A: NewRow + ActiveModelBehavior + TryIntoModel<ModelOf<A>> + Send,
        ModelOf<A>: IntoActiveModel<A> + Row,
    {
        let (row, ()) = self.create_with(owner, row, tell).await?;
        Ok(row)
    }

    /// The same, and what is read beside the row.
    ///
    /// # Errors
    /// As [`create`](Tx::create).
    pub(crate) async fn create_with<A, B>(
        self,
        owner: impl Into<Owner>,
        mut row: A,
        tell: impl FnOnce(&ModelOf<A>) -> Event,
    ) -> Result<(ModelOf<A>, B)>
    where
        A: NewRow + ActiveModelBehavior + TryIntoModel<ModelOf<A>> + Send,
        ModelOf<A>: IntoActiveModel<A> + Row,
        B: Beside,
    {
        let (id, owner) = (new_id(), owner.into());
        row.stamp(id, owner, self.now);
        let Ok(known) = row.clone().try_into_model() else {
            let row = self.insert_as(id, owner, row).await?;
            let beside = self.beside::<A::Entity, B>(id).await?;
            self.commit(tell(&row)).await?;
            return Ok((row, beside));
        };
        let last = tell(&known);
        let (mut insert, place) = insertion(&self, &owner, row)?;
        insert.returning(unscoped::returning_with::<A::Entity>(B::COLUMNS));
        let state = self.state.clone();
        self.write(insert, last, |row| {
            with(row, |row| written(&state, row, place))
        })
        .await
    }

    /// Writes an edit over the row, with what it `tell`s of it and of the fields that it changes, and leaves
    /// the whole to be kept with the answer. An edit that changes no field leaves everything as it is.
    ///
    /// # Errors
    /// As [`edit`](Tx::edit) and [`commit`](Tx::commit).
    pub async fn change<A>(
        self,
        row: &ModelOf<A>,
        change: A,
        changed: Vec<String>,
        tell: impl FnOnce(&ModelOf<A>, Vec<String>) -> Event,
    ) -> Result<ModelOf<A>>
    where
        A: ActiveModelTrait,
        ModelOf<A>: Row,
    {
        let (row, ()) = self.change_with(row, change, changed, tell).await?;
        Ok(row)
    }

    /// The same, and what is read beside the row.
    ///
    /// # Errors
    /// As [`change`](Tx::change).
    pub(crate) async fn change_with<A, B>(
        self,
        row: &ModelOf<A>,
        change: A,
        changed: Vec<String>,
        tell: impl FnOnce(&ModelOf<A>, Vec<String>) -> Event,
    ) -> Result<(ModelOf<A>, B)>
    where
        A: ActiveModelTrait,
        ModelOf<A>: Row,
        B: Beside,
    {
        if changed.is_empty() {
            let beside = self.beside::<A::Entity, B>(row.id()).await?;
            self.txn.rollback().await?;
            return Ok((row.clone(), beside));
        }
        let last = tell(&changed_row(row, &change)?, changed);
        let mut update = update(self.now, row, change);
        update.returning(unscoped::returning_with::<A::Entity>(B::COLUMNS));
        self.write(update, last, |row| with(row, changed_as)).await
    }

    /// What is read beside a row that is not being written.
    async fn beside<E: EntityTrait, B: Beside>(&self, id: Uuid) -> Result<B> {
        let Some(columns) = B::COLUMNS else {
            return B::read(None);
        };
        let row = Query::select()
            .expr(Expr::cust(columns))
            .from(E::default().table_ref())
            .and_where(Expr::col("id").eq(id))
            .to_owned();
        B::read(self.txn.query_one(&row).await?.as_ref())
    }

    /// Deletes a row, with what it `tell`s, and leaves the whole to be kept with the answer.
    ///
    /// # Errors
    /// As [`delete`](Tx::delete) and [`commit`](Tx::commit).
    pub async fn remove<M>(self, row: &M, tell: impl FnOnce(&M) -> Event) -> Result<()>
    where
        M: Row + ModelTrait,
    {
        let last = tell(row);
        let mut delete = Query::delete();
        delete
            .from_table(M::Entity::default().table_ref())
            .and_where(Expr::col("id").eq(row.id()));
        self.write(delete, last, |_| Ok(())).await
    }

    async fn write<T>(
        mut self,
        row: impl Write,
        last: Event,
        read: impl FnOnce(Option<&QueryResult>) -> Result<T>,
    ) -> Result<T> {
        self.prove(&self.txn).await?;
        self.events.push(last.clone());
        let events = event::Entity::insert_many(self.told()).into_query();
        let statement = together(self.txn.get_database_backend(), events, row);
        let found = self.txn.query_all_raw(statement).await?;
        let row = read(found.first())?;
        self.keep(&last);
        Ok(row)
    }
}

/// What a statement changed.
fn changed_as<M: FromQueryResult>(row: Option<&QueryResult>) -> Result<M> {
    let row = row.ok_or(Problem::new(Code::Stale))?;
    Ok(M::from_query_result(row, "")?)
}

/// A row, and what was read beside it.
fn with<M, B: Beside>(
    row: Option<&QueryResult>,
    read: impl FnOnce(Option<&QueryResult>) -> Result<M>,
) -> Result<(M, B)> {
    Ok((read(row)?, B::read(row)?))
}

/// The row as it will be.
fn changed_row<A>(row: &ModelOf<A>, change: &A) -> Result<ModelOf<A>, DbErr>
where
    A: ActiveModelTrait,
    ModelOf<A>: Row,
{
    let mut after = row.clone();
    for column in <A::Entity as EntityTrait>::Column::iter() {
        if let ActiveValue::Set(value) = change.get(column) {
            after.try_set(column, value)?;
        }
        if column.as_str() == "version" {
            after.try_set(column, (row.version() + 1).into())?;
        }
    }
    Ok(after)
}

/// A statement that writes one row.
trait Write: StatementBuilder {
    fn with(self, clause: WithClause) -> impl StatementBuilder;
}

impl Write for InsertStatement {
    fn with(self, clause: WithClause) -> impl StatementBuilder {
        Self::with(self, clause)
    }
}

impl Write for UpdateStatement {
    fn with(self, clause: WithClause) -> impl StatementBuilder {
        Self::with(self, clause)
    }
}

impl Write for DeleteStatement {
    fn with(self, clause: WithClause) -> impl StatementBuilder {
        Self::with(self, clause)
    }
}

/// Both in one: PostgreSQL writes within a query, SQLite takes one statement after the other.
fn together(backend: DbBackend, events: InsertStatement, row: impl Write) -> Statement {
    if backend == DbBackend::Postgres {
        let events = CommonTableExpression::new()
            .table_name("told")
            .query(events)
            .to_owned();
        return backend.build(&row.with(WithClause::new().cte(events).to_owned()));
    }
    let (events, row) = (backend.build(&events), backend.build(&row));
    let values = |statement: Statement| statement.values.map(|Values(values)| values);
    let sql = format!("{}; {}", events.sql, row.sql);
    let all = [events, row].into_iter().filter_map(values).flatten();
    Statement::from_sql_and_values(backend, sql, all)
}
