//! `malmarknad index`: the composite-indicator engine alone, on an analyst's own tables.

use std::collections::BTreeMap;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, bail};
use clap::Args;

use super::method_file::MethodFile;
use super::{Printer, aligned, terminal};
use crate::coinr::analyses::{Source, keyed};
use crate::coinr::{self, Cell, csv_text};
use crate::index::Table;
use crate::index::assess::{Assessment, assess};
use crate::index::chain::{IndexRun, run, unit_codes};
use crate::index::check::check_method;
use crate::index::error::IndexError;
use crate::index::method::{Denomination, Method, Stage};
use crate::index::sensitivity::OutputSensitivity;
use crate::index::structure::{IndexInput, Tree};
use crate::index::treat::{TreatmentOutcome, TreatmentStep};
use crate::output::{Staging, write_file};

/// What the help says first.
pub(super) const ABOUT: &str = "Makes an index from tables in COINr's shape (R package COINr: iData and iMeta) and writes the table of every stage as CSV, units in \
                  rows and codes in columns, with what an analyst looks at beside them.\n\nWithout --method: indicators are divided by the denominators that the \
                  metadata name for them; nothing is imputed, treated or screened; min-max onto 0-100; weighted arithmetic means with the weights of the \
                  metadata. With --method, only what the file says is done, and \
                  --denominators divides.\n\nThe data (iData) have a row for each unit: uCode, if wanted uName, and a column for each \
                  Indicator, Group, Denominator and Other of the metadata. The metadata (iMeta) have a row for each code: iCode, Type, Level (1 for \
                  indicators), Parent, Direction (1 or -1) and Weight. A missing figure is empty or NA; decimals have a dot.";

/// `malmarknad index`
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  malmarknad index --data iData.csv --meta iMeta.csv --out result\n  malmarknad index --data iData.csv --meta iMeta.csv --method m.toml --replicates 2000 --out result\n\n\
                  A method file, every part of which may be absent:\n  order = [\"denominate\", \"screen\", \"impute\", \"treat\"]\n  [denominate]\n  [screen]\n  availability = 0.66\n  [impute]\n  group_mean = { group = \"EurAsia_group\" }\n  [treat.rule]\n  first = { winsorise = { max = 5 } }\n  then = \"log_ct\"\n  \
                  [normalise]\n  all = { min_max = { range = [0.0, 100.0] } }\n  [weights]\n  source = \"given\"\n  [aggregate]\n  levels = [\"arithmetic\"]\n  [uncertainty]\n  replicates = 4096\n  [[uncertainty.factors]]\n  weights = { levels = [2], spread = { uniform = { share = 0.25 } } }\n\n\
                  Files written: raw, then those of denominated, imputed, screened and treated that the method has, normalised, aggregated; scores, ranks; weights, \
                  statistics, availability, consistency, correlations, strengths, leave_one_out, leave_one_out_ranks, treatment, imputations; notes; method.toml, the method in force; \
                  and, if the method has factors, uncertainty, sensitivity, acceptability and pairwise. Their paths are printed. docs/index-method.md explains the \
                  tables and the method; docs/asem-method.toml is a whole one.\n\nExit codes: 0 fine, 1 error, 2 usage, 3 no unit could be ranked."
)]
pub(super) struct Index {
    /// The units and their figures (iData): uCode, and a column for each indicator, group and denominator
    #[arg(long, value_name = "FILE")]
    data: PathBuf,
    /// What the columns are (iMeta): Level, iCode, Direction, Weight, Parent, Type, and, if wanted, Denominator and Target
    #[arg(long, value_name = "FILE")]
    meta: PathBuf,
    /// Denominators in a table of their own, by uCode; its columns go before those of the data
    #[arg(long, value_name = "FILE")]
    denominators: Option<PathBuf>,
    /// The method as TOML [default: min-max 0-100 and arithmetic means]
    #[arg(long, value_name = "FILE")]
    method: Option<PathBuf>,
    /// How many times the ranking is made again, with the parts of the method that are in doubt changed; under 8 times the method's rows the sensitivity analysis shrinks with it; 0: not at all [default: the method's, or 4096]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(0..=1_048_576))]
    replicates: Option<u32>,
    /// Seed of the quasi-random sequence; the same seed gives the same bits [default: the method's]
    #[arg(long, value_name = "N")]
    seed: Option<u32>,
    /// Where the tables are written
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
}

