//! `malmarknad run`: the main job.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::{Arc, OnceLock};

use anyhow::Context as _;
use clap::{Args, ValueEnum};
use rayon::prelude::*;

mod all;

use super::{Doubt, Lang, Printer, Scope};
use crate::analysis::{Analysis, analyse};
use crate::archive;
use crate::backtest::{BackTest, back_test, check_draws};
use crate::code::County;
use crate::config::Config;
use crate::crosswalk::links;
use crate::demand::Rating;
use crate::figures::Figures;
use crate::language::{Language, say};
use crate::manifest::{FILE, Hashed, Manifest, Receipt, input_hashes};
use crate::output::{OutputFile, Staging, write_file};
use crate::previous::Previous;
use crate::report::{BaseMaps, Companion, RunContext, dataset, feed, notebook, workbook};
use crate::settings::{DataChoice, Settings, county, keep_areas};
use crate::tidy::sha256;
use crate::uncertainty::{Effort, assess};

/// What `--county` says for every county.
const ALL: &str = "all";
/// Recalculations under which the 5th and 95th percentile of a place are the same few runs, and tiers are chance.
const LEAST_REPLICATES: usize = 100;
/// The document that stands first where there are no pages.
const FIRST_PDF: &str = "styrgrupp.pdf";

/// `malmarknad run`
#[derive(Debug, Args)]
pub(super) struct Run {
    #[command(flatten)]
    scope: Scope,
    #[command(flatten)]
    doubt: Doubt,
    /// Only these areas of data/areas.toml
    #[arg(long, value_name = "NAME", num_args = 1..)]
    area: Vec<String>,
    /// Where the folder <year>-<county> is written
    #[arg(long, value_name = "DIR", default_value = "reports")]
    out: PathBuf,
    /// Folder of an earlier run of the same county: the reports say which places have changed since
    #[arg(long, value_name = "RUN_DIR")]
    previous: Option<PathBuf>,
    /// What is written
    #[arg(long, value_enum, value_delimiter = ',', default_values_t = Format::value_variants().to_vec())]
    formats: Vec<Format>,
    /// Language of the reports and charts; the tables are the same in both
    #[arg(long, value_enum, value_name = "LANGUAGE", default_value_t = Lang::Sv)]
    lang: Lang,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
enum Format {
    /// Tables as CSV
    Csv,
    /// Tables as Parquet
    Parquet,
    /// Reports as HTML, charts as SVG
    Html,
    /// Charts as PNG
    Png,
    /// Printed reports as PDF
    #[cfg(feature = "pdf")]
    Pdf,
    /// Pictures and texts to share, for each area and industry
    Share,
    /// Every table and native charts in one workbook
    Xlsx,
    /// Target markets for a web platform as JSON, with its schema
    Feed,
    /// A Jupyter notebook on the Parquet tables, in notebooks-out beside reports (or in the folder of --out)
    Notebook,
}

impl Format {
    fn name(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Parquet => "parquet",
            Self::Html => "html",
            Self::Png => "png",
            #[cfg(feature = "pdf")]
            Self::Pdf => "pdf",
            Self::Share => "share",
            Self::Xlsx => "xlsx",
            Self::Feed => "feed",
            Self::Notebook => "notebook",
        }
    }
}

/// The folder of the notebooks.
pub(super) const NOTEBOOKS: &str = "notebooks-out";

/// JSON as it is written: indented, with a line end.
fn json(value: &impl serde::Serialize) -> serde_json::Result<Vec<u8>> {
    let mut text = serde_json::to_vec_pretty(value)?;
    text.push(b'\n');
    Ok(text)
}

/// The date printed in the reports: SOURCE_DATE_EPOCH where it is set, else the newest date that a source was retrieved. Never the clock, so that the
/// same figures give the same bytes.
fn date(figures: &Figures) -> String {
    let epoch = std::env::var("SOURCE_DATE_EPOCH").ok().and_then(|text| text.parse::<i64>().ok());
    let day =
        epoch.and_then(|seconds| jiff::Timestamp::from_second(seconds).ok()).map(|time| time.to_zoned(jiff::tz::TimeZone::UTC).date().to_string());
    day.unwrap_or_else(|| figures.sources.values().map(|source| source.retrieved.clone()).max().unwrap_or_default())
}

