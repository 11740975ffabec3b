//! Grows a database, for measurements: `cargo run --release -p tests --bin grow -- --help`.
#![expect(clippy::unwrap_used, reason = "a tool fails by panicking")]
#![expect(clippy::disallowed_methods, reason = "nobody else writes beside it")]

use clap::{Parser, ValueEnum};
use sea_orm::{ConnectionTrait, Statement, TransactionTrait};
use tests::{Grown, grow};
use uuid::Uuid;

/// Copies what an organization has, many times over, in the database itself. The service must not run.
#[derive(Parser)]
struct Arguments {
    /// The database, as in `LIVRET_DATABASE_URL`.
    #[arg(long, env = "LIVRET_DATABASE_URL")]
    database_url: String,
    /// The organization that is copied, by its name.
    #[arg(long, default_value = "Horizon Formation")]
    organization: String,
    /// `organizations` for as many others like it, `booklets` for as many of its own.
    #[arg(long, value_enum)]
    what: What,
    /// The number of the first copy: a number is used once in a database.
    #[arg(long, default_value_t = 1)]
    first: u32,
    /// How many copies.
    #[arg(long)]
    copies: u32,
}

#[derive(Clone, Copy, ValueEnum)]
enum What {
    Organizations,
    Booklets,
}

#[tokio::main]
async fn main() {
    let arguments = Arguments::parse();
    let what = match arguments.what {
        What::Organizations => Grown::Organizations,
        What::Booklets => Grown::Booklets,
    };
    let db = sea_orm::Database::connect(&arguments.database_url)
        .await
        .unwrap();
    let found = Statement::from_sql_and_values(
        db.get_database_backend(),
        "SELECT id FROM organizations WHERE name = $1",
        [arguments.organization.into()],
    );
    let found = db.query_one_raw(found).await.unwrap().unwrap();
    let organization: Uuid = found.try_get_by_index(0).unwrap();
    let end = arguments.first + arguments.copies;
    let txn = db.begin().await.unwrap();
    grow(&txn, what, organization, arguments.first, end)
        .await
        .unwrap();
    txn.commit().await.unwrap();
}
