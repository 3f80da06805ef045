//! The uncertainty of an index's own method: a model, for [`super::uncertainty`] and [`super::sensitivity`], that re-runs the chain with parts of the method
//! changed. Each distinct treated and normalised table is computed once; so are the aggregates below the lowest level whose weights are in doubt.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::Table;
use super::aggregate::Aggregation;
use super::chain::{
    Prepared, aggregate_all, aggregate_table, level_rule, normalise_table, prepare,
    resolve_weights, unit_codes,
};
use super::error::IndexError;
use super::impute::Imputation;
use super::method::{Aggregating, Method, Treatment};
use super::normalise::Normalisation;
use super::sequence::choice;
use super::structure::{IndexInput, Tree};
use super::treat::TreatmentRule;

/// How weights are spread.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum WeightSpread {
    /// Each weight times a uniform factor in 1 ± `share` (`COINr` `get_noisy_weights`).
    Uniform {
        /// 0.25 means ±25 %.
        share: f64,
    },
    /// Siblings' shares drawn from a Dirichlet distribution around the given ones.
    Dirichlet {
        /// Sum of the distribution's parameters: the larger, the nearer to the given shares.
        concentration: f64,
    },
}

/// A part of the method that is in doubt. Every alternative of a factor is as likely as any other.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Factor {
    /// The way gaps are filled.
    Imputation {
        /// The alternatives.
        alternatives: Vec<Imputation>,
    },
    /// The rule of treatment, for every indicator without a rule of its own.
    Treatment {
        /// The alternatives.
        alternatives: Vec<TreatmentRule>,
    },
    /// The way of normalisation, for every indicator without one of its own.
    Normalisation {
        /// The alternatives.
        alternatives: Vec<Normalisation>,
    },
    /// The way of aggregation: each alternative one for all levels or one per level.
    Aggregation {
        /// The alternatives.
        alternatives: Vec<Vec<Aggregation>>,
    },
    /// The weights at some levels.
    Weights {
        /// Levels whose weights are drawn.
        levels: Vec<usize>,
        /// How.
        spread: WeightSpread,
        /// How many draws there are to choose from.
        #[serde(default = "many")]
        draws: usize,
    },
    /// One element at a level is left out, or none.
    LeaveOut {
        /// The level.
        level: usize,
        /// Whether "none" is one of the alternatives.
        #[serde(default = "yes")]
        or_none: bool,
    },
    /// Errors in the data: each value times `1 + v·z`, z standard normal, v the coefficient of variation.
    DataError {
        /// Coefficient of variation of indicators not named below.
        #[serde(default)]
        variation: f64,
        /// By indicator code.
        #[serde(default)]
        indicators: BTreeMap<String, f64>,
        /// How many draws there are to choose from; each makes tables of its own.
        #[serde(default = "some")]
        draws: usize,
    },
}

fn many() -> usize {
    4096
}
fn some() -> usize {
    64
}
fn yes() -> bool {
    true
}

impl Factor {
    /// Its name in tables.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Imputation { .. } => "imputation",
            Self::Treatment { .. } => "treatment",
            Self::Normalisation { .. } => "normalisation",
            Self::Aggregation { .. } => "aggregation",
            Self::Weights { .. } => "weights",
            Self::LeaveOut { .. } => "leave_out",
            Self::DataError { .. } => "data_error",
        }
    }

    /// Position among the parts of a table's key, for factors that change the tables.
    fn table_part(&self) -> Option<usize> {
        match self {
            Self::DataError { .. } => Some(0),
            Self::Imputation { .. } => Some(1),
            Self::Treatment { .. } => Some(2),
            Self::Normalisation { .. } => Some(3),
            Self::Aggregation { .. } => Some(4),
            Self::Weights { .. } | Self::LeaveOut { .. } => None,
        }
    }

    fn alternatives(&self) -> usize {
        match self {
            Self::Imputation { alternatives } => alternatives.len(),
            Self::Treatment { alternatives } => alternatives.len(),
            Self::Normalisation { alternatives } => alternatives.len(),
            Self::Aggregation { alternatives } => alternatives.len(),
            Self::Weights { draws, .. } | Self::DataError { draws, .. } => *draws,
            Self::LeaveOut { .. } => usize::MAX,
        }
    }
}