/// What the counties of a run share.
struct Shared {
    config: Config,
    figures: Figures,
    /// Where the figures are.
    folder: PathBuf,
    year: i32,
    language: Language,
    /// Which figures are used, for the reports and for the manifest.
    status: String,
    data: String,
    effort: Effort,
    /// What is written, the notebook's tables among it.
    formats: Vec<Format>,
    maps: Arc<BaseMaps>,
    /// What the runs are made from, packed when the first county is written.
    archive: OnceLock<Vec<u8>>,
}

impl Shared {
    fn has(&self, format: Format) -> bool {
        self.formats.contains(&format)
    }

    /// A build without the feature has no such format.
    fn has_pdf(&self) -> bool {
        self.formats.iter().any(|format| format.name() == "pdf")
    }

    /// Whether the documents are made: as pages, printed, or for their charts alone.
    fn has_documents(&self) -> bool {
        self.has(Format::Html) || self.has(Format::Png) || self.has_pdf()
    }

    /// Whether nothing is written but what programs read.
    fn only_tables(&self) -> bool {
        self.formats.iter().all(|format| matches!(format, Format::Csv | Format::Parquet | Format::Feed))
    }

    /// Whether a file of the documents was asked for: pages and drawings are the format html.
    fn is_asked_for(&self, path: &str) -> bool {
        self.has(Format::Html) || Path::new(path).extension().is_none_or(|ending| ending != "html" && ending != "svg")
    }

    /// The method, the lists and the figures of the run as one file, the same for every county.
    fn archive(&self) -> Result<&[u8], archive::ArchiveError> {
        if let Some(packed) = self.archive.get() {
            return Ok(packed);
        }
        let packed = archive::pack(&self.config, &self.figures, &self.folder)?;
        Ok(self.archive.get_or_init(|| packed))
    }
}

/// Where a county's files go; opened before the work, so that a folder that cannot be written is told at once.
struct Opened {
    county: County,
    target: PathBuf,
    staging: Staging,
    notebooks: PathBuf,
    data_of_notebook: String,
    beside: Option<Staging>,
    previous: Option<Previous>,
}

impl Run {
    pub(super) fn execute(&self, settings: &Settings, printer: &Printer) -> anyhow::Result<ExitCode> {
        let mut config = settings.config()?;
        check_draws(config.method.backtest.draws).context("data/method.toml, backtest.draws")?;
        let is_all = self.scope.county == ALL;
        let counties =
            if is_all { config.codes.counties().map(|(county, _)| county).collect() } else { vec![county(&config.codes, &self.scope.county)?] };
        if is_all && self.previous.is_some() {
            anyhow::bail!(
                "--previous is of one county, and --county all makes {}\nhint: name the county with --county, or leave --previous out",
                counties.len()
            );
        }
        keep_areas(&mut config, &self.area)?;
        for line in crate::words::of_analysts(&config) {
            printer.status(&format!("warning: {}", super::terminal(&line)));
        }
        let progress = printer.progress(5);
        progress.set_message("reading the figures");
        let shared = self.shared(config, settings, printer, &progress, &counties)?;
        if is_all {
            return self.all(&shared, &counties, printer, &progress);
        }
        // Read before the folder is written: it may be the one that is replaced.
        let method = shared.config.method_hash();
        let previous = self.previous.as_deref().map(|run| Previous::read(run, counties[0].as_str(), &method)).transpose()?;
        let mut opened = self.open(&shared, counties[0], previous)?;

        progress.inc(1);
        progress.set_message("ranking");
        let Shared { config, figures, year, effort, .. } = &shared;
        let ranked = || {
            let mut analysis = analyse(figures, config, opened.county, *year)?;
            warn_of_implausible(&analysis, config, printer, &progress);
            if let (Some(previous), Some(folder)) = (opened.previous.take(), &self.previous) {
                let now = crate::compare::Run { config, figures, analysis: &analysis };
                let (previous, warning) = previous.compared(folder, now)?;
                if let Some(warning) = warning {
                    progress.suspend(|| printer.status(&format!("warning: --previous: what the changes are due to cannot be said: {warning}")));
                }
                opened.previous = Some(previous);
            }
            progress.inc(1);
            progress.set_message("how sure is the order");
            assess(&mut analysis, figures, config, *effort)?;
            anyhow::Ok(analysis)
        };
        // The test against earlier years needs nothing of the county.
        let (analysis, found) = rayon::join(ranked, || back_test(figures, config, &links(figures, &config.occupations())));
        let analysis = analysis?;
        let mut gaps = Gaps::default();
        gaps.note(&analysis);
        let outcome = gaps.tell(figures, *year, printer, &progress);

        progress.inc(1);
        progress.set_message("writing tables and reports");
        let written = write(&shared, opened, &analysis, &found, printer, &progress)?;
        progress.finish_and_clear();
        printer.status(&format!("{} files; begin with", written.count));
        Printer::result(&format!("{}\n", written.first.display()))?;
        // The program ends here, and the system takes everything back at once: piece by piece takes a tenth of a second.
        std::mem::forget((shared, analysis, found));
        Ok(outcome)
    }

