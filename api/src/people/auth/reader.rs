//! Readers of long answers: they go on reading while they still may, and not for ever.

use std::sync::Arc;
use std::time::{Duration, Instant};

use actix_web::http::header::HeaderMap;

use crate::foundation::limiter::Slot;
use crate::kit::request::identify::{bearer, permit};
use crate::kit::request::proof::Ask;
use crate::kit::{Code, Ctx, Problem, Result};

/// How long an answer may take that is sent while it is made.
const LONGEST: Duration = Duration::from_secs(3600);

/// Somebody to whom an answer is being sent.
pub(crate) struct Reader {
    ctx: Ctx,
    token: String,
    until: Instant,
    /// Their slot, until the answer is sent or they are gone.
    _slot: Option<Arc<Slot>>,
}

impl Reader {
    /// Whoever asked. The slot is free again when their time is over, whether they read or not.
    ///
    /// # Errors
    /// 401 without a token.
    pub(crate) fn new(ctx: &Ctx, headers: &HeaderMap, slot: Option<Slot>) -> Result<Self> {
        let token = bearer(headers).ok_or(Problem::new(Code::Unauthenticated))?;
        let slot = slot.map(Arc::new);
        if let Some(slot) = slot.as_ref().map(Arc::downgrade) {
            actix_web::rt::spawn(async move {
                tokio::time::sleep(LONGEST).await;
                if let Some(slot) = slot.upgrade() {
                    slot.end();
                }
            });
        }
        Ok(Self {
            ctx: ctx.clone(),
            token: token.to_owned(),
            until: Instant::now() + LONGEST,
            _slot: slot,
        })
    }

    /// Looks again whether they may read on.
    ///
    /// # Errors
    /// 401 or 403 when not; 408 when their time is over.
    pub(crate) async fn still_may(&self) -> Result<()> {
        if Instant::now() > self.until {
            return Err(Problem::new(Code::RequestTimeout));
        }
        again(&self.ctx, &self.token).await.map(drop)
    }
}

/// The same caller for the same operation, as the database knows them now.
///
/// # Errors
/// 401 or 403 when they may no longer, or act for another organization.
pub(crate) async fn again(ctx: &Ctx, token: &str) -> Result<Ctx> {
    let call = ctx.call_now();
    let actor = super::authenticate(&call, token, Ask::First).await?;
    let permit = permit(ctx.permit.resource, ctx.permit.action, &actor)?;
    if actor.organization_id != ctx.actor.organization_id {
        return Err(Problem::new(Code::Forbidden));
    }
    Ok(Ctx::new(call, actor, permit))
}
