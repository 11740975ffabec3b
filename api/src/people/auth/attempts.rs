//! Limits on guessing passwords, kept in the database so that all instances count together.
//!
//! A failure is counted for the account at this address, for the account, for the address, and for
//! the site that it is part of: never for everybody, whom a thousand strangers would lock out. Each count lets some failures pass and then asks for a wait that doubles with every
//! further one; failures are forgiven one by one as time goes. Nobody locks somebody else out: where
//! an account has signed in lately, only its own failures there count.

mod rule;

use chrono::{DateTime, TimeDelta, Utc};
use entity::sign_in_limit::{ActiveModel, Column, Entity, Model};
use sea_orm::sea_query::{self, Expr, LockType, OnConflict};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder,
    QuerySelect, Set,
};

use self::rule::{ACCOUNT, ACCOUNT_AT_ADDRESS, ADDRESS, Rule, SITE};
use crate::foundation::config::RateLimit;
use crate::foundation::database::Transaction;
use crate::foundation::limiter::{network, site};
use crate::foundation::unscoped;
use crate::kit::{Call, Code, Problem, Result, Tx};

/// For how long an address is known to be an account's own.
const TRUST: TimeDelta = TimeDelta::days(30);
/// When every count is surely forgiven.
pub(crate) const FORGIVEN: TimeDelta = TimeDelta::days(7);

/// An attempt to sign in, counted as a failure until it [`succeeded`](Attempt::succeeded).
pub(crate) struct Attempt {
    counted: Option<Counted>,
}

struct Counted {
    /// Of the account at this address, of the account, of the address, of its site.
    keys: [String; 4],
    /// Where time forgives from this attempt on, and from when again if it was no failure.
    kept: Vec<(String, DateTime<Utc>)>,
}

impl Attempt {
    /// Counts an attempt on this account, whether it exists or not.
    ///
    /// # Errors
    /// 429 with the wait, when there have been too many.
    pub(crate) async fn begin(call: &Call, account: &str) -> Result<Self> {
        if call.state.config.rate_limit == RateLimit::Off {
            return Ok(Self { counted: None });
        }
        let keys = keys(call, account);
        // A flood is refused without writing.
        let known = find(call.state.db.reader(), &keys, None).await?;
        check(&known, &keys, call.now)?;

        let txn = call.state.db.begin().await?;
        let kept = count(&txn, call, &keys).await?;
        txn.commit().await?;
        let counted = Some(Counted { keys, kept });
        Ok(Self { counted })
    }

    /// Counts what somebody known does within this transaction, under this name. Rolled back, as a
    /// dry run is, it counts for nothing.
    ///
    /// # Errors
    /// 429 with the wait, when there has been too much of it.
    pub(crate) async fn within(tx: &Tx, name: &str) -> Result<()> {
        if tx.state.config.rate_limit == RateLimit::Off {
            return Ok(());
        }
        count(tx.db(), tx, &keys(tx, name)).await.map(drop)
    }

    /// It was no failure; the address is the account's own from now on.
    ///
    /// # Errors
    /// 503 when the database does not answer.
    pub(crate) async fn succeeded(self, call: &Call) -> Result<()> {
        let Some(Counted { keys, kept }) = self.counted else {
            return Ok(());
        };
        let [pair, ..] = &keys;
        let txn = call.state.db.begin().await?;
        // All in one order, as in `count`: two sign-ins do not wait for each other in a ring.
        let rows = find(&txn, &keys, Some(LockType::NoKeyUpdate)).await?;
        let one_less = sea_query::ExprTrait::sub(Expr::col(Column::Failures), 1);
        Entity::update_many()
            .col_expr(Column::Failures, one_less)
            .filter(Column::Key.is_in(&keys))
            .filter(Column::Key.ne(pair))
            .filter(Column::Failures.gt(0))
            .exec(&txn)
            .await?;
        for (key, last_at) in kept {
            // Unless somebody else has tried since.
            let is_the_last = |row: &Model| row.key == key && row.last_at == call.now;
            if rows.iter().any(is_the_last) {
                ActiveModel {
                    key: Set(key),
                    last_at: Set(last_at),
                    ..Default::default()
                }
                .update(&txn)
                .await?;
            }
        }
        ActiveModel {
            key: Set(pair.clone()),
            failures: Set(0),
            trusted_until: Set(Some(call.now + TRUST)),
            ..Default::default()
        }
        .update(&txn)
        .await?;
        txn.commit().await?;
        Ok(())
    }
}

