//! Where mails go: to a mail server, to a folder, or nowhere.

use std::io::Write;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::time::Duration;

use chrono::{DateTime, Utc};
use entity::mail;
use lettre::address::AddressError;
use lettre::message::Mailbox;
use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::transport::smtp;
use lettre::{Address, AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};
use secrecy::ExposeSecret;

use crate::foundation::config::Config;
use crate::foundation::problem::{Code, Problem, Result};

/// How long a mail server may take to answer the connection.
const CONNECT: Duration = Duration::from_secs(10);
/// And for the whole talk.
const TALK: Duration = Duration::from_secs(30);
/// Answers to our own credentials or want of TLS: no fault of the mail, and put right by settings.
const OF_SETTINGS: [u16; 4] = [530, 534, 535, 538];
/// The longest reason kept, in characters.
const LONGEST_REASON: usize = 200;

/// The way that mails take.
#[derive(Debug)]
pub struct Mailer {
    route: Route,
    from: Mailbox,
}

#[derive(Debug)]
enum Route {
    Smtp(AsyncSmtpTransport<Tokio1Executor>),
    Folder(PathBuf),
    Nowhere,
}

/// Why a mail did not leave.
#[derive(Debug)]
pub(crate) struct Failure {
    /// Whether no later attempt can do better.
    pub(crate) is_final: bool,
    /// What happened, without a word of the server's: for logs.
    pub(crate) code: String,
    /// And with them: for the people of the organization.
    pub(crate) reason: String,
}

impl Mailer {
    /// The way of these settings.
    ///
    /// # Errors
    /// A sentence that names the setting.
    pub(crate) fn new(config: &Config) -> Result<Self, String> {
        let route = match (&config.smtp_url, &config.mail_outbox) {
            (Some(_), Some(_)) => {
                return Err(
                    "LIVRET_MAIL_OUTBOX: mails go to a folder or to LIVRET_SMTP_URL, \
                            not to both"
                        .to_owned(),
                );
            }
            (Some(url), None) => {
                let smtp = AsyncSmtpTransport::<Tokio1Executor>::from_url(url.expose_secret());
                // Its own words may repeat the password.
                let smtp = smtp.or(Err("LIVRET_SMTP_URL: not usable; expected \
                                        smtp://host:port, smtps://user:password@host, or \
                                        smtp://user:password@host?tls=required"))?;
                Route::Smtp(smtp.timeout(Some(CONNECT)).build())
            }
            (None, Some(folder)) => Route::Folder(folder.clone()),
            (None, None) => Route::Nowhere,
        };
        let from = match (&config.mail_from, &route) {
            (Some(from), _) => from.clone(),
            (None, Route::Smtp(_)) => {
                return Err("LIVRET_MAIL_FROM: needed with LIVRET_SMTP_URL".to_owned());
            }
            (None, _) => default_sender().map_err(|error| format!("LIVRET_MAIL_FROM: {error}"))?,
        };
        Ok(Self { route, from })
    }

    /// Whether mails can be sent at all.
    pub(crate) fn is_configured(&self) -> bool {
        !matches!(self.route, Route::Nowhere)
    }

    /// For operations that come to nothing without a mail.
    ///
    /// # Errors
    /// 503 when none can be sent.
    pub(crate) fn demand(&self) -> Result<()> {
        if self.is_configured() {
            Ok(())
        } else {
            Err(Problem::new(Code::MailNotConfigured))
        }
    }

    /// The folder in which mails end, if that is where they go.
    #[must_use]
    pub fn folder(&self) -> Option<&Path> {
        match &self.route {
            Route::Folder(folder) => Some(folder),
            _ => None,
        }
    }

    /// Hands a mail over. No database connection is held meanwhile.
    pub(crate) async fn deliver(
        &self,
        mail: &mail::Model,
        now: DateTime<Utc>,
    ) -> Result<(), Failure> {
        let message = self.message(mail, now)?;
        match &self.route {
            Route::Smtp(smtp) => match tokio::time::timeout(TALK, smtp.send(message)).await {
                Ok(Ok(_)) => Ok(()),
                Ok(Err(error)) => Err(Failure::of(&error)),
                Err(_) => Err(Failure::passing("timeout")),
            },
            Route::Folder(folder) => {
                let (folder, name) = (folder.clone(), format!("{}.eml", mail.id));
                let bytes = message.formatted();
                let written =
                    tokio::task::spawn_blocking(move || put_in(&folder, &name, &bytes)).await;
                match written {
                    Ok(Ok(())) => Ok(()),
                    _ => Err(Failure::passing("folder")),
                }
            }
            Route::Nowhere => Err(Failure::passing("not_configured")),
        }
    }

