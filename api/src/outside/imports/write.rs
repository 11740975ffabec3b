//! Writes the rows of a page: all of a kind in one statement.

use entity::row::{NewRow, Owner, Row};
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ActiveModelBehavior, ActiveModelTrait, EntityTrait, IdenStatic, IntoActiveModel, Iterable, Set,
    TryIntoModel,
};
use uuid::Uuid;

use super::target::{Change, Target};
use crate::foundation::database::Transaction;
use crate::foundation::event_types::{Told, verb};
use crate::kit::external_references::ExternalReferences;
use crate::kit::{Event, Result, Tx, new_id};

/// How many names one statement writes.
const AT_A_TIME: usize = 1000;

/// Writes rows that nothing else follows from, their names, and the events that tell of them.
///
/// # Errors
/// 409 when a constraint forbids one; 503 when the database does not answer.
pub(crate) async fn write_plain<T, A>(tx: &mut Tx, page: Vec<Change<T>>) -> Result<()>
where
    T: Target,
    T::Row: IntoActiveModel<A> + Told<verb::Created> + Told<verb::Updated>,
    T::Entity: EntityTrait<Model = T::Row, ActiveModel = A>,
    A: ActiveModelTrait<Entity = T::Entity>
        + ActiveModelBehavior
        + NewRow
        + TryIntoModel<T::Row>
        + From<T::Input>
        + Send,
{
    let (mut rows, mut references) = (Vec::new(), Vec::new());
    for change in page {
        let row = stamped(tx, change.before.as_ref(), A::from(change.input))?;
        tx.record(match change.before {
            Some(_) => Event::updated(&row, change.changed),
            None => Event::created(&row),
        });
        references.push((row.id(), change.references));
        rows.push(row);
    }
    write(tx.db(), rows).await?;
    write_references::<T>(tx, &references).await
}

/// A new row, or another version of the one that is there, as it will stand in the table.
///
/// # Errors
/// 500 when a field is missing: a programming error.
pub(crate) fn stamped<A>(
    tx: &Tx,
    before: Option<&<A::Entity as EntityTrait>::Model>,
    mut row: A,
) -> Result<<A::Entity as EntityTrait>::Model>
where
    A: NewRow + ActiveModelBehavior + TryIntoModel<<A::Entity as EntityTrait>::Model>,
    <A::Entity as EntityTrait>::Model: Row + IntoActiveModel<A>,
{
    let organization_id = before.map_or(tx.actor.organization_id, Row::organization_id);
    row.stamp(new_id(), Owner::from(organization_id), tx.now);
    if let Some(before) = before {
        let mut set = |name: &str, value: sea_orm::Value| {
            let mut columns = <A::Entity as EntityTrait>::Column::iter();
            if let Some(column) = columns.find(|column| column.as_str() == name) {
                row.set(column, value);
            }
        };
        set("id", before.id().into());
        set("version", (before.version() + 1).into());
        set("created_at", before.created_at().into());
    }
    Ok(row.try_into_model()?)
}

/// Writes rows, new ones and other versions alike, in one statement.
///
/// # Errors
/// 409 when a constraint forbids one; 503 when the database does not answer.
pub(crate) async fn write<M>(txn: &Transaction, rows: Vec<M>) -> Result<()>
where
    M: Row + IntoActiveModel<<M::Entity as EntityTrait>::ActiveModel>,
    <M::Entity as EntityTrait>::ActiveModel: ActiveModelTrait<Entity = M::Entity> + Send,
{
    if rows.is_empty() {
        return Ok(());
    }
    let rows = rows
        .into_iter()
        .map(|row| row.into_active_model().reset_all());
    let columns = <M::Entity as EntityTrait>::Column::iter;
    let kept = ["id", "organization_id", "created_at"];
    let id = columns().filter(|column| column.as_str() == "id");
    let others = columns().filter(|column| !kept.contains(&column.as_str()));
    <M::Entity as EntityTrait>::insert_many(rows)
        .on_conflict(OnConflict::columns(id).update_columns(others).to_owned())
        .exec_without_returning(txn)
        .await?;
    Ok(())
}

/// Gives the names of other systems to rows that are new, or have others now.
///
/// # Errors
/// 409 when a name is another object's; 503 when the database does not answer.
pub(crate) async fn write_references<T: Target>(
    tx: &Tx,
    rows: &[(Uuid, ExternalReferences)],
) -> Result<()> {
    use entity::external_reference::{ActiveModel, Entity};
    let organization_id = tx.organization_id()?;
    let mut new = Vec::new();
    for (id, references) in rows {
        for reference in references {
            new.push(ActiveModel {
                id: Set(new_id()),
                organization_id: Set(organization_id),
                resource_type: Set(<T::Row as Row>::NAME.to_owned()),
                resource_id: Set(*id),
                system: Set(reference.system.clone()),
                external_id: Set(reference.external_id.clone()),
                created_at: Set(tx.now),
            });
        }
    }
    while !new.is_empty() {
        let rest = new.split_off(new.len().min(AT_A_TIME));
        Entity::insert_many(new)
            .exec_without_returning(tx.db())
            .await?;
        new = rest;
    }
    Ok(())
}
