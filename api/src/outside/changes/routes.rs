//! The change feed over HTTP: in pages, and as a stream.

use std::time::Duration;

use actix_web::body::BoxBody;
use actix_web::http::header;
use actix_web::web::Query;
use actix_web::{HttpRequest, HttpResponse, Responder, get};

use super::dto::{Change, ChangePage};
use super::filter::{ChangeFilter, Portion, Start};
use super::store::Wanted;
use super::stream::Following;
use super::wait::{self, Waiter};
use super::{cursor, store};
use crate::kit::{Code, Ctx, Problem, Result, Routes};

const LAST_EVENT_ID: &str = "last-event-id";
// A cursor beyond the end of the feed is refused: the database is an older one than it was made from.

pub(crate) fn routes(api: &mut Routes) {
    api.service(list_changes).service(stream_changes);
}

/// List changes
///
/// The changes of an organization.
/// What happened in the organization, in an order in which nothing is ever skipped: whoever keeps
/// `next` and goes on from it learns of every change exactly once, those that commit late included.
/// Ids, versions, states and names of fields, never contents: what is of interest is then read where
/// it is. Objects that are gone are told of by `<resource>.deleted`; with a booklet go all its pages.
/// With `wait`, an empty feed is answered when something comes, or after that time.
#[utoipa::path(
    tag = "Changes",
    extensions(("x-policy" = json!("events.read"))),
    params(Start, Portion, ChangeFilter),
    responses((status = 200, description = "A page of changes", body = ChangePage))
)]
#[get("/v1/changes")]
async fn list_changes(
    ctx: Ctx,
    request: HttpRequest,
    start: Query<Start>,
    portion: Query<Portion>,
    filter: ChangeFilter,
) -> Result<ChangePage> {
    let wanted = filter.of(ctx.organization_id()?);
    let position = cursor::read(&ctx, &wanted, start.after.as_deref()).await?;
    let wait = Duration::from_secs(portion.wait.unwrap_or_default());
    let portion = (portion.limit.unwrap_or(20), wait);
    let found = wait::changes(&ctx, &request, &wanted, position, portion).await?;
    if found.next < position {
        return Err(Problem::new(Code::InvalidCursor));
    }
    Ok(ChangePage {
        next: cursor::write(&ctx, &wanted, found.next)?,
        items: found.events.into_iter().map(Change::from).collect(),
    })
}

/// Follow changes
///
/// Follows an organization's changes.
/// The same as server-sent events: each is `event: change` with its cursor as `id` and a `Change` as
/// `data`. The stream ends after a while, when the service stops, and when the caller may no longer
/// read; `Last-Event-ID` takes it up where it ended. A comment comes when nothing else did for 15
/// seconds.
#[utoipa::path(
    tag = "Changes",
    extensions(("x-policy" = json!("events.read"))),
    params(
        Start,
        ("Last-Event-ID" = Option<String>, Header, max_length = 200, example = "",
         description = "The `id` of the last event that arrived; wins over `after`."),
        ChangeFilter
    ),
    responses((status = 200, description = "A stream of changes", body = String, content_type = "text/event-stream"))
)]
#[get("/v1/changes/stream")]
async fn stream_changes(
    ctx: Ctx,
    request: HttpRequest,
    start: Query<Start>,
    filter: ChangeFilter,
) -> Result<HttpResponse> {
    let wanted = filter.of(ctx.organization_id()?);
    follow(ctx, &request, &start, wanted).await
}

/// What is wanted, from where the reader left off, until the stream ends.
pub(in crate::outside) async fn follow(
    ctx: Ctx,
    request: &HttpRequest,
    start: &Start,
    wanted: Wanted,
) -> Result<HttpResponse> {
    let last = request.headers().get(LAST_EVENT_ID);
    let last = last
        .and_then(|id| id.to_str().ok())
        .filter(|id| !id.is_empty());
    let position = cursor::read(&ctx, &wanted, last.or(start.after.as_deref())).await?;
    if position > store::latest(&ctx.state, wanted.organization_id).await? {
        return Err(Problem::new(Code::InvalidCursor));
    }
    let waiter = Waiter::new(&ctx, request)?;
    Ok(HttpResponse::Ok()
        .content_type("text/event-stream")
        // Neither compressed nor kept by a proxy until there is enough of it.
        .insert_header((header::CONTENT_ENCODING, "identity"))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .insert_header(("x-accel-buffering", "no"))
        .streaming(Following::new(ctx, wanted, position, waiter).told()))
}

impl Responder for ChangePage {
    type Body = BoxBody;

    fn respond_to(self, request: &HttpRequest) -> HttpResponse {
        let query = request.query_string().split('&');
        let kept: String = query
            .filter(|pair| !pair.is_empty() && !pair.starts_with("after="))
            .map(|pair| format!("{pair}&"))
            .collect();
        let link = format!(
            "<{}?{kept}after={}>; rel=\"next\"",
            request.path(),
            self.next
        );
        HttpResponse::Ok()
            .insert_header((header::LINK, link))
            .json(self)
    }
}
