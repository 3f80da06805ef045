//! `malmarknad run --county all`: the run of every county, sharing what is common, and a page that compares them.

use std::process::ExitCode;

use rayon::prelude::*;

use super::{ALL, Format, Gaps, Opened, Run, Shared, Written, context, hashed, json, receipts, remove_left_over, warn_of_implausible, write};
use crate::analysis::{Analysis, analyse};
use crate::backtest::back_test;
use crate::cli::Printer;
use crate::code::County;
use crate::crosswalk::links;
use crate::joint::{CountyShortages, Joint};
use crate::manifest::{FILE, Hashed, Manifest, input_hashes};
use crate::output::{OutputFile, Staging, write_file};
use crate::uncertainty::assess_all;

/// Counties that are ranked together: what is known of each, some 50 MB, must be kept until it is written.
const TOGETHER: usize = 21;
/// The same where reports are written too, since they take half a gigabyte themselves.
const TOGETHER_WITH_REPORTS: usize = 7;

impl Run {
    pub(super) fn all(&self, shared: &Shared, counties: &[County], printer: &Printer, progress: &indicatif::ProgressBar) -> anyhow::Result<ExitCode> {
        let Shared { config, figures, year, .. } = shared;
        let target = self.out.join(format!("{year}-{ALL}"));
        let staging = Staging::open(&target)?;
        let mut opened: Vec<Opened> = counties.iter().map(|county| self.open(shared, *county, None)).collect::<anyhow::Result<_>>()?;
        progress.set_length(counties.len() as u64 + 2);
        progress.inc(1);
        progress.set_message("testing against earlier years");
        let found = back_test(figures, config, &links(figures, &config.occupations()));

        let are_tables = shared.only_tables();
        let together = if are_tables { TOGETHER } else { TOGETHER_WITH_REPORTS };
        let mut kept: Vec<CountyShortages> = Vec::new();
        let mut gaps = Gaps::default();
        let mut page = None;
        while !opened.is_empty() {
            let group: Vec<Opened> = opened.drain(..together.min(opened.len())).collect();
            progress.set_message("ranking");
            let ranked = group.par_iter().map(|opened| analyse(figures, config, opened.county, *year));
            let mut analyses: Vec<Analysis> = ranked.collect::<Result<_, _>>()?;
            if kept.is_empty() {
                // The countries' figures are the same for every county.
                analyses.iter().take(1).for_each(|analysis| warn_of_implausible(analysis, config, printer, progress));
            }
            for analysis in &analyses {
                gaps.note(analysis);
            }
            assess_all(&mut analyses, figures, config, shared.effort)?;
            kept.extend(analyses.iter().map(CountyShortages::of));
            let publish = |(opened, analysis): (Opened, Analysis)| {
                progress.set_message(config.codes.county_info(analysis.county).swedish.clone());
                let Written { count, first } = write(shared, opened, &analysis, &found, printer, progress)?;
                progress.suspend(|| printer.status(&format!("{count} files; {}", first.display())));
                progress.inc(1);
                // The page that compares the counties is made from what is the same in all of them.
                anyhow::Ok((Some(&analysis.county) == counties.last()).then_some(analysis))
            };
            let group: Vec<(Opened, Analysis)> = group.into_iter().zip(analyses).collect();
            // Two counties' reports at once would be a gigabyte; each takes all processors by itself.
            let published: Result<Vec<Option<Analysis>>, _> =
                if are_tables { group.into_par_iter().map(publish).collect() } else { group.into_iter().map(publish).collect() };
            let published = published?;
            page = published.into_iter().flatten().next();
        }
        let joint = Joint::new(kept, &config.codes, config.method.county_markets.earth_radius_km);
        let count = match page {
            Some(analysis) => self.compare(shared, &analysis, &found, &joint, staging)?,
            None => 0,
        };
        progress.finish_and_clear();
        let outcome = gaps.tell(figures, *year, printer, progress);
        let first = if shared.has(Format::Html) { "index.html" } else { FILE };
        printer.status(&format!("{count} files that compare the counties; begin with"));
        Printer::result(&format!("{}\n", target.join(first).display()))?;
        Ok(outcome)
    }

    /// Writes the folder that compares the counties. `analysis` is that of any of them.
    fn compare(
        &self,
        shared: &Shared,
        analysis: &Analysis,
        found: &crate::backtest::BackTest,
        joint: &Joint,
        staging: Staging,
    ) -> anyhow::Result<usize> {
        let Shared { config, figures, year, language, .. } = shared;
        let target = self.out.join(format!("{year}-{ALL}"));
        let start = if shared.has(Format::Html) { "index.html" } else { FILE };
        let mut files: Vec<OutputFile> = Vec::new();
        for table in joint.tables(&config.codes) {
            if shared.has(Format::Csv) {
                files.push(OutputFile::new(format!("data/{}.csv", table.name), table.csv()?));
            }
            if shared.has(Format::Parquet) {
                files.push(OutputFile::new(format!("data/{}.parquet", table.name), table.parquet()?));
            }
        }
        if shared.has(Format::Html) || shared.has(Format::Png) {
            let context = context(shared, analysis, found, None);
            let page = crate::report::joint(&context, joint, |county| format!("../{year}-{county}/{start}"))?;
            let asked_for = page.into_iter().filter(|file| shared.is_asked_for(&file.path));
            files.extend(asked_for.map(|file| OutputFile::new(file.path, file.bytes)));
        }
        files.sort();
        let manifest = Manifest {
            program: "malmarknad".to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            county: ALL.to_owned(),
            year: *year,
            replicates: shared.effort.replicates,
            seed: shared.effort.seed,
            language: language.tag().to_owned(),
            areas: config.areas.iter().map(|area| area.key.clone()).collect(),
            data: shared.data.clone(),
            formats: shared.formats.iter().map(|format| format.name().to_owned()).collect(),
            method_sha256: config.method_hash(),
            previous: None,
            inputs: input_hashes(config, figures).into_iter().map(|(path, sha256)| Hashed { path, bytes: None, sha256 }).collect(),
            receipts: receipts(figures),
            outputs: files.iter().map(hashed).collect(),
        };
        let before = Manifest::read(&target).ok();
        for file in &files {
            write_file(&staging.folder.join(&file.path), &file.bytes)?;
        }
        write_file(&staging.folder.join(FILE), &json(&manifest)?)?;
        let count = staging.publish(&["index.html", FILE])?;
        remove_left_over(before.as_ref(), &manifest, &target);
        Ok(count)
    }
}
