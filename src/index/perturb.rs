//! The uncertainty of an index's own method: a model, for [`super::uncertainty`] and [`super::sensitivity`], that re-runs the chain with parts of the method
//! changed. Each distinct treated and normalised table is computed once; so are the aggregates below the lowest level whose weights are in doubt.

use std::sync::OnceLock;

use rayon::prelude::*;

use super::Table;
use super::aggregate::Aggregation;
use super::chain::{Prepared, aggregate_all, aggregate_table, node_rule, normalise_table, prepare, resolve_weights, unit_codes};
use super::draw::{noise_draws, weight_draws};
use super::error::IndexError;
use super::factor::{Factor, check_factors};
use super::method::{Aggregating, Method, Treatment};
use super::sequence::choice;
use super::structure::{IndexInput, Tree};

/// Data error, imputation, treatment, normalisation, aggregation.
const PARTS: usize = 5;
/// Tables up to this number are made, and checked, before the first run; more are made when they are first needed.
const EAGER: usize = 128;
/// The most tables there may be.
const MOST_TABLES: usize = 100_000;

/// An index with a method in doubt: a model whose point has one coordinate per factor, in the order of the factors.
pub struct Perturbation<'a> {
    input: &'a IndexInput,
    method: &'a Method,
    factors: Vec<Factor>,
    tree: Tree,
    units: Vec<usize>,
    /// Number of alternatives of each part of a table's key.
    sizes: [usize; PARTS],
    /// For each part, the factor that it comes from.
    from: [Option<usize>; PARTS],
    /// Errors by draw: factors for every value of the input.
    noise: Vec<Vec<f64>>,
    /// Weights by draw, for the weight factor.
    draws: Vec<Vec<f64>>,
    weights: Vec<f64>,
    aggregations: Vec<Aggregating>,
    /// Up to this level the aggregates don't depend on weights in doubt.
    settled: usize,
    tables: Vec<OnceLock<Option<Table>>>,
}

impl<'a> Perturbation<'a> {
    /// Prepares the model and makes the tables, unless there are very many.
    ///
    /// # Errors
    /// If data, structure or method are not in order, a factor comes twice or has no alternatives, or a combination of normalisation and aggregation
    /// can't be computed.
    pub fn new(input: &'a IndexInput, method: &'a Method, factors: &[Factor], seed: u32) -> Result<Self, IndexError> {
        let baseline = prepare(input, method)?;
        let before = baseline.stages.last().map_or_else(|| Table::missing(0, 0), |stage| stage.table.clone());
        let normalised = normalise_table(input, &method.normalise, &baseline.units, &before)?;
        let weights = resolve_weights(&baseline.tree, &method.weights, &method.aggregate, &normalised)?.weights;
        let Prepared { tree, units, .. } = baseline;
        check_factors(input, &tree, factors)?;
        let mut sizes = [1; PARTS];
        let mut from = [None; PARTS];
        for (place, factor) in factors.iter().enumerate() {
            if let Some(part) = factor.table_part() {
                sizes[part] = factor.alternatives();
                from[part] = Some(place);
            }
        }
        let tables = sizes.iter().try_fold(1_usize, |product, size| product.checked_mul(*size)).filter(|tables| *tables <= MOST_TABLES);
        let Some(tables) = tables else {
            let error = IndexError::Parameter {
                what: "the number of combinations of data errors, imputations, treatments, normalisations and aggregations".into(),
                value: "too large".into(),
                hint: "at most 100000: give fewer alternatives, or fewer draws of errors in the data",
            };
            return Err(error.stated(&["uncertainty", "factors"]));
        };
        let settled = factors
            .iter()
            .flat_map(|factor| match factor {
                Factor::Weights { levels, .. } => levels.clone(),
                Factor::LeaveOut { level, .. } => vec![*level],
                _ => Vec::new(),
            })
            .min()
            .unwrap_or_else(|| tree.top());
        let aggregations = factors
            .iter()
            .find_map(|factor| match factor {
                Factor::Aggregation { alternatives } => {
                    Some(alternatives.iter().map(|levels| Aggregating { levels: levels.clone(), ..method.aggregate.clone() }).collect())
                }
                _ => None,
            })
            .unwrap_or_else(|| vec![method.aggregate.clone()]);
        let mut model = Self {
            noise: noise_draws(input, factors, seed),
            draws: weight_draws(&tree, &weights, factors, seed),
            tables: (0..tables).map(|_| OnceLock::new()).collect(),
            factors: factors.to_vec(),
            input,
            method,
            tree,
            units,
            sizes,
            from,
            weights,
            aggregations,
            settled,
        };
        model.make_tables()?;
        Ok(model)
    }

