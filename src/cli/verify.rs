//! `malmarknad verify`: do the figures and the finished runs still hash to what was written down?

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;

use super::{Printer, terminal};
use crate::manifest::{FILE, Manifest};
use crate::settings::{DataChoice, Settings};

/// `malmarknad verify`
#[derive(Debug, Args)]
pub(super) struct Verify {
    /// Folders of finished runs [default: every run below reports/, and every notebook below notebooks-out/]
    runs: Vec<PathBuf>,
    /// The figures: `bundled`, or a folder with datapackage.json and its tables
    #[arg(long, value_name = "bundled|DIR", default_value = "bundled")]
    data: String,
}

/// Finished runs below `folder`, in name order.
fn runs_below(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let mut runs: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).filter(|path| path.join(FILE).is_file()).collect();
    runs.sort();
    runs
}

impl Verify {
    pub(super) fn execute(&self, settings: &Settings, printer: &Printer) -> anyhow::Result<ExitCode> {
        let config = settings.config()?;
        let choice = if self.data == "bundled" { DataChoice::Bundled } else { DataChoice::Folder((&self.data).into()) };
        // Reading proves every table's hash and every code in it.
        let (figures, folder) = settings.figures(&choice, &config.codes)?;
        Printer::result(&format!("{}: {} tables as described\n", folder.display(), figures.hashes.len()))?;
        let now = crate::manifest::input_hashes(&config, &figures);
        let below = |folder: &str| runs_below(&settings.home.join(folder));
        let runs = if self.runs.is_empty() { [below("reports"), below(super::run::NOTEBOOKS)].concat() } else { self.runs.clone() };
        let mut wrong = 0;
        for run in &runs {
            let manifest = Manifest::read(run)?;
            let differences = manifest.differences(run);
            let verdict = if differences.is_empty() { "as written" } else { "NOT as written" };
            Printer::result(&format!("{}: {} files, {verdict}\n", run.display(), manifest.outputs.len()))?;
            for difference in &differences {
                Printer::result(&format!("  {}\n", terminal(difference)))?;
            }
            wrong += differences.len();
            let changed = manifest.changed_inputs(&now);
            if manifest.version != env!("CARGO_PKG_VERSION") || !changed.is_empty() {
                printer.status(&format!(
                    "note: {} was made by version {} from other inputs ({}); a run now may give other figures",
                    run.display(),
                    terminal(&manifest.version),
                    terminal(&changed.join(", "))
                ));
            }
        }
        if wrong > 0 {
            anyhow::bail!("{wrong} files are not what their manifest says\nhint: run `malmarknad run` again with the same county and year");
        }
        Ok(ExitCode::SUCCESS)
    }
}
