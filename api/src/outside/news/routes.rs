//! What is new, over HTTP.

use actix_web::web::Query;
use actix_web::{HttpRequest, HttpResponse, get, post};

use super::dto::{News, NewsFilter, NewsSeen};
use super::store::{self, Place};
use crate::kit::{Ctx, Fault, FaultCode, Json, NoContent, Problem, Result, Routes, Whole};
use crate::outside::changes::filter::Start;
use crate::outside::changes::routes::follow;

pub(crate) fn routes(api: &mut Routes) {
    api.service(get_my_news)
        .service(see_my_news)
        .service(stream_my_news);
}

/// Read my news
///
/// News are what others did in the booklets that one reaches, counted by booklet and by type of change; the
/// booklets that changed last come first. What one did oneself is no news, nor is anything that one may not read:
/// private notes of others are never counted. What exactly was done is in the booklet's audit trail.
#[utoipa::path(
    tag = "Identity",
    extensions(("x-policy" = json!("news.read"))),
    params(NewsFilter),
    responses((status = 200, description = "A page of news", body = News))
)]
#[get("/v1/me/news")]
async fn get_my_news(ctx: Ctx, filter: Query<NewsFilter>) -> Result<Whole<News>> {
    // A cursor is good for one person, and for the question that it is of.
    let list = format!("/v1/me/news of {} {:?}", ctx.actor.id, filter.since);
    let after = filter.after.as_deref().filter(|after| !after.is_empty());
    let after = after
        .map(|after| Place::open(after, &ctx, &list))
        .transpose()?;
    let since = store::since(&ctx, filter.since).await?;
    let limit = filter.limit.unwrap_or(20);
    let (mut news, next) = store::read(&ctx, since, after, limit).await?;
    news.next = next.map(|place| place.seal(&ctx, &list)).transpose()?;
    Ok(Whole(news))
}

/// Mark my news as seen
///
/// News up to this instant are seen: they are no news any more, on any device. The instant never goes back.
#[utoipa::path(
    tag = "Identity",
    extensions(("x-policy" = json!("me.update")), ("x-never" = json!([409]))),
    responses((status = 204, description = "They are seen"))
)]
#[post("/v1/me/news/seen")]
async fn see_my_news(ctx: Ctx, body: Json<NewsSeen>) -> Result<NoContent> {
    let Json(seen) = body;
    if seen.until > ctx.now {
        let fault = Fault::new("/until", FaultCode::Maximum);
        let fault = fault.with("max", ctx.now.to_rfc3339());
        return Err(Problem::invalid(vec![fault]));
    }
    let tx = ctx.begin().await?;
    store::see(&tx, seen.until).await?;
    tx.keep_untold().await?;
    Ok(NoContent)
}

/// Follow my news
///
/// Tells the news (what others do in the booklets that one reaches) as server-sent events, while it happens: each is
/// `event: change` with its cursor as `id` and a `Change` as `data`: ids, states and names of fields, never
/// contents. The stream ends after a while, when the service stops, and when the caller may no longer read;
/// `Last-Event-ID` takes it up where it ended. A comment comes when nothing else did for 15 seconds.
#[utoipa::path(
    tag = "Identity",
    extensions(("x-policy" = json!("news.read"))),
    params(
        Start,
        ("Last-Event-ID" = Option<String>, Header, max_length = 200, example = "",
         description = "The `id` of the last event that arrived; wins over `after`.")
    ),
    responses((status = 200, description = "A stream of changes", body = String, content_type = "text/event-stream"))
)]
#[get("/v1/me/news/stream")]
async fn stream_my_news(
    ctx: Ctx,
    request: HttpRequest,
    start: Query<Start>,
) -> Result<HttpResponse> {
    let wanted = store::wanted(&ctx).await?;
    follow(ctx, &request, &start, wanted).await
}