    /// As it travels. The same mail has the same `Message-ID` at each attempt.
    fn message(&self, mail: &mail::Model, now: DateTime<Utc>) -> Result<Message, Failure> {
        let to: Result<Address, AddressError> = mail.recipient.parse();
        let to = to.or(Err(Failure::for_ever("address")))?;
        let name = |name| HeaderName::new_from_ascii_str(name);
        let id = format!("<{}@{}>", mail.id, self.from.email.domain());
        let automatic = HeaderValue::new(name("Auto-Submitted"), "auto-generated".to_owned());
        Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, to))
            .subject(mail.subject.clone().unwrap_or_default())
            .date(now.into())
            .message_id(Some(id))
            .raw_header(automatic)
            .header(ContentType::TEXT_PLAIN)
            .body(mail.body.clone().unwrap_or_default())
            .or(Err(Failure::for_ever("message")))
    }
}

fn default_sender() -> Result<Mailbox, AddressError> {
    Ok(Mailbox::new(
        Some("Livret".to_owned()),
        "livret@localhost".parse()?,
    ))
}

/// Complete or not at all, and for the service's own eyes: mails hold secrets.
fn put_in(folder: &Path, name: &str, bytes: &[u8]) -> std::io::Result<()> {
    std::fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)?;
    let draft = folder.join(format!(".{name}"));
    let mut file = std::fs::OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(&draft)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    std::fs::rename(draft, folder.join(name))
}

impl Failure {
    fn passing(code: &str) -> Self {
        Self {
            is_final: false,
            code: code.to_owned(),
            reason: code.to_owned(),
        }
    }

    pub(crate) fn for_ever(code: &str) -> Self {
        Self {
            is_final: true,
            ..Self::passing(code)
        }
    }

    fn of(error: &smtp::Error) -> Self {
        let status = error.status().map(u16::from);
        let code = match status {
            Some(status) => format!("smtp_{status}"),
            None if error.is_timeout() => "timeout".to_owned(),
            None if error.is_tls() => "tls".to_owned(),
            None if error.is_client() => "unsuited".to_owned(),
            None => "connection".to_owned(),
        };
        let words = status.map(|_| error.to_string()).unwrap_or_default();
        let reason = format!("{code} {words}");
        Self {
            is_final: error.is_permanent()
                && status.is_none_or(|status| !OF_SETTINGS.contains(&status)),
            code,
            reason: reason
                .trim_end()
                .chars()
                .filter(|c| !c.is_control())
                .take(LONGEST_REASON)
                .collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use entity::values::{MailKind, MailState};

    fn mail(recipient: &str) -> mail::Model {
        let now = DateTime::UNIX_EPOCH;
        mail::Model {
            id: crate::kit::new_id(),
            organization_id: None,
            user_id: None,
            kind: MailKind::Invitation,
            state: MailState::Pending,
            recipient: recipient.to_owned(),
            subject: Some("Déjà\r\nBcc: everybody@livret.example".to_owned()),
            body: Some("Bonjour Zoé,\n\nVoilà.\n".to_owned()),
            attempts: 1,
            next_attempt_at: now,
            give_up_at: now,
            reason: None,
            created_at: now,
            sent_at: None,
        }
    }

    fn mailer() -> Mailer {
        Mailer {
            route: Route::Nowhere,
            from: default_sender().unwrap(),
        }
    }

    #[test]
    fn no_field_can_add_a_header() {
        let message = mailer().message(&mail("zoe@livret.example"), DateTime::UNIX_EPOCH);
        let text = String::from_utf8(message.unwrap().formatted()).unwrap();
        let (head, _) = text.split_once("\r\n\r\n").unwrap();
        assert!(!head.lines().any(|line| line.starts_with("Bcc")), "{head}");
        for recipient in [
            "a@b.example\r\nBcc: c@d.example",
            "a@b.example, c@d.example",
            "nobody",
        ] {
            let refused = mailer().message(&mail(recipient), DateTime::UNIX_EPOCH);
            assert!(refused.unwrap_err().is_final, "{recipient}");
        }
    }
}
