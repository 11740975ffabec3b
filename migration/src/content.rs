//! The texts the service ships with, in French: read from `content/fr`, checked by the tests below.

use chrono::NaiveDate;
use sea_orm_migration::prelude::DbErr;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// « Objectifs du livret » (§01): the purpose a new booklet states.
pub const PURPOSE: &str = include_str!("../content/fr/purpose.txt").trim_ascii();

/// Everything that is inserted as rows.
pub(crate) struct Content {
    pub(crate) contract: Contract,
    pub(crate) pledge: Pledge,
    pub(crate) plan: Plan,
    pub(crate) stages: Vec<Stage>,
    pub(crate) addresses: Vec<Address>,
}

/// `contract.toml`
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Contract {
    pub(crate) id: Uuid,
    pub(crate) name: String,
    pub(crate) preamble: String,
    pub(crate) candidate_commitments: Vec<String>,
    pub(crate) tutor_commitments: Vec<String>,
}

/// `pledge.toml`
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Pledge {
    pub(crate) id: Uuid,
    pub(crate) name: String,
    pub(crate) body: String,
}

/// `plan.toml`
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Plan {
    pub(crate) id: Uuid,
    pub(crate) name: String,
    pub(crate) rows: Vec<PlanRow>,
}

/// One row of the plan, stored as JSON.
#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PlanRow {
    pub(crate) objective: String,
    pub(crate) label: String,
    pub(crate) activity: String,
    pub(crate) grouping: String,
    pub(crate) duration_minutes: Option<i32>,
    pub(crate) vae_stage: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Stages {
    stages: Vec<Stage>,
}

/// One stage of `stages.toml`
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Stage {
    pub(crate) id: Uuid,
    pub(crate) code: String,
    pub(crate) position: i32,
    pub(crate) label: String,
    pub(crate) description: String,
    pub(crate) outputs: Vec<String>,
    pub(crate) sources: Vec<Source>,
}

/// A page that a stage was described from, stored as JSON.
#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Source {
    pub(crate) url: String,
    pub(crate) checked_on: Option<NaiveDate>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Addresses {
    addresses: Vec<Address>,
}

/// One body of `addresses.toml`
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Address {
    pub(crate) id: Uuid,
    pub(crate) category: String,
    pub(crate) name: String,
    pub(crate) missions: String,
    pub(crate) phone: Option<String>,
    pub(crate) urls: Vec<String>,
}

impl Content {
    /// Reads the shipped files, which are part of the binary.
    pub(crate) fn read() -> Result<Self, DbErr> {
        let stages: Stages = parse(include_str!("../content/fr/stages.toml"))?;
        let addresses: Addresses = parse(include_str!("../content/fr/addresses.toml"))?;
        Ok(Self {
            contract: parse(include_str!("../content/fr/contract.toml"))?,
            pledge: parse(include_str!("../content/fr/pledge.toml"))?,
            plan: parse(include_str!("../content/fr/plan.toml"))?,
            stages: stages.stages,
            addresses: addresses.addresses,
        })
    }
}

fn parse<T: DeserializeOwned>(file: &str) -> Result<T, DbErr> {
    toml::from_str(file).map_err(|error| DbErr::Migration(format!("shipped content: {error}")))
}

#[cfg(test)]
mod tests;
