//! The chain: raw → denominated, screened, imputed, treated (in the method's order) → normalised → aggregated, with the table of every stage.

use super::Table;
use super::aggregate::Aggregation;
use super::check::{aggregation_key, check_method};
use super::denominate::denominate;
use super::error::{IndexError, figure};
use super::impute::impute;
use super::method::{Aggregating, Method, Normalising, Stage, Treatment};
use super::normalise::{Direction, Normalisation, fraction_turns_round};
use super::rank::competition_ranks;
use super::screen::screen;
use super::statistics::correlation;
use super::structure::{IndexInput, LARGEST, Node, Tree};
use super::treat::{Treated, TreatmentNote, treat};
use super::weight::{Optimised, WeightSource, Weighting, effective_weights, optimise, principal_weights};

/// The table of one stage.
#[derive(Clone, Debug, PartialEq)]
pub struct StageTable {
    /// Which stage.
    pub stage: Stage,
    /// The input's units in the rows.
    pub units: Vec<usize>,
    /// Units × indicators; after aggregation units × all columns of the tree. NaN = missing.
    pub table: Table,
}

/// Something a reader of the results should know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// At which stage.
    pub stage: Stage,
    /// About which unit, indicator or aggregate; empty: about all.
    pub code: String,
    /// What.
    pub text: String,
}

/// Everything a run gives.
#[derive(Clone, Debug, PartialEq)]
pub struct IndexRun {
    /// The structure; its columns are those of the aggregated table.
    pub tree: Tree,
    /// The tables, in the order in which they were made; `raw` first, `normalised` and `aggregated` last.
    pub stages: Vec<StageTable>,
    /// What treatment did, one per indicator; empty if there was none.
    pub treatments: Vec<Option<TreatmentNote>>,
    /// Cells that were imputed: the input's unit and the indicator.
    pub imputed: Vec<(usize, usize)>,
    /// Weight of each column among its siblings, as used.
    pub weights: Vec<f64>,
    /// Share of the whole index of each column.
    pub effective_weights: Vec<f64>,
    /// What optimising the weights led to, one entry per level.
    pub optimised: Vec<Optimised>,
    /// What a reader should know.
    pub notes: Vec<Note>,
}

impl IndexRun {
    /// The table of a stage, if the method has it.
    pub fn stage(&self, stage: Stage) -> Option<&StageTable> {
        self.stages.iter().find(|table| table.stage == stage)
    }

    /// The last table: units × all columns of the tree.
    ///
    /// # Panics
    /// Never: every run has it.
    pub fn aggregated(&self) -> &StageTable {
        self.stages.last().expect("a run ends in an aggregated table")
    }

    /// The normalised table, units × indicators.
    ///
    /// # Panics
    /// Never: every run has it.
    pub fn normalised(&self) -> &StageTable {
        self.stage(Stage::Normalise).expect("a run has a normalised table")
    }

    /// The index of each ranked unit, in the order of the aggregated table's rows.
    pub fn scores(&self) -> Vec<f64> {
        self.aggregated().table.column(self.tree.index_column())
    }

    /// Competition ranks of one column.
    pub fn ranks_of(&self, column: usize) -> Vec<Option<u32>> {
        competition_ranks(&self.aggregated().table.column(column))
    }

    /// Competition ranks of the index.
    pub fn ranks(&self) -> Vec<Option<u32>> {
        self.ranks_of(self.tree.index_column())
    }
}

