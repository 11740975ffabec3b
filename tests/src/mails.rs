//! The mails that the service sent, read back from its outbox folder as a mail program reads them.

use api::program::server;
use mail_parser::MessageParser;

use crate::World;

/// A mail as its reader sees it.
#[derive(Clone, Debug)]
pub struct Mail {
    pub to: String,
    pub subject: String,
    pub text: String,
}

impl Mail {
    /// The token of the link in it.
    #[track_caller]
    pub fn token(&self) -> &str {
        let (_, rest) = self.text.split_once("#token=").expect("no link in it");
        rest.split_whitespace().next().unwrap()
    }
}

impl World {
    /// Sends the mails that are due, and gives all that ever left, the oldest first.
    pub async fn mails(&self) -> Vec<Mail> {
        while server::send_mails(&self.state).await.unwrap() > 0 {}
        let folder = self.state.mailer.folder().unwrap();
        let Ok(files) = std::fs::read_dir(folder) else {
            return Vec::new();
        };
        let mut files: Vec<_> = files.map(|file| file.unwrap().path()).collect();
        files.sort();
        files
            .iter()
            .map(|file| read(&std::fs::read(file).unwrap()))
            .collect()
    }

    /// Those that left to this address.
    pub async fn mails_to(&self, address: &str) -> Vec<Mail> {
        let mut mails = self.mails().await;
        mails.retain(|mail| mail.to == address);
        mails
    }
}

fn read(bytes: &[u8]) -> Mail {
    let message = MessageParser::default().parse(bytes).unwrap();
    let to = message.to().and_then(|to| to.first()).unwrap();
    Mail {
        to: to.address().unwrap().to_owned(),
        subject: message.subject().unwrap().to_owned(),
        text: message.body_text(0).unwrap().into_owned(),
    }
}
