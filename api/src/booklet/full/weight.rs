//! What a whole booklet weighs, page by page: one that is too heavy is refused before it is whole.

use serde::Serialize;

use crate::kit::{Code, Problem, Result};

/// The largest answer, in bytes.
const MOST: usize = 8 * 1024 * 1024;

/// What was read.
#[derive(Default)]
pub(super) struct Weight(usize);

impl Weight {
    /// These pages too.
    ///
    /// # Errors
    /// 422 when that is too much for one answer.
    pub(super) fn with<T: Serialize>(&mut self, pages: Vec<T>) -> Result<Vec<T>> {
        for page in &pages {
            let text = serde_json::to_vec(page).or(Err(Problem::new(Code::InternalError)))?;
            self.0 += text.len();
            if self.0 > MOST {
                return Err(Problem::new(Code::AnswerTooLarge));
            }
        }
        Ok(pages)
    }
}
