//! What must not be so where real people's data lives: checked before the service opens anything.

use secrecy::{ExposeSecret, SecretString};
use url::Url;

use crate::foundation::config::{Config, Environment, RateLimit};
use crate::foundation::keys;

/// Refuses, with `LIVRET_ENV=production`, every unsafe setting at once.
///
/// # Errors
/// A sentence and a line for each setting, which says what to do.
pub(crate) fn check(config: &Config, with_demo: bool) -> Result<(), String> {
    if config.env != Environment::Production {
        return Ok(());
    }
    if config.trusted_proxies.is_empty() {
        tracing::warn!(
            "LIVRET_TRUSTED_PROXIES is empty: behind a proxy, everybody seems to call from its address"
        );
    }
    let mut unsafe_settings = settings(config, with_demo);
    // The keys must be there already, and nobody else's to read.
    unsafe_settings.extend(keys::missing(&config.key_dir()));
    unsafe_settings.extend(keys::readable_by_others(&config.key_dir()));
    if unsafe_settings.is_empty() {
        return Ok(());
    }
    Err(format!(
        "LIVRET_ENV=production refuses to start like this:\n- {}",
        unsafe_settings.join("\n- ")
    ))
}

fn settings(config: &Config, with_demo: bool) -> Vec<String> {
    let mut found = Vec::new();
    if !config.public_url().starts_with("https://") {
        found.push(
            "LIVRET_PUBLIC_URL must be the https:// address that people use: tokens and passwords \
             travel under it"
                .to_owned(),
        );
    }
    if config
        .front_url
        .as_ref()
        .is_some_and(|url| !url.starts_with("https://"))
    {
        found.push(
            "LIVRET_FRONT_URL must be an https:// address: people give their passwords there"
                .to_owned(),
        );
    }
    if config.rate_limit == RateLimit::Off {
        found.push("LIVRET_RATE_LIMIT must not be off: passwords could be guessed".to_owned());
    }
    let plain = config
        .cors_origins
        .iter()
        .filter(|origin| origin.starts_with("http://"));
    found.extend(
        plain.map(|origin| format!("LIVRET_CORS_ORIGINS must be https:// origins, not {origin}")),
    );
    if config.allow_local_targets {
        found.push(
            "LIVRET_ALLOW_LOCAL_TARGETS must be off: whoever names an address could reach this machine"
                .to_owned(),
        );
    }
    if config.smtp_url.as_ref().is_some_and(is_in_clear) {
        found.push(
            "LIVRET_SMTP_URL must be smtps://… or have ?tls=required, but on this machine: links to \
             passwords travel there"
                .to_owned(),
        );
    }
    if config.mail_outbox.is_some() {
        found.push(
            "LIVRET_MAIL_OUTBOX keeps mails, with links to passwords, in a folder".to_owned(),
        );
    }
    if with_demo {
        found.push("--demo makes accounts whose password everybody knows".to_owned());
    }
    found
}

/// Whether mails go to another machine without TLS, or with one that can be talked away.
fn is_in_clear(smtp_url: &SecretString) -> bool {
    let Ok(url) = Url::parse(smtp_url.expose_secret()) else {
        return true;
    };
    let is_here = matches!(url.host_str(), Some("localhost" | "127.0.0.1" | "[::1]"));
    let demands_tls = url
        .query_pairs()
        .any(|pair| pair == ("tls".into(), "required".into()));
    url.scheme() == "smtp" && !is_here && !demands_tls
}
