//! `malmarknad sources`: the table of sources, with the snapshots of those that are fetched.

use std::process::ExitCode;

use clap::Args;
use serde_json::json;

use super::{Data, Printer, aligned, terminal};
use crate::settings::Settings;
use crate::snapshot::{Attempt, Receipt, Store};
use crate::source::{SOURCES, Source};
use crate::tidy::dataset::SourceRow;

/// `malmarknad sources`
#[derive(Debug, Args)]
pub(super) struct Sources {
    #[command(flatten)]
    data: Data,
    /// Instead: what `fetch` can bring, with every snapshot that there is
    #[arg(long)]
    snapshots: bool,
    /// As JSON, with addresses and hashes
    #[arg(long)]
    json: bool,
}

/// A source that is fetched, as its folder of snapshots has it.
struct Fetched {
    source: &'static Source,
    receipts: Vec<Receipt>,
    attempt: Option<Attempt>,
}

impl Fetched {
    fn of(store: &Store, source: &'static Source) -> anyhow::Result<Self> {
        Ok(Self { source, receipts: store.receipts(source.key)?, attempt: store.attempt(source.key)? })
    }

    fn day(&self) -> &str {
        self.receipts.last().map_or("", Receipt::day)
    }

    /// Days since the newest snapshot.
    fn age(&self) -> Option<i64> {
        let day: jiff::civil::Date = self.day().parse().ok()?;
        let today = jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date();
        Some(i64::from(day.until((jiff::Unit::Day, today)).ok()?.get_days()))
    }

    fn state(&self) -> String {
        match (&self.attempt, self.age()) {
            (Some(attempt), _) if !attempt.succeeded => format!("stale: the fetch of {} failed", terminal(attempt.at.get(..10).unwrap_or_default())),
            (_, Some(age)) if age > i64::from(self.source.cadence_days) => {
                format!("stale: the publisher's cadence is {} days", self.source.cadence_days)
            }
            (_, Some(_)) => "fresh".to_owned(),
            (_, None) if self.source.by_hand => "given as a file (--file)".to_owned(),
            (_, None) => "never fetched".to_owned(),
        }
    }
}

impl Sources {
    pub(super) fn execute(&self, settings: &Settings) -> anyhow::Result<ExitCode> {
        let config = settings.config()?;
        let store = Store::new(&settings.snapshots());
        let fetched: Vec<Fetched> = SOURCES.iter().map(|source| Fetched::of(&store, source)).collect::<anyhow::Result<_>>()?;
        let text = if self.snapshots {
            self.of_snapshots(&fetched)?
        } else {
            let (figures, _) = settings.figures(&self.data.choice(settings)?, &config.codes)?;
            let rows: Vec<&SourceRow> = figures.sources.values().collect();
            self.of_figures(&rows, &fetched)?
        };
        Printer::result(&text)?;
        Ok(ExitCode::SUCCESS)
    }

    /// The sources that the figures rest on.
    fn of_figures(&self, rows: &[&SourceRow], fetched: &[Fetched]) -> anyhow::Result<String> {
        if self.json {
            return Ok(format!("{}\n", serde_json::to_string_pretty(rows)?));
        }
        let header = ["source", "publisher", "dataset", "period", "retrieved", "newest snapshot", "age (days)", "state", "licence", "used for"];
        let mut lines = vec![header.map(str::to_owned).to_vec()];
        for row in rows {
            let of_source = fetched.iter().find(|fetched| fetched.source.key == row.source || fetched.source.replaces.contains(&row.source.as_str()));
            let (day, age, state) = match of_source {
                Some(fetched) => (fetched.day().to_owned(), fetched.age().map_or_else(String::new, |age| age.to_string()), fetched.state()),
                None => (String::new(), String::new(), "bundled only".to_owned()),
            };
            let cells = [&row.source, &row.publisher, &row.dataset, &row.period, &row.retrieved, &day, &age, &state, &row.licence, &row.used_for];
            lines.push(cells.iter().map(|cell| terminal(cell)).collect());
        }
        Ok(aligned(&lines, &[6]))
    }

    /// The sources that are fetched, a line a snapshot.
    fn of_snapshots(&self, fetched: &[Fetched]) -> anyhow::Result<String> {
        if self.json {
            let list: Vec<serde_json::Value> = fetched
                .iter()
                .map(|fetched| {
                    let source = fetched.source;
                    let pace: Vec<_> = source.bases.iter().map(|(url, pace)| json!({"url": url, "calls": pace.calls, "seconds": pace.seconds})).collect();
                    json!({
                        "source": source.key, "dataset": source.dataset, "publisher": source.publisher, "title": source.title, "page": source.page,
                        "licence": source.licence, "attribution": source.attribution, "used_for": source.used_for, "cadence_days": source.cadence_days,
                        "addresses": pace, "replaces": source.replaces, "state": fetched.state(), "age_days": fetched.age(),
                        "last_attempt": fetched.attempt, "snapshots": fetched.receipts,
                    })
                })
                .collect();
            return Ok(format!("{}\n", serde_json::to_string_pretty(&list)?));
        }
        let header = ["source", "publisher", "dataset", "snapshot", "period", "rows", "state", "licence", "used for"];
        let mut lines = vec![header.map(str::to_owned).to_vec()];
        for fetched in fetched {
            let source = fetched.source;
            let line = |day: &str, period: &str, rows: String, state: String| {
                [source.key, source.publisher, source.dataset, day, period, &rows, &state, source.licence, source.used_for].map(terminal).to_vec()
            };
            let Some((newest, older)) = fetched.receipts.split_last() else {
                lines.push(line("", "", String::new(), fetched.state()));
                continue;
            };
            lines.push(line(newest.day(), &newest.period, newest.rows.to_string(), fetched.state()));
            lines.extend(older.iter().rev().map(|older| line(older.day(), &older.period, older.rows.to_string(), "older".to_owned())));
        }
        Ok(aligned(&lines, &[5]))
    }
}