/// Every file that the command may write.
const FILES: [&str; 24] = [
    "raw.csv",
    "denominated.csv",
    "imputed.csv",
    "screened.csv",
    "treated.csv",
    "normalised.csv",
    "aggregated.csv",
    "scores.csv",
    "ranks.csv",
    "weights.csv",
    "statistics.csv",
    "availability.csv",
    "consistency.csv",
    "strengths.csv",
    "correlations.csv",
    "leave_one_out.csv",
    "leave_one_out_ranks.csv",
    "treatment.csv",
    "imputations.csv",
    "notes.csv",
    "uncertainty.csv",
    "sensitivity.csv",
    "acceptability.csv",
    "pairwise.csv",
];
/// The method in force.
const METHOD_FILE: &str = "method.toml";
/// The most units whose ranks are counted against each other.
const MOST_UNITS: usize = 3_000;
/// How many units and notes are shown.
const SHOWN: usize = 5;
/// How much of a code or a name is shown.
const NAME_SHOWN: usize = 40;

impl Index {
    pub(super) fn execute(&self, printer: &Printer) -> anyhow::Result<ExitCode> {
        let (file, mut method) = self.method.as_deref().map(MethodFile::read).transpose()?.unzip();
        let by: Vec<String> = method.iter().flat_map(|method| &method.denominate).flat_map(|part| part.by.values().cloned()).collect();
        let by: Vec<&str> = by.iter().map(String::as_str).collect();
        let coinr::Read { input, unit_names, names, parameters, rows, unit_rows, mut notes } =
            coinr::read(&self.data, &self.meta, self.denominators.as_deref(), &by)?;
        let mut method = method.take().unwrap_or_else(|| by_default(&input));
        if self.denominators.is_some() && method.denominate.is_none() {
            method.denominate = Some(Denomination::default());
            if !method.order.contains(&Stage::Denominate) {
                method.order.insert(0, Stage::Denominate);
            }
        }
        notes.extend(parameters.apply(&mut method.normalise)?.into_iter().map(|note| (String::new(), note)));
        let origins = Origins { input: &input, rows: &rows, unit_rows: &unit_rows };
        let blame = |error: IndexError| self.blame(file.as_ref(), &origins, &error);
        let tree = input.tree().map_err(blame)?;
        check_method(&input, &tree, &method).map_err(blame)?;
        let assessing = self.plan(&mut method, &mut notes);
        if assessing && input.units.len() > MOST_UNITS {
            bail!(
                "{}: {} units are too many for the uncertainty of their ranks, which counts every pair\nhint: at most {MOST_UNITS}; --replicates 0 leaves it out",
                self.data.display(),
                input.units.len()
            );
        }
        self.spare_inputs()?;
        let staging = Staging::open(&self.out)?;

        let done = run(&input, &method).map_err(blame)?;
        let assessed = if assessing { Some(assess(&input, &method, &done).map_err(blame)?) } else { None };

        let source = Source { input: &input, method: &method, run: &done, names: &names };
        let (analyses, left_out) = source.tables();
        notes.extend(left_out.into_iter().map(|note| (String::new(), note)));
        let unit_names = unit_names.as_deref();
        let mut tables = vec![("scores", results(&input, unit_names, &done, false)), ("ranks", results(&input, None, &done, true))];
        tables.extend(stage_tables(&input, &done));
        tables.extend(analyses);
        if let Some(assessed) = &assessed {
            let tops = method.uncertainty.as_ref().map_or(&[][..], |plan| plan.tops.as_slice());
            tables.extend(assessed_tables(&input, unit_names, &done, assessed, tops));
        }
        let notes = all_notes(&input, &method, &done, &notes);
        tables.push(("notes", csv_text(&header(&["stage", "code", "note"], []), &notes)));
        let mut files: Vec<(String, String)> = tables.into_iter().map(|(name, text)| (format!("{name}.csv"), text)).collect();
        files.push((METHOD_FILE.to_owned(), toml::to_string(&method).context("the method in force")?));

        for (name, text) in &files {
            write_file(&staging.folder.join(name), text.as_bytes())?;
        }
        staging.publish(&["scores.csv"])?;
        self.remove_left_over(&files);
        let ranked = done.ranks().iter().flatten().count();
        printer.status(&self.summary(&input, unit_names, &done, assessed.as_ref(), &notes));
        let paths: Vec<String> = files.iter().map(|(name, _)| self.out.join(name).display().to_string()).collect();
        Printer::result(&format!("{}\n", paths.join("\n")))?;
        Ok(if ranked == 0 { ExitCode::from(3) } else { ExitCode::SUCCESS })
    }

