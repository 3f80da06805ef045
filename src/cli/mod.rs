//! What the user typed: clap structs, and one file for each command. The core never sees clap.

mod backtest;
mod bundle;
mod compare;
mod config;
mod evidence;
mod explain;
mod fetch;
mod index;
mod method_file;
mod rank;
mod run;
mod sources;
mod verify;

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, CommandFactory as _, Parser, Subcommand, ValueEnum};

use crate::language::Language;
use crate::settings::{DataChoice, Settings};
use crate::supply::MarketKind;

/// Ranks target markets for a Swedish county's shortage occupations.
#[derive(Debug, Parser)]
#[command(
    name = "malmarknad",
    version,
    about = "From a county's shortage occupations to ranked target markets, with women and men",
    long_about = "malmarknad (målmarknad = target market) says which countries and which Swedish counties to turn to, for which occupations, \
                  how sure that is, and what it means for women and men.\n\nIt works offline on the figures that come with it: `malmarknad run` \
                  writes a year's reports for Jämtlands län to reports/, and the same command with --county 22 does it for Västernorrland.",
    after_help = "Examples:\n  malmarknad run                         reports and tables for Jämtlands län\n  malmarknad run --county 24 --out /tmp/r  the same for Västerbottens län, elsewhere\n  malmarknad rank vard_omsorg --top 10   the ranking of an area in the terminal\n  malmarknad rank 2221 --market county   counties for one occupation\n  malmarknad explain PL 2221             where Poland's score for nurses comes from\n  malmarknad config check                is data/*.toml sound?\n\nExit codes: 0 fine, 1 error, 2 usage, 3 done with gaps.",
    help_expected = true,
    disable_help_subcommand = true
)]
struct Cli {
    #[command(flatten)]
    shared: Shared,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Args)]
struct Shared {
    /// The program's folder, the one that holds data/method.toml [default: found upwards from here]
    #[arg(long, global = true, value_name = "DIR", env = "MALMARKNAD_HOME")]
    home: Option<PathBuf>,
    /// No progress and no status lines; only results and errors
    #[arg(long, short, global = true)]
    quiet: bool,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// The main job: demand, supply, ranking, then every table, chart and report
    Run(run::Run),
    /// The ranking of an area or an occupation, in the terminal
    Rank(rank::Rank),
    /// Year on year: what two runs' differences are due to
    #[command(long_about = compare::ABOUT)]
    Compare(compare::Compare),
    /// Why: from a score or a rank down to the publishers' cells, every step computed again
    Explain(explain::Explain),
    /// Brings what the publishers publish now into snapshots with receipts
    #[command(long_about = fetch::ABOUT)]
    Fetch(fetch::Fetch),
    /// An index from an analyst's own indicators: tables in COINr's shape in, every stage out
    #[command(long_about = index::ABOUT)]
    Index(index::Index),
    /// Does the ranking predict? Rankings as of earlier years against what followed
    Backtest(backtest::Backtest),
    /// Checks or shows what the method holds
    Config(config::Config),
    /// What employers say and which agreements there are: lists them, or adds one
    Evidence(evidence::Evidence),
    /// The table of sources: publisher, licence, what for, period, when retrieved
    Sources(sources::Sources),
    /// Proves the hashes of the figures and of finished runs
    Verify(verify::Verify),
    /// Makes the bundled figures again from the publishers' files
    Bundle(bundle::Bundle),
    /// Prints completions for a shell
    Completions(Completions),
}

#[derive(Debug, Args)]
struct Completions {
    /// The shell
    shell: clap_complete::Shell,
}

/// Which figures, county and year.
#[derive(Debug, Args)]
struct Scope {
    /// The county, two digits (23 is Jämtlands län); `run` also takes `all`
    #[arg(long, value_name = "CODE", default_value = "23")]
    county: String,
    /// The run's year: no later figure is used [default: the year of the newest figure]
    #[arg(long, value_name = "YEAR", value_parser = clap::value_parser!(i32).range(2014..2100))]
    year: Option<i32>,
    #[command(flatten)]
    data: Data,
}

/// Which figures.
#[derive(Debug, Args)]
struct Data {
    /// The figures: `bundled`, a folder of snapshots, or a folder with datapackage.json and its tables [default: data/snapshots once every source has been
    /// fetched, else bundled]
    #[arg(long, value_name = "bundled|DIR")]
    data: Option<String>,
    /// Snapshots as they were at the end of a day: an earlier run can be repeated
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = day)]
    as_of: Option<String>,
}

fn day(text: &str) -> Result<String, String> {
    text.parse::<jiff::civil::Date>().map(|date| date.to_string()).map_err(|_| "a day, for example 2026-11-30".to_owned())
}

impl Data {
    fn choice(&self, settings: &Settings) -> Result<DataChoice, crate::settings::SettingsError> {
        let until = self.as_of.clone();
        let folder = match self.data.as_deref() {
            Some("bundled") if until.is_some() => return Err(crate::settings::SettingsError::AsOf { folder: "bundled".to_owned() }),
            Some("bundled") => return Ok(DataChoice::Bundled),
            Some(folder) => PathBuf::from(folder),
            None if until.is_some() || settings.has_every_snapshot() => settings.snapshots(),
            None => return Ok(DataChoice::Bundled),
        };
        if crate::snapshot::Store::is_one(&folder) {
            return Ok(DataChoice::Snapshots { folder, until });
        }
        match until {
            Some(_) => Err(crate::settings::SettingsError::AsOf { folder: folder.display().to_string() }),
            None => Ok(DataChoice::Folder(folder)),
        }
    }
}

/// A language as it is typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Lang {
    /// Swedish
    Sv,
    /// English
    En,
}

