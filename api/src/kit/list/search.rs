//! Searching for words in a `search` column, which holds folded text.

use migration::fold::fold;
use sea_orm::ColumnTrait;
use sea_orm::sea_query::{Condition, Expr, ExprTrait, LikeExpr};

/// Rows whose folded text holds each of these words, in any order.
#[must_use]
pub fn holds(column: impl ColumnTrait, words: &str) -> Condition {
    fold(words)
        .split_whitespace()
        .fold(Condition::all(), |all, word| {
            all.add(has(Expr::col(column.as_column_ref()), word))
        })
}

/// Whether a folded text holds this folded word.
#[must_use]
pub fn has(text: Expr, word: &str) -> Expr {
    text.like(LikeExpr::new(format!("%{}%", escape(word))).escape('\\'))
}

/// What `LIKE` would read as "anything" is meant as it stands.
fn escape(word: &str) -> String {
    word.replace('\\', r"\\")
        .replace('%', r"\%")
        .replace('_', r"\_")
}
