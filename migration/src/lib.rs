//! The schema of Livret, one file per topic, for SQLite and PostgreSQL alike, and the reference
//! data it ships with.
#![expect(missing_docs, reason = "`Migrator` is documented by sea-orm-migration")]

pub use sea_orm_migration::MigratorTrait;
use sea_orm_migration::prelude::*;

pub mod content;
pub mod fold;
mod m0001_people;
mod m0002_booklets;
mod m0003_contracts;
mod m0004_plan;
mod m0005_sheets;
mod m0006_correspondence;
mod m0007_events;
mod m0008_shipped_content;
mod m0009_idempotency_keys;
mod m0010_lists;
mod m0011_account;
mod m0012_oauth;
mod m0013_audit;
mod m0014_sign_in_limits;
mod m0015_break_glass;
mod m0016_identity_providers;
mod m0017_feed;
mod m0018_webhooks;
mod m0019_imports;
mod m0020_turns;
mod m0021_signed_content;
mod m0022_accounts;
mod m0025_batches;
mod m0030_growth;
mod m0031_addresses;
mod m0032_work_list;
mod m0033_files;
mod m0034_folding;
mod m0036_board;
mod m0037_search;
mod m0039_pages_in_order;
mod m0040_acts;
mod m0041_doubles;
mod m0044_api_keys;
mod m0045_activity;
mod m0050_news;
mod m0054_letters;
mod m0056_traces;
mod tables;

pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m0001_people::Migration),
            Box::new(m0002_booklets::Migration),
            Box::new(m0003_contracts::Migration),
            Box::new(m0004_plan::Migration),
            Box::new(m0005_sheets::Migration),
            Box::new(m0006_correspondence::Migration),
            Box::new(m0007_events::Migration),
            Box::new(m0008_shipped_content::Migration),
            Box::new(m0009_idempotency_keys::Migration),
            Box::new(m0010_lists::Migration),
            Box::new(m0011_account::Migration),
            Box::new(m0012_oauth::Migration),
            Box::new(m0013_audit::Migration),
            Box::new(m0014_sign_in_limits::Migration),
            Box::new(m0015_break_glass::Migration),
            Box::new(m0016_identity_providers::Migration),
            Box::new(m0017_feed::Migration),
            Box::new(m0018_webhooks::Migration),
            Box::new(m0019_imports::Migration),
            Box::new(m0020_turns::Migration),
            Box::new(m0021_signed_content::Migration),
            Box::new(m0022_accounts::Migration),
            Box::new(m0025_batches::Migration),
            Box::new(m0030_growth::Migration),
            Box::new(m0031_addresses::Migration),
            Box::new(m0032_work_list::Migration),
            Box::new(m0033_files::Migration),
            Box::new(m0034_folding::Migration),
            Box::new(m0036_board::Migration),
            Box::new(m0037_search::Migration),
            Box::new(m0039_pages_in_order::Migration),
            Box::new(m0040_acts::Migration),
            Box::new(m0041_doubles::Migration),
            Box::new(m0044_api_keys::Migration),
            Box::new(m0045_activity::Migration),
            Box::new(m0050_news::Migration),
            Box::new(m0054_letters::Migration),
            Box::new(m0056_traces::Migration),
        ]
    }
}
