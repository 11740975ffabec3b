//! Compares a page of rows with what the database holds now: which are new, which change
//! something, which nothing, and what is wrong with the others. Nothing is written here.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use entity::external_reference;
use entity::row::Row as _;
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ColumnTrait, ConnectionTrait, QueryFilter};
use serde_json::{Map, Value};
use uuid::Uuid;

use super::claims::Claims;
use super::lookup::Lookup;
use super::row::Row;
use super::target::{Change, ID, Target, faults_of};
use crate::foundation::operations::dates;
use crate::foundation::operations::faults::{check, clean};
use crate::foundation::operations::nulls::without_nulls;
use crate::foundation::operations::pointer::Pointer;
use crate::foundation::unscoped;
use crate::kit::body::input::typed;
use crate::kit::body::patch::{changed, merge};
use crate::kit::external_references::{self, ExternalReference, ExternalReferences};
use crate::kit::{Code, Ctx, Fault, FaultCode, Problem, Result, new_id};

/// What a row comes to.
pub(super) enum Outcome<T: Target> {
    Faulty(Vec<Fault>),
    Unchanged,
    Write(Box<Change<T>>),
}

/// Whether rows are looked at, or about to be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Purpose {
    Check,
    /// They were checked against their schema, and for doubles, before.
    Write,
}

/// What is in the database already of what a page of rows names.
struct Found<T: Target> {
    /// By what another system calls it.
    ids: BTreeMap<ExternalReference, Uuid>,
    rows: HashMap<Uuid, T::Row>,
    references: HashMap<Uuid, ExternalReferences>,
    lookup: Lookup,
}

/// Says what each row of a page comes to.
///
/// # Errors
/// 503 when the database does not answer.
pub(super) async fn compare<T: Target>(
    ctx: &Ctx,
    db: &impl ConnectionTrait,
    purpose: Purpose,
    claims: &mut Claims,
    rows: Vec<Row>,
) -> Result<Vec<(i32, i32, Outcome<T>)>> {
    let mut found = find::<T>(ctx, db, &rows).await?;
    found.lookup.share(claims);
    let compared = rows.into_iter().map(|row| {
        let (place, line) = (row.place, row.line);
        let outcome = match compare_row::<T>(ctx, purpose, &mut found, claims, row) {
            Ok(Some(change)) => Outcome::Write(Box::new(change)),
            Ok(None) => Outcome::Unchanged,
            Err(faults) => Outcome::Faulty(faults),
        };
        (place, line, outcome)
    });
    Ok(compared.collect())
}

async fn find<T: Target>(ctx: &Ctx, db: &impl ConnectionTrait, rows: &[Row]) -> Result<Found<T>> {
    use external_reference::Column;
    let organization_id = ctx.organization_id()?;
    let (systems, names): (HashSet<_>, HashSet<_>) = rows
        .iter()
        .flat_map(|row| references(row).into_iter())
        .map(|reference| (reference.system, reference.external_id))
        .unzip();
    let mut ids = BTreeMap::new();
    if !names.is_empty() {
        // Within the organization of the import.
        let known = unscoped::rows::<external_reference::Entity>()
            .filter(Column::OrganizationId.eq(organization_id))
            .filter(Column::ResourceType.eq(<T::Row as entity::Row>::NAME))
            .filter(Column::System.is_in(systems))
            .filter(Column::ExternalId.is_in(names))
            .all(db)
            .await?;
        ids.extend(known.into_iter().map(|known| {
            let reference = ExternalReference {
                system: known.system,
                external_id: known.external_id,
            };
            (reference, known.resource_id)
        }));
    }
    let of_rows: HashSet<Uuid> = ids.values().copied().collect();
    let named: HashSet<Uuid> = rows.iter().filter_map(|row| row.id().ok()?).collect();
    let named = of_rows.union(&named);
    let named: Vec<Uuid> = named.copied().collect();
    let mut present = HashMap::new();
    if !named.is_empty() {
        let column = |name| Expr::col((T::Entity::default(), name));
        let found = unscoped::rows::<T::Entity>()
            // What is shared by all may be named, as long as nothing of it changes.
            .filter(
                column("organization_id")
                    .eq(organization_id)
                    .or(column("organization_id").is_null()),
            )
            .filter(column("id").is_in(named.iter().copied()))
            .all(db)
            .await?;
        present.extend(found.into_iter().map(|row| (row.id(), row)));
    }
    Ok(Found {
        ids,
        rows: present,
        references: external_references::of_ids(db, named).await?,
        lookup: Lookup::of::<T>(rows, db, organization_id).await?,
    })
}

/// What a row says that other systems call its object.
fn references(row: &Row) -> ExternalReferences {
    let listed = row
        .content
        .get("external_references")
        .and_then(Value::as_array);
    let listed = listed
        .into_iter()
        .flatten()
        .filter_map(|reference| serde_json::from_value(reference.clone()).ok());
    listed.chain(row.key.clone()).collect()
}