    /// An error of the engine with the file and the line and key, or row, that it comes from.
    fn blame(&self, method: Option<&MethodFile>, read: &Origins, error: &IndexError) -> anyhow::Error {
        let input = read.input;
        let in_meta = |row: Option<&String>, column: &str| {
            let meta = self.meta.display();
            row.map_or_else(|| meta.to_string(), |row| format!("{meta}, {row}{column}"))
        };
        // The metadata may state how an indicator is normalised: then the method has no key of that name.
        let least = if let Some(["normalise", "indicators", _]) =
            error.key().map(|key| key.iter().map(String::as_str).take(3).collect::<Vec<_>>()).as_deref()
        {
            3
        } else {
            1
        };
        let place = if let Some(place) = error.key().and_then(|key| method?.place(key, least)) {
            place
        } else if let (3, Some([_, _, code, ..])) = (least, error.key()) {
            in_meta(read.rows.get(code), "")
        } else {
            match error {
                IndexError::NotFinite { unit, .. } => {
                    let row = input.units.iter().position(|other| other == unit).map_or_else(String::new, |row| format!(", {}", read.unit_rows[row]));
                    format!("{}{row}", self.data.display())
                }
                // Weights that are all 0 stand with the children.
                IndexError::NoWeight { parent } => {
                    let indicators = input.indicators.iter().map(|indicator| (&indicator.code, indicator.parent.as_ref()));
                    let aggregates = input.aggregates.iter().map(|aggregate| (&aggregate.code, aggregate.parent.as_ref()));
                    let child = indicators.chain(aggregates).find(|(_, of)| *of == Some(parent));
                    in_meta(child.and_then(|(code, _)| read.rows.get(code)), ", column Weight")
                }
                _ => in_meta(None, ""),
            }
        };
        anyhow::anyhow!("{place}: {error}")
    }

    /// Puts the command line's replicates and seed into the plan, and says whether there is anything to assess.
    fn plan(&self, method: &mut Method, notes: &mut Vec<(String, String)>) -> bool {
        let Some(plan) = method.uncertainty.as_mut().filter(|plan| !plan.factors.is_empty()) else {
            if self.replicates.is_some_and(|replicates| replicates > 0) {
                let note = "the method names no factors, so --replicates has nothing to vary: see [[uncertainty.factors]] in docs/index-method.md";
                notes.push((String::new(), note.to_owned()));
            }
            return false;
        };
        plan.seed = self.seed.unwrap_or(plan.seed);
        plan.replicates = self.replicates.map_or(plan.replicates, |replicates| replicates as usize);
        if let Some(replicates) = self.replicates {
            // Fewer replicates are asked for to save time, and the sensitivity analysis takes several runs a row.
            plan.rows = plan.rows.min(replicates as usize / 8);
        }
        plan.replicates > 0 || plan.rows > 0
    }

    fn inputs(&self) -> impl Iterator<Item = &PathBuf> {
        [&self.data, &self.meta].into_iter().chain(&self.denominators).chain(&self.method)
    }

    /// Refuses to write over what was read.
    fn spare_inputs(&self) -> anyhow::Result<()> {
        for input in self.inputs() {
            let path = input.canonicalize().with_context(|| input.display().to_string())?;
            for name in FILES.iter().chain([&METHOD_FILE]) {
                if self.out.join(name).canonicalize().is_ok_and(|table| table == path) {
                    bail!("{} would be written over\nhint: choose another folder with --out", input.display());
                }
            }
        }
        Ok(())
    }