    /// Reads what all counties are made from, and says so.
    fn shared(
        &self,
        config: Config,
        settings: &Settings,
        printer: &Printer,
        progress: &indicatif::ProgressBar,
        counties: &[County],
    ) -> anyhow::Result<Shared> {
        let choice = self.scope.data.choice(settings)?;
        let language = self.lang.language();
        let (figures, folder) = settings.figures(&choice, &config.codes)?;
        let year = self.scope.year.unwrap_or_else(|| figures.newest_year());
        let (status, data) = match &choice {
            DataChoice::Bundled => {
                let status = say!(language, sv: "de siffror som följer med programmet", en: "the figures that come with the program");
                (status.to_owned(), "bundled".to_owned())
            }
            DataChoice::Snapshots { folder, until } => {
                let made = settings.of_snapshots(folder, until.as_deref(), &config.codes)?;
                (crate::report::data_status::of_snapshots(&made, &config.codes, language), "snapshots".to_owned())
            }
            DataChoice::Folder(folder) => {
                let name = folder.file_name().map_or_else(|| "data".to_owned(), |name| name.to_string_lossy().into_owned());
                let status = say!(language, sv: format!("siffrorna i mappen {name}"), en: format!("the figures in the folder {name}"));
                (status, name)
            }
        };
        let who = match counties {
            [county] => config.codes.county_info(*county).swedish.clone(),
            all => format!("{} counties", all.len()),
        };
        progress.suspend(|| printer.status(&format!("{who} {year}, figures in {} ({data})", folder.display())));
        let newest = figures.newest_year();
        if year > newest {
            progress.suspend(|| {
                printer.status(&format!(
                    "warning: no figure is later than {newest}, so that a run for {year} tells no more than one for {newest}\nhint: leave --year out, or choose --year {newest}"
                ));
            });
        }
        let mut formats = self.formats.clone();
        if formats.contains(&Format::Notebook) {
            // A notebook without its tables would not run.
            formats.push(Format::Parquet);
        }
        formats.sort_unstable();
        formats.dedup();
        let effort = self.doubt.effort(&config);
        let made = Shared { config, figures, folder, year, language, status, data, effort, formats, maps: Arc::default(), archive: OnceLock::new() };
        let replicates = effort.replicates;
        if replicates < LEAST_REPLICATES && !made.only_tables() {
            progress.suspend(|| {
                printer.status(&format!(
                    "warning: {replicates} recalculations (--replicates) are too few to tell how sure the order is: the intervals and tiers of the documents cannot be relied on\nhint: {LEAST_REPLICATES} or more; without --replicates it is as data/method.toml says"
                ));
            });
        }
        Ok(made)
    }

    fn open(&self, shared: &Shared, county: County, previous: Option<Previous>) -> anyhow::Result<Opened> {
        let name = format!("{}-{county}", shared.year);
        let target = self.out.join(&name);
        let staging = Staging::open(&target)?;
        let (notebooks, data_of_notebook) = notebooks(&self.out, &name);
        let beside = shared.has(Format::Notebook).then(|| Staging::open(&notebooks)).transpose()?;
        Ok(Opened { county, target, staging, notebooks, data_of_notebook, beside, previous })
    }
}

