//! What a request may cost is bounded before it is spent, and whoever asks for more is told so.

mod accounts;
mod bodies;
mod codings;
mod crowds;
mod everywhere;
mod files;
mod held;
mod invitations;
mod numbers;
mod passwords;
mod queries;
mod quotas;
mod readers;
mod reports;
mod signatures;

use std::time::{Duration, Instant};

use entity::note;
use entity::values::Visibility;
use sea_orm::{EntityTrait, Set};
use tests::{Answer, World};

/// The largest answer to a bad request, in bytes.
pub(super) const LARGEST: usize = 64 * 1024;

/// Waits for an answer, and says how long that took.
pub(super) async fn timed(request: impl Future<Output = Answer>) -> (Answer, Duration) {
    let began = Instant::now();
    let answer = request.await;
    (answer, began.elapsed())
}

/// The longest pointer, in characters.
#[track_caller]
pub(super) fn bounded(answer: &Answer) {
    assert!(
        answer.bytes.len() <= LARGEST,
        "{} bytes",
        answer.bytes.len()
    );
    let faults = answer.body["errors"].as_array().into_iter().flatten();
    for fault in faults {
        let pointer = fault["pointer"].as_str().unwrap();
        assert!(pointer.chars().count() <= 500, "{}", pointer.len());
    }
}

/// So many notes in samira's booklet, each as long as a note may be.
pub(crate) async fn many_notes(world: &World, count: usize) {
    let now = world.clock.now();
    let note = || note::ActiveModel {
        id: Set(api::kit::new_id()),
        organization_id: Set(world.organization_id("horizon")),
        booklet_id: Set(world.booklet_id("samira")),
        author_id: Set(world.user_id("tom")),
        body: Set("x".repeat(10_000)),
        visibility: Set(Visibility::Shared),
        pinned: Set(false),
        version: Set(1),
        created_at: Set(now),
        updated_at: Set(now),
    };
    for from in (0..count).step_by(100) {
        let some = (from..count.min(from + 100)).map(|_| note());
        let some = note::Entity::insert_many(some);
        let db = world.state.db.writer();
        some.exec_without_returning(db).await.unwrap();
    }
}
