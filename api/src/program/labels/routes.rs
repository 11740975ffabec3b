//! Labels over HTTP.

use actix_web::http::header;
use actix_web::web::Query;
use actix_web::{HttpResponse, get};
use sha2::{Digest, Sha256};

use super::dto::{LabelFilter, LabelGroup};
use super::groups;
use crate::kit::{Code, Page, Problem, Result, Routes};
use crate::program::pages::{Language, Reader};

pub(crate) fn routes(api: &mut Routes) {
    api.service(list_labels);
}

/// List the labels
///
/// The labels of this API.
/// What people call the words of this API, in French or English: every value of the closed
/// lists, kinds of objects, types of changes, problems and faults. The API document holds those of its
/// schemas too, as `x-labels`. The `ETag` changes with the texts and the language.
#[utoipa::path(
    tag = "Errors",
    // The labels are part of the program: it asks for nobody and reads no database.
    extensions(("x-never" = json!([401, 503])), ("x-tagged" = json!(true))),
    security(()),
    params(LabelFilter, Language),
    responses((status = 200, description = "The labels", body = Page<LabelGroup>))
)]
#[get("/v1/labels")]
async fn list_labels(filter: Query<LabelFilter>, reader: Reader) -> Result<HttpResponse> {
    let asked = |name: &str| filter.name.as_deref().is_none_or(|asked| asked == name);
    let groups = groups().into_iter().filter(|group| asked(group.name));
    let groups = groups.map(|group| LabelGroup::of(group, reader.locale));
    let page = Page::whole(groups.collect());
    let text = serde_json::to_vec(&page).or(Err(Problem::new(Code::InternalError)))?;
    let hash = format!("{:x}", Sha256::digest(text));
    let tag = header::HeaderValue::from_str(&format!("\"{hash:.32}\""));
    let tag = tag.or(Err(Problem::new(Code::InternalError)))?;
    let mut answer = reader.json(&page);
    answer.headers_mut().insert(header::ETAG, tag);
    Ok(answer)
}