/// Runs the whole chain.
///
/// # Errors
/// If data, structure or method are not in order.
pub fn run(input: &IndexInput, method: &Method) -> Result<IndexRun, IndexError> {
    let mut prepared = prepare(input, method)?;
    let before = prepared.stages.last().map_or(Table::missing(0, 0), |stage| stage.table.clone());
    let units = prepared.units.clone();
    let normalised = normalise_table(input, &method.normalise, &units, &before)?;
    for (column, indicator) in input.indicators.iter().enumerate() {
        let (was, is) = (before.column(column), normalised.column(column));
        let present = |values: &[f64]| values.iter().any(|value| value.is_finite());
        let text = if !present(&was) {
            "left out: no unit has a value"
        } else if !present(&is) {
            "left out: the values don't differ, or the scale doesn't fit them"
        } else if *method.normalise.of(&indicator.code) == Normalisation::FractionOfMax
            && fraction_turns_round(&was.iter().map(|value| value * indicator.direction.sign()).collect::<Vec<_>>())
        {
            "fraction of the maximum turns the order round: the largest directed value is negative"
        } else {
            continue;
        };
        prepared.notes.push(Note { stage: Stage::Normalise, code: indicator.code.clone(), text: text.into() });
    }
    let resolved = resolve_weights(&prepared.tree, &method.weights, &method.aggregate, &normalised)?;
    prepared.notes.extend(resolved.notes);
    let aggregated = aggregate_table(&prepared.tree, &normalised, &resolved.weights, &method.aggregate, &unit_codes(input, &units))?;
    let mut stages = prepared.stages;
    stages.push(StageTable { stage: Stage::Normalise, units: units.clone(), table: normalised });
    stages.push(StageTable { stage: Stage::Aggregate, units, table: aggregated });
    Ok(IndexRun {
        effective_weights: effective_weights(&prepared.tree, &resolved.weights),
        tree: prepared.tree,
        stages,
        treatments: prepared.treatments,
        imputed: prepared.imputed,
        weights: resolved.weights,
        optimised: resolved.optimised,
        notes: prepared.notes,
    })
}

/// Codes of some of the input's units.
pub fn unit_codes<'a>(input: &'a IndexInput, units: &[usize]) -> Vec<&'a str> {
    units.iter().map(|unit| input.units[*unit].as_str()).collect()
}

/// What comes before normalisation.
#[derive(Clone, Debug, PartialEq)]
pub struct Prepared {
    /// The structure.
    pub tree: Tree,
    /// Tables so far, `raw` first.
    pub stages: Vec<StageTable>,
    /// The input's units that are left.
    pub units: Vec<usize>,
    /// What treatment did.
    pub treatments: Vec<Option<TreatmentNote>>,
    /// Cells that were imputed.
    pub imputed: Vec<(usize, usize)>,
    /// What a reader should know.
    pub notes: Vec<Note>,
}

/// Runs the stages before normalisation.
///
/// # Errors
/// If data, structure or method are not in order.
pub fn prepare(input: &IndexInput, method: &Method) -> Result<Prepared, IndexError> {
    let tree = input.tree()?;
    check_method(input, &tree, method)?;
    let units: Vec<usize> = (0..input.units.len()).collect();
    let mut values = input.values.clone();
    for value in &mut values.values {
        if !value.is_finite() {
            *value = f64::NAN;
        }
    }
    let mut done = Prepared {
        tree,
        stages: vec![StageTable { stage: Stage::Raw, units: units.clone(), table: values }],
        units,
        treatments: Vec::new(),
        imputed: Vec::new(),
        notes: Vec::new(),
    };
    for stage in &method.order {
        apply_stage(input, method, *stage, &mut done)?;
    }
    if done.units.is_empty() {
        return Err(IndexError::Empty { what: "units left after screening" }.stated(&["screen"]));
    }
    Ok(done)
}

