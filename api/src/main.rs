//! The program `livret`: serves the API, and what an operator needs around it.

use std::io::{ErrorKind, IsTerminal, Read, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use api::foundation::config::Config;
use api::foundation::database;
use api::foundation::keys::rotation::{self, Rotation};
use api::kit::Clock;
use api::program::doctor::{self, Verdict};
use api::program::{admin, backup, demo, openapi, server, verify_audit};
use clap::{Parser, Subcommand};
use tracing_appender::non_blocking::WorkerGuard;
use tracing_subscriber::EnvFilter;

/// It gives back what the API document takes while it is built: ADR 20.
#[cfg(not(target_env = "msvc"))]
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

/// Le livret d'accompagnement VAE – Compétences Clés, as a JSON API.
#[derive(Parser)]
#[command(name = "livret", version, args_conflicts_with_subcommands = true)]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    serve: Serve,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the API (the default).
    Serve(Serve),
    /// Apply the migrations that are missing, or undo the last ones.
    Migrate {
        #[command(flatten)]
        config: Config,
        /// Undo so many migrations instead.
        #[arg(long, value_name = "STEPS")]
        down: Option<u32>,
    },
    /// Fill an empty database with demo data.
    Seed {
        #[command(flatten)]
        config: Config,
    },
    /// Print the API document.
    Openapi {
        /// Its form: OpenAPI 3.1, OpenAPI 3.0.3 or Swagger 2.0.
        #[arg(long = "version", value_name = "VERSION", default_value = "3.1")]
        form: openapi::Form,
    },
    /// Verify the hash chains of the audit trail; also beside a live server. Prints the head of
    /// each chain, to be kept elsewhere and expected the next time; exits with 1 when something
    /// was changed.
    VerifyAudit {
        #[command(flatten)]
        config: Config,
        #[command(flatten)]
        question: verify_audit::Question,
    },
    /// Copy the database into a file, also beside a live server, and read the copy back.
    Backup {
        #[command(flatten)]
        config: Config,
        /// The file to write: of SQLite, or of `pg_dump` where the database is PostgreSQL.
        file: PathBuf,
        /// Copy the keys too, into the folder `FILE.keys`: keep them as safe as the data.
        #[arg(long)]
        with_keys: bool,
    },
    /// Put a copy back, where no database is; or try whether it would serve.
    Restore {
        #[command(flatten)]
        config: Config,
        #[command(flatten)]
        wanted: backup::Restoring,
    },
    /// Look at the database, keys, clock, disk, mail and settings, and say what to do; changes nothing, also
    /// beside a live server. Exits with 1 when the service cannot run like this.
    Doctor {
        #[command(flatten)]
        config: Config,
        /// The file that `livret backup` wrote, or the folder of such files: how old the newest may be.
        #[arg(long, value_name = "FILE")]
        copies: Option<PathBuf>,
    },
    /// Make the next key that signs tokens, and remove those that are over; also beside a live
    /// server.
    RotateKeys {
        #[command(flatten)]
        config: Config,
        /// Only remove the keys that are over.
        #[arg(long)]
        retire: bool,
        /// One was stolen: make a key that signs at once, and remove all others. Access tokens
        /// made before are refused.
        #[arg(long, conflicts_with = "retire")]
        at_once: bool,
    },
    /// Make an administrator of the platform; also beside a live server.
    CreateAdmin {
        #[command(flatten)]
        config: Config,
        /// The administrator's e-mail address.
        #[arg(long)]
        email: String,
        /// Read the password from the standard input.
        #[arg(long, required = true)]
        password_stdin: bool,
    },
}

#[derive(clap::Args)]
struct Serve {
    #[command(flatten)]
    config: Config,
    /// Fill an empty database with demo data, and show the demo accounts.
    #[arg(long)]
    demo: bool,
}

#[actix_web::main]
async fn main() -> ExitCode {
    let _written_at_the_end = match log_to_stderr() {
        Ok(rest) => rest,
        Err(sentence) => {
            eprintln!("livret: {sentence}");
            return ExitCode::FAILURE;
        }
    };
    let cli = Cli::parse();
    match run(cli.command.unwrap_or(Command::Serve(cli.serve))).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(sentence) => {
            eprintln!("livret: {sentence}");
            ExitCode::FAILURE
        }
    }
}

/// What is said here of each stranger who sends something else than HTTP: as an error, for as long as they
/// like. Those who ask for it are told.
const STRANGERS: &str = "actix_http::h1::dispatcher";