    /// Removes the tables of an earlier run that this one does not have: an old `treated.csv` beside new tables would be read as theirs.
    fn remove_left_over(&self, files: &[(String, String)]) {
        for name in FILES.iter().filter(|name| !files.iter().any(|(written, _)| written == *name)) {
            let path = self.out.join(name);
            if is_ours(&path) {
                let _ = std::fs::remove_file(path);
            }
        }
    }

    /// The best units and the first notes, for a person at a terminal.
    fn summary(
        &self,
        input: &IndexInput,
        unit_names: Option<&[String]>,
        done: &IndexRun,
        assessed: Option<&Assessment>,
        notes: &[Vec<Cell>],
    ) -> String {
        let ranks = done.ranks();
        let units = &done.aggregated().units;
        let (indicators, ranked) = (input.indicators.len(), ranks.iter().flatten().count());
        let mut told = format!("{ranked} of {} units ranked by {indicators} indicators\n", input.units.len());
        let mut order: Vec<usize> = (0..units.len()).filter(|row| ranks[*row].is_some()).collect();
        order.sort_by_key(|row| ranks[*row]);
        let scores = done.scores();
        let mut lines = vec![["rank", "", "", "score"].map(str::to_owned).to_vec()];
        if assessed.is_some_and(|assessed| !assessed.units.is_empty()) {
            lines[0].extend(["median", "5-95 %", "tier"].map(str::to_owned));
        }
        for row in order.iter().take(SHOWN) {
            let mut line = vec![
                ranks[*row].map_or_else(String::new, |rank| rank.to_string()),
                terminal(&input.units[units[*row]]).chars().take(NAME_SHOWN).collect(),
                unit_names.map_or_else(String::new, |names| terminal(&names[units[*row]]).chars().take(NAME_SHOWN).collect()),
                format!("{:.2}", scores[*row]),
            ];
            if let Some(unit) = assessed.and_then(|assessed| assessed.units.get(*row)) {
                line.push(unit.median.map_or_else(String::new, |median| format!("{median}")));
                line.push(unit.p05.zip(unit.p95).map_or_else(String::new, |(low, high)| format!("{low:.0}-{high:.0}")));
                line.push(unit.tier.map_or_else(String::new, |tier| tier.to_string()));
            }
            lines.push(line);
        }
        if ranked > 0 {
            told.push_str(&aligned(&lines, &[0, 3, 4, 5, 6]));
        }
        let mut lines = vec![told.trim_end().to_owned()];
        for note in notes.iter().take(SHOWN) {
            if let [_, Cell::Text(code), Cell::Text(what)] = note.as_slice() {
                let code = if code.is_empty() { String::new() } else { format!("{}: ", terminal(code)) };
                lines.push(format!("note: {code}{}", terminal(what)));
            }
        }
        if notes.len() > SHOWN {
            lines.push(format!("{} more notes in {}", notes.len() - SHOWN, self.out.join("notes.csv").display()));
        }
        lines.join("\n")
    }
}

/// What was read and where it stands.
struct Origins<'a> {
    input: &'a IndexInput,
    /// Of each code in the metadata.
    rows: &'a BTreeMap<String, String>,
    /// Of each unit in the data.
    unit_rows: &'a [String],
}

/// What is done without a method file.
fn by_default(input: &IndexInput) -> Method {
    let named = input.indicators.iter().any(|indicator| indicator.denominator.is_some());
    Method { denominate: named.then(Denomination::default), ..Method::default() }
}

/// Whether a file begins as the command's own tables do.
fn is_ours(path: &Path) -> bool {
    let mut start = Vec::new();
    let read = std::fs::File::open(path).and_then(|file| file.take(8).read_to_end(&mut start));
    read.is_ok() && [&b"uCode"[..], b"iCode,", b"flag,", b"stage,"].iter().any(|head| start.starts_with(head))
}

fn header(first: &[&str], codes: impl IntoIterator<Item = String>) -> Vec<String> {
    first.iter().map(|name| (*name).to_owned()).chain(codes).collect()
}

fn text(text: &str) -> Cell {
    Cell::Text(text.to_owned())
}

fn stage_tables(input: &IndexInput, done: &IndexRun) -> Vec<(&'static str, String)> {
    done.stages
        .iter()
        .map(|stage| {
            let codes = &done.tree.codes[..stage.table.columns];
            (stage.stage.table_name(), keyed(&unit_codes(input, &stage.units), codes, &stage.table))
        })
        .collect()
}