fn apply_stage(input: &IndexInput, method: &Method, stage: Stage, done: &mut Prepared) -> Result<(), IndexError> {
    let Some(StageTable { table: before, .. }) = done.stages.last() else {
        return Ok(());
    };
    let mut after = before.clone();
    match stage {
        Stage::Denominate => {
            let Some(denomination) = &method.denominate else {
                return Ok(());
            };
            let columns = denominator_columns(input, |code| denomination.by.get(code))?;
            let scale = |code: &str| denomination.scale.get(code).copied().unwrap_or(1.0);
            after = denominate(input, before, &done.units, &columns, scale);
            for (column, indicator) in input.indicators.iter().enumerate() {
                let Some(denominator) = columns[column] else { continue };
                let denominator = &input.denominators[denominator];
                let (mut lost, mut negative) = (0, 0);
                for (row, unit) in done.units.iter().enumerate() {
                    let (was, is) = (before.get(row, column), after.get(row, column));
                    if is.abs() > LARGEST {
                        let indicator = format!("{} over {}", indicator.code, denominator.code);
                        return Err(IndexError::NotFinite { unit: input.units[*unit].clone(), indicator, value: format!("{is:e}") });
                    }
                    lost += usize::from(was.is_finite() && !is.is_finite());
                    negative += usize::from(is.is_finite() && denominator.values[*unit] < 0.0);
                }
                let code = &denominator.code;
                for (count, what) in [(lost, "missing or 0: the quotient is missing"), (negative, "negative: the quotient has the other sign")] {
                    if count > 0 {
                        let text = format!("the denominator {code} of {count} units with a figure is {what}");
                        done.notes.push(Note { stage, code: indicator.code.clone(), text });
                    }
                }
            }
        }
        Stage::Screen => {
            let Some(rule) = &method.screen else {
                return Ok(());
            };
            let kept = screen(before, &unit_codes(input, &done.units), rule);
            let rows: Vec<usize> = (0..kept.len()).filter(|row| kept[*row]).collect();
            for row in (0..kept.len()).filter(|row| !kept[*row]) {
                done.notes.push(Note { stage, code: input.units[done.units[row]].clone(), text: "left out by screening".into() });
            }
            after = before.select_rows(&rows);
            done.units = rows.iter().map(|row| done.units[*row]).collect();
        }
        Stage::Impute => {
            let Some(rule) = &method.impute else {
                return Ok(());
            };
            let groups = group_of(input, rule.group(), &done.units);
            for column in 0..before.columns {
                let (filled, rows) = impute(&before.column(column), rule, &groups);
                after.set_column(column, &filled);
                done.imputed.extend(rows.iter().map(|row| (done.units[*row], column)));
            }
            done.imputed.sort_unstable();
        }
        Stage::Treat => {
            let Some(treatment) = &method.treat else {
                return Ok(());
            };
            let (treated, notes) = treat_table(input, treatment, &method.normalise, before);
            after = treated;
            done.treatments = notes;
        }
        Stage::Raw | Stage::Normalise | Stage::Aggregate => return Ok(()),
    }
    done.stages.push(StageTable { stage, units: done.units.clone(), table: after });
    Ok(())
}

/// The group of each of `units`; empty if no grouping is asked for.
pub(crate) fn group_of(input: &IndexInput, group: Option<&str>, units: &[usize]) -> Vec<Option<String>> {
    let Some(grouping) = group.and_then(|code| input.groups.iter().find(|grouping| grouping.code == code)) else {
        return Vec::new();
    };
    units.iter().map(|unit| grouping.of[*unit].clone()).collect()
}

/// The place of each indicator's denominator.
fn denominator_columns<'a>(input: &'a IndexInput, instead: impl Fn(&str) -> Option<&'a String>) -> Result<Vec<Option<usize>>, IndexError> {
    input
        .indicators
        .iter()
        .map(|indicator| {
            let Some(code) = instead(&indicator.code).or(indicator.denominator.as_ref()) else {
                return Ok(None);
            };
            let place = input.denominators.iter().position(|denominator| denominator.code == *code);
            place.map(Some).ok_or_else(|| IndexError::Unknown {
                from: indicator.code.clone(),
                what: "the denominator",
                code: code.clone(),
                known: input.denominators.iter().map(|denominator| denominator.code.clone()).collect(),
            })
        })
        .collect()
}