/// How many of a run's counties lack what their occupations are rated by.
#[derive(Default)]
struct Gaps {
    counties: usize,
    /// No occupation can be assessed.
    unrated: usize,
    /// No occupation has the Public Employment Service's assessment.
    unsaid: usize,
}

impl Gaps {
    fn note(&mut self, analysis: &Analysis) {
        let rows = || analysis.demand.occupations.values();
        self.counties += 1;
        self.unrated += usize::from(rows().all(|row| row.rating == Rating::NotAssessed));
        self.unsaid += usize::from(rows().all(|row| row.without_assessment));
    }

    /// Says what is missing and which year has it; the exit code of the run.
    fn tell(&self, figures: &Figures, year: i32, printer: &Printer, progress: &indicatif::ProgressBar) -> ExitCode {
        let of = |count: usize| if self.counties == 1 { String::new() } else { format!(" in {count} of {} counties", self.counties) };
        let problem = match (self.unrated, self.unsaid) {
            (0, 0) => return ExitCode::SUCCESS,
            (0, unsaid) => {
                format!("no occupation has an assessment of the Public Employment Service for {year}{}, and few can be rated without", of(unsaid))
            }
            (unrated, _) => format!("no occupation can be assessed for {year}{}", of(unrated)),
        };
        // A row that the Service leaves empty says nothing.
        let said = figures.assessments.iter().filter(|((_, area), words)| {
            area.is_some() && [&words.recruitment, &words.opportunities, &words.outlook].into_iter().any(Option::is_some)
        });
        let (why, hint) = match said.map(|(_, words)| words.period).min() {
            Some(first) if first > year => (
                format!("the assessments of the Public Employment Service (Arbetsförmedlingen) begin in {first}"),
                format!("choose --year {first} or later"),
            ),
            Some(_) => (
                "too few of the figures that ratings are made from".to_owned(),
                "data/demand.csv has those there are; data/method.toml, demand.rating, says how many it takes".to_owned(),
            ),
            None => (
                "the figures hold no assessment of the Public Employment Service (Arbetsförmedlingen)".to_owned(),
                "`malmarknad fetch af_yrkesbarometer` brings them; --data bundled has those that come with the program".to_owned(),
            ),
        };
        progress.suspend(|| printer.status(&format!("warning: {problem}: {why}\nhint: {hint}")));
        if self.unrated > 0 { ExitCode::from(3) } else { ExitCode::SUCCESS }
    }
}

fn warn_of_implausible(analysis: &Analysis, config: &Config, printer: &Printer, progress: &indicatif::ProgressBar) {
    for found in &analysis.supply.implausible {
        let name = &config.codes.country_name(found.country).english;
        progress.suspend(|| {
            printer.status(&format!(
                "warning: {name} is published with more employed ({:.0}) than inhabitants ({:.0}); its pools are too large",
                found.employed.value, found.population.value
            ));
        });
    }
}

/// What was written of a county.
struct Written {
    /// How many files.
    count: usize,
    /// The one to begin with.
    first: PathBuf,
}

/// What the reports of a county are made from.
fn context<'a>(shared: &'a Shared, analysis: &'a Analysis, found: &'a BackTest, previous: Option<&'a Previous>) -> RunContext<'a> {
    let notebook = || Companion::Notebook(format!("{NOTEBOOKS}/{}-{}/{}", shared.year, analysis.county, notebook::FILE));
    RunContext {
        analysis,
        back_test: Some(found),
        previous,
        config: &shared.config,
        figures: &shared.figures,
        language: shared.language,
        data_status: shared.status.clone(),
        date: date(&shared.figures),
        version: env!("CARGO_PKG_VERSION"),
        png: shared.has(Format::Png),
        pdf: shared.has_pdf(),
        share: shared.has(Format::Share),
        companions: [
            shared.has(Format::Xlsx).then_some(Companion::Workbook),
            shared.has(Format::Feed).then_some(Companion::Feed),
            shared.has(Format::Csv).then_some(Companion::Archive),
            shared.has(Format::Notebook).then(notebook),
        ]
        .into_iter()
        .flatten()
        .collect(),
        maps: Arc::clone(&shared.maps),
    }
}

