//! `malmarknad fetch`: what the publishers publish now, into snapshots with receipts.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::process::ExitCode;
use std::time::Duration;

use clap::Args;
use indicatif::ProgressBar;

use super::{Printer, terminal};
use crate::fetch::{Outcome, Plan, Watch, fetch, first_calls};
use crate::http::Patience;
use crate::settings::Settings;
use crate::snapshot::Store;
use crate::source::{SOURCES, Source, source};

pub(super) const ABOUT: &str = "Fetches what the publishers publish now into data/snapshots: their bytes as received, with a receipt beside them. It asks \
    seldom and waits when it is asked to, goes on where a stopped fetch ended, and takes nothing that it does not understand: a changed layout or a new code \
    is told with what was expected and what was found, and the last good snapshot stays in use. At the end it says what has changed since the last snapshot.";

/// `malmarknad fetch`
#[derive(Debug, Args)]
pub(super) struct Fetch {
    /// The sources, by key [default: all; `malmarknad sources --snapshots` lists them]
    #[arg(value_name = "SOURCE")]
    sources: Vec<String>,
    /// The latest year that is wanted [default: this year]
    #[arg(long, value_name = "YEAR", value_parser = clap::value_parser!(i32).range(2014..2100))]
    year: Option<i32>,
    /// Prints the calls that are known beforehand, and makes none
    #[arg(long)]
    dry_run: bool,
    /// Another address for a source: a mirror, or a server for tests
    #[arg(long, value_name = "SOURCE=URL")]
    base_url: Vec<String>,
    /// A file in the place of a source's answer: what a person has downloaded, or made of a PDF; once for each file (docs/fetching.md)
    #[arg(long, value_name = "SOURCE=PATH")]
    file: Vec<String>,
    /// Whom the publishers may write to; stands in every request
    #[arg(long, value_name = "EMAIL", env = "MALMARKNAD_CONTACT")]
    contact: Option<String>,
    /// The time after which nothing more is asked
    #[arg(long, value_name = "MINUTES", default_value_t = 120, value_parser = clap::value_parser!(u64).range(1..=1440))]
    time_limit: u64,
    /// How often a call is tried
    #[arg(long, value_name = "N", default_value_t = 6, value_parser = clap::value_parser!(u32).range(1..=20))]
    tries: u32,
    /// Seconds before the second try; the wait doubles for each after
    #[arg(long, value_name = "SECONDS", default_value_t = 4.0, value_parser = seconds)]
    first_wait: f64,
}

fn seconds(text: &str) -> Result<f64, String> {
    text.parse::<f64>().ok().filter(|seconds| (0.0..=600.0).contains(seconds)).ok_or_else(|| "a number of seconds, at most 600".to_owned())
}

fn named(key: &str) -> anyhow::Result<&'static Source> {
    source(key).ok_or_else(|| {
        let keys: Vec<&str> = SOURCES.iter().map(|source| source.key).collect();
        anyhow::anyhow!("no source {}\nhint: the sources are {}", terminal(&key.chars().take(60).collect::<String>()), keys.join(", "))
    })
}

struct Progress<'a> {
    printer: &'a Printer,
    bar: ProgressBar,
    showing: RefCell<String>,
}

impl Watch for Progress<'_> {
    fn call(&self, source: &Source, number: usize, of: usize, what: &str) {
        let text = format!("{}: {} ({number} of {of})", source.key, terminal(what));
        self.bar.set_message(text.clone());
        *self.showing.borrow_mut() = text;
    }

    fn waiting(&self, why: &str) {
        self.bar.suspend(|| self.printer.status(&format!("  {}: {}", self.showing.borrow(), terminal(why))));
    }

    fn done(&self, outcome: &Outcome) {
        self.bar.inc(1);
        let in_use = outcome.in_use.as_deref();
        let line = match (&outcome.result, in_use) {
            (Ok(fetched), _) if fetched.unchanged => format!("{}: as before ({}, {} rows)", outcome.source, fetched.period, fetched.rows),
            (Ok(fetched), _) => format!(
                "{}: {} rows, {} (calls: {}; {:.1} MB)",
                outcome.source,
                fetched.rows,
                fetched.period,
                outcome.calls,
                outcome.bytes as f64 / 1e6
            ),
            (Err(reason), Some(day)) => format!("{}: FAILED, the snapshot of {day} stays in use\n  {}", outcome.source, indented(reason)),
            (Err(reason), None) => {
                format!("{}: FAILED, there is no snapshot and the bundled figures stay in use\n  {}", outcome.source, indented(reason))
            }
        };
        self.bar.suspend(|| self.printer.status(&line));
    }
}

