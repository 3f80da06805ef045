//! `malmarknad bundle`: the bundled figures, made again from the publishers' files.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context as _;
use clap::Args;

use super::Printer;
use crate::output::{Staging, write_file};
use crate::settings::Settings;
use crate::tidy::dataset::SourceRow;

/// `malmarknad bundle`
#[derive(Debug, Args)]
pub(super) struct Bundle {
    /// Folder of the publishers' files; data/recorded.toml names each
    #[arg(long, value_name = "DIR", env = "MALMARKNAD_RECORDED", default_value = "../shared/recorded")]
    from: PathBuf,
    /// Writes nothing: says whether the bundled figures are what the files give (exit code 1 if not)
    #[arg(long)]
    check: bool,
    /// Where the tables go [default: data/bundled]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

impl Bundle {
    pub(super) fn execute(&self, settings: &Settings, printer: &Printer) -> anyhow::Result<ExitCode> {
        let config = settings.config()?;
        let tables = crate::tidy::bundle(&self.from, &settings.data().join("recorded.toml"), &config.codes)?;
        let sources: Vec<SourceRow> =
            csv::Reader::from_reader(tables["sources"].as_slice()).deserialize().collect::<Result<_, _>>().context("the table of sources")?;
        let package = format!("{}\n", serde_json::to_string_pretty(&crate::bundle::datapackage(&tables, &sources))?);
        let out = self.out.clone().unwrap_or_else(|| settings.data().join("bundled"));
        let files =
            tables.iter().map(|(name, bytes)| (format!("{name}.csv"), bytes.as_slice())).chain([("datapackage.json".to_owned(), package.as_bytes())]);
        let mut different = Vec::new();
        let staging = if self.check { None } else { Some(Staging::open(&out)?) };
        for (name, bytes) in files {
            match &staging {
                Some(staging) => write_file(&staging.folder.join(&name), bytes)?,
                None if std::fs::read(out.join(&name)).ok().as_deref() != Some(bytes) => different.push(name),
                None => {}
            }
        }
        if let Some(staging) = staging {
            let count = staging.publish(&[])?;
            printer.status(&format!("{count} files in {}", out.display()));
        }
        if different.is_empty() {
            if self.check {
                Printer::result("the bundled figures are what the publishers' files give: no difference\n")?;
            }
            return Ok(ExitCode::SUCCESS);
        }
        anyhow::bail!(
            "{} differ from what the publishers' files give: {}\nhint: `malmarknad bundle` writes them again; git diff shows which figures change",
            different.len(),
            different.join(", ")
        )
    }
}