/// Makes every table and report of a county and moves them in.
fn write(
    shared: &Shared,
    opened: Opened,
    analysis: &Analysis,
    found: &BackTest,
    printer: &Printer,
    progress: &indicatif::ProgressBar,
) -> anyhow::Result<Written> {
    let Opened { county, target, staging, notebooks, data_of_notebook, beside, previous } = opened;
    let Shared { config, figures, year, language, formats, .. } = shared;
    let (year, has) = (*year, |format| shared.has(format));
    let mut tables = crate::tables::tables(analysis, config, figures, Some(found));
    let basis = crate::follow_up::Basis { analysis, config, figures, previous: previous.as_ref() };
    tables.push(crate::follow_up::table(&basis.rows()));
    tables.extend(previous.as_ref().and_then(|previous| previous.comparison.as_ref()).map(|found| crate::compare::table(found, config)));
    let jobs: Vec<(&crate::table::Table, Format)> =
        tables.iter().flat_map(|table| [(table, Format::Csv), (table, Format::Parquet)]).filter(|(_, format)| has(*format)).collect();
    let write_tables = || {
        let written = jobs.par_iter().map(|(table, format)| {
            let bytes = if *format == Format::Csv { table.csv()? } else { table.parquet()? };
            Ok(OutputFile::new(format!("data/{}.{}", table.name, format.name()), bytes))
        });
        written.collect::<Result<Vec<_>, crate::table::TableError>>()
    };
    let context = context(shared, analysis, found, previous.as_ref());
    let ((reports, written), (workbook, (notebook, archive))) = rayon::join(
        || rayon::join(|| shared.has_documents().then(|| crate::report::reports(&context)).transpose(), write_tables),
        || {
            rayon::join(
                || has(Format::Xlsx).then(|| workbook::workbook(&context, &tables)).transpose(),
                || {
                    let archive = if has(Format::Csv) { shared.archive() } else { Ok(&[][..]) };
                    (has(Format::Notebook).then(|| notebook::notebook(&context, &tables, &data_of_notebook)).transpose(), archive)
                },
            )
        },
    );
    let notebook = notebook?.map(|bytes| OutputFile::new(notebook::FILE, bytes));
    let mut files: Vec<OutputFile> = written?;
    if has(Format::Csv) {
        let package = crate::tables::datapackage(&tables, &files, figures, county.as_str(), year);
        files.push(OutputFile::new("data/datapackage.json", json(&package)?));
    }
    let reports = reports?.unwrap_or_default().into_par_iter().filter(|file| shared.is_asked_for(&file.path));
    files.par_extend(reports.map(|file| OutputFile::new(file.path, file.bytes)));
    if has(Format::Share) && !shared.has_documents() {
        files.par_extend(crate::report::share::files(&context)?.into_par_iter().map(|file| OutputFile::new(file.path, file.bytes)));
    }
    files.extend(workbook?.map(|bytes| OutputFile::new(workbook::FILE, bytes)));
    if has(Format::Csv) {
        let described = dataset::dataset(&context, &tables, &files);
        files.push(OutputFile::new(dataset::FILE, json(&described)?));
    }
    if has(Format::Csv) {
        files.push(OutputFile::new(archive::FILE, archive?.to_vec()));
    }
    if has(Format::Feed) {
        let written: BTreeSet<&str> = files.iter().map(|file| file.path.as_str()).collect();
        let feed = json(&feed::feed(&context, &written))?;
        files.push(OutputFile::new(feed::FILE, feed));
        files.push(OutputFile::new(feed::SCHEMA_FILE, json(&feed::schema())?));
    }
    files.sort();

    let manifest = Manifest {
        program: "malmarknad".to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        county: county.to_string(),
        year,
        replicates: analysis.assessed.effort.map_or(0, |effort| effort.replicates),
        seed: analysis.assessed.effort.map_or(0, |effort| effort.seed),
        language: language.tag().to_owned(),
        areas: config.areas.iter().map(|area| area.key.clone()).collect(),
        data: shared.data.clone(),
        formats: formats.iter().map(|format| format.name().to_owned()).collect(),
        method_sha256: config.method_hash(),
        previous: previous.as_ref().map(|previous| previous.input.clone()),
        inputs: input_hashes(config, figures).into_iter().map(|(path, sha256)| Hashed { path, bytes: None, sha256 }).collect(),
        receipts: receipts(figures),
        outputs: files.iter().map(hashed).collect(),
    };
    let before = Manifest::read(&target).ok();
    for file in &files {
        write_file(&staging.folder.join(&file.path), &file.bytes)?;
    }
    write_file(&staging.folder.join(FILE), &json(&manifest)?)?;
    let of_notebook = Manifest { outputs: notebook.iter().map(hashed).collect(), ..manifest.clone() };
    if let (Some(notebook), Some(beside)) = (&notebook, &beside) {
        write_file(&beside.folder.join(&notebook.path), &notebook.bytes)?;
        write_file(&beside.folder.join(FILE), &json(&of_notebook)?)?;
    }
    let count = staging.publish(&["index.html", FILE])?;
    remove_left_over(before.as_ref(), &manifest, &target);
    let noted = Manifest::read(&notebooks).ok();
    if let Some(kept) = keep_changed(noted.as_ref(), &notebooks) {
        progress.suspend(|| printer.status(&format!("the notebook had been changed since it was written; it is kept as {}", kept.display())));
    }
    match beside {
        Some(beside) => {
            beside.publish(&[FILE])?;
        }
        None if noted.is_some() => {
            remove_left_over(noted.as_ref(), &of_notebook, &notebooks);
            let _ = std::fs::remove_file(notebooks.join(FILE));
            let _ = std::fs::remove_dir(&notebooks);
        }
        None => {}
    }
    let printed = files.iter().any(|file| file.path == FIRST_PDF);
    let first = match (has(Format::Html), printed) {
        (true, _) => "index.html",
        (false, true) => FIRST_PDF,
        (false, false) => FILE,
    };
    // Taken apart while the next county is written, or not at all.
    rayon::spawn(move || drop((tables, files)));
    Ok(Written { count, first: target.join(first) })
}

