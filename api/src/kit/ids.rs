//! The one place where ids are made.

use std::cell::Cell;

use uuid::Uuid;

tokio::task_local! {
    /// The next id, while demo data is told.
    static TOLD: Cell<u128>;
}

/// A new id: time-ordered (UUIDv7), rising within this process.
#[must_use]
#[expect(clippy::disallowed_methods, reason = "this is the one place")]
pub fn new_id() -> Uuid {
    let told = TOLD.try_with(|next| {
        let id = next.get();
        next.set(id + 1);
        Uuid::from_u128(id)
    });
    told.unwrap_or_else(|_| Uuid::now_v7())
}

/// Does this work with ids that are the same each time: `first` and those that follow it.
pub(crate) async fn with_ids_from<T>(first: Uuid, work: impl Future<Output = T>) -> T {
    TOLD.scope(Cell::new(first.as_u128()), work).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn told_ids_follow_each_other_and_others_are_new() {
        let first = Uuid::from_u128(7);
        let told = with_ids_from(first, async { [new_id(), new_id()] }).await;
        assert_eq!(told, [first, Uuid::from_u128(8)]);
        assert_eq!(new_id().get_version_num(), 7);
    }
}
