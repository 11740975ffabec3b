//! Where the rows of a file are made ready: in temporary tables, which nobody sees and for which nobody
//! waits. Then few statements put them in their places, all in one transaction.

use entity::row::Row;
use entity::{event, user};
use sea_orm::sea_query::LockType;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityName, EntityTrait, IdenStatic,
    IntoActiveModel, Iterable, QueryFilter, QuerySelect, QueryTrait,
};
use uuid::Uuid;

use super::claims::Claims;
use super::table::Ready;
use super::target::Target;
use crate::foundation::unscoped;
use crate::kit::quota::demand_within;
use crate::kit::{Code, Ctx, Problem, Result, Tx};

/// How many rows one statement makes ready, or looks at.
const AT_A_TIME: usize = 500;
/// How many values one statement may have: SQLite takes 32,766.
const VALUES: usize = 32_000;
/// What the database numbers by itself.
const NUMBERED: &str = "sequence";

/// What is ready so far.
pub(crate) struct Desk<T: Target> {
    /// Knows who writes and when; nothing is asked in it before all is ready.
    pub(crate) tx: Tx,
    /// What is left to do then.
    pub(crate) left: T::Left,
    pub(super) claims: Claims,
    /// In the order in which rows may name one another.
    ready: Vec<Ready>,
}

impl<T: Target> Desk<T> {
    /// Nothing yet.
    ///
    /// # Errors
    /// 503 when no connection is to be had.
    pub(super) async fn empty(ctx: &Ctx) -> Result<Self> {
        Ok(Self {
            tx: ctx.clone().begin_aside().await?,
            left: T::Left::default(),
            claims: Claims::default(),
            ready: Vec::new(),
        })
    }

    /// Adds rows that are new, or other versions of those that are there.
    ///
    /// # Errors
    /// 503 when the database does not answer.
    pub(crate) async fn put<M>(&mut self, rows: Vec<M>) -> Result<()>
    where
        M: Row + IntoActiveModel<<M::Entity as EntityTrait>::ActiveModel>,
        <M::Entity as EntityTrait>::ActiveModel: ActiveModelTrait<Entity = M::Entity> + Send,
    {
        let edits = rows.iter().filter(|row| row.version() > 1).count();
        let rows = rows.into_iter();
        let rows = rows
            .map(|row| row.into_active_model().reset_all())
            .collect();
        self.lay::<<M::Entity as EntityTrait>::ActiveModel>(rows, edits)
            .await
    }

    /// Adds rows that are new.
    ///
    /// # Errors
    /// 503 when the database does not answer.
    pub(super) async fn add<A>(&mut self, rows: Vec<A>) -> Result<()>
    where
        A: ActiveModelTrait + Send,
    {
        self.lay(rows, 0).await
    }

    /// Adds the events that were noted since it was last done.
    ///
    /// # Errors
    /// 503 when the database does not answer.
    pub(super) async fn add_events(&mut self) -> Result<()> {
        let events = self.tx.told();
        self.add::<event::ActiveModel>(events).await
    }

    async fn lay<A>(&mut self, mut rows: Vec<A>, mut edits: usize) -> Result<()>
    where
        A: ActiveModelTrait + Send,
    {
        let table = A::Entity::default().table_name();
        if rows.is_empty() {
            return Ok(());
        }
        let at = match self.ready.iter().position(|ready| ready.table == table) {
            Some(at) => at,
            None => {
                let columns = <A::Entity as EntityTrait>::Column::iter();
                let columns = columns.map(|column| column.as_str());
                let columns = columns.filter(|name| *name != NUMBERED).collect();
                let none = Ready::none(self.tx.db(), table, columns).await?;
                self.ready.push(none);
                self.ready.len() - 1
            }
        };
        let ready = self.ready.get_mut(at);
        let ready = ready.ok_or(Problem::new(Code::InternalError))?;
        let most = AT_A_TIME.min(VALUES / ready.width());
        while !rows.is_empty() {
            let rest = rows.split_off(rows.len().min(most));
            let count = rows.len();
            let insert = A::Entity::insert_many(rows).into_query();
            let edits = std::mem::take(&mut edits);
            ready.add(self.tx.db(), insert, count, edits).await?;
            rows = rest;
        }
        Ok(())
    }

    /// Lets the transaction write where others do: all that is ready, and what is left.
    ///
    /// # Errors
    /// 409 when what the rows were made from is another by now, or there are more than there may be; 503 when
    /// the database does not answer.
    pub(super) async fn put_in_place(
        self,
        holds: impl AsyncFnOnce(&Tx) -> Result<bool>,
    ) -> Result<Option<Tx>> {
        let mut tx = self.tx.enter().await?;
        if !holds(&tx).await? {
            return Ok(None);
        }
        are_as_they_were(tx.db(), &self.claims).await?;
        T::at_last(&mut tx, self.left).await?;
        for ready in &self.ready {
            ready.put_in_place(tx.db()).await?;
        }
        demand_within::<T::Entity>(&tx).await?;
        Ok(Some(tx))
    }
}

/// Whether the users whom rows name are those that were looked at.
async fn are_as_they_were(db: &impl ConnectionTrait, claims: &Claims) -> Result<()> {
    let users: Vec<(Uuid, i32)> = claims
        .users
        .iter()
        .map(|(id, version)| (*id, *version))
        .collect();
    for some in users.chunks(AT_A_TIME) {
        // Found for the import before.
        let now: Vec<(Uuid, i32)> = unscoped::rows::<user::Entity>()
            .select_only()
            .columns([user::Column::Id, user::Column::Version])
            .filter(user::Column::Id.is_in(some.iter().map(|(id, _)| *id)))
            .lock(LockType::Share)
            .into_tuple()
            .all(db)
            .await?;
        if now.iter().filter(|found| some.contains(found)).count() < some.len() {
            return Err(Problem::new(Code::Conflict));
        }
    }
    Ok(())
}