/// Counts one more under each key, and says where time forgives from now on, and from when before.
async fn count(
    txn: &Transaction,
    call: &Call,
    keys: &[String; 4],
) -> Result<Vec<(String, DateTime<Utc>)>> {
    let new = keys.iter().map(|key| ActiveModel {
        key: Set(key.clone()),
        failures: Set(0),
        last_at: Set(call.now),
        trusted_until: Set(None),
    });
    Entity::insert_many(new)
        .on_conflict(OnConflict::column(Column::Key).do_nothing().to_owned())
        .exec_without_returning(txn)
        .await?;
    let rows = find(txn, keys, Some(LockType::NoKeyUpdate)).await?;
    check(&rows, keys, call.now)?;
    let mut kept = Vec::new();
    for (rule, row) in ruled(&rows, keys) {
        let counted = rule.one_more(row, call.now);
        if counted.kept != counted.last_at {
            kept.push((row.key.clone(), counted.kept));
        }
        ActiveModel {
            key: Set(row.key.clone()),
            failures: Set(counted.failures),
            last_at: Set(counted.last_at),
            ..Default::default()
        }
        .update(txn)
        .await?;
    }
    Ok(kept)
}

/// Nothing personal: MACs of the account's name and of the network.
fn keys(call: &Call, account: &str) -> [String; 4] {
    let network = call.address.map_or(0, network).to_be_bytes();
    let site = call.address.map_or(0, site).to_be_bytes();
    let mac = |kind: &str, parts: &[&[u8]]| {
        let mut all: Vec<&[u8]> = vec![b"sign-in", kind.as_bytes()];
        all.extend(parts);
        let tag = call.state.keys.mac(&all);
        tag.as_ref()
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect()
    };
    [
        mac("account at address", &[account.as_bytes(), &network]),
        mac("account", &[account.as_bytes()]),
        mac("address", &[&network]),
        mac("site", &[&site]),
    ]
}

async fn find(
    db: &impl ConnectionTrait,
    keys: &[String],
    lock: Option<LockType>,
) -> Result<Vec<Model>> {
    let mut query = unscoped::rows::<Entity>()
        .filter(Column::Key.is_in(keys))
        .order_by_asc(Column::Key);
    if let Some(lock) = lock {
        query = query.lock(lock);
    }
    Ok(query.all(db).await?)
}

/// The counts that are there, each with its rule.
fn ruled<'a>(
    rows: &'a [Model],
    keys: &'a [String; 4],
) -> impl Iterator<Item = (&'static Rule, &'a Model)> {
    let rules = [&ACCOUNT_AT_ADDRESS, &ACCOUNT, &ADDRESS, &SITE];
    rules
        .into_iter()
        .zip(keys)
        .filter_map(|(rule, key)| Some((rule, rows.iter().find(|row| row.key == *key)?)))
}

fn check(rows: &[Model], keys: &[String; 4], now: DateTime<Utc>) -> Result<()> {
    let mut counts: Vec<_> = ruled(rows, keys).collect();
    let is_at_home = counts
        .first()
        .is_some_and(|(_, row)| row.trusted_until.is_some_and(|until| until > now));
    if is_at_home {
        counts.truncate(1);
    }
    let waits = counts.into_iter().map(|(rule, row)| rule.wait(row, now));
    match waits.max().and_then(|wait| wait.to_std().ok()) {
        Some(wait) if !wait.is_zero() => Err(Problem::new(Code::TooManyAttempts).retry_after(wait)),
        _ => Ok(()),
    }
}