    /// The input's units that the model scores, in the order of its scores.
    pub fn units(&self) -> &[usize] {
        &self.units
    }

    /// The factors, in the order of the coordinates.
    pub fn factors(&self) -> &[Factor] {
        &self.factors
    }

    /// Makes the tables that are to be made before the first run, and finds combinations that can't be.
    fn make_tables(&mut self) -> Result<(), IndexError> {
        let count = self.tables.len();
        let keys: Vec<usize> = if count <= EAGER {
            (0..count).collect()
        } else {
            // Every alternative once, with the first of everything else.
            let mut keys = Vec::new();
            for part in 0..PARTS {
                for choice in 0..self.sizes[part] {
                    let mut parts = [0; PARTS];
                    parts[part] = choice;
                    keys.push(self.key(&parts));
                }
            }
            keys.sort_unstable();
            keys.dedup();
            keys
        };
        let made: Result<Vec<(usize, Table)>, IndexError> = keys.into_par_iter().map(|key| Ok((key, self.table(key, true)?))).collect();
        for (key, table) in made? {
            self.tables[key] = OnceLock::from(Some(table));
        }
        Ok(())
    }

    fn key(&self, parts: &[usize; PARTS]) -> usize {
        parts.iter().zip(&self.sizes).fold(0, |key, (part, size)| key * size + part)
    }

    /// One table, units × columns of the tree, filled up to the settled level.
    fn table(&self, key: usize, check: bool) -> Result<Table, IndexError> {
        let mut parts = [0; PARTS];
        let mut rest = key;
        for part in (0..PARTS).rev() {
            parts[part] = rest % self.sizes[part];
            rest /= self.sizes[part];
        }
        let mut method = self.method.clone();
        for (part, factor) in self.from.iter().enumerate().filter_map(|(part, from)| Some((part, &self.factors[(*from)?]))) {
            match factor {
                Factor::Imputation { alternatives } => {
                    method.impute = Some(alternatives[parts[part]].clone());
                }
                Factor::Treatment { alternatives } => {
                    let known = method.treat.take().unwrap_or_default();
                    method.treat = Some(Treatment { rule: alternatives[parts[part]].clone(), ..known });
                }
                Factor::Normalisation { alternatives } => {
                    method.normalise.all = alternatives[parts[part]].clone();
                }
                _ => {}
            }
        }
        method.aggregate = self.aggregations[parts[4]].clone();
        let erring;
        let input = if let Some(noise) = self.noise.get(parts[0]) {
            let mut input = self.input.clone();
            for (value, factor) in input.values.values.iter_mut().zip(noise) {
                *value *= factor;
            }
            erring = input;
            &erring
        } else {
            self.input
        };
        let prepared = prepare(input, &method)?;
        if prepared.units != self.units {
            let error = IndexError::Parameter {
                what: "screening after another imputation or with data errors".into(),
                value: "keeping other units than the baseline".into(),
                hint: "screen before imputing, by missing values, so that every run ranks the same units",
            };
            return Err(error.stated(&["order"]));
        }
        let before = prepared.stages.last().map_or_else(|| Table::missing(0, 0), |stage| stage.table.clone());
        let normalised = normalise_table(input, &method.normalise, &self.units, &before)?;
        if check {
            let codes = unit_codes(input, &self.units);
            return aggregate_table(&self.tree, &normalised, &self.weights, &method.aggregate, &codes);
        }
        Ok(aggregate_all(&self.tree, &normalised, &self.weights, &method.aggregate))
    }

