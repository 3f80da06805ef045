//! `malmarknad sources`: the table of sources.

use std::process::ExitCode;

use clap::Args;

use super::{Printer, aligned, terminal};
use crate::settings::{DataChoice, Settings};

/// `malmarknad sources`
#[derive(Debug, Args)]
pub(super) struct Sources {
    /// The figures: `bundled`, or a folder with datapackage.json and its tables
    #[arg(long, value_name = "bundled|DIR", default_value = "bundled")]
    data: String,
    /// As JSON, with addresses and hashes
    #[arg(long)]
    json: bool,
}

impl Sources {
    pub(super) fn execute(&self, settings: &Settings) -> anyhow::Result<ExitCode> {
        let config = settings.config()?;
        let choice = if self.data == "bundled" { DataChoice::Bundled } else { DataChoice::Folder((&self.data).into()) };
        let (figures, _) = settings.figures(&choice, &config.codes)?;
        let rows: Vec<_> = figures.sources.values().collect();
        if self.json {
            Printer::result(&format!("{}\n", serde_json::to_string_pretty(&rows)?))?;
            return Ok(ExitCode::SUCCESS);
        }
        let mut lines = vec![["source", "publisher", "dataset", "period", "retrieved", "licence", "used for"].map(str::to_owned).to_vec()];
        for row in rows {
            let cells = [&row.source, &row.publisher, &row.dataset, &row.period, &row.retrieved, &row.licence, &row.used_for];
            lines.push(cells.iter().map(|cell| terminal(cell)).collect());
        }
        Printer::result(&aligned(&lines, &[]))?;
        Ok(ExitCode::SUCCESS)
    }
}
