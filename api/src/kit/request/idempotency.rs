//! `Idempotency-Key`: the same request sent again has one effect and the same answer.
//!
//! After draft-ietf-httpapi-idempotency-key-header: the key belongs to the caller and the address,
//! is kept for a day, and is written in the transaction of the effect.

use std::sync::Arc;

use actix_web::HttpResponse;
use actix_web::HttpResponseBuilder;
use actix_web::dev::{Payload, ServiceRequest};
use actix_web::http::header::{self, HeaderMap, HeaderName};
use actix_web::http::{Method, StatusCode};
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use chrono::{DateTime, TimeDelta, Utc};
use entity::idempotency_key::{ActiveModel, Column, Entity, Model};
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, Set};
use serde_json::Value;
use uuid::Uuid;

use crate::foundation::operations::Operation;
use crate::foundation::unscoped;
use crate::kit::body::input::{operation_of, whole_body};
use crate::kit::body::upload::{self, Digest, Upload};
use crate::kit::quota::demand_room_for_answer;
use crate::kit::request::settle::Finished;
use crate::kit::{Code, Ctx, Problem, Result, Tx};

const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");
const REPLAYED: HeaderName = HeaderName::from_static("idempotent-replayed");
/// How long an answer can be asked for again.
const KEPT: TimeDelta = TimeDelta::hours(24);
/// The longest key, in characters.
const LONGEST: usize = 255;

/// A request that may have been made before.
pub(in crate::kit) struct Attempt {
    key: String,
    path: String,
    request: Fingerprint,
    operation: Arc<Operation>,
}

impl Attempt {
    /// Nothing when the request carries no key.
    ///
    /// # Errors
    /// 400 for a key that cannot be one; 408 or 413 for the body.
    pub(in crate::kit) async fn read(
        request: &mut ServiceRequest,
        ctx: &Ctx,
    ) -> Result<Option<Self>> {
        if request.method() != Method::POST {
            return Ok(None);
        }
        let Some(key) = key(request.headers())? else {
            return Ok(None);
        };
        let (http, payload) = request.parts_mut();
        let operation = operation_of(http)?;
        let fingerprint = if operation.is_upload {
            let (passing, digest) = upload::digested(payload.take());
            request.set_payload(passing);
            Fingerprint::Passing(digest)
        } else {
            let body = whole_body(http, payload).await?;
            request.set_payload(Payload::from(body.clone()));
            Fingerprint::Whole(fingerprint(ctx, &body))
        };
        Ok(Some(Self {
            key,
            // What is asked in the query is asked of the file.
            path: match request.query_string() {
                query if operation.is_upload && !query.is_empty() => {
                    format!("{}?{query}", request.path())
                }
                _ => request.path().to_owned(),
            },
            request: fingerprint,
            operation,
        }))
    }

    /// The same as [`replay`](Self::replay), before anything of the request was read.
    ///
    /// # Errors
    /// Those, and 408 or 413 for a file, which is read to compare it.
    pub(in crate::kit) async fn answered_before(
        &self,
        request: &mut ServiceRequest,
        ctx: &Ctx,
    ) -> Result<Option<HttpResponse>> {
        if self.operation.is_upload && self.find(ctx).await?.is_some() {
            let (http, payload) = request.parts_mut();
            Upload::of(http, payload.take())?.read_to_end().await?;
        }
        self.replay(ctx).await
    }

    /// What the same request was answered before, if it was, and if the caller may still see it.
    ///
    /// # Errors
    /// 422 when another request had this key; 404 when its booklet is out of reach by now.
    pub(in crate::kit) async fn replay(&self, ctx: &Ctx) -> Result<Option<HttpResponse>> {
        let Some(before) = self.find(ctx).await? else {
            return Ok(None);
        };
        if before.request_sha256 != self.request.shown(ctx) {
            return Err(Problem::new(Code::IdempotencyKeyReused));
        }
        if let Some(booklet_id) = before.booklet_id {
            ctx.booklet(booklet_id).await?;
        }
        answer(before).map(Some)
    }

    async fn find(&self, ctx: &Ctx) -> Result<Option<Model>> {
        let id = (ctx.actor.id, self.path.clone(), self.key.clone());
        // One's own keys and no others.
        let found = unscoped::row::<Entity>(id)
            .filter(Column::CreatedAt.gt(forgotten_at(ctx.now)))
            .one(ctx.state.db.reader())
            .await?;
        Ok(found)
    }