/// Columns from the index down, as COINr's results have them.
fn downwards(tree: &Tree) -> Vec<usize> {
    let mut columns: Vec<usize> = (0..tree.codes.len()).collect();
    columns.sort_by_key(|column| std::cmp::Reverse(tree.levels[*column]));
    columns
}

/// Scores or ranks of everything, the best unit first.
fn results(input: &IndexInput, unit_names: Option<&[String]>, done: &IndexRun, ranks: bool) -> String {
    let columns = downwards(&done.tree);
    let last = done.aggregated();
    let order = done.ranks();
    let mut rows: Vec<usize> = (0..last.table.rows).collect();
    rows.sort_by_key(|row| order[*row].unwrap_or(u32::MAX));
    let column_ranks: Vec<Vec<Option<u32>>> = if ranks { columns.iter().map(|column| done.ranks_of(*column)).collect() } else { Vec::new() };
    let codes = unit_codes(input, &last.units);
    let cells: Vec<Vec<Cell>> = rows
        .iter()
        .map(|row| {
            let mut cells = vec![text(codes[*row])];
            cells.extend(unit_names.map(|names| text(&names[last.units[*row]])));
            if !ranks {
                cells.push(Cell::Whole(order[*row]));
            }
            for (place, column) in columns.iter().enumerate() {
                cells.push(if ranks { Cell::Whole(column_ranks[place][*row]) } else { Cell::Number(last.table.get(*row, *column)) });
            }
            cells
        })
        .collect();
    let mut first = vec!["uCode"];
    first.extend(unit_names.map(|_| "uName"));
    if !ranks {
        first.push("Rank");
    }
    csv_text(&header(&first, columns.iter().map(|column| done.tree.codes[*column].clone())), &cells)
}

/// The tables of the assessment.
fn assessed_tables(
    input: &IndexInput,
    unit_names: Option<&[String]>,
    done: &IndexRun,
    assessed: &Assessment,
    tops: &[usize],
) -> Vec<(&'static str, String)> {
    let codes = unit_codes(input, &done.aggregated().units);
    let mut tables = Vec::new();
    if let Some(counted) = &assessed.uncertainty {
        tables.push(("uncertainty", uncertainty_table(input, unit_names, done, assessed, tops)));
        let size = codes.len();
        let mut shares = Table::missing(size, size);
        for row in 0..size {
            for (column, share) in counted.acceptability(row).iter().flatten().enumerate() {
                shares.set(row, column, *share);
            }
        }
        let ranks: Vec<String> = (1..=size).map(|rank| format!("rank_{rank}")).collect();
        tables.push(("acceptability", keyed(&codes, &ranks, &shares)));
        let pairs = Table { rows: size, columns: size, values: counted.pairwise() };
        let names: Vec<String> = codes.iter().map(|code| (*code).to_owned()).collect();
        tables.push(("pairwise", keyed(&codes, &names, &pairs)));
    }
    if assessed.sensitivity.is_some() {
        tables.push(("sensitivity", sensitivity_table(input, done, assessed)));
    }
    tables
}

fn uncertainty_table(input: &IndexInput, unit_names: Option<&[String]>, done: &IndexRun, assessed: &Assessment, tops: &[usize]) -> String {
    let mut names = vec!["uCode"];
    names.extend(unit_names.map(|_| "uName"));
    names.extend(["place", "tier", "rank", "rank_median", "rank_mean", "rank_p05", "rank_p95"]);
    let mut head = header(&names, tops.iter().map(|k| format!("p_top{k}")));
    head.extend(["ranked_share", "outside", "moved_by"].map(str::to_owned));
    let number = |value: Option<f64>| Cell::Number(value.unwrap_or(f64::NAN));
    let codes = unit_codes(input, &done.aggregated().units);
    let mut order: Vec<usize> = (0..assessed.units.len()).collect();
    order.sort_by_key(|unit| assessed.units[*unit].place.unwrap_or(u32::MAX));
    let rows: Vec<Vec<Cell>> = order
        .iter()
        .map(|unit| {
            let told = &assessed.units[*unit];
            let outside = assessed.outside.iter().any(|(other, _)| other == unit);
            let sensitivity = assessed.sensitivity.as_ref().and_then(|found| found.units[*unit].as_ref());
            let moved = sensitivity.and_then(OutputSensitivity::moving_factor).map_or("", |factor| assessed.factors[factor].as_str());
            let mut cells = vec![text(codes[*unit])];
            cells.extend(unit_names.map(|names| text(&names[done.aggregated().units[*unit]])));
            cells.extend([told.place, told.tier, assessed.baseline[*unit]].map(Cell::Whole));
            cells.extend([told.median, told.mean, told.p05, told.p95].map(number));
            cells.extend(told.top.iter().map(|share| number(*share)));
            cells.extend([Cell::Number(told.ranked_share), Cell::Truth(outside), text(moved)]);
            cells
        })
        .collect();
    csv_text(&head, &rows)
}