/// Treats every indicator of a table units × indicators; the notes are `None` for indicators that the treatment leaves alone altogether.
pub fn treat_table(input: &IndexInput, treatment: &Treatment, normalising: &Normalising, before: &Table) -> (Table, Vec<Option<TreatmentNote>>) {
    let mut after = before.clone();
    let mut notes = Vec::with_capacity(before.columns);
    for (column, indicator) in input.indicators.iter().enumerate() {
        if treatment.skip_fixed_scale && normalising.of(&indicator.code).has_fixed_scale() {
            notes.push(None);
            continue;
        }
        let rule = treatment.indicators.get(&indicator.code).unwrap_or(&treatment.rule);
        let Treated { values, note } = treat(&before.column(column), rule);
        after.set_column(column, &values);
        notes.push(Some(note));
    }
    (after, notes)
}

/// Normalises every indicator of a table units × indicators, whose rows are the input's `units`.
///
/// # Errors
/// If a reference unit is not in the table, or a target is wanted that nobody states.
pub fn normalise_table(input: &IndexInput, normalising: &Normalising, units: &[usize], before: &Table) -> Result<Table, IndexError> {
    let mut after = before.clone();
    for (column, indicator) in input.indicators.iter().enumerate() {
        let (way, reference) = resolve_normalisation(input, normalising, units, column)?;
        if let Normalisation::Reciprocal { clip: None, .. } = way
            && let Some((row, value)) = before.column(column).iter().enumerate().find(|(_, value)| **value <= 0.0)
        {
            let error = IndexError::Parameter {
                what: format!("`{}` of unit `{}`", indicator.code, input.units[units[row]]),
                value: format!("{value}, and a reciprocal needs values above 0"),
                hint: "state clip = [low, high] in the indicator's own unit, or normalise it another way",
            };
            return Err(error.stated(&normalisation_key(normalising, &indicator.code)));
        }
        after.set_column(column, &way.apply(&before.column(column), indicator.direction, reference));
    }
    Ok(after)
}

/// The key that says how an indicator is normalised.
fn normalisation_key<'a>(normalising: &Normalising, code: &'a str) -> Vec<&'a str> {
    if normalising.indicators.contains_key(code) { vec!["normalise", "indicators", code] } else { vec!["normalise", "all"] }
}

/// An indicator's way with its target filled in, and the row of its reference unit.
pub(crate) fn resolve_normalisation(
    input: &IndexInput,
    normalising: &Normalising,
    units: &[usize],
    column: usize,
) -> Result<(Normalisation, Option<usize>), IndexError> {
    let indicator = &input.indicators[column];
    let way = normalising.of(&indicator.code);
    match way {
        Normalisation::DistanceToTarget { target, cap } => {
            let target = target.or(indicator.target).filter(|target| target.is_finite());
            if target.is_none() {
                let error = IndexError::Parameter {
                    what: format!("the target of `{}`", indicator.code),
                    value: "missing".into(),
                    hint: "state it in the method or in the metadata",
                };
                return Err(error.stated(&normalisation_key(normalising, &indicator.code)));
            }
            Ok((Normalisation::DistanceToTarget { target, cap: *cap }, None))
        }
        Normalisation::DistanceToReference { unit, .. } => {
            let row = units.iter().position(|other| input.units[*other] == *unit);
            let row = row.ok_or_else(|| IndexError::Unknown {
                from: indicator.code.clone(),
                what: "as a reference the unit, perhaps screened out,",
                code: unit.clone(),
                known: Vec::new(),
            });
            Ok((way.clone(), Some(row.map_err(|error| error.stated(&normalisation_key(normalising, &indicator.code)))?)))
        }
        _ => Ok((way.clone(), None)),
    }
}

/// Weights as they are used.
#[derive(Clone, Debug, PartialEq)]
pub struct ResolvedWeights {
    /// One per column of the tree.
    pub weights: Vec<f64>,
    /// One per optimised level.
    pub optimised: Vec<Optimised>,
    /// What a reader should know.
    pub notes: Vec<Note>,
}

