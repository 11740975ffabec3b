//! What travels about exports: which tables there are, and the forms they come in.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::openapi::path::{Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::openapi::{Required, Schema};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::dataset::{Dataset, Filter};
use super::datasets::DATASETS;
use super::separator::Separator;
use super::text::Text;
use crate::kit::{Code, Fault, FaultCode, Problem, Result};

/// A table that can be exported.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Export {
    /// Its name in the address.
    #[schema(max_length = 40, example = "contracts")]
    dataset: &'static str,
    /// What one row is.
    #[schema(max_length = 300, example = "A contract (§02).")]
    description: &'static str,
    /// The object of the API document whose properties the columns are, if there is one.
    #[schema(max_length = 60, example = "Contract")]
    schema: Option<&'static str>,
    /// Its columns in their order, which never changes: new ones come last.
    #[schema(value_type = Vec<ColumnName>, max_items = 50)]
    columns: Vec<&'static str>,
    /// The filters it takes.
    #[schema(max_items = 2)]
    filters: Vec<ExportFilterName>,
}

/// Name of a column, as the API calls the field.
#[derive(ToSchema)]
#[schema(max_length = 60, example = "booklet_id")]
#[expect(dead_code, reason = "describes the elements of `columns`")]
struct ColumnName(String);

/// What narrows an export.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum ExportFilterName {
    UpdatedSince,
    BookletId,
}

impl From<&Dataset> for Export {
    fn from(dataset: &Dataset) -> Self {
        let mut filters = Vec::new();
        if dataset.has_changes {
            filters.push(ExportFilterName::UpdatedSince);
        }
        if dataset.of_booklets() {
            filters.push(ExportFilterName::BookletId);
        }
        Self {
            dataset: dataset.name,
            description: dataset.about,
            schema: dataset.schema,
            columns: dataset.columns(),
            filters,
        }
    }
}

/// Which table.
#[derive(Debug, Deserialize)]
pub(super) struct DatasetName {
    dataset: String,
}

impl DatasetName {
    /// # Errors
    /// 404 when no table is called so.
    pub(super) fn find(&self) -> Result<Dataset> {
        let mut datasets = DATASETS.into_iter();
        datasets
            .find(|dataset| dataset.name == self.dataset)
            .ok_or(Problem::new(Code::NotFound))
    }
}

impl IntoParams for DatasetName {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let names = ObjectBuilder::new()
            .schema_type(Type::String)
            .enum_values(Some(DATASETS.map(|dataset| dataset.name)))
            .build();
        let name = ParameterBuilder::new()
            .name("dataset")
            .parameter_in(ParameterIn::Path)
            .required(Required::True)
            .description(Some("Which table."))
            .schema(Some(Schema::Object(names)))
            .build();
        vec![name]
    }
}

/// The form of an export.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum ExportFormat {
    /// CSV (RFC 4180), UTF-8, names of columns first.
    #[default]
    Csv,
    /// A workbook with one sheet.
    Xlsx,
    /// JSON Lines: an object a line.
    Jsonl,
}

/// In which form, and which rows.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct ExportQuery {
    /// The form of the file, whatever `Accept` says. Default: `csv`.
    #[param(inline, example = "csv")]
    format: Option<ExportFormat>,
    /// For CSV: `comma` by default; `semicolon` is for spreadsheets in French, with a byte-order
    /// mark.
    #[param(inline, example = "comma")]
    separator: Option<Separator>,
    /// Only what changed at this instant or later (RFC 3339), where the table takes this filter.
    #[param(example = "2020-01-01T00:00:00Z")]
    updated_since: Option<DateTime<Utc>>,
    /// Only the rows of this booklet, where the table takes this filter.
    booklet_id: Option<Uuid>,
}

impl ExportQuery {
    pub(super) fn form(&self) -> Form {
        match self.format.unwrap_or_default() {
            ExportFormat::Csv => Form::Text(Text::Csv(self.separator.unwrap_or_default())),
            ExportFormat::Jsonl => Form::Text(Text::JsonLines),
            ExportFormat::Xlsx => Form::Spreadsheet,
        }
    }

    /// The filters, if this table takes them.
    ///
    /// # Errors
    /// 400 for those it does not, and for a separator of what has none.
    pub(super) fn filter(&self, dataset: &Dataset) -> Result<Filter> {
        let is_csv = self.format.unwrap_or_default() == ExportFormat::Csv;
        let refused = [
            ("separator", self.separator.is_some() && !is_csv),
            (
                "updated_since",
                self.updated_since.is_some() && !dataset.has_changes,
            ),
            (
                "booklet_id",
                self.booklet_id.is_some() && !dataset.of_booklets(),
            ),
        ];
        let faults: Vec<Fault> = refused
            .into_iter()
            .filter(|(_, is_refused)| *is_refused)
            .map(|(name, _)| Fault::new(name, FaultCode::UnknownParameter))
            .collect();
        if faults.is_empty() {
            Ok(Filter {
                updated_since: self.updated_since,
                booklet_id: self.booklet_id,
            })
        } else {
            Err(Problem::new(Code::MalformedQuery).because(faults))
        }
    }
}

/// How rows are written.
#[derive(Clone, Copy, Debug)]
pub(in crate::outside) enum Form {
    /// As they are read.
    Text(Text),
    /// To a file first.
    Spreadsheet,
}
