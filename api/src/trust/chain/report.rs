//! What a verification found.

use super::head::Head;

/// How many sentences are kept; further faults are counted.
const SENTENCES: usize = 100;

/// What was found.
#[derive(Debug, Default)]
pub struct Report {
    /// How far each chain goes.
    pub heads: Vec<Head>,
    /// What is wrong, a sentence each; a hundred at most.
    pub sentences: Vec<String>,
    /// How much is wrong.
    pub faults: u64,
}

impl Report {
    pub(super) fn fault(&mut self, sentence: String) {
        self.faults += 1;
        if self.sentences.len() < SENTENCES {
            self.sentences.push(sentence);
        }
    }
}
