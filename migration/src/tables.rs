//! The columns that tables have in common, and short names for their constraints.
//!
//! Foreign keys stand in `CREATE TABLE`: SQLite cannot add them afterwards.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{integer, timestamp_with_time_zone, uuid, uuid_null};

/// An id and nothing else.
pub(crate) fn bare_table(name: &'static str) -> TableCreateStatement {
    Table::create()
        .table(name)
        .col(uuid("id").primary_key())
        .to_owned()
}

/// A versioned row of the platform.
pub(crate) fn table(name: &'static str) -> TableCreateStatement {
    bare_table(name)
        .col(integer("version"))
        .col(timestamp_with_time_zone("created_at"))
        .col(timestamp_with_time_zone("updated_at"))
        .to_owned()
}

/// A versioned row of one organization, or of all of them.
pub(crate) fn shared_table(name: &'static str) -> TableCreateStatement {
    table(name)
        .col(uuid_null("organization_id"))
        .foreign_key(&mut cascade(name, "organization_id", "organizations"))
        .to_owned()
}

/// A versioned row of one organization.
pub(crate) fn tenant_table(name: &'static str) -> TableCreateStatement {
    table(name)
        .col(uuid("organization_id"))
        .foreign_key(&mut cascade(name, "organization_id", "organizations"))
        .to_owned()
}

/// A versioned row of one booklet: a page.
pub(crate) fn page_table(name: &'static str) -> TableCreateStatement {
    tenant_table(name)
        .col(uuid("booklet_id"))
        .foreign_key(&mut cascade(name, "booklet_id", "booklets"))
        .to_owned()
}

/// A column that holds a word of a closed list.
pub(crate) fn value(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).string_len(32).not_null().take()
}

/// The same, or nothing.
pub(crate) fn value_null(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).string_len(32).null().take()
}

/// A foreign key whose row goes when the row it points at goes.
pub(crate) fn cascade(
    from: &'static str,
    column: &'static str,
    to: &'static str,
) -> ForeignKeyCreateStatement {
    foreign_key(from, column, to, ForeignKeyAction::Cascade)
}

/// A foreign key that keeps the row it points at from going. `NO ACTION`: what goes with the same
/// statement may go, and SQLite reports a refused `RESTRICT` as a trigger's.
pub(crate) fn restrict(
    from: &'static str,
    column: &'static str,
    to: &'static str,
) -> ForeignKeyCreateStatement {
    foreign_key(from, column, to, ForeignKeyAction::NoAction)
}

fn foreign_key(
    from: &'static str,
    column: &'static str,
    to: &'static str,
    on_delete: ForeignKeyAction,
) -> ForeignKeyCreateStatement {
    ForeignKey::create()
        .from(from, column)
        .to(to, "id")
        .on_delete(on_delete)
        .to_owned()
}

/// A unique index named after its table and columns.
pub(crate) fn unique(table: &'static str, columns: &[&'static str]) -> IndexCreateStatement {
    index(table, columns).unique().to_owned()
}

/// An index named after its table and columns.
pub(crate) fn index(table: &'static str, columns: &[&'static str]) -> IndexCreateStatement {
    let mut index = Index::create();
    index
        .name(format!("idx-{table}-{}", columns.join("-")))
        .table(table);
    for column in columns {
        index.col(*column);
    }
    index
}

/// Drops tables in the order given: the ones that point at others first.
pub(crate) async fn drop_tables(
    m: &SchemaManager<'_>,
    names: &[&'static str],
) -> Result<(), DbErr> {
    for name in names {
        m.drop_table(Table::drop().table(*name).to_owned()).await?;
    }
    Ok(())
}

/// What makes a trigger: on PostgreSQL it calls a function of the same name.
pub(crate) fn trigger(is_sqlite: bool, name: &str, when: &str, then: &str) -> Vec<String> {
    if is_sqlite {
        return vec![format!(
            "CREATE TRIGGER \"{name}\" AFTER {when} BEGIN {then}; END"
        )];
    }
    vec![
        format!(
            "CREATE FUNCTION \"{name}\"() RETURNS trigger LANGUAGE plpgsql AS $$
             BEGIN {then}; RETURN NULL; END $$"
        ),
        format!("CREATE TRIGGER \"{name}\" AFTER {when} EXECUTE FUNCTION \"{name}\"()"),
    ]
}

/// What takes a trigger away.
pub(crate) fn no_trigger(is_sqlite: bool, name: &str) -> String {
    match is_sqlite {
        true => format!("DROP TRIGGER \"{name}\""),
        false => format!("DROP FUNCTION \"{name}\" CASCADE"),
    }
}
