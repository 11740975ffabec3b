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
    /// What is strange and may be in order, a sentence each; one a chain at most.
    pub notes: Vec<String>,
}

impl Report {
    pub(super) fn note(&mut self, sentence: String) {
        self.notes.push(sentence);
    }

    pub(super) fn fault(&mut self, sentence: String) {
        self.faults += 1;
        if self.sentences.len() < SENTENCES {
            self.sentences.push(sentence);
        }
    }
}