impl Lang {
    fn language(self) -> Language {
        match self {
            Self::Sv => Language::Swedish,
            Self::En => Language::English,
        }
    }
}

/// A kind of market as it is typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Kind {
    /// Countries
    Country,
    /// Swedish counties
    County,
}

impl Kind {
    fn of_market(self) -> MarketKind {
        match self {
            Self::Country => MarketKind::Country,
            Self::County => MarketKind::County,
        }
    }
}

/// How the uncertainty is computed, over what data/method.toml says.
#[derive(Debug, Args)]
struct Doubt {
    /// How many times the ranking is made again; under 2048 the sensitivity analysis shrinks with it [default: data/method.toml]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=65536))]
    replicates: Option<u32>,
    /// Seed of the quasi-random sequence; the same seed gives the same bits [default: data/method.toml]
    #[arg(long, value_name = "N")]
    seed: Option<u32>,
}

impl Doubt {
    fn effort(&self, config: &crate::config::Config) -> crate::uncertainty::Effort {
        let given = crate::uncertainty::Effort::of(&config.method.uncertainty);
        let replicates = self.replicates.map_or(given.replicates, |replicates| replicates as usize);
        // Fewer replicates are asked for to save time, and the sensitivity analysis takes nine runs a row.
        let sensitivity_rows = given.sensitivity_rows.min(replicates.div_euclid(8));
        crate::uncertainty::Effort { replicates, sensitivity_rows, seed: self.seed.unwrap_or(given.seed) }
    }
}

/// Where results and remarks go: results to stdout, everything else to stderr.
struct Printer {
    quiet: bool,
}

impl Printer {
    fn result(text: &str) -> std::io::Result<()> {
        let mut out = std::io::stdout().lock();
        out.write_all(text.as_bytes())?;
        out.flush()
    }

    fn status(&self, text: &str) {
        if !self.quiet {
            let _ = writeln!(std::io::stderr(), "{text}");
        }
    }

    /// A line that tells which step is under way; hidden when not a terminal, with --quiet or NO_COLOR.
    fn progress(&self, steps: u64) -> indicatif::ProgressBar {
        if self.quiet || std::env::var_os("NO_COLOR").is_some() {
            return indicatif::ProgressBar::hidden();
        }
        let style = indicatif::ProgressStyle::with_template("[{pos}/{len}] {msg}").unwrap_or_else(|_| indicatif::ProgressStyle::default_bar());
        indicatif::ProgressBar::new(steps).with_style(style)
    }
}

/// Runs the command line.
///
/// # Errors
/// Whatever the command's steps report; the text holds the remedy.
pub fn main() -> anyhow::Result<ExitCode> {
    let cli = Cli::parse();
    let printer = Printer { quiet: cli.shared.quiet };
    if let Command::Completions(completions) = &cli.command {
        let mut text = Vec::new();
        clap_complete::generate(completions.shell, &mut Cli::command(), "malmarknad", &mut text);
        Printer::result(&String::from_utf8_lossy(&text))?;
        return Ok(ExitCode::SUCCESS);
    }
    // An index of the analyst's own needs nothing of the program's folder.
    if let Command::Index(command) = &cli.command {
        return command.execute(&printer);
    }
    // Two finished runs have what they were made from with them.
    if let Command::Compare(command) = &cli.command {
        return command.execute(&printer);
    }
    let settings = Settings::find(cli.shared.home.as_deref())?;
    match cli.command {
        Command::Run(command) => command.execute(&settings, &printer),
        Command::Rank(command) => command.execute(&settings, &printer),
        Command::Explain(command) => command.execute(&settings, &printer),
        Command::Backtest(command) => command.execute(&settings, &printer),
        Command::Fetch(command) => command.execute(&settings, &printer),
        Command::Config(command) => command.execute(&settings),
        Command::Evidence(command) => command.execute(&settings, &printer),
        Command::Sources(command) => command.execute(&settings),
        Command::Verify(command) => command.execute(&settings, &printer),
        Command::Bundle(command) => command.execute(&settings, &printer),
        Command::Index(_) | Command::Compare(_) | Command::Completions(_) => Ok(ExitCode::SUCCESS),
    }
}

/// What is said of an occupation that the method leaves out: the problem, and what the method covers.
fn left_out(code: crate::code::Ssyk) -> (String, &'static str) {
    (format!("{code} is left out of the method"), "military occupations and those without a code are not analysed")
}

/// Says that a weighting was asked for where there is none to choose.
fn warn_of_weighting(kind: MarketKind, weighting: Option<&String>, printer: &Printer) {
    if kind == MarketKind::County && weighting.is_some() {
        printer.status("warning: --weighting is of countries: counties have weights of their own (data/method.toml, county_markets.weights)");
    }
}

/// Lines of cells, padded so that columns align; the first row is the header. Columns named in `right` are set to the right.
fn aligned(rows: &[Vec<String>], right: &[usize]) -> String {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width = |column: usize| rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..columns).map(width).collect();
    let mut text = String::new();
    for row in rows {
        let mut line = String::new();
        for (column, cell) in row.iter().enumerate() {
            let pad = " ".repeat(widths[column] - cell.chars().count());
            if column > 0 {
                line.push_str("  ");
            }
            if right.contains(&column) {
                line.push_str(&pad);
                line.push_str(cell);
            } else {
                line.push_str(cell);
                line.push_str(&pad);
            }
        }
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

/// Text from outside made safe for a terminal: no control characters.
fn terminal(text: &str) -> String {
    text.chars().map(|character| if character.is_control() { '\u{fffd}' } else { character }).collect()
}
