//! What the numbers of the trails look like from outside. The rows of all organizations are numbered
//! together: who saw those numbers would count, by their gaps, what others write and what is private.

use aws_lc_rs::hmac;
use chrono::{DateTime, Utc};

/// So many of a number's last bits are hidden; above them stands the second. Rows of one second have
/// different ones, unless there are more than a million.
const HIDDEN: u32 = 20;
/// Half of them.
const HALF: u32 = HIDDEN / 2;
const MASK: i64 = (1 << HALF) - 1;
/// How often the halves are mixed: a Feistel network of so many rounds.
const ROUNDS: u8 = 4;

/// Numbers as they are shown.
pub(super) struct Numbers(Vec<Vec<i64>>);

impl Numbers {
    /// They are others under another key.
    pub(super) fn of(key: &hmac::Key) -> Self {
        let round = |round: u8| (0..=MASK).map(|half| mixed(key, round, half)).collect();
        Self((0..ROUNDS).map(round).collect())
    }

    /// The number of a row of this instant: one no greater than 2⁵³ until 2242, so that JSON holds it.
    pub(super) fn shown(&self, at: DateTime<Utc>, sequence: i64) -> i64 {
        let (mut left, mut right) = ((sequence >> HALF) & MASK, sequence & MASK);
        for round in &self.0 {
            let by = usize::try_from(right).ok().and_then(|at| round.get(at));
            (left, right) = (right, left ^ by.copied().unwrap_or_default());
        }
        (at.timestamp() << HIDDEN) | (left << HALF) | right
    }
}

fn mixed(key: &hmac::Key, round: u8, half: i64) -> i64 {
    let mac = hmac::sign(
        key,
        &[b"number".as_slice(), &[round], &half.to_be_bytes()].concat(),
    );
    let bytes = mac.as_ref().iter().take(2);
    bytes.fold(0, |all, byte| all << 8 | i64::from(*byte)) & MASK
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_a_second_differ_and_tell_nothing_of_those_between() {
        let numbers = Numbers::of(&hmac::Key::new(hmac::HMAC_SHA256, &[7; 32]));
        let at = DateTime::from_timestamp(1_795_000_000, 0).unwrap();
        let shown: Vec<i64> = (0..1 << HIDDEN).map(|n| numbers.shown(at, n)).collect();
        let mut sorted = shown.clone();
        sorted.sort_unstable();
        sorted.dedup();
        assert_eq!(sorted.len(), shown.len());
        assert!(sorted.iter().all(|number| *number < 1 << 53));
        let near = shown
            .windows(2)
            .filter(|pair| (pair[1] - pair[0]).abs() < 1000);
        assert!(near.count() < shown.len() / 100);
        let later = numbers.shown(at + chrono::TimeDelta::seconds(1), 0);
        assert!(sorted.iter().all(|number| *number < later));
    }
}
