//! `malmarknad index`: the composite-indicator engine alone, on an analyst's own tables.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, bail};
use clap::Args;

use super::Printer;
use crate::coinr::{self, Cell, csv_text};
use crate::index::assess::{Assessment, assess};
use crate::index::chain::{IndexRun, run, unit_codes};
use crate::index::check::check_method;
use crate::index::method::{Method, Stage};
use crate::index::sensitivity::OutputSensitivity;
use crate::index::structure::{IndexInput, Tree};
use crate::output::{Staging, write_file};

/// `malmarknad index`
#[derive(Debug, Args)]
#[command(
    long_about = "Makes an index from tables in COINr's shape (R package COINr: iData and iMeta) and writes the table of every stage as CSV, units in \
                  rows and codes in columns.\n\nWithout --method: no imputation and no treatment of outliers, min-max onto 0-100, weighted arithmetic means with the \
                  weights of the metadata; indicators are divided by their denominators only if --denominators is given.",
    after_help = "Examples:\n  malmarknad index --data iData.csv --meta iMeta.csv --out result\n  malmarknad index --data iData.csv --meta iMeta.csv --method m.toml --replicates 2000 --out result\n\n\
                  A method file, every part of which may be absent:\n  order = [\"denominate\", \"screen\", \"impute\", \"treat\"]\n  [denominate]\n  [screen]\n  availability = 0.66\n  [impute]\n  group_mean = { group = \"EurAsia_group\" }\n  [treat.rule]\n  first = { winsorise = { max = 5 } }\n  then = \"log_ct\"\n  \
                  [normalise]\n  all = { min_max = { range = [0.0, 100.0] } }\n  [weights]\n  source = \"given\"\n  [aggregate]\n  levels = [\"arithmetic\"]\n  [uncertainty]\n  replicates = 4096\n  [[uncertainty.factors]]\n  weights = { levels = [2], spread = { uniform = { share = 0.25 } } }\n\n\
                  Files written: raw, then those of denominated, imputed, screened and treated that the method has, normalised, aggregated, scores, ranks, weights, notes, and, \
                  if the method has factors, uncertainty and sensitivity. docs/index-method.md explains the tables and the method."
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
    /// How many times the ranking is made again [default: the method's, or 4096]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1_048_576))]
    replicates: Option<u32>,
    /// Seed of the quasi-random sequence; the same seed gives the same bits [default: the method's]
    #[arg(long, value_name = "N")]
    seed: Option<u32>,
    /// Where the tables are written
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
}

/// Every table that the command may write.
const TABLES: [&str; 13] = [
    "raw",
    "denominated",
    "imputed",
    "screened",
    "treated",
    "normalised",
    "aggregated",
    "scores",
    "ranks",
    "weights",
    "notes",
    "uncertainty",
    "sensitivity",
];

impl Index {
    pub(super) fn execute(&self, printer: &Printer) -> anyhow::Result<ExitCode> {
        let coinr::Read { input, notes } = coinr::read(&self.data, &self.meta, self.denominators.as_deref())?;
        let tree = input.tree().map_err(|error| anyhow::anyhow!("{}: {error}", self.meta.display()))?;
        let method = self.method()?;
        let named = self.method.as_deref().unwrap_or(&self.meta);
        let of_method = || named.display().to_string();
        check_method(&input, &tree, &method).map_err(|error| anyhow::anyhow!("{}: {error}", of_method()))?;
        self.spare_inputs()?;
        let staging = Staging::open(&self.out)?;

        let done = run(&input, &method).map_err(|error| anyhow::anyhow!("{}: {error}", of_method()))?;
        let has_factors = method.uncertainty.as_ref().is_some_and(|plan| !plan.factors.is_empty());
        if self.replicates.is_some() && !has_factors {
            printer.status("the method names no factors, so --replicates has nothing to vary: see [[uncertainty.factors]] in docs/index-method.md");
        }
        let assessed =
            if has_factors { Some(assess(&input, &method, &done).map_err(|error| anyhow::anyhow!("{}: {error}", of_method()))?) } else { None };

        let mut files = stage_tables(&input, &done);
        files.push(("scores", results(&input, &done, false)));
        files.push(("ranks", results(&input, &done, true)));
        files.push(("weights", weights(&done)));
        if let Some(assessed) = &assessed {
            let tops = method.uncertainty.as_ref().map_or(&[][..], |plan| plan.tops.as_slice());
            if assessed.uncertainty.is_some() {
                files.push(("uncertainty", uncertainty_table(&input, &done, assessed, tops)));
            }
            if assessed.sensitivity.is_some() {
                files.push(("sensitivity", sensitivity_table(&input, &done, assessed)));
            }
        }
        let notes = all_notes(&input, &method, &done, &notes);
        files.push(("notes", notes));

        for (name, text) in &files {
            write_file(&staging.folder.join(format!("{name}.csv")), text.as_bytes())?;
        }
        let count = staging.publish(&["scores.csv"])?;
        self.remove_left_over(&files);
        printer.status(&format!(
            "{} of {} units ranked by {} indicators; {count} tables; begin with",
            done.ranks().iter().flatten().count(),
            input.units.len(),
            input.indicators.len()
        ));
        Printer::result(&format!("{}\n", self.out.join("scores.csv").display()))?;
        Ok(ExitCode::SUCCESS)
    }

