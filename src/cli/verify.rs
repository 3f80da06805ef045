//! `malmarknad verify`: do the figures and the finished runs still hash to what was written down?

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;

use super::{Data, Printer, terminal};
use crate::manifest::{FILE, Manifest};
use crate::settings::Settings;
use crate::snapshot::Store;
use crate::source::SOURCES;

/// `malmarknad verify`
#[derive(Debug, Args)]
pub(super) struct Verify {
    /// Folders of finished runs [default: every run below reports/, and every notebook below notebooks-out/]
    runs: Vec<PathBuf>,
    #[command(flatten)]
    data: Data,
}

/// Finished runs below `folder`, in name order.
fn runs_below(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let mut runs: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).filter(|path| path.join(FILE).is_file()).collect();
    runs.sort();
    runs
}

/// Proves every answer of every snapshot; returns how many are not what their receipts say.
fn snapshots(settings: &Settings) -> anyhow::Result<usize> {
    let store = Store::new(&settings.snapshots());
    let (mut count, mut wrong) = (0, 0);
    for source in SOURCES {
        for receipt in store.receipts(source.key)? {
            count += 1;
            for answer in &receipt.answers {
                if let Err(error) = store.prove(answer) {
                    wrong += 1;
                    Printer::result(&format!("{} of {}, {}: {error}\n", receipt.source, terminal(receipt.day()), answer.name))?;
                }
            }
        }
    }
    if count > 0 {
        let verdict = if wrong == 0 { "as received" } else { "NOT as received" };
        Printer::result(&format!("{}: {count} snapshots, {verdict}\n", store.folder().display()))?;
    }
    Ok(wrong)
}

impl Verify {
    pub(super) fn execute(&self, settings: &Settings, printer: &Printer) -> anyhow::Result<ExitCode> {
        let config = settings.config()?;
        let choice = self.data.choice(settings)?;
        // Reading proves every table's hash and every code in it.
        let (figures, folder) = settings.figures(&choice, &config.codes)?;
        Printer::result(&format!("{}: {} tables as described\n", folder.display(), figures.hashes.len()))?;
        let now = crate::manifest::input_hashes(&config, &figures);
        let below = |folder: &str| runs_below(&settings.home.join(folder));
        let runs = if self.runs.is_empty() { [below("reports"), below(super::run::NOTEBOOKS)].concat() } else { self.runs.clone() };
        let mut wrong = snapshots(settings)?;
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
            anyhow::bail!(
                "{wrong} files are not what their manifest or receipt says\nhint: run `malmarknad run` again with the same county and year, or fetch the source again"
            );
        }
        Ok(ExitCode::SUCCESS)
    }
}
