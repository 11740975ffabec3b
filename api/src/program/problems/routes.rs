//! The catalogue over HTTP: pages for people, JSON for programs.

use std::str::FromStr;

use actix_web::{HttpResponse, get};

use super::dto::ProblemDescription;
use super::pages;
use crate::kit::{Call, Code, Page, Path, Problem, Result, Routes};
use crate::program::pages::{Language, Reader};

pub(crate) fn routes(api: &mut Routes) {
    api.service(list_problem_types).service(get_problem_type);
}

/// List the problems
///
/// Every problem that this API may answer, by status: why it happens, what to do next, and an
/// example. A page for people when `Accept` prefers `text/html`, as browsers do; else JSON.
#[utoipa::path(
    tag = "Errors",
    // The catalogue is part of the program: it asks for nobody and reads no database.
    extensions(("x-never" = json!([401, 500, 503]))),
    security(()),
    params(Language),
    responses((status = 200, description = "The catalogue", content(
        (Page<ProblemDescription> = "application/json"),
        (String = "text/html"),
    )))
)]
#[get("/problems")]
async fn list_problem_types(call: Call, reader: Reader) -> HttpResponse {
    let problems = ProblemDescription::all(&call.state.config.public_url(), reader.locale);
    if reader.prefers_html {
        pages::index(&reader, &problems)
    } else {
        reader.json(&Page::whole(problems))
    }
}

/// Get a problem
///
/// The address that a problem gives as its `type`: why it happens, what to do next, and an
/// example; for `invalid` also the faults of fields. A page for people when `Accept` prefers
/// `text/html`, as browsers do; else JSON.
#[utoipa::path(
    tag = "Errors",
    // The catalogue is part of the program: it asks for nobody and reads no database.
    extensions(("x-never" = json!([401, 500, 503]))),
    security(()),
    params(
        ("code" = String, Path, description = "The problem's `code`.", max_length = 64,
            pattern = "^[a-z_]+$", example = "stale"),
        Language,
    ),
    responses((status = 200, description = "The problem", content(
        (ProblemDescription = "application/json"),
        (String = "text/html"),
    )))
)]
#[get("/problems/{code}")]
async fn get_problem_type(call: Call, code: Path<String>, reader: Reader) -> Result<HttpResponse> {
    let code = Code::from_str(&code).or(Err(Problem::new(Code::NotFound)))?;
    let problem = ProblemDescription::of(code, &call.state.config.public_url(), reader.locale);
    Ok(if reader.prefers_html {
        pages::problem(&reader, &problem)
    } else {
        reader.json(&problem)
    })
}