/// Data error, imputation, treatment, normalisation, aggregation.
const PARTS: usize = 5;
/// Tables up to this number are made, and checked, before the first run; more are made when they are first needed.
const EAGER: usize = 128;

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
    pub fn new(
        input: &'a IndexInput,
        method: &'a Method,
        factors: &[Factor],
        seed: u32,
    ) -> Result<Self, IndexError> {
        let baseline = prepare(input, method)?;
        let before = baseline
            .stages
            .last()
            .map_or_else(|| Table::missing(0, 0), |stage| stage.table.clone());
        let normalised = normalise_table(input, &method.normalise, &baseline.units, &before)?;
        let weights = resolve_weights(
            &baseline.tree,
            &method.weights,
            &method.aggregate,
            &normalised,
        )?
        .weights;
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
                Factor::Aggregation { alternatives } => Some(
                    alternatives
                        .iter()
                        .map(|levels| Aggregating {
                            levels: levels.clone(),
                            ..method.aggregate.clone()
                        })
                        .collect(),
                ),
                _ => None,
            })
            .unwrap_or_else(|| vec![method.aggregate.clone()]);
        let mut model = Self {
            noise: noise_draws(input, factors, seed),
            draws: weight_draws(&tree, &weights, factors, seed),
            tables: (0..sizes.iter().product::<usize>())
                .map(|_| OnceLock::new())
                .collect(),
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
        let made: Result<Vec<(usize, Table)>, IndexError> = keys
            .into_par_iter()
            .map(|key| Ok((key, self.table(key, true)?)))
            .collect();
        for (key, table) in made? {
            self.tables[key] = OnceLock::from(Some(table));
        }
        Ok(())
    }

    fn key(&self, parts: &[usize; PARTS]) -> usize {
        parts
            .iter()
            .zip(&self.sizes)
            .fold(0, |key, (part, size)| key * size + part)
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
        for (part, factor) in self
            .from
            .iter()
            .enumerate()
            .filter_map(|(part, from)| Some((part, &self.factors[(*from)?])))
        {
            match factor {
                Factor::Imputation { alternatives } => {
                    method.impute = Some(alternatives[parts[part]].clone())
                }
                Factor::Treatment { alternatives } => {
                    let known = method.treat.take().unwrap_or_default();
                    method.treat = Some(Treatment {
                        rule: alternatives[parts[part]].clone(),
                        ..known
                    });
                }
                Factor::Normalisation { alternatives } => {
                    method.normalise.all = alternatives[parts[part]].clone()
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
            return Err(IndexError::Parameter {
                what: "screening after another imputation or with data errors".into(),
                value: "keeping other units than the baseline".into(),
                hint: "screen before imputing, by missing values, so that every run ranks the same units",
            });
        }
        let before = prepared
            .stages
            .last()
            .map_or_else(|| Table::missing(0, 0), |stage| stage.table.clone());
        let normalised = normalise_table(input, &method.normalise, &self.units, &before)?;
        if check {
            let codes = unit_codes(input, &self.units);
            return aggregate_table(
                &self.tree,
                &normalised,
                &self.weights,
                &method.aggregate,
                &codes,
            );
        }
        Ok(aggregate_all(
            &self.tree,
            &normalised,
            &self.weights,
            &method.aggregate,
        ))
    }

    /// The model: scores of the units at `point`, NaN = not ranked.
    pub fn scores(&self, point: &[f64], scores: &mut [f64]) {
        let mut parts = [0; PARTS];
        for part in 0..PARTS {
            if let Some(factor) = self.from[part] {
                parts[part] = choice(point[factor], self.sizes[part]);
            }
        }
        let made =
            self.tables[self.key(&parts)].get_or_init(|| self.table(self.key(&parts), false).ok());
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
    fn aggregate_open(
        &self,
        table: &Table,
        weights: &[f64],
        aggregating: &Aggregating,
        scores: &mut [f64],
    ) {
        let index = self.tree.index_column();
        let open: Vec<_> = self
            .tree
            .nodes
            .iter()
            .filter(|node| node.level > self.settled)
            .collect();
        if open
            .iter()
            .any(|node| level_rule(aggregating, node.level).0 == Aggregation::Copeland)
        {
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
                (node, own, level_rule(aggregating, node.level))
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
                values[node.column] = way
                    .of_row(&children, own)
                    .filter(|_| enough)
                    .unwrap_or(f64::NAN);
            }
            *score = values[index];
        }
    }
}

fn check_factors(input: &IndexInput, tree: &Tree, factors: &[Factor]) -> Result<(), IndexError> {
    let refuse = |factor: &Factor, value: String, hint| {
        Err(IndexError::Parameter {
            what: format!("the factor `{}`", factor.name()),
            value,
            hint,
        })
    };
    for (place, factor) in factors.iter().enumerate() {
        if factors[..place]
            .iter()
            .any(|other| other.name() == factor.name())
        {
            return refuse(
                factor,
                "there twice".into(),
                "give each factor once, with all its alternatives",
            );
        }
        if factor.alternatives() == 0 {
            return refuse(factor, "without alternatives".into(), "give at least one");
        }
        match factor {
            Factor::Weights { levels, spread, .. } => {
                let fits = match spread {
                    WeightSpread::Uniform { share } => *share >= 0.0 && *share < 1.0,
                    WeightSpread::Dirichlet { concentration } => {
                        concentration.is_finite() && *concentration > 0.0
                    }
                };
                if !fits {
                    return refuse(
                        factor,
                        format!("{spread:?}"),
                        "a share in 0…1 or a concentration above 0",
                    );
                }
                if levels.is_empty()
                    || levels
                        .iter()
                        .any(|level| *level == 0 || *level > tree.top())
                {
                    return refuse(
                        factor,
                        format!("at levels {levels:?}"),
                        "levels count from 1 for the indicators",
                    );
                }
            }
            Factor::LeaveOut { level, .. } => {
                if *level == 0 || *level >= tree.top() {
                    return refuse(
                        factor,
                        format!("at level {level}"),
                        "levels count from 1 for the indicators",
                    );
                }
            }
            Factor::DataError {
                variation,
                indicators,
                ..
            } => {
                for code in indicators.keys() {
                    if !input
                        .indicators
                        .iter()
                        .any(|indicator| indicator.code == *code)
                    {
                        return Err(IndexError::Unknown {
                            from: "`data_error`".into(),
                            what: "the indicator",
                            code: code.clone(),
                            known: Vec::new(),
                        });
                    }
                }
                if indicators
                    .values()
                    .chain([variation])
                    .any(|value| !(value.is_finite() && *value >= 0.0))
                {
                    return refuse(
                        factor,
                        "below 0 or not finite".into(),
                        "a coefficient of variation such as 0.1",
                    );
                }
            }
            Factor::Aggregation { alternatives } => {
                let levels = tree.top().saturating_sub(1);
                if let Some(wrong) = alternatives
                    .iter()
                    .find(|ways| ways.is_empty() || (ways.len() > 1 && ways.len() != levels))
                {
                    return Err(IndexError::PerLevel {
                        what: "an alternative of `aggregation`",
                        wanted: levels,
                        found: wrong.len(),
                    });
                }
            }
            _ => {}
        }
    }
    Ok(())
}

/// Stream of the generator for errors in the data.
const NOISE_STREAM: u64 = 1 << 32;
/// Stream of the generator for weights.
const WEIGHT_STREAM: u64 = 2 << 32;

fn generator(seed: u32, stream: u64) -> ChaCha8Rng {
    let mut generator = ChaCha8Rng::seed_from_u64(u64::from(seed));
    generator.set_stream(stream);
    generator
}

fn noise_draws(input: &IndexInput, factors: &[Factor], seed: u32) -> Vec<Vec<f64>> {
    let Some(Factor::DataError {
        variation,
        indicators,
        draws,
    }) = factors
        .iter()
        .find(|factor| matches!(factor, Factor::DataError { .. }))
    else {
        return Vec::new();
    };
    let spread: Vec<f64> = input
        .indicators
        .iter()
        .map(|indicator| {
            indicators
                .get(&indicator.code)
                .copied()
                .unwrap_or(*variation)
        })
        .collect();
    (0..*draws)
        .map(|draw| {
            let mut generator = generator(seed, NOISE_STREAM + draw as u64);
            (0..input.units.len())
                .flat_map(|_| &spread)
                .map(|spread| 1.0 + spread * normal(&mut generator))
                .collect()
        })
        .collect()
}

fn weight_draws(tree: &Tree, weights: &[f64], factors: &[Factor], seed: u32) -> Vec<Vec<f64>> {
    let Some(Factor::Weights {
        levels,
        spread,
        draws,
    }) = factors
        .iter()
        .find(|factor| matches!(factor, Factor::Weights { .. }))
    else {
        return Vec::new();
    };
    (0..*draws)
        .map(|draw| {
            let mut generator = generator(seed, WEIGHT_STREAM + draw as u64);
            let mut drawn = weights.to_vec();
            match spread {
                WeightSpread::Uniform { share } => {
                    for level in levels {
                        for column in tree.at_level(*level) {
                            drawn[column] *= uniform_factor(&mut generator, *share);
                        }
                    }
                }
                WeightSpread::Dirichlet { concentration } => {
                    for node in tree
                        .nodes
                        .iter()
                        .filter(|node| levels.contains(&(node.level - 1)))
                    {
                        let given: Vec<f64> =
                            node.children.iter().map(|child| weights[*child]).collect();
                        for (child, weight) in node.children.iter().zip(dirichlet(
                            &mut generator,
                            &given,
                            *concentration,
                        )) {
                            drawn[*child] = weight;
                        }
                    }
                }
            }
            drawn
        })
        .collect()
}

/// Sets of weights around given ones: `draws` sets, each summing to 1, for callers that aggregate for themselves. The same seed gives the same sets.
pub fn weight_sets(given: &[f64], spread: WeightSpread, draws: usize, seed: u32) -> Vec<Vec<f64>> {
    (0..draws)
        .map(|draw| {
            let mut generator = generator(seed, WEIGHT_STREAM + draw as u64);
            let mut drawn = match spread {
                WeightSpread::Uniform { share } => given
                    .iter()
                    .map(|weight| weight * uniform_factor(&mut generator, share))
                    .collect(),
                WeightSpread::Dirichlet { concentration } => {
                    dirichlet(&mut generator, given, concentration)
                }
            };
            let whole: f64 = drawn.iter().sum();
            if whole > 0.0 {
                for weight in &mut drawn {
                    *weight /= whole;
                }
            }
            drawn
        })
        .collect()
}

fn uniform_factor(generator: &mut ChaCha8Rng, share: f64) -> f64 {
    1.0 + share * (2.0 * generator.random::<f64>() - 1.0)
}

/// Shares from a Dirichlet distribution whose mean are the given weights' shares; a weight of 0 stays 0.
fn dirichlet(generator: &mut ChaCha8Rng, given: &[f64], concentration: f64) -> Vec<f64> {
    let whole: f64 = given.iter().filter(|weight| **weight > 0.0).sum();
    if whole <= 0.0 {
        return given.to_vec();
    }
    let drawn: Vec<f64> = given
        .iter()
        .map(|weight| {
            if *weight > 0.0 {
                gamma(generator, concentration * weight / whole)
            } else {
                0.0
            }
        })
        .collect();
    let sum: f64 = drawn.iter().sum();
    if sum > 0.0 {
        drawn.iter().map(|weight| weight / sum).collect()
    } else {
        given.to_vec()
    }
}

/// A standard normal number (Box and Muller).
fn normal(generator: &mut ChaCha8Rng) -> f64 {
    let radius = (-2.0 * (1.0 - generator.random::<f64>()).ln()).sqrt();
    radius * (std::f64::consts::TAU * generator.random::<f64>()).cos()
}

/// A gamma number of scale 1 (Marsaglia and Tsang 2000).
fn gamma(generator: &mut ChaCha8Rng, shape: f64) -> f64 {
    if shape < 1.0 {
        let uniform = 1.0 - generator.random::<f64>();
        return gamma(generator, shape + 1.0) * uniform.powf(shape.recip());
    }
    let d = shape - 1.0 / 3.0;
    let c = (9.0 * d).sqrt().recip();
    loop {
        let x = normal(generator);
        let v = (1.0 + c * x).powi(3);
        if v > 0.0 && (1.0 - generator.random::<f64>()).ln() < 0.5 * x * x + d - d * v + d * v.ln()
        {
            return d * v;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn drawn_weights_lie_around_the_given_ones() {
        let given = [0.3, 0.25, 0.25, 0.2, 0.0];
        let spreads = [
            WeightSpread::Uniform { share: 0.25 },
            WeightSpread::Dirichlet {
                concentration: 50.0,
            },
        ];
        for spread in spreads {
            let sets = weight_sets(&given, spread, 4000, 3);
            for (place, weight) in given.iter().enumerate() {
                let mean = sets.iter().map(|set| set[place]).sum::<f64>() / 4000.0;
                assert!(
                    (mean - weight).abs() < 0.005,
                    "{spread:?}: {mean} is not {weight}"
                );
            }
            assert!(sets.iter().all(|set| (set.iter().sum::<f64>() - 1.0).abs() < 1e-12 && set[4].abs() == 0.0));
        }
        // The variance of a Dirichlet share: p(1 − p)/(concentration + 1).
        let sets = weight_sets(&given, spreads[1], 4000, 3);
        let variance = sets.iter().map(|set| (set[0] - 0.3).powi(2)).sum::<f64>() / 4000.0;
        assert!((variance - 0.21 / 51.0).abs() < 0.0004, "{variance}");
    }
}