/// What says two lines of each migration; we say one of all.
const MIGRATIONS: &str = "sea_orm_migration";

/// `LIVRET_LOG` says what is logged, as in `info,api=debug`, and `LIVRET_LOG_FORMAT` how: as `text`, or in lines of
/// `json`. Lines are written by a thread of their own, so that who reads them slowly, or no more, keeps no request
/// waiting: 128,000 lines are kept for them, and later ones are lost. What is given back writes the rest when it is
/// dropped.
fn log_to_stderr() -> Result<WorkerGuard, String> {
    let mut wanted = std::env::var("LIVRET_LOG").unwrap_or_else(|_| "info".to_owned());
    if !wanted.contains("actix_http") {
        wanted = format!("{wanted},{STRANGERS}=off");
    }
    if !wanted.contains(MIGRATIONS) {
        wanted = format!("{wanted},{MIGRATIONS}=warn");
    }
    let filter = EnvFilter::try_new(&wanted)
        .map_err(|error| format!("LIVRET_LOG: {wanted} is not a filter: {error}"))?;
    let (writer, rest) = tracing_appender::non_blocking(std::io::stderr());
    let lines = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(std::io::stderr().is_terminal())
        .with_writer(writer);
    match std::env::var("LIVRET_LOG_FORMAT").as_deref() {
        Err(_) | Ok("text") => lines.init(),
        Ok("json") => lines.json().flatten_event(true).init(),
        Ok(other) => return Err(format!("LIVRET_LOG_FORMAT: text or json, not {other}")),
    }
    Ok(rest)
}

async fn run(command: Command) -> Result<(), String> {
    match command {
        Command::Serve(Serve { config, demo }) => {
            server::serve(config, Clock::default(), demo).await
        }
        Command::Seed { config } => print(&demo::table(&demo::seed(&config).await?)),
        Command::Migrate { config, down } => match down {
            Some(steps) => database::migrate_down(&config, steps).await,
            None => database::migrate(&config).await,
        }
        .map_err(|error| format!("cannot migrate: {error}")),
        Command::Openapi { form } => print(&openapi::api_document_text(form)),
        Command::VerifyAudit { config, question } => {
            let report = verify_audit::verify(&config, &question).await?;
            for head in &report.heads {
                print(&head.to_string())?;
            }
            for note in &report.notes {
                eprintln!("note: {note}");
            }
            for sentence in &report.sentences {
                eprintln!("{sentence}");
            }
            match report.faults {
                0 => Ok(()),
                faults => Err(format!("the audit trail was changed: {faults} faults")),
            }
        }
        Command::Backup {
            config,
            file,
            with_keys,
        } => print(&backup::backup(&config, &file, with_keys).await?),
        Command::Restore { config, wanted } => print(&backup::restore(&config, &wanted).await?),
        Command::Doctor { config, copies } => {
            let found = doctor::look(&config, copies.as_deref(), Clock::default().now()).await;
            let lines: Vec<String> = found.iter().map(ToString::to_string).collect();
            print(&lines.join("\n"))?;
            let broken = found.iter().filter(|one| one.verdict == Verdict::Broken);
            match broken.count() {
                0 => Ok(()),
                broken => Err(format!("{broken} broken, as the lines above say")),
            }
        }
        Command::RotateKeys {
            config,
            retire,
            at_once,
        } => {
            let what = match (retire, at_once) {
                (true, _) => Rotation::Retire,
                (_, true) => Rotation::AtOnce,
                _ => Rotation::Next,
            };
            print(&rotation::rotate(&config, what, Clock::default().now())?.join("\n"))
        }
        Command::CreateAdmin {
            config,
            email,
            password_stdin: _,
        } => {
            let mut password = String::new();
            std::io::stdin()
                .read_to_string(&mut password)
                .map_err(|error| format!("cannot read the password: {error}"))?;
            admin::create(&config, &email, password.trim_end_matches(['\r', '\n'])).await?;
            print(&format!(
                "{} is an administrator, and can log in",
                email.trim()
            ))
        }
    }
}

/// Writes a text to the standard output. Whoever reads it may stop before its end, as `head` does.
fn print(text: &str) -> Result<(), String> {
    let mut output = std::io::stdout().lock();
    match writeln!(output, "{text}").and_then(|()| output.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            Err(format!("cannot write: {error}"))
        }
        _ => Ok(()),
    }
}
