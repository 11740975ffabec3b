//! Structures over HTTP.

use std::collections::BTreeSet;

use actix_web::{HttpResponse, get, post};
use serde_json::{Map, Value};

use super::dto::{RefusedStructure, StructureExport, StructureImport, StructureReport};
use super::given::{self, Given};
use super::{export, store};
use crate::kit::{Ctx, Fault, FaultCode, Json, Result, Routes, Whole};

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
/// category. What cannot be read, and fields beyond the format, are left out and named (`left_out`), structures without a
/// readable `id` and `nom` too (`refused`); the rest comes in. `Prefer: dry-run` tells beforehand.
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
    let (given, refused) = read(&body.structures, &ctx);
    let mut tx = ctx.begin().await?;
    let (imported, mut events) = store::put_all(&mut tx, &given).await?;
    if let Some(last) = events.pop() {
        events.into_iter().for_each(|event| tx.record(event));
        tx.commit(last).await?;
    }
    Ok(Whole(StructureReport::of(imported, refused)))
}

/// What can be read of each, and which of them are left out.
fn read(structures: &[Map<String, Value>], ctx: &Ctx) -> (Vec<Given>, Vec<RefusedStructure>) {
    let (mut given, mut refused) = (Vec::new(), Vec::new());
    let mut ids = BTreeSet::new();
    for (place, fields) in structures.iter().enumerate() {
        let one = given::read(fields, ctx.today).and_then(|one| match ids.insert(one.id.clone()) {
            true => Ok(one),
            false => Err(vec![Fault::new("/id", FaultCode::UniqueItems)]),
        });
        match one {
            Ok(one) => given.push(one),
            Err(faults) => {
                let errors = faults.into_iter().map(|fault| {
                    let at = format!("/structures/{place}{}", fault.pointer());
                    fault.at(&at).body(ctx.locale)
                });
                refused.push(RefusedStructure {
                    place,
                    errors: errors.collect(),
                });
            }
        }
    }
    (given, refused)
}
