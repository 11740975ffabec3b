//! The rows the service ships with: contract template, pledge, generic plan, stages, addresses.
//!
//! They belong to no organization and have the same ids in every installation. Once released,
//! this migration and the files it reads stay as they are: a changed text is a new migration, so
//! that what administrators have edited since is theirs to keep.

use chrono::{DateTime, Utc};
use sea_orm_migration::prelude::*;
use serde::Serialize;
use uuid::Uuid;

use crate::content::{Address, Content, Contract, Plan, Pledge, Stage};
use crate::fold::fold;

/// 1 January 2026, the instant that the ids carry too.
const SHIPPED_AT: DateTime<Utc> = DateTime::from_timestamp_nanos(1_767_225_600_000_000_000);

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        for row in shipped_rows()? {
            m.execute(row.insert()?).await?;
        }
        Ok(())
    }

    async fn down(&self, m: &SchemaManager) -> Result<(), DbErr> {
        for row in shipped_rows()? {
            m.execute(row.delete()).await?;
        }
        Ok(())
    }
}

struct Row {
    table: &'static str,
    id: Uuid,
    fields: Vec<(&'static str, Expr)>,
}

impl Row {
    fn insert(self) -> Result<InsertStatement, DbErr> {
        let common = [
            ("id", self.id.into()),
            ("version", 1.into()),
            ("created_at", SHIPPED_AT.into()),
            ("updated_at", SHIPPED_AT.into()),
        ];
        let (columns, values): (Vec<_>, Vec<_>) = common.into_iter().chain(self.fields).unzip();
        let mut insert = Query::insert();
        insert
            .into_table(self.table)
            .columns(columns)
            .values(values)
            .map_err(|error| DbErr::Migration(error.to_string()))?;
        Ok(insert)
    }

    fn delete(&self) -> DeleteStatement {
        Query::delete()
            .from_table(self.table)
            .and_where(Expr::col("id").eq(self.id))
            .to_owned()
    }
}

fn shipped_rows() -> Result<Vec<Row>, DbErr> {
    let content = Content::read()?;
    let mut rows = vec![
        contract(content.contract)?,
        pledge(content.pledge),
        plan(content.plan)?,
    ];
    for shipped in content.stages {
        rows.push(stage(shipped)?);
    }
    for shipped in content.addresses {
        rows.push(address(shipped)?);
    }
    Ok(rows)
}

fn contract(shipped: Contract) -> Result<Row, DbErr> {
    Ok(Row {
        table: "contract_templates",
        id: shipped.id,
        fields: vec![
            ("name", shipped.name.into()),
            ("preamble", shipped.preamble.into()),
            (
                "candidate_commitments",
                json(&shipped.candidate_commitments)?,
            ),
            ("tutor_commitments", json(&shipped.tutor_commitments)?),
        ],
    })
}

fn pledge(shipped: Pledge) -> Row {
    Row {
        table: "pledges",
        id: shipped.id,
        fields: vec![("name", shipped.name.into()), ("body", shipped.body.into())],
    }
}

fn plan(shipped: Plan) -> Result<Row, DbErr> {
    Ok(Row {
        table: "plan_templates",
        id: shipped.id,
        fields: vec![
            ("name", shipped.name.into()),
            ("rows", json(&shipped.rows)?),
        ],
    })
}

fn stage(shipped: Stage) -> Result<Row, DbErr> {
    Ok(Row {
        table: "vae_stages",
        id: shipped.id,
        fields: vec![
            ("code", shipped.code.into()),
            ("position", shipped.position.into()),
            ("label", shipped.label.into()),
            ("description", shipped.description.into()),
            ("outputs", json(&shipped.outputs)?),
            ("sources", json(&shipped.sources)?),
        ],
    })
}

fn address(shipped: Address) -> Result<Row, DbErr> {
    let search = fold(&format!("{} {}", shipped.name, shipped.missions));
    Ok(Row {
        table: "useful_addresses",
        id: shipped.id,
        fields: vec![
            ("category", shipped.category.into()),
            ("name", shipped.name.into()),
            ("missions", shipped.missions.into()),
            ("phone", shipped.phone.into()),
            ("urls", json(&shipped.urls)?),
            ("department_codes", json(&[(); 0])?),
            ("search", search.into()),
        ],
    })
}

fn json<T: Serialize + ?Sized>(value: &T) -> Result<Expr, DbErr> {
    serde_json::to_value(value)
        .map(Expr::from)
        .map_err(|error| DbErr::Json(error.to_string()))
}
