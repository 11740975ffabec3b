//! Chains that were made before there were batches.

use std::time::Duration;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use chrono::{DateTime, TimeDelta, Utc};
use clap::Parser;
use entity::values::Texts;
use entity::{access_entry, audit_link, event};
use sea_orm::ActiveValue::NotSet;
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use sea_orm::{ActiveModelTrait, ConnectionTrait, Set};
use tempfile::TempDir;
use uuid::Uuid;

use super::row::Row;
use super::{Chain, ChainKey, ChainKeys, Chainer, Report, Verification};
use crate::foundation::config::Config;
use crate::foundation::database::{self, Database};

const OWNER: Uuid = Uuid::from_u128(7);

#[derive(Parser)]
struct Settings {
    #[command(flatten)]
    config: Config,
}

struct Former {
    folder: TempDir,
    db: Database,
    hash: String,
    position: i64,
}

fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_790_000_000, 0).unwrap()
}

impl Former {
    async fn new() -> Self {
        let folder = TempDir::new().unwrap();
        let file = folder.path().join("mac.key");
        std::fs::write(&file, BASE64_STANDARD.encode([7; 32])).unwrap();
        let url = format!("sqlite://{}/livret.db?mode=rwc", folder.path().display());
        let config = Settings::parse_from(["livret", "--database-url", &url]).config;
        database::migrate(&config).await.unwrap();
        let db = Database::open(&config).await.unwrap();
        Self {
            folder,
            db,
            hash: String::new(),
            position: 0,
        }
    }

    fn key(&self) -> ChainKey {
        ChainKey::of_file(&self.folder.path().join("mac.key")).unwrap()
    }

    async fn access(&self) -> Row {
        let row = line().insert(self.db.writer()).await.unwrap();
        row.into()
    }

    async fn event(&self, position: Option<i64>) -> Row {
        let row = event::ActiveModel {
            sequence: NotSet,
            organization_id: Set(Some(OWNER)),
            at: Set(now()),
            actor_id: Set(None),
            actor_role: Set("system".to_owned()),
            kind: Set("follow_up.created".to_owned()),
            resource: Set("follow_up".to_owned()),
            resource_id: Set(Uuid::nil()),
            booklet_id: Set(None),
            version: Set(1),
            state: Set(None),
            changed: Set(Texts::default()),
            request_id: Set("a-test".to_owned()),
            private_to: Set(None),
            content_sha256: Set(None),
            traceparent: Set(None),
            position: Set(position),
            link: NotSet,
        };
        row.insert(self.db.writer()).await.unwrap().into()
    }

    /// Binds a row as it was done then.
    async fn bind(&mut self, row: &Row) {
        self.position += 1;
        let (chain, canonical) = (Chain::of(Some(OWNER)), row.formerly().unwrap());
        self.hash = self
            .key()
            .hash(chain, self.position, &self.hash, &canonical);
        let link = audit_link::ActiveModel {
            chain_id: Set(OWNER),
            position: Set(self.position),
            source: Set(row.source().to_string()),
            row_sequence: Set(row.sequence()),
            last_sequence: Set(None),
            key_id: Set(self.key().id().to_owned()),
            hash: Set(self.hash.clone()),
        };
        link.insert(self.db.writer()).await.unwrap();
    }

    async fn report(&self) -> Report {
        let verification = Verification {
            db: self.db.reader(),
            keys: &ChainKeys::new(vec![self.key()]),
            now: now() + TimeDelta::hours(1),
            patience: Duration::ZERO,
            only: None,
            expected: Vec::new(),
        };
        verification.run().await.unwrap()
    }

    /// Another status in the first line of the access log.
    async fn edit(&self, status: i16) {
        let edit = Query::update()
            .table(access_entry::Entity)
            .value("status", status)
            .and_where(Expr::col("sequence").eq(1))
            .to_owned();
        self.db.writer().execute(&edit).await.unwrap();
    }
}

fn line() -> access_entry::ActiveModel {
    access_entry::ActiveModel {
        sequence: NotSet,
        organization_id: Set(Some(OWNER)),
        at: Set(now()),
        actor_id: Set(None),
        actor_role: Set(None),
        session_id: Set(None),
        kind: Set("read".to_owned()),
        operation: Set("get_booklet".to_owned()),
        outcome: Set("ok".to_owned()),
        status: Set(200),
        code: Set(None),
        resource: Set(None),
        resource_id: Set(None),
        booklet_id: Set(None),
        address: Set(None),
        request_id: Set(None),
        times: Set(1),
        private_to: Set(None),
        link: NotSet,
    }
}

#[tokio::test]
async fn a_chain_of_before_goes_on_with_batches_and_is_verified_whole() {
    let mut former = Former::new().await;
    let rows = [
        former.access().await,
        former.event(Some(1)).await,
        former.access().await,
    ];
    for row in &rows {
        former.bind(row).await;
    }
    let chainer = Chainer::new(former.key());
    for _ in 0..2 {
        chainer
            .append(&former.db, vec![line(), line(), line()])
            .await
            .unwrap();
    }
    let report = former.report().await;
    assert_eq!(report.sentences, Vec::<String>::new());
    assert_eq!(report.heads.first().map(|head| head.position), Some(5));
    former.edit(404).await;
    let found = former.report().await.sentences.concat();
    assert!(
        found.contains("position 1 (access 1): the hash differs"),
        "{found}"
    );
    former.edit(200).await;
    assert_eq!(former.report().await.faults, 0);
}

#[tokio::test]
async fn what_was_left_without_link_is_bound_once_before_the_first_batch() {
    let mut former = Former::new().await;
    let bound = former.access().await;
    former.bind(&bound).await;
    let event = former.event(Some(1)).await;
    former.bind(&event).await;
    former.access().await;
    former.event(Some(2)).await;
    assert_eq!(former.report().await.faults, 2);
    let chainer = Chainer::new(former.key());
    assert_eq!(chainer.adopt(&former.db).await.unwrap(), 2);
    assert_eq!(former.report().await.sentences, Vec::<String>::new());
    // What comes without link now is nobody's.
    former.access().await;
    assert_eq!(chainer.adopt(&former.db).await.unwrap(), 0);
    assert_eq!(former.report().await.faults, 1);
}

#[tokio::test]
async fn an_event_that_was_bound_before_it_had_a_place_is_bound_again_with_it() {
    let mut former = Former::new().await;
    let event = former.event(None).await;
    former.bind(&event).await;
    let chainer = Chainer::new(former.key());
    assert_eq!(chainer.adopt(&former.db).await.unwrap(), 0);
    assert_eq!(chainer.extend(&former.db).await.unwrap(), 1);
    let report = former.report().await;
    assert_eq!(report.sentences, Vec::<String>::new());
    assert_eq!(report.heads.first().map(|head| head.position), Some(2));
}
