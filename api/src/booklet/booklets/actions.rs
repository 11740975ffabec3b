//! What may be done now with a booklet, and written in it.

use actix_web::get;
use entity::booklet;

use super::store::Contents;
use super::{rules, store};
use crate::booklet::contracts::rules::draw_up;
use crate::kit::list::positions::has_room;
use crate::kit::write::tx::writable;
use crate::kit::{
    Ctx, Id, Page, PossibleAction, PossibleActions, Result, Routes, Standing, possible,
};

pub(super) fn routes(api: &mut Routes) {
    api.service(list_booklet_actions);
}

/// List what may be done with a booklet
///
/// What the reader may do with a booklet.
/// Each change and new page of it that the reader's role permits: whether it is possible now, and
/// if not, why. The same rules decide when it is tried; `If-Match` and the body apart. What is done
/// with its plan, its contracts and its action sheets is listed with these.
#[utoipa::path(
    tag = "Booklets",
    extensions(("x-policy" = json!("booklets.read"))),
    responses((status = 200, description = "The actions, possible or not", body = Page<PossibleAction>))
)]
#[get("/v1/booklets/{id}/actions")]
async fn list_booklet_actions(ctx: Ctx, id: Id) -> Result<PossibleActions> {
    let standing = Standing::in_booklet(&ctx, *id).await?;
    let contents = store::contents(&ctx, *id).await?;
    possible(&ctx, &standing, *id, ruled(&standing.booklet, &contents))
}

fn ruled(booklet: &booklet::Model, contents: &Contents) -> [(&'static str, Result<()>); 17] {
    let open = || writable(booklet);
    let room = |rows| open().and(has_room(rows));
    [
        ("update_booklet", open()),
        ("suspend_booklet", rules::may_suspend(booklet)),
        ("resume_booklet", rules::may_resume(booklet)),
        ("close_booklet", rules::may_close(booklet)),
        ("withdraw_booklet", rules::may_close(booklet)),
        ("reopen_booklet", rules::may_reopen(booklet)),
        ("archive_booklet", rules::may_archive(booklet)),
        ("create_booklet_member", open()),
        (
            "create_contract",
            draw_up(booklet, &contents.contracts).map(drop),
        ),
        ("create_objective", room(contents.objectives)),
        ("create_plan_step", room(contents.plan_steps)),
        ("create_personal_contact", open()),
        ("create_appointment", open()),
        ("create_action_sheet", open()),
        ("create_completed_action", open()),
        ("create_follow_up", open()),
        // A note is written in a closed booklet too.
        ("create_note", Ok(())),
    ]
}