    /// Writes the answer down, in the transaction of what it answers.
    ///
    /// # Errors
    /// 409 when the same request was faster.
    pub(in crate::kit) async fn keep_answer(
        &self,
        ctx: &Ctx,
        finished: &Finished,
        head: &HttpResponse<()>,
        body: &[u8],
    ) -> Result<()> {
        let header = |name| {
            let value = head.headers().get(name)?;
            value.to_str().ok().map(ToOwned::to_owned)
        };
        let row = ActiveModel {
            principal_id: Set(ctx.actor.id),
            path: Set(self.path.clone()),
            key: Set(self.key.clone()),
            request_sha256: Set(self.request.shown(ctx)),
            booklet_id: Set(finished.booklet_id),
            status: Set(i16::try_from(head.status().as_u16()).unwrap_or_default()),
            etag: Set(header(header::ETAG)),
            location: Set(header(header::LOCATION)),
            body: Set(without_secrets(body, &self.operation)?),
            created_at: Set(ctx.now),
        };
        let since = forgotten_at(ctx.now);
        demand_room_for_answer(ctx, &finished.txn, since).await?;
        let written = Entity::insert(row)
            .on_conflict(unless_kept(ctx.now))
            .exec_without_returning(&finished.txn)
            .await?;
        match written {
            0 => Err(Problem::new(Code::Conflict)),
            _ => Ok(()),
        }
    }
}

/// A key that is forgotten is another one's: what was kept under it is written over.
fn unless_kept(now: DateTime<Utc>) -> OnConflict {
    let name = [Column::PrincipalId, Column::Path, Column::Key];
    let rest = [
        Column::RequestSha256,
        Column::BookletId,
        Column::Status,
        Column::Etag,
        Column::Location,
        Column::Body,
        Column::CreatedAt,
    ];
    let kept_at = Expr::col((Entity, Column::CreatedAt));
    OnConflict::columns(name)
        .update_columns(rest)
        .action_and_where(kept_at.lte(forgotten_at(now)))
        .to_owned()
}

/// What a request's body is compared by.
enum Fingerprint {
    Whole(String),
    /// Of a file that is passing.
    Passing(Digest),
}

impl Fingerprint {
    fn shown(&self, ctx: &Ctx) -> String {
        match self {
            Self::Whole(text) => text.clone(),
            Self::Passing(digest) => fingerprint(ctx, &digest.so_far()),
        }
    }
}

/// A MAC: a body may hold a password, which a mere hash would give away.
fn fingerprint(ctx: &Ctx, body: &[u8]) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(ctx.state.keys.mac(&[b"idempotency", body]))
}

/// Removes the answers that show what is written in booklets that go: nobody gets them any more.
pub(crate) async fn forget(tx: &Tx, booklets: impl IntoIterator<Item = Uuid>) -> Result<()> {
    Entity::delete_many()
        .filter(Column::BookletId.is_in(booklets))
        .exec(tx.db())
        .await?;
    Ok(())
}

/// Before when keys are forgotten.
pub(crate) fn forgotten_at(now: DateTime<Utc>) -> DateTime<Utc> {
    now - KEPT
}

/// One value of visible ASCII characters: a UUID, for instance.
///
/// # Errors
/// 400 for anything else.
pub fn key(headers: &HeaderMap) -> Result<Option<String>> {
    let refused = || Problem::new(Code::InvalidIdempotencyKey);
    let mut values = headers.get_all(IDEMPOTENCY_KEY);
    let Some(value) = values.next() else {
        return Ok(None);
    };
    let key = value.to_str().or(Err(refused()))?;
    let is_visible = key.bytes().all(|byte| byte.is_ascii_graphic());
    if values.next().is_some() || !is_visible || !(1..=LONGEST).contains(&key.len()) {
        return Err(refused());
    }
    Ok(Some(key.to_owned()))
}

fn answer(before: Model) -> Result<HttpResponse> {
    let status = u16::try_from(before.status).unwrap_or_default();
    let status = StatusCode::from_u16(status).or(Err(Problem::new(Code::InternalError)))?;
    let mut answer = HttpResponseBuilder::new(status);
    answer.insert_header((REPLAYED, "true"));
    for (name, value) in [
        (header::ETAG, before.etag),
        (header::LOCATION, before.location),
    ] {
        if let Some(value) = value {
            answer.insert_header((name, value));
        }
    }
    if before.body.is_empty() {
        return Ok(answer.finish());
    }
    Ok(answer.content_type("application/json").body(before.body))
}

/// A secret is shown once, and so is not kept.
fn without_secrets(body: &[u8], operation: &Operation) -> Result<String> {
    let unusable = || Problem::new(Code::InternalError);
    if operation.secrets.is_empty() || body.is_empty() {
        return String::from_utf8(body.to_vec()).or(Err(unusable()));
    }
    let mut value: Value = serde_json::from_slice(body).or(Err(unusable()))?;
    if let Some(fields) = value.as_object_mut() {
        fields.retain(|name, _| !operation.secrets.contains(name));
    }
    Ok(value.to_string())
}
