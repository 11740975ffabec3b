//! Attacks on the audit trail by somebody who has the database but not the keys: each is found.

mod contracts;
mod foreign;
mod found;
mod growth;

use std::time::Duration;

use api::trust::chain::{Chain, ChainKey, ChainKeys, Chainer, Head, Report, Verification};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use chrono::{DateTime, TimeDelta, Utc};
use entity::values::Texts;
use entity::{access_entry, audit_link, event};
use sea_orm::sea_query::{Expr, ExprTrait, Query, SimpleExpr};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IdenStatic, IntoActiveModel,
    Iterable, QueryFilter, QueryOrder, Set,
};

use serde_json::json;
use tempfile::TempDir;
use tests::World;
use uuid::Uuid;

use crate::it::accesses::written;
use crate::world;

fn key(world: &World) -> ChainKey {
    ChainKey::of(&world.state.keys)
}

/// Binds what happened; how many events that were, for reads are bound as they are written.
pub(crate) async fn extend(world: &World) -> u64 {
    written(world).await;
    let chainer = Chainer::of(&world.state);
    chainer.extend(&world.state.db).await.unwrap()
}

/// A day of work in both organizations, chained: of Horizon's three links with a read each, and one with
/// three events.
async fn chained() -> World {
    let world = world().await;
    for _ in 0..3 {
        work(&world).await;
        world.clock.advance(TimeDelta::minutes(2));
    }
    world
        .as_("rose")
        .get(&world.booklet("rita", ""))
        .await
        .expect(200);
    assert_eq!(extend(&world).await, 3);
    world.clock.advance(TimeDelta::hours(1));
    world
}

/// An event and a read.
async fn work(world: &World) {
    let body = json!({ "contacted_on": world.day(0), "contact_mode": "phone", "comment": "Oui" });
    let tom = world.as_("tom");
    tom.post(&world.booklet("samira", "follow-ups"), body)
        .await
        .expect(201);
    tom.get(&world.booklet("samira", "")).await.expect(200);
    written(world).await;
}

async fn verify(world: &World, keys: ChainKeys, expected: Vec<Head>) -> Report {
    let verification = Verification {
        db: world.state.db.reader(),
        keys: &keys,
        now: world.clock.now(),
        patience: Duration::ZERO,
        only: None,
        expected,
    };
    verification.run().await.unwrap()
}

async fn report(world: &World) -> Report {
    verify(world, ChainKeys::new(vec![key(world)]), Vec::new()).await
}

/// The only fault, which speaks of all this.
#[track_caller]
fn tells(report: &Report, words: &[&str]) {
    assert!(report.faults > 0, "nothing was found");
    let all = report.sentences.join("\n");
    for word in words {
        assert!(all.contains(word), "{word} is not in: {all}");
    }
}

fn horizon(world: &World) -> Chain {
    Chain::of(Some(world.organization_id("horizon")))
}

/// Horizon's links, in order.
#[expect(clippy::disallowed_methods, reason = "an attacker reads it all")]
async fn links(world: &World) -> Vec<audit_link::Model> {
    audit_link::Entity::find()
        .filter(audit_link::Column::ChainId.eq(world.organization_id("horizon")))
        .order_by_asc(audit_link::Column::Position)
        .all(world.state.db.reader())
        .await
        .unwrap()
}

async fn set(
    world: &World,
    table: &'static str,
    column: &'static str,
    value: impl Into<SimpleExpr>,
    sequence: i64,
) {
    let change = Query::update()
        .table(table)
        .value(column, value)
        .and_where(Expr::col("sequence").eq(sequence))
        .to_owned();
    let changed = world.state.db.writer().execute(&change).await.unwrap();
    assert_eq!(changed.rows_affected(), 1, "{table}.{column}");
}

#[expect(clippy::disallowed_methods, reason = "an attacker reads it all")]
async fn an_event(world: &World) -> event::Model {
    let of_horizon = event::Column::OrganizationId.eq(world.organization_id("horizon"));
    let second = event::Entity::find()
        .filter(of_horizon)
        .order_by_asc(event::Column::Sequence)
        .all(world.state.db.reader());
    second.await.unwrap().remove(1)
}

#[expect(clippy::disallowed_methods, reason = "an attacker reads it all")]
async fn an_access(world: &World) -> access_entry::Model {
    let of_horizon = access_entry::Column::OrganizationId.eq(world.organization_id("horizon"));
    let second = access_entry::Entity::find()
        .filter(of_horizon)
        .order_by_asc(access_entry::Column::Sequence)
        .all(world.state.db.reader());
    second.await.unwrap().remove(1)
}

/// Deletes the first row that a link binds.
async fn delete(world: &World, link: &audit_link::Model) {
    let table = match link.source.as_str() {
        "event" => "events",
        _ => "access_entries",
    };
    let gone = Query::delete()
        .from_table(table)
        .and_where(Expr::col("sequence").eq(link.row_sequence))
        .to_owned();
    world.state.db.writer().execute(&gone).await.unwrap();
}

async fn cut(world: &World, link: &audit_link::Model) {
    let gone = audit_link::Entity::delete_by_id((link.chain_id, link.position));
    gone.exec(world.state.db.writer()).await.unwrap();
}

/// A row that the service never wrote; its number.
async fn insert(world: &World, at: DateTime<Utc>) -> i64 {
    let forged = event::ActiveModel {
        sequence: Set(700_000),
        at: Set(at),
        changed: Set(Texts::default()),
        position: Set(None),
        link: Set(None),
        ..an_event(world).await.into_active_model().reset_all()
    };
    let forged = forged.insert(world.state.db.writer()).await.unwrap();
    forged.sequence
}

#[expect(clippy::disallowed_methods, reason = "an attacker reads it all")]
async fn an_event_of(world: &World) -> event::Model {
    let first = event::Entity::find().one(world.state.db.reader()).await;
    first.unwrap().unwrap()
}
