//! Where the code declares what the table of limits says.

/// A row's name; where the code declares it, and how; what its row says of that.
pub(super) type Limit = (
    &'static str,
    &'static [(&'static str, &'static str)],
    &'static [&'static str],
);

#[rustfmt::skip]
pub(super) const LIMITS: [Limit; 33] = [
    ("requests a second", &[], &["200"]),
    ("requests at once", &[], &["100"]),
    ("time of a body", &[], &["30 s"]),
    ("time of a reader who takes nothing", &[], &["30 s"]),
    ("a body held back while its session ends", &[("kit/write/present.rs", "PROMPT: TimeDelta = TimeDelta::seconds(2);")], &["2 s"]),
    ("size of a body", &[
        ("kit/body/input.rs", "BODY_LIMIT: usize = 1024 * 1024;"),
        ("kit/body/upload.rs", "FILE_LIMIT: usize = 64 * 1024 * 1024;"),
        ("outside/imports/workbook.rs", "LARGEST: u64 = 8 * 1024 * 1024;"),
        ("outside/imports/workbook.rs", "UNPACKED: u64 = 96 * 1024 * 1024;"),
        ("outside/imports/workbook.rs", "PARTS: usize = 1000;"),
        ("outside/imports/workbook.rs", "READING: Semaphore = Semaphore::const_new(2);"),
    ], &["1 MiB", "64 MiB", "8 MiB", "96 MiB", "1,000 parts", "two read at a time"]),
    ("rows of a file", &[
        ("outside/imports/rules.rs", "MOST_ROWS: u32 = 200_000;"),
        ("outside/imports/rules.rs", "MOST_ROWS_ON_SQLITE: u32 = 20_000;"),
        ("outside/imports/rules.rs", "OF_A_BOOKLET: u32 = 10;"),
    ], &["200,000", "on SQLite 20,000", "of booklets 2,000"]),
    ("content coding of a body", &[("kit/coding.rs", "eq_ignore_ascii_case(\"identity\")")], &["none"]),
    ("values in a body, or in a line of a file", &[
        ("foundation/operations/size.rs", "MOST_VALUES: usize = 50_000;"),
    ], &["50,000"]),
    // That of serde_json.
    ("nesting of a body", &[], &["127"]),
    ("faults in an answer", &[
        ("foundation/problem/mod.rs", "FAULT_LIMIT: usize = 100;"),
        ("foundation/problem/mod.rs", "POINTER_LIMIT: usize = 500;"),
        ("foundation/problem/mod.rs", "FAULTS_SIZE: usize = 60 * 1024;"),
    ], &["100", "500 characters", "64 KiB"]),
    ("faults in the report of an import", &[
        ("outside/imports/stage.rs", "MOST_FAULTS: i32 = 10_000;"),
        ("outside/imports/stage.rs", "NOTED_POINTER: usize = 200;"),
        ("outside/imports/columns.rs", "MOST_COLUMNS: usize = 1000;"),
    ], &["10,000", "200 characters", "1,000 columns"]),
    ("pages of one kind in a booklet", &[], &["2,000"]),
    ("rows of one kind in an organization", &[
        ("kit/quota.rs", "SERVICE_ACCOUNTS: u32 = 200;"),
        ("outside/webhooks/rules.rs", "MOST: u64 = 50;"),
        ("outside/imports/rules.rs", "MOST_UNFINISHED: u64 = 20;"),
    ], &["200,000", "200 service accounts", "50 webhooks", "20 unfinished"]),
    ("API keys of a service account", &[("kit/quota.rs", "API_KEYS: u32 = 20;")], &["20"]),
    ("booklets that an administrator has open", &[
        ("trust/break_glass/store.rs", "OPEN_AT_ONCE: u64 = 5;"),
    ], &["5"]),
    ("a whole booklet", &[
        ("booklet/full/weight.rs", "MOST: usize = 8 * 1024 * 1024;"),
        ("foundation/state/mod.rs", "FULL_AT_ONCE: NonZeroU32 = NonZeroU32::MIN.saturating_add(1);"),
    ], &["8 MiB", "two at a time"]),
    ("exports", &[
        ("foundation/state/mod.rs", "EXPORTS_AT_ONCE: NonZeroU32 = NonZeroU32::MIN.saturating_add(1);"),
        ("people/auth/reader.rs", "LONGEST: Duration = Duration::from_secs(3600);"),
    ], &["two at a time", "an hour"]),
    ("files that arrive", &[
        ("foundation/state/mod.rs", "UPLOADS_AT_ONCE: NonZeroU32 = NonZeroU32::MIN.saturating_add(3);"),
        ("kit/body/upload.rs", "LONGEST: Duration = Duration::from_secs(3600);"),
    ], &["four at a time", "an hour"]),
    ("readers that wait for changes", &[
        ("foundation/state/mod.rs", "WAITING: NonZeroU32 = NonZeroU32::MIN.saturating_add(15);"),
        ("foundation/state/mod.rs", "WAITING_TOGETHER: NonZeroU32 = NonZeroU32::MIN.saturating_add(255);"),
    ], &["16 a person", "256 an organization"]),
    ("sessions of a person", &[("people/auth/sessions.rs", "MOST: u64 = 50;")], &["50"]),
    ("answers kept under an `Idempotency-Key`", &[
        ("kit/quota.rs", "OF_A_PERSON: u64 = 5_000;"),
        ("kit/quota.rs", "OF_A_PROGRAM: u64 = 100_000;"),
    ], &["5,000 a person", "100,000 a program"]),
    ("changes that are counted as news", &[
        ("outside/news/store.rs", "MOST: u64 = 10_000;"),
    ], &["10,000"]),
    ("things to do that are counted", &[
        ("booklet/to_do/counts.rs", "MOST: u64 = 10_000;"),
    ], &["10,000"]),
    ("who may be the same person", &[
        ("people/candidates/likeness.rs", "MOST: usize = 20;"),
        ("people/candidates/likeness.rs", "LOOKED_AT: u64 = 200;"),
        ("outside/imports/doubles.rs", "MOST: usize = 100;"),
        ("outside/imports/doubles.rs", "OF_ONE: usize = 3;"),
        ("outside/imports/columns.rs", "MOST_TITLES: usize = 10;"),
    ], &["20", "first 200", "100 in an import", "three a row", "10 lines of titles"]),
    ("what a search shows", &[
        ("booklet/search/store.rs", "SHOWN: usize = 10;"),
        ("booklet/search/store.rs", "COMPARED: u64 = 200;"),
        ("booklet/search/rules.rs", "MOST: usize = 60;"),
    ], &["10 of a kind", "200 that fit best", "60 groups of letters"]),
    ("groups of booklets that are counted", &[
        ("booklet/booklets/board/counts.rs", "GROUPS: usize = 200;"),
    ], &["200"]),
    ("faults in all reports of an organization", &[
        ("outside/imports/erase.rs", "REPORTED: u64 = 100_000;"),
    ], &["100,000"]),
    ("passwords that are checked", &[
        ("foundation/state/passwords.rs", "QUEUE: usize = 64;"),
        ("foundation/state/passwords.rs", "PLACES_OF_A_NETWORK: NonZeroU32 = NonZeroU32::MIN.saturating_add(31);"),
        ("foundation/state/passwords.rs", "PLACES_OF_A_PERSON: NonZeroU32 = NonZeroU32::MIN.saturating_add(1);"),
    ], &["64 wait", "32 of one address", "two of one person"]),
    ("failures to sign in", &[
        ("people/auth/attempts/rule.rs", "free: 5,"),
        ("people/auth/attempts/rule.rs", "free: 20,"),
        ("people/auth/attempts/rule.rs", "free: 50,"),
        ("people/auth/attempts/rule.rs", "free: 200,"),
    ], &["5 of an account at an address", "20 of an account", "50 of an address", "200 of a /48"]),
    ("names that are looked up", &[
        ("foundation/outbound/names.rs", "AT_ONCE: usize = 64;"),
        ("foundation/state/mod.rs", "LOOKUPS_AT_ONCE: NonZeroU32 = NonZeroU32::MIN.saturating_add(3);"),
    ], &["64", "four of one organization"]),
    ("deliveries of webhooks", &[
        ("outside/webhooks/dispatch/slots.rs", "WORKING: (usize, usize) = (64, 4);"),
        ("outside/webhooks/dispatch/slots.rs", "OF_ONE: (usize, usize) = (16, 4);"),
        ("outside/webhooks/dispatch/slots.rs", "FAILING: (usize, usize) = (32, 1);"),
    ], &["64 and four an endpoint", "16 an organization", "32, one and 4"]),
    ("trials of receivers", &[
        ("outside/webhooks/conformance/play.rs", "AT_ONCE: Semaphore = Semaphore::const_new(4);"),
    ], &["four", "one an organization"]),
];

/// Names of constants that bound what others may ask for.
pub(super) const NAMES: [&str; 8] = [
    "MOST",
    "_LIMIT",
    "AT_ONCE",
    "QUEUE",
    "WAITING",
    "PLACES_OF",
    "FAULTS_SIZE",
    "OF_A_",
];

/// Constants of such names that bound nothing that others ask for: pages of our own work, and what is
/// told of in the pages of their subject.
pub(super) const OTHERS: [&str; 16] = [
    "booklet/full/store.rs",
    "foundation/access_log/",
    "foundation/database/",
    "foundation/operations/",
    "foundation/state/zones.rs",
    "kit/body/upload.rs",
    "kit/list/positions.rs",
    "kit/write/event",
    "outside/exports/spreadsheet.rs",
    "outside/imports/workbook.rs",
    "outside/imports/write.rs",
    "outside/webhooks/deliveries/again.rs",
    "outside/webhooks/dispatch/fan_out.rs",
    "people/auth/verified.rs",
    "people/identity_providers/keys.rs",
    "people/mail/",
];
