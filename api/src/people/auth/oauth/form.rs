//! Bodies as OAuth 2.0 sends them.

use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest, web};
use serde::de::DeserializeOwned;
use serde_json::Value;
use validator::Validate;

use crate::foundation::state::State;
use crate::kit::body::input::{checked, operation_of, read_bytes, typed};
use crate::kit::{Code, Problem, Result};

/// A form, as OAuth 2.0 sends it, valid. Each parameter stands once; unknown ones are ignored.
#[derive(Debug)]
pub(super) struct Form<T>(pub(super) T);

impl<T: DeserializeOwned + Validate + 'static> FromRequest for Form<T> {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let operation = operation_of(request);
        let bytes = read_bytes(request, payload, &["application/x-www-form-urlencoded"]);
        let state = request.app_data::<web::Data<State>>().cloned();
        Box::pin(async move {
            let state = state.ok_or(Problem::new(Code::InternalError))?;
            checked(form_fields(&bytes.await?)?, &*operation?, state.clock.now())
                .and_then(typed)
                .map(Self)
                .map_err(|problem| problem.renamed(Code::Invalid, Code::InvalidRequest))
        })
    }
}

fn form_fields(bytes: &[u8]) -> Result<Value> {
    let refused = || Problem::new(Code::InvalidRequest);
    let text = std::str::from_utf8(bytes).or(Err(refused()))?;
    let pairs = web::Query::<Vec<(String, String)>>::from_query(text).or(Err(refused()))?;
    let mut fields = serde_json::Map::new();
    for (name, value) in pairs.into_inner() {
        if fields.insert(name, value.into()).is_some() {
            return Err(refused());
        }
    }
    Ok(fields.into())
}
