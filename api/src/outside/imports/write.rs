//! Makes the rows of a page ready: all of a kind in one statement.

use entity::external_reference;
use entity::row::{NewRow, Owner, Row};
use sea_orm::{
    ActiveModelBehavior, ActiveModelTrait, EntityTrait, IdenStatic, IntoActiveModel, Iterable, Set,
    TryIntoModel,
};
use uuid::Uuid;

use super::desk::Desk;
use super::target::{Change, Target};
use crate::foundation::event_types::{Told, verb};
use crate::kit::external_references::ExternalReferences;
use crate::kit::{Event, Result, Tx, new_id};

/// Rows that nothing else follows from, their names, and the events that tell of them.
///
/// # Errors
/// 503 when the database does not answer.
pub(crate) async fn write_plain<T, A>(desk: &mut Desk<T>, page: Vec<Change<T>>) -> Result<()>
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
        let row = stamped(&desk.tx, change.before.as_ref(), A::from(change.input))?;
        desk.tx.record(match change.before {
            Some(_) => Event::updated(&row, change.changed),
            None => Event::created(&row),
        });
        references.push((row.id(), change.references));
        rows.push(row);
    }
    desk.put(rows).await?;
    write_references(desk, &references).await
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

/// Gives the names of other systems to rows that are new, or have others now.
///
/// # Errors
/// 503 when the database does not answer.
pub(crate) async fn write_references<T: Target>(
    desk: &mut Desk<T>,
    rows: &[(Uuid, ExternalReferences)],
) -> Result<()> {
    let organization_id = desk.tx.organization_id()?;
    let mut new = Vec::new();
    for (id, references) in rows {
        for reference in references {
            new.push(external_reference::ActiveModel {
                id: Set(new_id()),
                organization_id: Set(organization_id),
                resource_type: Set(<T::Row as Row>::NAME.to_owned()),
                resource_id: Set(*id),
                system: Set(reference.system.clone()),
                external_id: Set(reference.external_id.clone()),
                created_at: Set(desk.tx.now),
            });
        }
    }
    desk.add(new).await
}
