//! Waiting for changes: without a database connection, without a slot among the requests that are
//! being answered, and no longer than the caller's rights last.

use std::sync::{Arc, Weak};
use std::time::{Duration, Instant};

use actix_web::{HttpMessage, HttpRequest};

use super::store::{self, Found, Wanted};
use crate::foundation::limiter::{Concurrency, Slot};
use crate::foundation::policy::Resource;
use crate::kit::request::identify::bearer;
use crate::kit::{Code, Ctx, Problem, Result};
use crate::people::auth::reader::again;

/// How often to look for what other instances committed.
pub(super) const LOOK: Duration = Duration::from_secs(1);
/// How often to look whether the caller still may read.
const CHECK: Duration = Duration::from_secs(3);

/// Somebody who waits.
pub(super) struct Waiter {
    ctx: Ctx,
    token: String,
    checked: Instant,
    /// Two of the few that somebody and their organization may have at once; none when limits are off.
    _slots: [Option<Slot>; 2],
}

impl Waiter {
    /// Makes room for other requests of the same caller: who waits does not work.
    ///
    /// # Errors
    /// 429 when too many requests of the same caller wait already.
    pub(super) fn new(ctx: &Ctx, request: &HttpRequest) -> Result<Self> {
        let slots = [
            ctx.state.waiting.enter(ctx.actor.id)?,
            // The platform's administrators are together too. Programs and people wait apart.
            together(ctx).enter(ctx.actor.organization_id.unwrap_or_default())?,
        ];
        let counted = request.extensions().get::<Weak<Slot>>().cloned();
        if let Some(counted) = counted.as_ref().and_then(Weak::upgrade) {
            counted.end();
        }
        let token = bearer(request.headers()).ok_or(Problem::new(Code::Unauthenticated))?;
        Ok(Self {
            ctx: ctx.clone(),
            token: token.to_owned(),
            checked: Instant::now(),
            _slots: slots,
        })
    }

    /// Looks again, every few seconds, whether the caller still may read this feed.
    ///
    /// # Errors
    /// 401 or 403 when not.
    pub(super) async fn still_may(&mut self) -> Result<()> {
        if self.checked.elapsed() >= CHECK {
            self.check().await?;
        }
        Ok(())
    }

    async fn check(&mut self) -> Result<()> {
        again(&self.ctx, &self.token).await?;
        self.checked = Instant::now();
        Ok(())
    }
}

fn together(ctx: &Ctx) -> &Arc<Concurrency> {
    match ctx.permit.resource {
        Resource::News => &ctx.state.people_waiting,
        _ => &ctx.state.waiting_together,
    }
}

/// The changes after a number; when there are none, those that come within this time.
///
/// # Errors
/// 401 or 403 when the caller lost the right meanwhile; 429 when too many wait.
pub(super) async fn changes(
    ctx: &Ctx,
    request: &HttpRequest,
    wanted: &Wanted,
    mut position: i64,
    (limit, wait): (u64, Duration),
) -> Result<Found> {
    let until = Instant::now() + wait;
    let state = Arc::clone(&ctx.state);
    let mut listener = state.bell.listen(wanted.organization_id);
    let mut found = store::after(&state, wanted, position, limit).await?;
    if !found.events.is_empty() || wait.is_zero() || found.next < position {
        return Ok(found);
    }
    let mut waiter = Waiter::new(ctx, request)?;
    loop {
        let left = until.saturating_duration_since(Instant::now());
        if left.is_zero() || !listener.wait(left.min(LOOK)).await {
            break;
        }
        position = found.next;
        found = store::after(&state, wanted, position, limit).await?;
        if !found.events.is_empty() {
            break;
        }
    }
    waiter.check().await?;
    Ok(found)
}
