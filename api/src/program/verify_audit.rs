//! `livret verify-audit`: what an operator asks of the chains.

use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use clap::Args;

use crate::foundation::config::Config;
use crate::foundation::database::Database;
use crate::foundation::keys::Keys;
use crate::kit::Clock;
use crate::trust::chain::{Chain, ChainKey, ChainKeys, Head, Report, Verification};

/// How long the service may take to chain what is written, and a little more.
const PATIENCE: Duration = Duration::from_secs(12);

/// What to verify, and against what.
#[derive(Args, Clone, Debug, Default)]
pub struct Question {
    /// Verify the chain of this organization alone; `platform` for the one of the platform.
    #[arg(long, value_name = "ID")]
    organization: Option<Chain>,
    /// A head that was printed before, which its chain must still hold; may be repeated.
    #[arg(long, value_name = "ORGANIZATION:POSITION:HASH")]
    expect: Vec<Head>,
    /// A file of such heads, a line each: what the command printed before.
    #[arg(long, value_name = "FILE")]
    expect_file: Option<PathBuf>,
    /// A former `mac.key` that older links were made with; may be repeated.
    #[arg(long, value_name = "FILE")]
    former_key: Vec<PathBuf>,
}

/// Verifies the chains of the audit trail.
///
/// # Errors
/// A sentence that says what cannot be read.
pub async fn verify(config: &Config, question: &Question) -> Result<Report, String> {
    let keys = keys(config, question)?;
    let expected = expected(question)?;
    let db = Database::open(config)
        .await
        .map_err(|error| format!("LIVRET_DATABASE_URL: cannot open the database: {error}"))?;
    let verification = Verification {
        db: db.reader(),
        keys: &keys,
        now: Clock::default().now(),
        patience: PATIENCE,
        only: question.organization,
        expected,
    };
    let report = verification
        .run()
        .await
        .map_err(|error| format!("cannot read the audit trail: {error}"))?;
    db.close()
        .await
        .map_err(|error| format!("cannot close the database: {error}"))?;
    Ok(report)
}

/// Only keys that are there: making one would help nobody.
fn keys(config: &Config, question: &Question) -> Result<ChainKeys, String> {
    let present = config.key_dir().join("mac.key");
    if !present.exists() {
        return Err(format!("LIVRET_KEY_DIR: there is no {}", present.display()));
    }
    let keys = Keys::load(config).map_err(|error| error.to_string())?;
    let mut all = vec![ChainKey::of(&keys)];
    for path in &question.former_key {
        let key = ChainKey::of_file(path);
        all.push(key.map_err(|error| format!("--former-key: {error}"))?);
    }
    Ok(ChainKeys::new(all))
}

fn expected(question: &Question) -> Result<Vec<Head>, String> {
    let mut heads = question.expect.clone();
    if let Some(path) = &question.expect_file {
        let text = fs::read_to_string(path)
            .map_err(|error| format!("--expect-file: {}: {error}", path.display()))?;
        for line in text.lines().filter(|line| !line.trim().is_empty()) {
            heads.push(
                line.parse()
                    .map_err(|why| format!("--expect-file: {why}"))?,
            );
        }
    }
    Ok(heads)
}
