//! What became of somebody's mails, over HTTP.

use actix_web::get;
use entity::user;

use super::dto::Mail;
use super::store::mails_to;
use crate::kit::{Ctx, Id, Page, Result, Routes};

pub(crate) fn routes(api: &mut Routes) {
    api.service(list_user_mails);
}

/// List a user's mails
///
/// The last 50 mails of the service to somebody, of 30 days, the newest first: which left, which is
/// still tried, and which was given up and why. What they say is shown to nobody.
#[utoipa::path(
    tag = "People",
    extensions(("x-policy" = json!("mails.read"))),
    responses((status = 200, description = "The mails", body = Page<Mail>))
)]
#[get("/v1/users/{id}/mails")]
async fn list_user_mails(ctx: Ctx, id: Id) -> Result<Page<Mail>> {
    let user = ctx.row::<user::Entity>(*id).await?;
    let mails = mails_to(&ctx, user.id).await?;
    Ok(Page::whole(mails.into_iter().map(Mail::from).collect()))
}
