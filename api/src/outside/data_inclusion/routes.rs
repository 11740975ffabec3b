//! Structures over HTTP.

use std::collections::BTreeSet;

use actix_web::{HttpResponse, get, post};
use chrono::NaiveDate;

use super::dto::{Structure, StructureExport, StructureImport, StructureReport};
use super::{export, mapping, store};
use crate::kit::{Ctx, Fault, FaultCode, Json, Problem, Result, Routes, Whole};

pub(crate) fn routes(api: &mut Routes) {
    api.service(export_structures).service(import_structures);
}

/// Export the directory as structures
///
/// The directory as structures.
/// The organization's own addresses in the public format data·inclusion (schema 1.0), all of them in one
/// answer. What was imported keeps its source and its id; the others have `livret--` and their own id.
/// No two have the same id, and what leaves can be imported again as it is.
#[utoipa::path(
    tag = "Addresses",
    extensions(("x-policy" = json!("useful_addresses.read"))),
    responses((status = 200, description = "The directory", body = StructureExport))
)]
#[get("/v1/useful-addresses/data-inclusion/structures")]
async fn export_structures(ctx: Ctx) -> Result<HttpResponse> {
    export::answer(ctx).await
}

/// Import structures into the directory
///
/// Of the public format data·inclusion (schema 1.0), in an object, `{"structures": […]}`: not as the bare
/// list that files of the format are. Each becomes an address named `data-inclusion` and the structure's
/// `id`: imported again it is changed, not doubled. The id `livret--…` under which one's own address was exported
/// means that address. What a structure does not say, or says as the export does, stays, and so does the
/// category. All or nothing; `Prefer: dry-run` tells beforehand.
#[utoipa::path(
    tag = "Addresses",
    extensions(("x-policy" = json!("useful_addresses.upsert"))),
    responses((status = 200, description = "What became of each", body = StructureReport))
)]
#[post("/v1/useful-addresses/data-inclusion/structures")]
async fn import_structures(
    ctx: Ctx,
    body: Json<StructureImport>,
) -> Result<Whole<StructureReport>> {
    let structures = &body.structures;
    check(structures, ctx.today)?;
    let mut tx = ctx.begin().await?;
    let (imported, mut events) = store::put_all(&mut tx, structures).await?;
    if let Some(last) = events.pop() {
        events.into_iter().for_each(|event| tx.record(event));
        tx.commit(last).await?;
    }
    Ok(Whole(StructureReport::of(imported)))
}

/// What the format asks for and a schema cannot say.
///
/// # Errors
/// 422 with a pointer to each fault.
fn check(structures: &[Structure], today: NaiveDate) -> Result<()> {
    let mut ids = BTreeSet::new();
    let mut faults = Vec::new();
    for (at, structure) in structures.iter().enumerate() {
        let fault = |field: &str, code| Fault::new(format!("/structures/{at}/{field}"), code);
        if !ids.insert(&structure.id) {
            faults.push(fault("id", FaultCode::UniqueItems));
        }
        if structure.date_maj > today {
            faults.push(fault("date_maj", FaultCode::Maximum).with("max", today.to_string()));
        }
        let earliest = mapping::earliest();
        if structure.date_maj < earliest {
            faults.push(fault("date_maj", FaultCode::Minimum).with("min", earliest.to_string()));
        }
    }
    if faults.is_empty() {
        Ok(())
    } else {
        Err(Problem::invalid(faults))
    }
}
