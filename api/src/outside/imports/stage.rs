//! Where the rows of a file wait until they are applied, and where it is noted what is wrong with them:
//! written in short transactions while the file arrives.

use entity::{import_fault, import_row};
use sea_orm::{EntityTrait, Set};
use serde_json::{Map, Value};
use uuid::Uuid;

use super::columns::column_of;
use super::target::taken_out;
use crate::foundation::database::Transaction;
use crate::foundation::operations::faults::clean;
use crate::foundation::operations::pointer::Pointer;
use crate::foundation::problem::FAULT_LIMIT;
use crate::kit::{Code, Ctx, Fault, FaultCode, Problem, Result, new_id};

/// The most faults that a report keeps; the others are counted.
pub(super) const MOST_FAULTS: i32 = 10_000;
/// The longest pointer of a report: it is kept for each fault, and of a name that nobody declared.
const NOTED_POINTER: usize = 200;
/// How many rows a statement writes.
pub(super) const AT_A_TIME: usize = 500;

/// A file on its way into the database.
pub(super) struct Stage<'a> {
    ctx: &'a Ctx,
    import_id: Uuid,
    organization_id: Uuid,
    /// What every row is called by, unless it says so itself.
    system: Option<&'a str>,
    /// None for files without one.
    pub(super) header_line: Option<i32>,
    columns: Vec<String>,
    passed_over: Vec<String>,
    /// A rehearsal writes nothing.
    is_rehearsal: bool,
    /// How many rows it may have.
    most: i32,
    rows: Vec<import_row::ActiveModel>,
    faults: Vec<import_fault::ActiveModel>,
    pub(super) rows_total: i32,
    pub(super) rows_faulty: i32,
    pub(super) faults_total: i32,
}

impl<'a> Stage<'a> {
    /// Nothing yet.
    ///
    /// # Errors
    /// 403 for whoever has no organization.
    pub(super) fn new(
        ctx: &'a Ctx,
        import_id: Uuid,
        system: Option<&'a str>,
        is_rehearsal: bool,
        most: i32,
    ) -> Result<Self> {
        Ok(Self {
            import_id,
            organization_id: ctx.organization_id()?,
            ctx,
            system,
            header_line: None,
            columns: Vec::new(),
            passed_over: Vec::new(),
            is_rehearsal,
            most,
            rows: Vec::new(),
            faults: Vec::new(),
            rows_total: 0,
            rows_faulty: 0,
            faults_total: 0,
        })
    }

    /// What every row is called by, unless it says so itself.
    pub(super) fn system(&self) -> Option<&str> {
        self.system
    }

    /// Where the header stands and the names of its columns, for the report; and of those that are passed over.
    pub(super) fn named(&mut self, line: i32, columns: Vec<String>, passed_over: Vec<String>) {
        self.header_line = Some(line);
        (self.columns, self.passed_over) = (columns, passed_over);
    }

    /// The columns that are passed over.
    pub(super) fn passed_over(&self) -> &[String] {
        &self.passed_over
    }

    /// The names of the columns.
    pub(super) fn columns(&self) -> &[String] {
        &self.columns
    }

    /// Adds a row as POST would have it.
    ///
    /// # Errors
    /// 413 when there are too many; 503 when the database does not answer.
    pub(super) async fn row(&mut self, line: i32, content: Map<String, Value>) -> Result<()> {
        let mut content = Value::Object(content);
        let mut faults = Vec::new();
        clean(&mut content, Pointer::Root, &mut faults);
        let key = taken_out(&mut content, self.system, &mut faults);
        if !faults.is_empty() {
            return self.faulty(line, faults).await;
        }
        let (system, external_id) = key.map(|key| (key.system, key.external_id)).unzip();
        self.count()?;
        self.rows.push(import_row::ActiveModel {
            import_id: Set(self.import_id),
            place: Set(self.rows_total),
            organization_id: Set(self.organization_id),
            line: Set(line),
            system: Set(system),
            external_id: Set(external_id),
            content: Set(content.to_string()),
            is_faulty: Set(false),
        });
        self.write_when_full().await
    }

    /// Notes a row that cannot be read.
    ///
    /// # Errors
    /// 413 when there are too many; 503 when the database does not answer.
    pub(super) async fn faulty(&mut self, line: i32, faults: Vec<Fault>) -> Result<()> {
        self.count()?;
        self.rows_faulty += 1;
        for fault in faults.into_iter().take(FAULT_LIMIT) {
            if self.faults_total < MOST_FAULTS {
                let of = (self.organization_id, self.import_id);
                self.faults
                    .push(fault_row(of, line, &self.columns, &fault, self.ctx));
            }
            self.faults_total += 1;
        }
        self.write_when_full().await
    }

    fn count(&mut self) -> Result<()> {
        self.rows_total += 1;
        if self.rows_total > self.most {
            let fault = Fault::new("", FaultCode::MaxItems).with("max", self.most);
            return Err(Problem::new(Code::PayloadTooLarge).because(vec![fault]));
        }
        Ok(())
    }

    async fn write_when_full(&mut self) -> Result<()> {
        if self.rows.len() + self.faults.len() < AT_A_TIME {
            return Ok(());
        }
        self.write().await
    }

    /// Writes what was not written yet.
    ///
    /// # Errors
    /// 503 when the database does not answer.
    pub(super) async fn write(&mut self) -> Result<()> {
        let rows = std::mem::take(&mut self.rows);
        let faults = std::mem::take(&mut self.faults);
        if self.is_rehearsal || (rows.is_empty() && faults.is_empty()) {
            return Ok(());
        }
        let txn = self.ctx.state.db.begin().await?;
        if !rows.is_empty() {
            import_row::Entity::insert_many(rows)
                .exec_without_returning(&txn)
                .await?;
        }
        write_faults(&txn, faults).await?;
        txn.commit().await?;
        Ok(())
    }
}

/// Writes faults down.
///
/// # Errors
/// 503 when the database does not answer.
pub(super) async fn write_faults(
    txn: &Transaction,
    mut faults: Vec<import_fault::ActiveModel>,
) -> Result<()> {
    while !faults.is_empty() {
        let rest = faults.split_off(faults.len().min(AT_A_TIME));
        import_fault::Entity::insert_many(faults)
            .exec_without_returning(txn)
            .await?;
        faults = rest;
    }
    Ok(())
}

/// A fault as a row of the report.
pub(super) fn fault_row(
    (organization_id, import_id): (Uuid, Uuid),
    line: i32,
    columns: &[String],
    fault: &Fault,
    ctx: &Ctx,
) -> import_fault::ActiveModel {
    let (number, name) = column_of(columns, fault.pointer());
    import_fault::ActiveModel {
        id: Set(new_id()),
        organization_id: Set(organization_id),
        import_id: Set(import_id),
        line: Set(line),
        column_number: Set(number),
        column_name: Set(name),
        pointer: Set(fault.pointer().chars().take(NOTED_POINTER).collect()),
        code: Set(fault.code().to_string()),
        params: Set(fault.params_json()),
        created_at: Set(ctx.now),
    }
}