fn indented(text: &str) -> String {
    text.lines().map(terminal).collect::<Vec<_>>().join("\n  ")
}

impl Fetch {
    pub(super) fn execute(&self, settings: &Settings, printer: &Printer) -> anyhow::Result<ExitCode> {
        let config = settings.config()?;
        let mut files: BTreeMap<String, Vec<std::path::PathBuf>> = BTreeMap::new();
        for given in &self.file {
            let Some((key, path)) = given.split_once('=') else {
                anyhow::bail!("--file {} is not SOURCE=PATH\nhint: for example --file ela_annex=annex.csv", terminal(given));
            };
            files.entry(named(key)?.key.to_owned()).or_default().push(std::path::PathBuf::from(path));
        }
        let sources = if self.sources.is_empty() {
            SOURCES.iter().copied().filter(|source| !source.by_hand || files.contains_key(source.key)).collect()
        } else {
            self.sources.iter().map(|key| named(key)).collect::<anyhow::Result<_>>()?
        };
        let mut base_urls = BTreeMap::new();
        for given in &self.base_url {
            let pair = given.split_once('=').filter(|(_, url)| url.starts_with("http://") || url.starts_with("https://"));
            let Some((key, url)) = pair else {
                anyhow::bail!("--base-url {} is not SOURCE=URL\nhint: for example --base-url scb_yreg60=http://127.0.0.1:8000", terminal(given));
            };
            base_urls.insert(named(key)?.key.to_owned(), url.to_owned());
        }
        let this_year = i32::from(jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).year());
        let plan = Plan {
            sources,
            year: self.year.unwrap_or(this_year),
            base_urls,
            files,
            pace: None,
            patience: Patience {
                tries: self.tries,
                first_wait: Duration::from_secs_f64(self.first_wait),
                total: Duration::from_secs(60 * self.time_limit),
                ..Patience::default()
            },
            contact: self.contact.clone(),
            codes: &config.codes,
            bundled: settings.data().join("bundled"),
        };
        if self.dry_run {
            return dry_run(&plan);
        }
        if plan.contact.is_none() {
            printer.status("note: the publishers cannot see whom to write to; give an address with --contact or MALMARKNAD_CONTACT");
        }
        let store = Store::new(&settings.snapshots());
        let progress = Progress { printer, bar: printer.progress(plan.sources.len() as u64), showing: RefCell::default() };
        let outcomes = fetch(&store, &plan, &progress)?;
        progress.bar.finish_and_clear();
        report(&outcomes)?;
        let failed = outcomes.iter().filter(|outcome| outcome.result.is_err()).count();
        if failed > 0 {
            printer.status(&format!(
                "{failed} of {} sources failed; the others are fetched\nhint: run the same command again later, it goes on where it ended; a source whose layout has changed needs a new version of the program",
                outcomes.len()
            ));
            return Ok(ExitCode::from(3));
        }
        Ok(ExitCode::SUCCESS)
    }
}

/// What has changed, to stdout.
fn report(outcomes: &[Outcome]) -> std::io::Result<()> {
    let mut text = String::new();
    for outcome in outcomes {
        let Ok(fetched) = &outcome.result else { continue };
        let lines: Vec<String> = fetched.changes.iter().flat_map(crate::snapshot::changes::Changes::lines).collect();
        if fetched.unchanged || lines.is_empty() {
            let _ = writeln!(text, "{}: nothing has changed", outcome.source);
        } else {
            let _ = writeln!(text, "{}:", outcome.source);
            for line in lines {
                let _ = writeln!(text, "  {}", terminal(&line));
            }
        }
    }
    Printer::result(&text)
}

/// The calls that are known before any answer.
fn dry_run(plan: &Plan) -> anyhow::Result<ExitCode> {
    let mut text = String::new();
    for source in &plan.sources {
        let _ = writeln!(text, "{} ({}: {})", source.key, source.publisher, source.dataset);
        for (url, call) in first_calls(plan, source)? {
            let method = if call.body.is_some() { "POST" } else { "GET" };
            let _ = writeln!(text, "  {method} {url}");
            if let Some(body) = &call.body {
                let _ = writeln!(text, "       {body}");
            }
        }
        let pace = source.bases.first().map_or_else(String::new, |(_, pace)| format!("at most {} calls in {} s", pace.calls, pace.seconds));
        let _ = writeln!(text, "  then what these answers lead to; {pace}");
    }
    Printer::result(&text)?;
    Ok(ExitCode::SUCCESS)
}
