//! What an analyst looks at beside the stages: statistics, correlations, treatment, imputed cells, availability, consistency, strengths and weaknesses, leave one out.

use std::collections::BTreeMap;

use super::{Cell, csv_text};
use crate::index::Table;
use crate::index::chain::{IndexRun, StageTable, unit_codes};
use crate::index::leave_out::{LeftOut, leave_one_out};
use crate::index::method::{Method, Stage};
use crate::index::profile::profiles;
use crate::index::screen::{availability, availability_of};
use crate::index::statistics::{CorrelationKind, StatisticsLimits, correlation, correlation_p_value, cronbach_alpha, denominator_flags, describe};
use crate::index::structure::{IndexInput, Tree};
use crate::index::treat::TreatmentOutcome;

/// A written table: its name and its text.
pub type Written = (&'static str, String);

/// Two indicators of a group are flagged above this correlation …
pub const COLLINEAR: f64 = 0.9;
/// … or below this one.
pub const OPPOSED: f64 = -0.4;
/// An indicator is flagged as a measure of size above this correlation with a denominator.
pub const SIZE: f64 = 0.6;
/// Indicators listed at each end of a unit's profile.
const LISTED: usize = 5;
/// The most pairs of indicators that are correlated.
const MOST_PAIRS: usize = 2_000_000;
/// The most elements of a level that are left out in turn.
const MOST_LEFT_OUT: usize = 1_000;

fn text(text: &str) -> Cell {
    Cell::Text(text.to_owned())
}

fn number(value: Option<f64>) -> Cell {
    Cell::Number(value.unwrap_or(f64::NAN))
}

fn count(value: usize) -> Cell {
    Cell::Whole(u32::try_from(value).ok())
}

fn header(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

/// What the tables are made from.
#[derive(Clone, Copy, Debug)]
pub struct Source<'a> {
    /// The input.
    pub input: &'a IndexInput,
    /// The method in force.
    pub method: &'a Method,
    /// The run.
    pub run: &'a IndexRun,
    /// Names by code.
    pub names: &'a BTreeMap<String, String>,
}

impl Source<'_> {
    fn tree(&self) -> &Tree {
        &self.run.tree
    }

    fn code(&self, column: usize) -> Cell {
        text(&self.tree().codes[column])
    }

    fn name(&self, column: usize) -> Cell {
        text(self.names.get(&self.tree().codes[column]).map_or("", String::as_str))
    }

    fn parent(&self, column: usize) -> Cell {
        text(self.tree().parents[column].map_or("", |parent| &self.tree().codes[parent]))
    }

    /// The last table before normalisation.
    fn prepared(&self) -> &StageTable {
        let stages = &self.run.stages;
        &stages[stages.len().saturating_sub(3)]
    }

    /// Every table of this file, and what was left out because it would take too long.
    pub fn tables(&self) -> (Vec<Written>, Vec<String>) {
        let mut notes = Vec::new();
        let mut tables = vec![
            ("weights", self.weights()),
            ("statistics", self.statistics()),
            ("availability", self.availability()),
            ("consistency", self.consistency()),
            ("strengths", self.strengths()),
        ];
        if self.pairs() <= MOST_PAIRS {
            tables.push(("correlations", self.correlations()));
        } else {
            notes.push(format!("no table of correlations: more than {MOST_PAIRS} pairs of indicators under the same aggregate"));
        }
        if (1..self.tree().top()).all(|level| self.tree().at_level(level).len() <= MOST_LEFT_OUT) {
            let left: Vec<Vec<LeftOut>> = (1..self.tree().top()).map(|level| leave_one_out(self.run, self.method, level)).collect();
            tables.push(("leave_one_out", self.left_out(left.iter().flatten())));
            tables.push(("leave_one_out_ranks", self.ranks_without(left.iter().flatten())));
        } else {
            notes.push(format!("no table of leave-one-out: a level has more than {MOST_LEFT_OUT} elements"));
        }
        if self.method.treat.is_some() {
            tables.push(("treatment", self.treatment()));
        }
        if self.method.impute.is_some() {
            tables.push(("imputations", self.imputations()));
        }
        (tables, notes)
    }

    /// Weights as given, as used among siblings, and as shares of the whole index.
    fn weights(&self) -> String {
        let rows: Vec<Vec<Cell>> = (0..self.tree().codes.len())
            .map(|column| {
                vec![
                    self.code(column),
                    self.name(column),
                    count(self.tree().levels[column]),
                    self.parent(column),
                    Cell::Number(self.tree().weights[column]),
                    Cell::Number(self.run.weights[column]),
                    Cell::Number(self.run.effective_weights[column]),
                ]
            })
            .collect();
        csv_text(&header(&["iCode", "iName", "level", "parent", "given_weight", "weight", "effective_weight"]), &rows)
    }

    /// Statistics of the raw data, and of what was normalised where that differs.
    fn statistics(&self) -> String {
        let names = [
            "iCode",
            "iName",
            "stage",
            "min",
            "max",
            "mean",
            "median",
            "sd",
            "skewness",
            "kurtosis",
            "available",
            "nonzero",
            "unique",
            "same",
            "units",
            "flag_available",
            "flag_nonzero",
            "flag_unique",
            "flag_outliers",
        ];
        let prepared = self.prepared();
        let mut stages = vec![&self.run.stages[0]];
        if prepared.stage != Stage::Raw {
            stages.push(prepared);
        }
        let mut rows = Vec::new();
        for stage in stages {
            for column in 0..stage.table.columns {
                let found = describe(&stage.table.column(column), &StatisticsLimits::default());
                let mut row = vec![self.code(column), self.name(column), text(stage.stage.table_name())];
                row.extend([found.min, found.max, found.mean, found.median, found.deviation, found.skewness, found.kurtosis].map(number));
                row.extend([found.available, found.nonzero, found.unique, found.same, found.units].map(count));
                row.extend([found.low_available, found.low_nonzero, found.low_unique, found.outliers].map(Cell::Truth));
                rows.push(row);
            }
        }
        csv_text(&header(&names), &rows)
    }

    /// Columns below an aggregate, at level 1.
    fn indicators_below(&self, aggregate: usize) -> Vec<usize> {
        let level = self.tree().levels[aggregate];
        (0..self.tree().indicators).filter(|column| self.tree().ancestor(*column, level) == Some(aggregate)).collect()
    }

    /// How much of the raw data each unit has, in all and below each aggregate.
    fn availability(&self) -> String {
        let raw = &self.run.stages[0];
        let mut names = header(&["uCode", "missing", "zeros", "available_share", "nonzero_share"]);
        let mut shares = Vec::new();
        for node in &self.tree().nodes {
            names.push(format!("available_{}", self.tree().codes[node.column]));
            shares.push(availability_of(&raw.table, &self.indicators_below(node.column)));
        }
        let rows: Vec<Vec<Cell>> = availability(&raw.table)
            .iter()
            .zip(unit_codes(self.input, &raw.units))
            .enumerate()
            .map(|(row, (unit, code))| {
                let mut cells = vec![text(code), count(unit.missing), count(unit.zeros)];
                cells.extend([unit.present_share, unit.nonzero_share].map(Cell::Number));
                cells.extend(shares.iter().map(|share| Cell::Number(share[row])));
                cells
            })
            .collect();
        csv_text(&names, &rows)
    }

    /// Cronbach's alpha of the children of each aggregate, and of all indicators below it.
    fn consistency(&self) -> String {
        let table = &self.run.aggregated().table;
        let few = |columns: &[usize]| if columns.len() > MOST_LEFT_OUT { None } else { cronbach_alpha(table, columns) };
        let rows: Vec<Vec<Cell>> = self
            .tree()
            .nodes
            .iter()
            .map(|node| {
                let below = self.indicators_below(node.column);
                vec![
                    self.code(node.column),
                    self.name(node.column),
                    count(node.level),
                    count(node.children.len()),
                    number(few(&node.children)),
                    count(below.len()),
                    number(few(&below)),
                ]
            })
            .collect();
        let names = ["iCode", "iName", "level", "children", "alpha_children", "indicators", "alpha_indicators"];
        csv_text(&header(&names), &rows)
    }

    fn pairs(&self) -> usize {
        self.tree().nodes.iter().map(|node| node.children.len() * node.children.len().saturating_sub(1) / 2).sum()
    }

    /// Pairs under the same aggregate that say nearly the same or the opposite, and indicators that measure size.
    fn correlations(&self) -> String {
        let table = &self.run.aggregated().table;
        let mut rows = Vec::new();
        for node in &self.tree().nodes {
            let values: Vec<Vec<f64>> = node.children.iter().map(|child| table.column(*child)).collect();
            for first in 0..values.len() {
                for second in first + 1..values.len() {
                    let Some(r) = correlation(&values[first], &values[second], CorrelationKind::Pearson) else { continue };
                    let flag = match r {
                        r if r > COLLINEAR => "collinear",
                        r if r < OPPOSED => "opposed",
                        _ => continue,
                    };
                    let p = correlation_p_value(&values[first], &values[second], CorrelationKind::Pearson);
                    let (first, second) = (node.children[first], node.children[second]);
                    rows.push(vec![text(flag), self.code(node.column), self.code(first), self.code(second), Cell::Number(r), number(p)]);
                }
            }
        }
        let units = &self.run.aggregated().units;
        let sizes: Vec<Vec<f64>> =
            self.input.denominators.iter().map(|denominator| units.iter().map(|unit| denominator.values[*unit]).collect()).collect();
        let normalised = &self.run.normalised().table;
        for (column, denominator, r) in denominator_flags(normalised, &sizes, SIZE, CorrelationKind::Pearson) {
            let p = correlation_p_value(&normalised.column(column), &sizes[denominator], CorrelationKind::Pearson);
            let size = text(&self.input.denominators[denominator].code);
            rows.push(vec![text("size"), self.parent(column), self.code(column), size, Cell::Number(r), number(p)]);
        }
        csv_text(&header(&["flag", "group", "first", "second", "correlation", "p_value"]), &rows)
    }

    /// What treatment did to each indicator.
    fn treatment(&self) -> String {
        let Some(stage) = self.run.stage(Stage::Treat) else { return String::new() };
        let codes = unit_codes(self.input, &stage.units);
        let listed = |rows: &[usize]| text(&rows.iter().map(|row| codes[*row]).collect::<Vec<_>>().join("; "));
        let mut rows = Vec::new();
        for (column, note) in self.run.treatments.iter().enumerate() {
            let mut row = vec![self.code(column), self.name(column)];
            if let Some(note) = note {
                row.push(text(match note.outcome {
                    TreatmentOutcome::NotTestable => "not testable",
                    TreatmentOutcome::Passed => "passed",
                    TreatmentOutcome::Untreated => "failed, untreated",
                    TreatmentOutcome::First => "first step",
                    TreatmentOutcome::Second => "second step",
                }));
                row.extend([count(note.moved_down.len()), count(note.moved_up.len()), listed(&note.moved_down), listed(&note.moved_up)]);
                row.push(text(note.transformation.unwrap_or("")));
                row.extend([note.before.skewness, note.after.skewness, note.before.kurtosis, note.after.kurtosis].map(number));
                row.push(note.passes.map_or_else(|| text(""), Cell::Truth));
            } else {
                row.push(text("left alone: fixed scale"));
                row.resize_with(13, || text(""));
            }
            rows.push(row);
        }
        let names = [
            "iCode",
            "iName",
            "outcome",
            "moved_down",
            "moved_up",
            "units_moved_down",
            "units_moved_up",
            "transformation",
            "skewness_before",
            "skewness_after",
            "kurtosis_before",
            "kurtosis_after",
            "passes",
        ];
        csv_text(&header(&names), &rows)
    }

    /// Every cell that was filled.
    fn imputations(&self) -> String {
        let Some(stage) = self.run.stage(Stage::Impute) else { return String::new() };
        let places: BTreeMap<usize, usize> = stage.units.iter().copied().zip(0..).collect();
        let rows: Vec<Vec<Cell>> = self
            .run
            .imputed
            .iter()
            .filter_map(|(unit, column)| {
                let value = stage.table.get(*places.get(unit)?, *column);
                Some(vec![text(&self.input.units[*unit]), self.code(*column), Cell::Number(value)])
            })
            .collect();
        csv_text(&header(&["uCode", "iCode", "value"]), &rows)
    }

    /// The indicators where each unit ranks best and worst, with its own figure.
    fn strengths(&self) -> String {
        let normalised = self.run.normalised();
        let raw = &self.run.stages[0];
        let mut rows = Vec::new();
        for (row, profile) in profiles(&normalised.table, LISTED, LISTED, true, None).iter().enumerate() {
            let unit = normalised.units[row];
            for (kind, traits) in [("strength", &profile.strengths), ("weakness", &profile.weaknesses)] {
                for found in traits {
                    rows.push(vec![
                        text(&self.input.units[unit]),
                        text(kind),
                        self.code(found.indicator),
                        self.name(found.indicator),
                        Cell::Whole(Some(found.rank)),
                        Cell::Number(found.value),
                        Cell::Number(raw.table.get(unit, found.indicator)),
                    ]);
                }
            }
        }
        csv_text(&header(&["uCode", "kind", "iCode", "iName", "rank", "normalised", "raw"]), &rows)
    }

    /// How much the ranking moves without each element.
    fn left_out<'a>(&self, left: impl Iterator<Item = &'a LeftOut>) -> String {
        let rows: Vec<Vec<Cell>> = left
            .map(|found| {
                let sizes: Vec<u64> = found.shifts.iter().flatten().map(|shift| shift.unsigned_abs()).collect();
                let ranked = !sizes.is_empty();
                vec![
                    self.code(found.column),
                    self.name(found.column),
                    count(self.tree().levels[found.column]),
                    self.parent(found.column),
                    number(ranked.then_some(found.mean_shift)),
                    Cell::Whole(sizes.iter().max().map(|largest| *largest as u32)),
                    count(sizes.iter().filter(|size| **size > 0).count()),
                    count(sizes.len()),
                ]
            })
            .collect();
        csv_text(&header(&["iCode", "iName", "level", "parent", "mean_shift", "largest_shift", "units_moved", "units_compared"]), &rows)
    }

    /// Ranks of the index without each element.
    fn ranks_without<'a>(&self, left: impl Iterator<Item = &'a LeftOut>) -> String {
        let last = self.run.aggregated();
        let mut names = header(&["uCode", "rank"]);
        let mut rows: Vec<Vec<Cell>> = unit_codes(self.input, &last.units).iter().map(|code| vec![text(code)]).collect();
        for (row, rank) in rows.iter_mut().zip(self.run.ranks()) {
            row.push(Cell::Whole(rank));
        }
        for found in left {
            names.push(format!("without_{}", self.tree().codes[found.column]));
            for (row, rank) in rows.iter_mut().zip(&found.ranks) {
                row.push(Cell::Whole(*rank));
            }
        }
        csv_text(&names, &rows)
    }
}

/// Units × something, as a table keyed by uCode.
pub fn keyed(units: &[&str], names: &[String], table: &Table) -> String {
    let mut head = header(&["uCode"]);
    head.extend_from_slice(names);
    let rows: Vec<Vec<Cell>> = units
        .iter()
        .enumerate()
        .map(|(row, unit)| std::iter::once(text(unit)).chain(table.row(row).iter().map(|value| Cell::Number(*value))).collect())
        .collect();
    csv_text(&head, &rows)
}
