//! What stands above an export: its media type, the name of its file, and that nobody keeps it.

use actix_web::http::header::{self, ContentDisposition, DispositionParam, DispositionType};
use actix_web::{HttpResponse, HttpResponseBuilder};

use super::dto::Form;
use super::text::Text;
use crate::foundation::operations::{JSON_LINES, XLSX};
use crate::kit::Ctx;

/// The media type of a form and the end of its files' names.
struct Kind {
    media_type: &'static str,
    extension: &'static str,
    /// Nothing is gained by compressing it once more.
    is_compressed: bool,
}

const ZIP: Kind = Kind {
    media_type: "application/zip",
    extension: "zip",
    is_compressed: true,
};

impl From<Form> for Kind {
    fn from(form: Form) -> Self {
        let (media_type, extension, is_compressed) = match form {
            Form::Text(Text::Csv(_)) => ("text/csv", "csv", false),
            Form::Text(Text::JsonLines) => (JSON_LINES, "jsonl", false),
            Form::Spreadsheet => (XLSX, "xlsx", true),
        };
        Self {
            media_type,
            extension,
            is_compressed,
        }
    }
}

/// 200 with the headers of a table in this form.
pub(in crate::outside) fn of_table(ctx: &Ctx, name: &str, form: Form) -> HttpResponseBuilder {
    download(ctx, name, &form.into())
}

/// 200 with the headers of the archive.
pub(super) fn of_archive(ctx: &Ctx) -> HttpResponseBuilder {
    download(ctx, "archive", &ZIP)
}

fn download(ctx: &Ctx, name: &str, kind: &Kind) -> HttpResponseBuilder {
    let file = format!("livret-{name}-{}.{}", ctx.today, kind.extension);
    let disposition = ContentDisposition {
        disposition: DispositionType::Attachment,
        parameters: vec![DispositionParam::Filename(file)],
    };
    let content_type = match kind.media_type.starts_with("text/") {
        true => format!("{}; charset=utf-8", kind.media_type),
        false => kind.media_type.to_owned(),
    };
    let mut response = HttpResponse::Ok();
    response
        .content_type(content_type)
        .insert_header(disposition)
        .insert_header((header::CACHE_CONTROL, "no-store"));
    if kind.is_compressed {
        response.insert_header((header::CONTENT_ENCODING, "identity"));
    }
    response
}