/// Finds the weights that a method asks for, on a normalised table.
///
/// # Errors
/// If a weight is not a weight, or siblings weigh nothing together.
pub fn resolve_weights(tree: &Tree, weighting: &Weighting, aggregating: &Aggregating, normalised: &Table) -> Result<ResolvedWeights, IndexError> {
    let mut done = ResolvedWeights { weights: tree.weights.clone(), optimised: Vec::new(), notes: Vec::new() };
    let levels = if !weighting.levels.is_empty() {
        weighting.levels.clone()
    } else if weighting.source == WeightSource::Equal {
        (1..=tree.top()).collect()
    } else {
        vec![1]
    };
    for level in levels {
        match &weighting.source {
            WeightSource::Given => {}
            WeightSource::Equal => {
                for column in tree.at_level(level) {
                    done.weights[column] = 1.0;
                }
            }
            WeightSource::Pca => principal_level(tree, aggregating, normalised, level, &mut done),
            WeightSource::Optimised { wanted, correlation: kind } => {
                let columns = tree.at_level(level);
                let shares: Vec<f64> = columns
                    .iter()
                    .map(|column| if wanted.is_empty() { 1.0 } else { wanted.get(&tree.codes[*column]).copied().unwrap_or(0.0) })
                    .collect();
                let start = done.weights.clone();
                let with = |weights: &[f64]| {
                    let mut all = start.clone();
                    for (column, weight) in columns.iter().zip(weights) {
                        all[*column] = *weight;
                    }
                    all
                };
                let found = optimise(&columns, &shares, |weights| {
                    let table = aggregate_all(tree, normalised, &with(weights), aggregating);
                    let index = table.column(tree.index_column());
                    columns.iter().map(|column| correlation(&table.column(*column), &index, *kind)).collect()
                });
                done.weights = with(&found.weights);
                if found.miss > 1e-3 {
                    done.notes.push(Note {
                        stage: Stage::Aggregate,
                        code: String::new(),
                        text: format!("no positive weights at level {level} give the wanted influence: off by up to {:.3}", found.miss),
                    });
                }
                done.optimised.push(found);
            }
        }
    }
    for (code, weight) in &weighting.set {
        if let Some(column) = tree.column(code) {
            done.weights[column] = *weight;
        }
    }
    for node in &tree.nodes {
        let whole: f64 = node.children.iter().map(|child| done.weights[*child]).sum();
        if !(whole.is_finite() && whole.abs() > 0.0) {
            let error = IndexError::NoWeight { parent: tree.codes[node.column].clone() };
            // The metadata's own weights are no fault of the method.
            let stated = node.children.iter().any(|child| weighting.set.contains_key(&tree.codes[*child]));
            return Err(if stated { error.stated(&["weights", "set"]) } else { error });
        }
    }
    Ok(done)
}

/// Principal-component weights among the siblings at one level.
fn principal_level(tree: &Tree, aggregating: &Aggregating, normalised: &Table, level: usize, done: &mut ResolvedWeights) {
    let table = aggregate_all(tree, normalised, &done.weights, aggregating);
    for node in tree.nodes.iter().filter(|node| node.level == level + 1) {
        let present: Vec<usize> =
            node.children.iter().copied().filter(|child| (0..table.rows).any(|row| table.get(row, *child).is_finite())).collect();
        let note = |text: &str| Note { stage: Stage::Aggregate, code: tree.codes[node.column].clone(), text: text.into() };
        let Some(loadings) = principal_weights(&table, &present) else {
            done.notes.push(note("no principal component (too few complete units): given weights are used"));
            continue;
        };
        if loadings.iter().any(|loading| *loading < 0.0) {
            done.notes.push(note("a loading is negative: more of that element lowers the score"));
        }
        for (child, loading) in present.iter().zip(loadings) {
            done.weights[*child] = loading;
        }
    }
}

