//! Empty files to begin with: the names of the columns that people know, and nothing else.

use entity::values::ImportResource;
use rust_xlsxwriter::{Format, Workbook, XlsxError};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use super::columns::{Column, Kind};
use crate::kit::{Code, Problem, Result};
use crate::outside::exports::dto::Form;
use crate::outside::exports::separator::Separator;
use crate::outside::exports::text::Text;

/// The form of an empty file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum TemplateFormat {
    /// CSV with semicolons and a byte-order mark: what spreadsheets in French open.
    #[default]
    Csv,
    /// A workbook whose columns have the format of what they hold: telephones keep their 0, days are days.
    Xlsx,
}

/// Of what its rows will be.
#[derive(Debug, Deserialize)]
pub(super) struct TemplateName {
    resource: String,
}

impl TemplateName {
    /// # Errors
    /// 404 when no rows of this name come from files.
    pub(super) fn find(&self) -> Result<ImportResource> {
        self.resource.parse().or(Err(Problem::new(Code::NotFound)))
    }
}

/// In which form.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct TemplateQuery {
    /// The form. Default: `csv`.
    #[param(inline, example = "csv")]
    format: Option<TemplateFormat>,
}

impl TemplateQuery {
    /// How it is sent.
    pub(super) fn form(&self) -> Form {
        match self.format.unwrap_or_default() {
            TemplateFormat::Csv => Form::Text(Text::Csv(Separator::Semicolon)),
            TemplateFormat::Xlsx => Form::Spreadsheet,
        }
    }
}

/// A file with these columns and no rows.
///
/// # Errors
/// 500 when it cannot be written: a programming error.
pub(super) fn file(columns: &[Column], form: Form) -> Result<Vec<u8>> {
    match form {
        Form::Text(text) => {
            let names: Vec<&str> = columns.iter().map(|column| &*column.name).collect();
            text.head(&names)
        }
        Form::Spreadsheet => workbook(columns).map_err(|error| {
            tracing::error!(%error, "an empty workbook cannot be written");
            Problem::new(Code::InternalError)
        }),
    }
}

fn workbook(columns: &[Column]) -> std::result::Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    sheet.set_freeze_panes(1, 0)?;
    let bold = Format::new().set_bold();
    for (place, column) in (0..).zip(columns) {
        let format = Format::new().set_num_format(match column.kind {
            Kind::Date => "dd/mm/yyyy",
            _ => "@",
        });
        sheet.set_column_format(place, &format)?;
        sheet.set_column_width(place, 24)?;
        sheet.write_string_with_format(0, place, &column.name, &bold)?;
    }
    workbook.save_to_buffer()
}
