//! Transactions that make many rows ready before anybody has to wait for them: in temporary tables, which
//! nobody else sees. On SQLite a temporary table takes the writer's place from nobody; what was made ready
//! is put in its place by few statements.

use sea_orm::{ConnectionTrait, DbBackend, DbErr};
use uuid::Uuid;

use super::options::LONG_PATIENCE;
use super::{BEGIN, Database, Transaction, turn};

impl Database {
    /// Begins a transaction in which temporary tables are made and filled. Until it [enters](Self::enter),
    /// nothing else may be asked or written in it: on SQLite it would see the database as it was then.
    ///
    /// # Errors
    /// When no connection is to be had in time.
    pub(crate) async fn begin_aside(&self, organization: Uuid) -> Result<Transaction, DbErr> {
        match self.aside.get_database_backend() {
            DbBackend::Sqlite => self.aside.begin(BEGIN, LONG_PATIENCE).await,
            _ => self.begin_in_turn(None, Some(organization)).await,
        }
    }

    /// From now on it reads and writes as others do. On SQLite all who write wait for its end, as for a
    /// turn that takes long.
    ///
    /// # Errors
    /// When its turn does not come in time.
    pub(crate) async fn enter(&self, aside: Transaction) -> Result<Transaction, DbErr> {
        if aside.get_database_backend() != DbBackend::Sqlite {
            return Ok(aside);
        }
        let turn = turn(&self.lanes.shared.places, Uuid::nil())
            .await?
            .takes_long();
        // Nothing is done in it: it has the one connection that writes.
        let others = self.writer().begin(BEGIN, LONG_PATIENCE).await?;
        Ok(aside.in_turn([turn]).instead_of(others))
    }
}