/// Receipts of everything that the figures came from.
fn receipts(figures: &Figures) -> Vec<Receipt> {
    let rows = figures.sources.values();
    rows.map(|row| Receipt { source: row.source.clone(), retrieved: row.retrieved.clone(), sha256: row.sha256.clone() }).collect()
}

/// A file as the manifest has it.
fn hashed(file: &OutputFile) -> Hashed {
    Hashed { path: file.path.clone(), bytes: Some(file.bytes.len() as u64), sha256: file.sha256.clone() }
}

/// The folder of a run's notebook, and the run's tables as seen from it: `notebooks-out` beside a folder `reports`, else inside the folder of the runs, so
/// that nothing is written outside what the user named.
fn notebooks(out: &Path, name: &str) -> (PathBuf, String) {
    if out.file_name().is_some_and(|last| last == "reports") {
        (out.with_file_name(NOTEBOOKS).join(name), format!("../../reports/{name}/data"))
    } else {
        (out.join(NOTEBOOKS).join(name), format!("../../{name}/data"))
    }
}

/// Puts a notebook that somebody has worked in aside, so that a new run never writes over it; the name that it got.
fn keep_changed(noted: Option<&Manifest>, folder: &Path) -> Option<PathBuf> {
    let path = folder.join(notebook::FILE);
    let bytes = std::fs::read(&path).ok()?;
    let own = noted.is_some_and(|noted| noted.outputs.iter().any(|output| output.path == notebook::FILE && output.sha256 == sha256(&bytes)));
    if own {
        return None;
    }
    let kept = (1..1000).map(|number| folder.join(format!("analys-sparad-{number}.ipynb"))).find(|path| !path.exists())?;
    std::fs::rename(&path, &kept).ok().map(|()| kept)
}

/// Removes what the run before wrote here and this one did not: an old page beside new ones would be read as new. Only files whose bytes are still that
/// run's own.
fn remove_left_over(before: Option<&Manifest>, now: &Manifest, target: &Path) {
    let Some(before) = before else { return };
    for old in before.outputs.iter().filter(|old| !now.outputs.iter().any(|new| new.path == old.path)) {
        let sound = std::path::Path::new(&old.path).components().all(|part| matches!(part, std::path::Component::Normal(_)));
        let path = target.join(&old.path);
        if sound && std::fs::read(&path).is_ok_and(|bytes| sha256(&bytes) == old.sha256) {
            let _ = std::fs::remove_file(path);
        }
    }
}