/// What is to be written; nothing when nothing changes.
fn compare_row<T: Target>(
    ctx: &Ctx,
    purpose: Purpose,
    found: &mut Found<T>,
    claims: &mut Claims,
    mut row: Row,
) -> Result<Option<Change<T>>, Vec<Fault>> {
    let mut faults = Vec::new();
    let system = row.key.as_ref().map(|key| key.system.clone());
    found
        .lookup
        .put_ids::<T>(&mut row.content, system.as_deref(), &mut faults);
    let own = references(&row);
    let own_id = row.id();
    row.content.remove(ID);
    let id = match own_id {
        Ok(Some(id)) if found.rows.contains_key(&id) => Some(id),
        Ok(Some(_)) => {
            faults.push(Fault::new(format!("/{ID}"), FaultCode::UnknownReference));
            None
        }
        Ok(None) => row.key.as_ref().and_then(|key| found.ids.get(key)).copied(),
        Err(fault) => {
            faults.push(fault);
            None
        }
    };
    for (number, reference) in own.iter().enumerate() {
        let other = found.ids.get(reference);
        // What two rows are called themselves the check says of all rows together.
        let is_said = purpose == Purpose::Check && row.key.as_ref() == Some(reference);
        let is_claimed = !is_said && claims.names.contains(reference);
        if is_claimed || other.is_some_and(|other| Some(*other) != id) {
            let pointer = format!("/external_references/{number}/external_id");
            faults.push(Fault::new(pointer, FaultCode::Taken));
        }
    }
    if !faults.is_empty() {
        return Err(faults);
    }
    let before = id.and_then(|id| found.rows.get(&id)).cloned();
    let known = id.and_then(|id| found.references.get(&id));
    let known = known.cloned().unwrap_or_default();
    let references: BTreeSet<_> = known.union(&own).cloned().collect();
    let present = match &before {
        Some(before) => json(&T::present(before, known.clone()))?,
        None => Map::new().into(),
    };
    // Written as it would come in now, so that the same said in other signs is no change.
    let mut after = present.clone();
    clean(&mut after, Pointer::Root, &mut faults);
    let as_written = after.clone();
    let is_empty = |name: &str| after.get(name) == Some(&Value::from(""));
    row.content
        .retain(|name, value| !(*value == Value::Null && is_empty(name)));
    merge(&mut after, row.content.into());
    // A list that cannot be read stays as it is, for the schema to say so.
    let listed = after.get("external_references").and_then(Value::as_array);
    let is_readable = listed.is_none_or(|listed| {
        listed
            .iter()
            .all(|one| serde_json::from_value::<ExternalReference>(one.clone()).is_ok())
    });
    if is_readable
        && !references.is_empty()
        && let (Some(fields), Ok(references)) =
            (after.as_object_mut(), serde_json::to_value(&references))
    {
        fields.insert("external_references".to_owned(), references);
    }
    without_nulls(&mut after);
    if purpose == Purpose::Check
        && let Some(creates) = ctx.state.operations.named(T::CREATES)
    {
        check(&creates.body, &after, &mut faults);
        if !faults.is_empty() {
            return Err(faults);
        }
    }
    let input: T::Input = typed(after).map_err(faults_of)?;
    let input = T::adjusted(input, before.as_ref());
    let after = json(&input)?;
    if before.is_some() && changed(&as_written, &after).is_empty() {
        return Ok(None);
    }
    let changed = changed(&present, &after);
    let own = before.as_ref().map(entity::Row::id);
    if before
        .as_ref()
        .is_some_and(|row| row.organization_id().is_none())
    {
        return Err(vec![Fault::new(format!("/{ID}"), FaultCode::NotAllowed)]);
    }
    if own.is_some_and(|own| claims.rows.contains(&own)) {
        return Err(vec![Fault::new(format!("/{ID}"), FaultCode::Taken)]);
    }
    found.lookup.check::<T>(&after, own, &changed, &mut faults);
    let news = after.as_object().into_iter().flatten();
    let news = news.filter(|(name, _)| changed.contains(name));
    let news: Map<String, Value> = news
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
    dates::check(&news.into(), Pointer::Root, ctx.now, &mut faults);
    if let Err(problem) = T::judge(ctx, &input, before.as_ref(), &changed) {
        let told: Vec<_> = faults
            .iter()
            .map(|fault| fault.pointer().to_owned())
            .collect();
        let more = faults_of(problem).into_iter();
        faults.extend(more.filter(|fault| !told.iter().any(|told| told == fault.pointer())));
    }
    if !faults.is_empty() {
        return Err(faults);
    }
    // Another row that names the same is at fault.
    let own = own.unwrap_or_else(new_id);
    let references: ExternalReferences = references.difference(&known).cloned().collect();
    found.lookup.link(&after, own, claims);
    claims.names.extend(references.iter().cloned());
    claims.rows.insert(own);
    Ok(Some(Change {
        before,
        input,
        changed,
        references,
    }))
}

fn json(input: &impl serde::Serialize) -> Result<Value, Vec<Fault>> {
    let failed = |_| faults_of(Problem::new(Code::InternalError));
    serde_json::to_value(input).map_err(failed)
}
