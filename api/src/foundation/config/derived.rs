//! What follows from the settings, where they say nothing of it.

use std::num::NonZeroU32;
use std::path::PathBuf;

use secrecy::ExposeSecret;

use super::Config;

impl Config {
    /// Whether the data lives in a file of SQLite's.
    #[must_use]
    pub fn is_sqlite(&self) -> bool {
        self.database_url.expose_secret().starts_with("sqlite:")
    }

    /// The SQLite file, unless the database lives in memory or elsewhere.
    #[must_use]
    pub fn sqlite_path(&self) -> Option<PathBuf> {
        let rest = self.database_url.expose_secret().strip_prefix("sqlite:")?;
        let path = rest.strip_prefix("//").unwrap_or(rest).split('?').next()?;
        (!path.is_empty() && path != ":memory:").then(|| PathBuf::from(path))
    }

    /// The folder that holds the SQLite file, or `./data`.
    pub(crate) fn data_dir(&self) -> PathBuf {
        let folder = self
            .sqlite_path()
            .and_then(|path| path.parent().map(PathBuf::from));
        match folder {
            Some(folder) if folder.as_os_str().is_empty() => PathBuf::from("."),
            Some(folder) => folder,
            None => PathBuf::from("data"),
        }
    }

    /// In a demo nobody has a mailbox: mails that would be refused go where they can be read. And people work in the
    /// front-end that comes with it.
    pub(crate) fn fit_for_a_demo(&mut self) {
        if self.smtp_url.is_none() && self.mail_outbox.is_none() {
            self.mail_outbox = Some(self.data_dir().join("outbox"));
        }
        let its_own = format!("{}/demo", self.public_url());
        self.front_url.get_or_insert(its_own);
    }

    pub(crate) fn key_dir(&self) -> PathBuf {
        self.key_dir.clone().unwrap_or_else(|| self.data_dir())
    }

    pub(crate) fn pool_size(&self) -> u32 {
        let usual = match self.is_sqlite() {
            true => 2 * cores() + 1,
            false => 3 * cores() + 3,
        };
        self.database_pool.map_or(usual, NonZeroU32::get)
    }

    pub(crate) fn workers(&self) -> usize {
        self.workers.map_or_else(cores, NonZeroU32::get) as usize
    }

    /// The address to put in links.
    #[must_use]
    pub fn public_url(&self) -> String {
        self.public_url
            .clone()
            .unwrap_or_else(|| format!("http://{}", self.listen))
    }
}

fn cores() -> u32 {
    std::thread::available_parallelism().map_or(1, |cores| u32::try_from(cores.get()).unwrap_or(1))
}
