//! The black-box suite on a real PostgreSQL.

mod it;

use api::foundation::config::Config;
use tests::{Backend, Demo, World};

/// Two organizations and their people, in a database of this test's own.
async fn world() -> World {
    World::new(Backend::Postgres).await
}

/// The same, with other settings.
async fn world_with(settings: fn(&mut Config)) -> World {
    World::configured(Backend::Postgres, settings).await
}

/// The service as it is after its first start: nobody yet.
async fn empty_world() -> World {
    World::empty(Backend::Postgres).await
}

/// The same people, each of whom may make one request a second.
async fn limited_world() -> World {
    World::limited(Backend::Postgres).await
}

/// The demo data, told at this instant.
async fn demo(now: &str) -> Demo {
    Demo::told_at(Backend::Postgres, now).await
}