    /// The model: scores of the units at `point` (one coordinate per factor), NaN = not ranked. A table that can't be made, or a value that a mean doesn't accept,
    /// gives missing scores; with up to 128 tables [`Perturbation::new`] has refused both.
    pub fn scores(&self, point: &[f64], scores: &mut [f64]) {
        let mut parts = [0; PARTS];
        for ((part, from), size) in parts.iter_mut().zip(self.from).zip(self.sizes) {
            *part = from.map_or(0, |factor| choice(point[factor], size));
        }
        let made = self.tables[self.key(&parts)].get_or_init(|| self.table(self.key(&parts), false).ok());
        scores.fill(f64::NAN);
        let Some(table) = made else { return };
        let index = self.tree.index_column();
        let weights = self.weights_at(point);
        let Some(weights) = weights else {
            for (row, score) in scores.iter_mut().enumerate() {
                *score = table.get(row, index);
            }
            return;
        };
        self.aggregate_open(table, &weights, &self.aggregations[parts[4]], scores);
    }

    /// Weights at a point; `None` where no factor changes them.
    fn weights_at(&self, point: &[f64]) -> Option<Vec<f64>> {
        let mut weights: Option<Vec<f64>> = None;
        for (factor, at) in self.factors.iter().zip(point) {
            if let Factor::Weights { .. } = factor {
                weights = Some(self.draws[choice(*at, self.draws.len())].clone());
            }
        }
        for (factor, at) in self.factors.iter().zip(point) {
            if let Factor::LeaveOut { level, or_none } = factor {
                let columns = self.tree.at_level(*level);
                let picked = choice(*at, columns.len() + usize::from(*or_none));
                if let Some(column) = columns.get(picked) {
                    weights.get_or_insert_with(|| self.weights.clone())[*column] = 0.0;
                }
            }
        }
        weights
    }

    /// Aggregates what lies above the settled level.
    fn aggregate_open(&self, table: &Table, weights: &[f64], aggregating: &Aggregating, scores: &mut [f64]) {
        let index = self.tree.index_column();
        let open: Vec<_> = self.tree.nodes.iter().filter(|node| node.level > self.settled).collect();
        if open.iter().any(|node| node_rule(&self.tree, node, aggregating).0 == Aggregation::Copeland) {
            let mut indicators = Table::missing(table.rows, self.tree.indicators);
            for row in 0..table.rows {
                for column in 0..self.tree.indicators {
                    indicators.set(row, column, table.get(row, column));
                }
            }
            let whole = aggregate_all(&self.tree, &indicators, weights, aggregating);
            scores.copy_from_slice(&whole.column(index));
            return;
        }
        let nodes: Vec<_> = open
            .into_iter()
            .map(|node| {
                let own: Vec<f64> = node.children.iter().map(|child| weights[*child]).collect();
                (node, own, node_rule(&self.tree, node, aggregating))
            })
            .collect();
        let mut values = vec![f64::NAN; table.columns];
        let mut children = Vec::with_capacity(table.columns);
        for (row, score) in scores.iter_mut().enumerate() {
            values.copy_from_slice(table.row(row));
            for (node, own, (way, threshold)) in &nodes {
                children.clear();
                children.extend(node.children.iter().map(|child| values[*child]));
                let present = children.iter().filter(|value| value.is_finite()).count();
                let enough = present as f64 / children.len() as f64 >= *threshold;
                values[node.column] = way.of_row(&children, own).filter(|_| enough).unwrap_or(f64::NAN);
            }
            *score = values[index];
        }
    }
}
