//! Chance that can be played again: the same seed, the same choices (`SplitMix64`).

/// A source of choices.
#[derive(Clone, Debug)]
pub struct Chance(u64);

impl Chance {
    /// With `LIVRET_SEED`, else with the seed given, shifted by it for each of several runs.
    pub fn seeded(run: u64) -> Self {
        let seed = std::env::var("LIVRET_SEED").ok();
        let seed = seed
            .and_then(|seed| seed.parse().ok())
            .unwrap_or(20_261_123_u64);
        eprintln!("LIVRET_SEED={seed}, run {run}");
        Self(seed.wrapping_add(run << 32))
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below this one.
    pub fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.next() % u64::try_from(bound).unwrap()).unwrap()
    }

    /// Another source, with choices of its own.
    #[must_use]
    pub fn split(&mut self) -> Self {
        Self(self.next())
    }
}
