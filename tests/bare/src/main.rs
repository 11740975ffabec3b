//! actix-web and sqlx on the tables of the service, and nothing else: the statements of
//! `docs/measure/bench/node/server.js`. No trail, no contract, no limits; who calls is believed.
#![expect(clippy::disallowed_methods, reason = "no test sets its clock")]

use actix_web::error::{ErrorInternalServerError, ErrorNotFound};
use actix_web::web::{Data, Json, JsonConfig, Path};
use actix_web::{App, HttpRequest, HttpResponse, HttpServer, Result, get, patch, post};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions, PgRow};
use sqlx::{AssertSqlSafe, FromRow, PgPool, Row};
use uuid::Uuid;

const COLUMNS: &str = "id, version, created_at, updated_at, booklet_id, contacted_on, contact_mode, \
    direction, comment, duration_minutes, author_id";
const LIVE: &str = "EXISTS (SELECT 1 FROM sessions INNER JOIN users ON users.id = sessions.user_id \
    WHERE sessions.id = $1 AND sessions.revoked_at IS NULL AND sessions.expires_at > now() \
    AND users.id = $2 AND users.state = 'active' AND users.organization_id = $3)";
const REACHED: &str = "IN (SELECT booklet_id FROM booklet_members WHERE user_id = $2 \
    AND kind IN ('tutor', 'substitute', 'observer') AND starts_on <= CURRENT_DATE \
    AND (ends_on IS NULL OR ends_on > CURRENT_DATE)) AND organization_id = $3";

#[derive(Serialize)]
struct FollowUp {
    id: Uuid,
    version: i32,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
    booklet_id: Uuid,
    contacted_on: NaiveDate,
    contact_mode: String,
    direction: String,
    comment: String,
    duration_minutes: Option<i32>,
    author_id: Uuid,
}

impl FromRow<'_, PgRow> for FollowUp {
    fn from_row(row: &PgRow) -> sqlx::Result<Self> {
        Ok(Self {
            id: row.try_get(0)?,
            version: row.try_get(1)?,
            created_at: row.try_get(2)?,
            updated_at: row.try_get(3)?,
            booklet_id: row.try_get(4)?,
            contacted_on: row.try_get(5)?,
            contact_mode: row.try_get(6)?,
            direction: row.try_get(7)?,
            comment: row.try_get(8)?,
            duration_minutes: row.try_get(9)?,
            author_id: row.try_get(10)?,
        })
    }
}