    /// The method in the file, with what the command line says over it.
    fn method(&self) -> anyhow::Result<Method> {
        let mut method = match &self.method {
            None => Method::default(),
            Some(file) => {
                let text = std::fs::read_to_string(file)
                    .map_err(|error| anyhow::anyhow!("{}: cannot be read: {error}\nhint: the method is a TOML file in UTF-8", file.display()))?;
                let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
                toml::from_str(text).map_err(|error| {
                    anyhow::anyhow!(
                        "{}: {}\nhint: `malmarknad index --help` shows a method; docs/index-method.md explains every key",
                        file.display(),
                        error.to_string().trim_end()
                    )
                })?
            }
        };
        if self.denominators.is_some() && method.denominate.is_none() {
            method.denominate = Some(crate::index::method::Denomination::default());
            if !method.order.contains(&Stage::Denominate) {
                method.order.insert(0, Stage::Denominate);
            }
        }
        if let Some(plan) = &mut method.uncertainty {
            plan.replicates = self.replicates.map_or(plan.replicates, |replicates| replicates as usize);
            plan.seed = self.seed.unwrap_or(plan.seed);
        }
        Ok(method)
    }

    fn inputs(&self) -> impl Iterator<Item = &PathBuf> {
        [&self.data, &self.meta].into_iter().chain(&self.denominators).chain(&self.method)
    }

    /// Refuses to write over what was read.
    fn spare_inputs(&self) -> anyhow::Result<()> {
        for input in self.inputs() {
            let path = input.canonicalize().with_context(|| input.display().to_string())?;
            for name in TABLES {
                if self.out.join(format!("{name}.csv")).canonicalize().is_ok_and(|table| table == path) {
                    bail!("{} would be written over\nhint: choose another folder with --out", input.display());
                }
            }
        }
        Ok(())
    }

    /// Removes the tables of an earlier run that this one does not have: an old `treated.csv` beside new tables would be read as theirs.
    fn remove_left_over(&self, files: &[(&'static str, String)]) {
        for name in TABLES.iter().filter(|name| !files.iter().any(|(written, _)| written == *name)) {
            let path = self.out.join(format!("{name}.csv"));
            if begins_with_ucode(&path) {
                let _ = std::fs::remove_file(path);
            }
        }
    }
}

fn begins_with_ucode(path: &Path) -> bool {
    std::fs::read(path).is_ok_and(|bytes| bytes.starts_with(b"uCode,"))
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
            let codes = done.tree.codes[..stage.table.columns].iter().cloned();
            let rows: Vec<Vec<Cell>> = unit_codes(input, &stage.units)
                .iter()
                .enumerate()
                .map(|(row, unit)| std::iter::once(text(unit)).chain(stage.table.row(row).iter().map(|value| Cell::Number(*value))).collect())
                .collect();
            (stage.stage.table_name(), csv_text(&header(&["uCode"], codes), &rows))
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
fn results(input: &IndexInput, done: &IndexRun, ranks: bool) -> String {
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
            for (place, column) in columns.iter().enumerate() {
                cells.push(if ranks { Cell::Whole(column_ranks[place][*row]) } else { Cell::Number(last.table.get(*row, *column)) });
            }
            cells
        })
        .collect();
    csv_text(&header(&["uCode"], columns.iter().map(|column| done.tree.codes[*column].clone())), &cells)
}

fn weights(done: &IndexRun) -> String {
    let tree = &done.tree;
    let rows: Vec<Vec<Cell>> = (0..tree.codes.len())
        .map(|column| {
            vec![
                text(&tree.codes[column]),
                Cell::Whole(Some(tree.levels[column] as u32)),
                text(tree.parents[column].map_or("", |parent| &tree.codes[parent])),
                Cell::Number(done.weights[column]),
                Cell::Number(done.effective_weights[column]),
            ]
        })
        .collect();
    csv_text(&header(&["iCode", "level", "parent", "weight", "effective_weight"], []), &rows)
}

fn uncertainty_table(input: &IndexInput, done: &IndexRun, assessed: &Assessment, tops: &[usize]) -> String {
    let names = ["uCode", "place", "tier", "rank", "rank_median", "rank_mean", "rank_p05", "rank_p95"];
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
            let mut cells = vec![text(codes[*unit]), Cell::Whole(told.place), Cell::Whole(told.tier), Cell::Whole(assessed.baseline[*unit])];
            cells.extend([told.median, told.mean, told.p05, told.p95].map(number));
            cells.extend(told.top.iter().map(|share| number(*share)));
            cells.extend([Cell::Number(told.ranked_share), text(if outside { "true" } else { "false" }), text(moved)]);
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

fn all_notes(input: &IndexInput, method: &Method, done: &IndexRun, read: &[(String, String)]) -> String {
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
    for (unit, column) in &done.imputed {
        note(Stage::Impute, &input.units[*unit], &format!("{} was missing and is imputed", done.tree.codes[*column]));
    }
    for (column, treatment) in done.treatments.iter().enumerate() {
        let Some(treatment) = treatment else { continue };
        let moved = treatment.moved_down.len() + treatment.moved_up.len();
        if moved == 0 && treatment.transformation.is_none() {
            continue;
        }
        let mut what = Vec::new();
        if moved > 0 {
            what.push(format!("{moved} values moved to the nearest that stays"));
        }
        what.extend(treatment.transformation.map(|name| format!("transformed by {name}")));
        if treatment.passes == Some(false) {
            what.push("still outside the limits of skewness and kurtosis".to_owned());
        }
        note(Stage::Treat, &done.tree.codes[column], &what.join("; "));
    }
    for told in &done.notes {
        note(told.stage, &told.code, &told.text);
    }
    csv_text(&header(&["stage", "code", "note"], []), &rows)
}