/// One row per factor of the mean rank shift (uCode is empty), then one per unit and factor.
fn sensitivity_table(input: &IndexInput, done: &IndexRun, assessed: &Assessment) -> String {
    let names = ["uCode", "factor", "first_order", "first_order_p05", "first_order_p95", "total_order", "total_order_p05", "total_order_p95"];
    let mut rows = Vec::new();
    if let Some(found) = &assessed.sensitivity {
        let codes = unit_codes(input, &done.aggregated().units);
        let units = codes.iter().zip(&found.units).map(|(code, unit)| (*code, unit));
        for (code, output) in std::iter::once(("", &found.shift)).chain(units) {
            let Some(output) = output else { continue };
            for (factor, name) in assessed.factors.iter().enumerate() {
                let estimates = [output.first[factor], output.total[factor]];
                let mut cells = vec![text(code), text(name)];
                cells.extend(estimates.iter().flat_map(|estimate| [estimate.value, estimate.p05, estimate.p95]).map(Cell::Number));
                rows.push(cells);
            }
        }
    }
    csv_text(&header(&names, []), &rows)
}

fn all_notes(input: &IndexInput, method: &Method, done: &IndexRun, read: &[(String, String)]) -> Vec<Vec<Cell>> {
    let mut rows: Vec<Vec<Cell>> = Vec::new();
    let mut note = |stage: Stage, code: &str, what: &str| rows.push(vec![text(stage.table_name()), text(code), text(what)]);
    for (code, what) in read {
        note(Stage::Raw, code, what);
    }
    if method.denominate.is_none() {
        for indicator in &input.indicators {
            if let Some(denominator) = &indicator.denominator {
                let what = format!("the metadata name the denominator {denominator}, and the method has no [denominate]: not divided");
                note(Stage::Raw, &indicator.code, &what);
            }
        }
    }
    for told in &done.notes {
        note(told.stage, &told.code, &told.text);
    }
    let codes = unit_codes(input, &done.aggregated().units);
    for (code, _) in codes.iter().zip(done.ranks()).filter(|(_, rank)| rank.is_none()) {
        note(Stage::Aggregate, code, "not ranked: there is too little to make the index from");
    }
    if !done.imputed.is_empty() {
        note(Stage::Impute, "", &format!("{} missing figures were filled: imputations.csv lists them", done.imputed.len()));
    }
    for (column, treatment) in done.treatments.iter().enumerate() {
        let Some(treatment) = treatment else { continue };
        let moved = treatment.moved_down.len() + treatment.moved_up.len();
        let mut what = Vec::new();
        let rule = method.treat.as_ref().map(|treat| treat.indicators.get(&done.tree.codes[column]).unwrap_or(&treat.rule));
        let asked = rule.is_some_and(|rule| rule.first != TreatmentStep::None || rule.then != TreatmentStep::None);
        if asked && treatment.outcome == TreatmentOutcome::Untreated {
            what.push("left as it was: the step can't be taken on these figures (a logarithm of what is not above 0)".to_owned());
        }
        if moved > 0 {
            what.push(format!("outliers moved to the next figure: {moved}; treatment.csv tells whose"));
        }
        what.extend(treatment.transformation.map(|name| format!("transformed by {name}")));
        if treatment.passes == Some(false) {
            what.push("still outside the limits of skewness and kurtosis".to_owned());
        }
        if !what.is_empty() {
            note(Stage::Treat, &done.tree.codes[column], &what.join("; "));
        }
    }
    rows
}