#[derive(Serialize)]
struct Page {
    items: Vec<FollowUp>,
    is_more: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct New {
    contacted_on: NaiveDate,
    contact_mode: String,
    comment: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Change {
    comment: String,
}

/// Session, user and organization, as the measurement says them.
fn caller(request: &HttpRequest) -> Option<[Uuid; 3]> {
    let named = request.headers().get("x-caller")?.to_str().ok()?;
    let mut named = named.split(',').map(|id| id.parse().ok());
    Some([named.next()??, named.next()??, named.next()??])
}

fn known(request: &HttpRequest) -> Result<[Uuid; 3]> {
    caller(request).ok_or_else(|| ErrorNotFound("nobody"))
}

fn tagged(mut answer: actix_web::HttpResponseBuilder, row: &FollowUp) -> HttpResponse {
    let etag = format!("\"{}\"", row.version);
    answer.insert_header(("etag", etag)).json(row)
}

/// One follow-up of a booklet that the caller reaches.
async fn one(
    db: impl sqlx::PgExecutor<'_>,
    [session, user, organization]: [Uuid; 3],
    id: Uuid,
) -> Result<FollowUp> {
    let one = format!(
        "SELECT {COLUMNS} FROM follow_ups WHERE id = $4 AND booklet_id {REACHED} AND {LIVE}"
    );
    let found = sqlx::query_as(AssertSqlSafe(one));
    let found = found.bind(session).bind(user).bind(organization).bind(id);
    let found: Option<FollowUp> = found
        .fetch_optional(db)
        .await
        .map_err(ErrorInternalServerError)?;
    found.ok_or_else(|| ErrorNotFound("no such follow-up"))
}

#[get("/v1/follow-ups/{id}")]
async fn get_one(request: HttpRequest, id: Path<Uuid>, db: Data<PgPool>) -> Result<HttpResponse> {
    let row = one(&**db, known(&request)?, *id).await?;
    Ok(tagged(HttpResponse::Ok(), &row))
}

#[get("/v1/booklets/{id}/follow-ups")]
async fn get_page(request: HttpRequest, id: Path<Uuid>, db: Data<PgPool>) -> Result<HttpResponse> {
    let [session, user, organization] = known(&request)?;
    let page = format!(
        "SELECT {COLUMNS} FROM follow_ups WHERE booklet_id = $4 AND booklet_id {REACHED} AND {LIVE} \
         ORDER BY created_at DESC, id DESC LIMIT 21"
    );
    let found = sqlx::query_as(AssertSqlSafe(page));
    let found = found.bind(session).bind(user).bind(organization).bind(*id);
    let mut items: Vec<FollowUp> = found
        .fetch_all(&**db)
        .await
        .map_err(ErrorInternalServerError)?;
    let is_more = items.len() > 20;
    items.truncate(20);
    Ok(HttpResponse::Ok().json(Page { items, is_more }))
}

#[post("/v1/booklets/{id}/follow-ups")]
async fn create(
    request: HttpRequest,
    booklet: Path<Uuid>,
    new: Json<New>,
    db: Data<PgPool>,
) -> Result<HttpResponse> {
    let who = known(&request)?;
    let row = created(&db, who, *booklet, &new).await;
    let row = row.map_err(ErrorInternalServerError)?;
    let row = row.ok_or_else(|| ErrorNotFound("no such booklet"))?;
    let mut answer = HttpResponse::Created();
    answer.insert_header(("location", format!("/v1/follow-ups/{}", row.id)));
    Ok(tagged(answer, &row))
}

async fn created(
    db: &PgPool,
    [session, user, organization]: [Uuid; 3],
    booklet: Uuid,
    new: &New,
) -> sqlx::Result<Option<FollowUp>> {
    let (id, now) = (Uuid::now_v7(), Utc::now());
    let mut txn = db.begin().await?;
    let lock = "SELECT id FROM booklets WHERE id = $1 AND organization_id = $2 FOR NO KEY UPDATE";
    let lock = sqlx::query(lock).bind(booklet).bind(organization);
    lock.execute(&mut *txn).await?;
    let reached = format!("SELECT * FROM booklets WHERE id = $4 AND id {REACHED} AND {LIVE}");
    let reached = sqlx::query(AssertSqlSafe(reached));
    let reached = reached
        .bind(session)
        .bind(user)
        .bind(organization)
        .bind(booklet);
    if reached.fetch_optional(&mut *txn).await?.is_none() {
        return Ok(None);
    }
    let insert = format!(
        "INSERT INTO follow_ups (id, organization_id, booklet_id, contacted_on, contact_mode, direction, comment, author_id, \
         version, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, 'out', $6, $7, 1, $8, $8) RETURNING {COLUMNS}"
    );
    let insert = sqlx::query_as(AssertSqlSafe(insert))
        .bind(id)
        .bind(organization);
    let insert = insert
        .bind(booklet)
        .bind(new.contacted_on)
        .bind(&new.contact_mode);
    let row: FollowUp = insert
        .bind(&new.comment)
        .bind(user)
        .bind(now)
        .fetch_one(&mut *txn)
        .await?;
    tell(&mut txn, [organization, user], &row, "created").await?;
    txn.commit().await?;
    Ok(Some(row))
}

async fn tell(
    txn: &mut sqlx::PgConnection,
    [organization, user]: [Uuid; 2],
    row: &FollowUp,
    verb: &str,
) -> sqlx::Result<()> {
    let event = "INSERT INTO events (organization_id, at, actor_id, actor_role, kind, resource, resource_id, booklet_id, \
        version, changed, request_id) VALUES ($1, $2, $3, 'tutor', 'follow_up.' || $4, 'follow_up', $5, $6, $7, '[]', $8)";
    let event = sqlx::query(event).bind(organization).bind(row.updated_at);
    let event = event
        .bind(user)
        .bind(verb)
        .bind(row.id)
        .bind(row.booklet_id);
    let event = event.bind(row.version).bind(row.id.to_string());
    event.execute(txn).await?;
    Ok(())
}

#[patch("/v1/follow-ups/{id}")]
async fn update(
    request: HttpRequest,
    id: Path<Uuid>,
    change: Json<Change>,
    db: Data<PgPool>,
) -> Result<HttpResponse> {
    let who @ [_, user, organization] = known(&request)?;
    let failed = ErrorInternalServerError::<sqlx::Error>;
    let mut txn = db.begin().await.map_err(failed)?;
    let lock = "SELECT id FROM booklets WHERE id = (SELECT booklet_id FROM follow_ups WHERE id = $1 \
        AND organization_id = $2) FOR NO KEY UPDATE";
    let lock = sqlx::query(lock).bind(*id).bind(organization);
    lock.execute(&mut *txn).await.map_err(failed)?;
    let before = one(&mut *txn, who, *id).await?;
    let update = format!(
        "UPDATE follow_ups SET comment = $3, version = version + 1, updated_at = $4 WHERE id = $1 AND version = $2 \
         RETURNING {COLUMNS}"
    );
    let update = sqlx::query_as(AssertSqlSafe(update))
        .bind(*id)
        .bind(before.version);
    let update = update.bind(&change.comment).bind(Utc::now());
    let row: FollowUp = update.fetch_one(&mut *txn).await.map_err(failed)?;
    tell(&mut txn, [organization, user], &row, "updated")
        .await
        .map_err(failed)?;
    txn.commit().await.map_err(failed)?;
    Ok(tagged(HttpResponse::Ok(), &row))
}

fn setting(name: &str) -> std::io::Result<String> {
    std::env::var(name).map_err(|error| std::io::Error::other(format!("{name}: {error}")))
}

#[actix_web::main]
async fn main() -> std::io::Result<()> {
    let (to, port) = (setting("DATABASE_URL")?, setting("PORT")?);
    let to: PgConnectOptions = to.parse().map_err(std::io::Error::other)?;
    // A pool for each worker, whose thread the answers wake.
    let server = HttpServer::new(move || {
        let options = PgPoolOptions::new().max_connections(5);
        App::new()
            .app_data(Data::new(options.connect_lazy_with(to.clone())))
            .app_data(JsonConfig::default().content_type(|_| true))
            .service(get_one)
            .service(get_page)
            .service(create)
            .service(update)
    });
    server
        .bind(format!("127.0.0.1:{port}"))?
        .workers(2)
        .run()
        .await
}