/// How an aggregate is made, and the least share of its children.
pub(crate) fn node_rule(tree: &Tree, node: &Node, aggregating: &Aggregating) -> (Aggregation, f64) {
    let pick = |count: usize| if count <= 1 { 0 } else { node.level - 2 };
    let own = if aggregating.of.is_empty() { None } else { aggregating.of.get(&tree.codes[node.column]).copied() };
    let way = own.or_else(|| aggregating.levels.get(pick(aggregating.levels.len())).copied()).unwrap_or_default();
    let threshold = aggregating.data_threshold.get(pick(aggregating.data_threshold.len())).copied().unwrap_or(0.0);
    (way, threshold)
}

/// Aggregates a normalised table up the tree; units × all columns of the tree.
///
/// # Errors
/// If a mean of positive numbers meets one that isn't. `codes` are the units' codes.
pub fn aggregate_table(tree: &Tree, normalised: &Table, weights: &[f64], aggregating: &Aggregating, codes: &[&str]) -> Result<Table, IndexError> {
    let mut table = widen(tree, normalised);
    for node in &tree.nodes {
        let (way, _) = node_rule(tree, node, aggregating);
        for (row, unit) in codes.iter().enumerate() {
            for child in &node.children {
                let value = table.get(row, *child);
                if value.is_finite() && weights[*child].abs() > 0.0 && !way.accepts(value) {
                    let parent = &tree.codes[node.column];
                    let error = IndexError::NotPositive {
                        unit: (*unit).to_string(),
                        code: tree.codes[*child].clone(),
                        value: figure(value),
                        mean: way.name(),
                        parent: parent.clone(),
                    };
                    return Err(error.stated(&aggregation_key(aggregating, parent)));
                }
            }
        }
        aggregate_node(&mut table, node, weights, node_rule(tree, node, aggregating));
    }
    Ok(table)
}

/// As [`aggregate_table`], where what a mean doesn't accept gives a missing score or, for a zero, a score of 0.
pub fn aggregate_all(tree: &Tree, normalised: &Table, weights: &[f64], aggregating: &Aggregating) -> Table {
    let mut table = widen(tree, normalised);
    for node in &tree.nodes {
        aggregate_node(&mut table, node, weights, node_rule(tree, node, aggregating));
    }
    table
}

fn widen(tree: &Tree, normalised: &Table) -> Table {
    let mut table = Table::missing(normalised.rows, tree.codes.len());
    for row in 0..normalised.rows {
        let start = row * table.columns;
        table.values[start..start + normalised.columns].copy_from_slice(normalised.row(row));
    }
    table
}

fn aggregate_node(table: &mut Table, node: &Node, weights: &[f64], (way, threshold): (Aggregation, f64)) {
    let picked: Vec<f64> = node.children.iter().map(|child| weights[*child]).collect();
    let mut children = Table::missing(table.rows, node.children.len());
    for row in 0..table.rows {
        for (place, child) in node.children.iter().enumerate() {
            children.set(row, place, table.get(row, *child));
        }
    }
    let mut scores = way.of_table(&children, &picked);
    if threshold > 0.0 {
        for (row, score) in scores.iter_mut().enumerate() {
            let present = children.row(row).iter().filter(|value| value.is_finite()).count();
            if (present as f64 / node.children.len() as f64) < threshold {
                *score = f64::NAN;
            }
        }
    }
    table.set_column(node.column, &scores);
}

/// A table turned so that higher is better, for ranking raw values.
pub fn directed(input: &IndexInput, table: &Table) -> Table {
    let mut turned = table.clone();
    for (column, indicator) in input.indicators.iter().enumerate() {
        if indicator.direction == Direction::Down {
            let values: Vec<f64> = table.column(column).iter().map(|value| -value).collect();
            turned.set_column(column, &values);
        }
    }
    turned
}
