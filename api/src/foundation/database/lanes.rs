//! Each worker has connections of its own. PostgreSQL's answer wakes the thread that opened the connection,
//! and that one would have to wake whoever asked.

use std::cell::Cell;
use std::sync::Arc;

use super::pool::Pool;
use super::turns::Turns;

thread_local! {
    /// Which connections this thread uses.
    static LANE: Cell<Option<usize>> = const { Cell::new(None) };
}

/// This thread is a worker: from now on it uses the connections of the worker of this number, if workers
/// have their own.
pub(crate) fn work_as(number: usize) {
    LANE.set(Some(number));
}

/// So many at the least are for work that no caller waits for: files that are applied, messages that are
/// sent, the trail.
const OF_ALL: u32 = 3;

/// How many of so many connections are for all, and how many for each worker: as many for one as for the
/// other, and what is left for all. Too few are not divided, nor is there anything to divide for one worker.
pub(super) fn shares(connections: u32, workers: usize) -> (u32, Vec<u32>) {
    let workers = u32::try_from(workers).unwrap_or(u32::MAX);
    match connections.saturating_sub(OF_ALL) / workers.max(1) {
        each if each > 0 && workers > 1 => (
            connections - each * workers,
            (0..workers).map(|_| each).collect(),
        ),
        _ => (connections, Vec::new()),
    }
}

/// Connections for one thread, or for all that have none of their own.
#[derive(Clone, Debug)]
pub(super) struct Lane {
    pub(super) readers: Pool,
    pub(super) writer: Pool,
    /// Some connections are left to others by each organization.
    pub(super) places: Arc<Turns>,
}

impl Lane {
    /// Of so many connections that write.
    pub(super) fn of(readers: Pool, writer: Pool, connections: u32) -> Self {
        let places = (connections - connections.div_ceil(4)).max(1);
        Self {
            readers,
            writer,
            places: Arc::new(Turns::of(places as usize)),
        }
    }
}

/// The connections of all.
#[derive(Clone, Debug)]
pub(super) struct Lanes {
    pub(super) shared: Lane,
    pub(super) of_workers: Vec<Lane>,
}

impl Lanes {
    /// The same for all.
    pub(super) fn one(shared: Lane) -> Self {
        Self {
            shared,
            of_workers: Vec::new(),
        }
    }

    /// Those for this thread.
    pub(super) fn here(&self) -> &Lane {
        let own = LANE.get().and_then(|number| {
            let lanes = self.of_workers.len();
            self.of_workers.get(number.checked_rem(lanes)?)
        });
        own.unwrap_or(&self.shared)
    }

    /// All of them.
    pub(super) fn all(&self) -> impl Iterator<Item = &Lane> {
        std::iter::once(&self.shared).chain(&self.of_workers)
    }
}

#[cfg(test)]
mod tests {
    use super::shares;

    #[test]
    fn each_worker_has_as_many_connections_and_others_have_three_at_least() {
        assert_eq!(shares(9, 2), (3, vec![3, 3]));
        assert_eq!(shares(8, 2), (4, vec![2, 2]));
        assert_eq!(shares(11, 8), (3, vec![1; 8]));
        for workers in 1..20 {
            for connections in 1..60 {
                let (shared, of_workers) = shares(connections, workers);
                assert!(shared >= connections.min(3));
                assert_eq!(shared + of_workers.iter().sum::<u32>(), connections);
            }
        }
    }

    #[test]
    fn connections_too_few_for_all_workers_and_those_of_one_are_everybodys() {
        assert_eq!(shares(1, 2), (1, Vec::new()));
        assert_eq!(shares(10, 8), (10, Vec::new()));
        assert_eq!(shares(8, 1), (8, Vec::new()));
    }
}
