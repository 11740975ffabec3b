//! What travels about imports.

use chrono::{DateTime, Utc};
use entity::values::{ImportFormat, ImportMode, ImportResource, ImportState, Locale, SimilarRow};
use entity::{import, import_fault};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use validator::Validate;

use crate::foundation::problem::FieldFault;
use crate::kit::{Fault, Meta};
use crate::people::names::{Signed, Someone};

/// A file of rows to create or change.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Import {
    #[serde(flatten)]
    meta: Meta,
    /// The organization.
    organization_id: Uuid,
    /// What the rows are.
    resource: ImportResource,
    /// What the file is written in.
    format: ImportFormat,
    /// How far it is.
    state: ImportState,
    /// What becomes of faulty rows, once it is to be applied.
    mode: Option<ImportMode>,
    /// Who sent it, or told to apply it: a user or a service account, with whose rights it works.
    author_id: Uuid,
    /// Who that is; absent when they are gone.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, value_type = Someone)]
    author: Option<Someone>,
    /// The encoding that the text was read in (its WHATWG name): declared, marked or recognised; null for XLSX.
    #[schema(max_length = 40, example = "windows-1252")]
    encoding: Option<String>,
    /// The columns that were passed over: exports have them, and nobody writes them.
    #[schema(value_type = Vec<ColumnName>, max_items = 1000)]
    columns_passed_over: Vec<String>,
    /// The line of the header of a CSV or XLSX file, from 1: lines above it, as titles, were passed over; null for JSON Lines.
    header_line: Option<i32>,
    /// The columns of a CSV or XLSX file, in their order.
    #[schema(value_type = Vec<ColumnName>, max_items = 1000)]
    columns: Vec<String>,
    /// Rows in the file.
    rows_total: i32,
    /// Rows looked at so far.
    rows_checked: i32,
    /// Rows that make a new object: what is to come until it is `done`, what was done then.
    rows_created: i32,
    /// Rows that change an object that is there, likewise.
    rows_updated: i32,
    /// Rows that say what is known already.
    rows_unchanged: i32,
    /// Rows with faults.
    rows_faulty: i32,
    /// All their faults; the report lists the first 10,000.
    faults_total: i32,
    /// New rows that may tell of somebody who is there already: no fault, and applied like the others.
    rows_similar: i32,
    /// Whom they resemble: the first 100, three for a row. Compare them before you apply the file.
    #[schema(max_items = 100)]
    similar: Vec<SimilarRow>,
    /// Why it failed, by the code of the problem: `forbidden` (its author may not any more),
    /// `import_faulty` (something changed between check and application), `quota_reached` (the
    /// organization would have more than it may), `internal_error`.
    #[schema(max_length = 60)]
    reason: Option<String>,
    /// When it was done, failed or cancelled (UTC); its rows are deleted then.
    finished_at: Option<DateTime<Utc>>,
}

impl Signed for Import {
    fn by(&self) -> Option<Uuid> {
        Some(self.author_id)
    }

    fn sign(&mut self, who: Someone) {
        self.author = Some(who);
    }
}

impl From<import::Model> for Import {
    fn from(row: import::Model) -> Self {
        Self {
            meta: (&row).into(),
            organization_id: row.organization_id,
            resource: row.resource,
            format: row.format,
            state: row.state,
            mode: row.mode,
            author_id: row.author_id,
            author: None,
            encoding: row.encoding,
            columns_passed_over: row.passed_over.0,
            header_line: row.header_line,
            columns: row.columns.0,
            rows_total: row.rows_total,
            rows_checked: row.rows_checked,
            rows_created: row.rows_created,
            rows_updated: row.rows_updated,
            rows_unchanged: row.rows_unchanged,
            rows_faulty: row.rows_faulty,
            faults_total: row.faults_total,
            rows_similar: row.rows_similar,
            similar: row.similar.0,
            reason: row.reason,
            finished_at: row.finished_at,
        }
    }
}

/// What a file is to be.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct ImportQuery {
    /// What its rows are.
    pub(super) resource: ImportResource,
    /// What the file is written in, whatever its `Content-Type` says. Default: as that says.
    #[param(inline, example = "csv")]
    pub(super) format: Option<ImportFormat>,
    /// The system whose names for the objects stand in `external_id`, where a row does not say it
    /// in `external_system`.
    #[param(min_length = 1, max_length = 40)]
    pub(super) system: Option<String>,
    /// Apply it as soon as it is checked, in this way. Without: it waits, `ready`, to be applied or
    /// cancelled, for a week. With faults, `all_or_nothing` waits too.
    #[param(example = "all_or_nothing")]
    pub(super) apply: Option<ImportMode>,
}

/// How to apply it.
#[derive(Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"mode": "all_or_nothing"}))]
pub(crate) struct Application {
    /// What becomes of faulty rows. Default: with a single one nothing is written.
    #[serde(default = "all_or_nothing")]
    pub(super) mode: ImportMode,
}

fn all_or_nothing() -> ImportMode {
    ImportMode::AllOrNothing
}

/// Which imports.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct ImportFilter {
    /// Only those of this resource.
    pub(super) resource: Option<ImportResource>,
    /// Only those in this state.
    pub(super) state: Option<ImportState>,
}

/// The name of a column: a field, or `object.field`.
#[derive(ToSchema)]
#[schema(max_length = 200, example = "given_name")]
#[expect(dead_code, reason = "describes the elements of `columns`")]
struct ColumnName(String);

/// What is wrong with a row.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ImportFault {
    /// Where the row begins in the file, from 1.
    line: i32,
    /// The column at fault, from 1; null for JSON Lines, and where the file has no column for it. What concerns a
    /// row as a whole is told at the column that names it.
    column: Option<i32>,
    /// Its name in the header, or the one that is missing there.
    #[schema(max_length = 200)]
    column_name: Option<String>,
    /// The field at fault (RFC 6901), as if the row were the body of a POST.
    #[schema(example = "/birth_date", max_length = 500)]
    pointer: String,
    /// Stable name of the fault, for programs.
    #[schema(example = "format", max_length = 60)]
    code: String,
    /// What is expected, in the reader's language.
    #[schema(max_length = 20000)]
    detail: String,
    /// The values that the text names.
    params: Map<String, Value>,
}

impl ImportFault {
    /// In the reader's language.
    pub(super) fn of(row: import_fault::Model, locale: Locale) -> Self {
        let shown = kept(&row).map(|fault| fault.body(locale));
        let (detail, params) = shown.map(FieldFault::said).unwrap_or_default();
        Self {
            line: row.line,
            column: row.column_number,
            column_name: row.column_name,
            pointer: row.pointer,
            code: row.code,
            detail,
            params,
        }
    }
}

/// The fault as it was found; none of a code that is no more.
pub(super) fn kept(row: &import_fault::Model) -> Option<Fault> {
    let code = row.code.parse().ok()?;
    Some(Fault::again(row.pointer.clone(), code, &row.params))
}
