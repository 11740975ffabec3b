//! The feed as server-sent events: a stream that ends by itself, and is taken up where it ended.

use std::convert::Infallible;
use std::time::{Duration, Instant};

use actix_web::web::Bytes;
use entity::event;
use futures_util::Stream;
use futures_util::stream::unfold;

use super::cursor;
use super::dto::Change;
use super::store::{self, Wanted};
use super::wait::{LOOK, Waiter};
use crate::foundation::state::bell::Listener;
use crate::kit::Ctx;

/// How many changes are read at a time.
const BATCH: u64 = 100;
/// How long it may be silent.
const HEARTBEAT: Duration = Duration::from_secs(15);
/// Said first: after how many milliseconds to come back when the stream has ended.
const HELLO: &str = "retry: 2000\n\n";

/// A stream under way.
pub(super) struct Following {
    ctx: Ctx,
    wanted: Wanted,
    position: i64,
    waiter: Waiter,
    listener: Listener,
    until: Instant,
    spoken: Option<Instant>,
    looked: Option<Instant>,
}

impl Following {
    /// From this number on.
    pub(super) fn new(ctx: Ctx, wanted: Wanted, position: i64, waiter: Waiter) -> Self {
        Self {
            listener: ctx.state.bell.listen(wanted.organization_id),
            until: Instant::now()
                + Duration::from_secs(ctx.state.config.stream_seconds.get().into()),
            ctx,
            wanted,
            position,
            waiter,
            spoken: None,
            looked: None,
        }
    }

    /// What is sent.
    pub(super) fn told(self) -> impl Stream<Item = Result<Bytes, Infallible>> {
        unfold(self, |mut following| async move {
            let said = following.say().await?;
            Some((Ok(said), following))
        })
    }

    /// The next words; nothing at the end. Whoever lost the right, or finds no database, comes back
    /// and is told.
    async fn say(&mut self) -> Option<Bytes> {
        let Some(spoken) = self.spoken else {
            return Some(self.said(HELLO.to_owned()));
        };
        while Instant::now() < self.until {
            self.waiter.still_may().await.ok()?;
            self.rest().await;
            let state = &self.ctx.state;
            let found = store::after(state, &self.wanted, self.position, BATCH).await;
            let found = found.ok()?;
            self.position = found.next;
            if !found.events.is_empty() {
                let events = found.events.into_iter();
                let words: Option<String> = events.map(|event| self.told_of(event)).collect();
                return Some(self.said(words?));
            }
            if spoken.elapsed() >= HEARTBEAT {
                return Some(self.said(":\n\n".to_owned()));
            }
            let left = self.until.saturating_duration_since(Instant::now());
            if !self.listener.wait(left.min(LOOK)).await {
                return None;
            }
        }
        None
    }

    fn said(&mut self, words: String) -> Bytes {
        self.spoken = Some(Instant::now());
        Bytes::from(words)
    }

    /// Of people there are many: each has the database asked once a second at most, however much is written.
    async fn rest(&mut self) {
        if let (Some(_), Some(looked)) = (&self.wanted.reader, self.looked) {
            tokio::time::sleep(LOOK.saturating_sub(looked.elapsed())).await;
        }
        self.looked = Some(Instant::now());
    }

    fn told_of(&self, event: event::Model) -> Option<String> {
        let cursor = cursor::write(&self.ctx, &self.wanted, event.position?).ok()?;
        let mut change = Change::from(event);
        if self.wanted.reader.is_some() {
            change = change.without_place(&self.ctx.state.keys);
        }
        let data = serde_json::to_string(&change).ok()?;
        Some(format!("id: {cursor}\nevent: change\ndata: {data}\n\n"))
    }
}
