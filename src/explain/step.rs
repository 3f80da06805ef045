//! A step of an explanation: a number, the operation that makes it and what the operation is made of. The number is computed from the inputs when the step
//! is made, so that a chain that is printed is a chain that was computed.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::ledger::Cell;
use crate::chart::plain;
use crate::config::{Goalpost, Treatment};
use crate::demand::mean;
use crate::index::aggregate::{weighted_arithmetic, weighted_geometric};
use crate::index::normalise::min_max;
use crate::market::{great_circle, range, treated};

/// How a step's value is made from its inputs `x₁, x₂, …` (a missing one is skipped where the operation is a mean or a weighted sum; elsewhere it makes
/// the value missing), their weights `w`, or its cells.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "operation", rename_all = "snake_case")]
pub enum Operation {
    /// The sum of the numbers in the cells, times the factor. No cell at all is 0.
    Cells {
        /// The factor (1000 where the publisher counts in thousands).
        factor: f64,
    },
    /// How many cells there are.
    CountOfCells,
    /// A number of the method or its lists. Cells beside it are what it was chosen by.
    Given {
        /// The file.
        file: String,
        /// Where in the file.
        place: String,
    },
    /// A number of the formula itself.
    Constant,
    /// A number that the run counts or sums over more than this chain shows.
    Counted {
        /// Over what.
        over: String,
    },
    /// There is no value.
    Missing {
        /// Why.
        reason: String,
    },
    /// `x₁ + x₂ + …`
    Sum,
    /// `x₁ − x₂`
    Difference,
    /// `x₁ · x₂ · …`
    Product,
    /// `x₁ / x₂`
    Quotient,
    /// `1 − x`
    OneMinus,
    /// `−x`
    Negation,
    /// `ln x`
    NaturalLogarithm,
    /// `ln(1 + x)`
    LogarithmOfOnePlus,
    /// `exp x`
    Exponential,
    /// The largest of the inputs.
    Largest,
    /// The mean of the inputs that are there.
    Mean,
    /// `Σ w·x`
    WeightedSum,
    /// `Σ w·x / Σ w`
    WeightedMean,
    /// `exp(Σ w·ln x / Σ w)`
    WeightedGeometricMean,
    /// `bottom + (top − bottom)·s` with `s = (x − low)/(high − low)` held between 0 and 1, and `low` and `high` in logarithms where `logarithmic`; where `reverse`,
    /// `bottom + top` less that.
    Scale {
        /// What gives the lowest score.
        low: f64,
        /// What gives the highest.
        high: f64,
        /// Whether `ln low` and `ln high` are meant.
        logarithmic: bool,
        /// Whether a lower value is better.
        reverse: bool,
        /// The lowest score.
        bottom: f64,
        /// The highest score.
        top: f64,
    },
    /// 0 below the first cut, 1 below the second, 2 below the third, else 3.
    Points {
        /// The cuts.
        cuts: [f64; 3],
    },
    /// `⌊4·below/of⌋`: how many of the county's occupations have a lower rate than the input.
    Quartile {
        /// How many have a lower one.
        below: u64,
        /// How many have one.
        of: u64,
    },
    /// The points of a third country: `reaches` if `x₁` (usual pay) is at least the floor; else `upper_reaches` if `x₂` (upper quartile) is, or if neither is
    /// published; else `below`.
    PayPoints {
        /// The pay floor, kronor a month.
        floor: f64,
        /// Points.
        reaches: f64,
        /// Points.
        upper_reaches: f64,
        /// Points.
        below: f64,
    },
    /// The score of one county among the inputs: outliers are treated, then `bottom + (top − bottom)·(t − lowest)/(highest − lowest)`.
    ///
    /// Treatment: where |skewness G1| and kurtosis G2 (both bias-corrected) reach the limits, all values at the extreme are moved to the next value, a round at a time, until they do
    /// not; where they still do after `most_rounds`, `ln(x − min + 0.01·(max − min))` of the original.
    TreatedMinMax {
        /// The key of the input whose score it is.
        own: String,
        /// Limit of |G1|.
        skewness: f64,
        /// Limit of G2.
        kurtosis: f64,
        /// Most rounds.
        most_rounds: u64,
        /// The lowest score.
        bottom: f64,
        /// The highest score.
        top: f64,
        /// What was done: `winsorised`, `log_CT`, or null where nothing was needed.
        treatment: Option<String>,
        /// The own value after treatment.
        treated: Option<f64>,
        /// The lowest value after treatment.
        lowest: f64,
        /// The highest value after treatment.
        highest: f64,
    },
    /// Kilometres along a great circle from the first place (latitude `x₁`, longitude `x₂`) to the second (`x₃`, `x₄`), by the haversine.
    GreatCircle {
        /// Radius of the sphere, kilometres.
        radius: f64,
    },
    /// The least-squares line at `x`: `ȳ + (Σxy/n − x̄ȳ)/(Σx²/n − x̄²)·(x − x̄)`.
    Line {
        /// Countries, n.
        count: f64,
        /// Σx
        sum_x: f64,
        /// Σy
        sum_y: f64,
        /// Σx²
        sum_xx: f64,
        /// Σxy
        sum_xy: f64,
    },
}

/// A number with what it is made of.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Step {
    /// What it is, the same in every language.
    pub key: String,
    /// What it is, in words.
    pub label: String,
    /// How it is made.
    #[serde(flatten)]
    pub operation: Operation,
    /// The number, computed from the inputs or the cells; null where it is missing.
    pub value: Option<f64>,
    /// What the run has for it; null where the run keeps no such number.
    pub of_run: Option<f64>,
    /// Its weight in the step that it is an input of.
    pub weight: Option<f64>,
    /// Where the weight comes from, where it is not one of the method's own.
    pub weight_chain: Option<Box<Step>>,
    /// What it is made of.
    pub inputs: Vec<Step>,
    /// The publishers' cells.
    pub cells: Vec<Cell>,
    /// A remark.
    pub note: Option<String>,
}

fn value(operation: &Operation, inputs: &[Step], cells: &[Cell]) -> Option<f64> {
    let all = || inputs.iter().map(|step| step.value).collect::<Option<Vec<f64>>>();
    let first = || inputs.first().and_then(|step| step.value);
    let second = || inputs.get(1).and_then(|step| step.value);
    let weighted = |mean: fn(&[f64], &[f64]) -> Option<f64>| {
        let values: Vec<f64> = inputs.iter().map(|step| step.value.unwrap_or(f64::NAN)).collect();
        let weights: Vec<f64> = inputs.iter().map(|step| step.weight.unwrap_or(1.0)).collect();
        mean(&values, &weights)
    };
    match operation {
        Operation::Cells { factor } => cells.iter().map(|cell| cell.number).sum::<Option<f64>>().map(|sum| sum * factor),
        Operation::CountOfCells => Some(cells.len() as f64),
        Operation::Given { .. } | Operation::Constant | Operation::Counted { .. } | Operation::Missing { .. } => None,
        Operation::Sum => all().map(|values| values.iter().sum()),
        Operation::Difference => Some(first()? - second()?),
        Operation::Product => all().map(|values| values.iter().product()),
        Operation::Quotient => Some(first()? / second()?),
        Operation::OneMinus => Some(1.0 - first()?),
        Operation::Negation => Some(-first()?),
        Operation::NaturalLogarithm => Some(first()?.ln()),
        Operation::LogarithmOfOnePlus => Some(first()?.ln_1p()),
        Operation::Exponential => Some(first()?.exp()),
        Operation::Largest => all()?.into_iter().reduce(f64::max),
        Operation::Mean => mean(inputs.iter().map(|step| step.value)),
        Operation::WeightedSum => {
            let parts: Vec<f64> = inputs.iter().filter_map(|step| Some(step.weight.unwrap_or(1.0) * step.value?)).collect();
            (!parts.is_empty()).then(|| parts.iter().sum())
        }
        Operation::WeightedMean => weighted(weighted_arithmetic),
        Operation::WeightedGeometricMean => weighted(weighted_geometric),
        Operation::Scale { low, high, logarithmic, reverse, bottom, top } => {
            Some(Goalpost { low: *low, high: *high, ln: *logarithmic, reverse: *reverse }.score(first()?, [*bottom, *top]))
        }
        Operation::Points { cuts } => {
            let value = first()?;
            Some(cuts.iter().filter(|cut| value >= **cut).count() as f64)
        }
        Operation::Quartile { below, of } => first().and_then(|_| (4 * below).checked_div(*of)).map(|points| points as f64),
        Operation::PayPoints { floor, reaches, upper_reaches, below } => Some(match (first(), second()) {
            (Some(usual), _) if usual >= *floor => *reaches,
            (_, Some(upper)) if upper >= *floor => *upper_reaches,
            (None, None) => *upper_reaches,
            _ => *below,
        }),
        Operation::TreatedMinMax { own, skewness, kurtosis, most_rounds, bottom, top, .. } => {
            let place = inputs.iter().position(|step| step.key == *own)?;
            let limits = Treatment { skewness: *skewness, kurtosis: *kurtosis, most_rounds: usize::try_from(*most_rounds).ok()? };
            let (values, _) = treated(&all()?, &limits);
            let (low, high) = range(&values);
            (low < high).then(|| min_max(&values, [*bottom, *top])[place])
        }
        Operation::GreatCircle { radius } => match all()?.as_slice() {
            [latitude, longitude, other, there] => Some(great_circle((*latitude, *longitude), (*other, *there), *radius)),
            _ => None,
        },
        Operation::Line { count, sum_x, sum_y, sum_xx, sum_xy } => {
            let (mean_x, mean_y) = (sum_x / count, sum_y / count);
            Some(mean_y + (sum_xy / count - mean_x * mean_y) / (sum_xx / count - mean_x * mean_x) * (first()? - mean_x))
        }
    }
    .filter(|value| value.is_finite())
}

impl Step {
    /// A step of an operation on its inputs.
    #[must_use]
    pub fn new(key: impl Into<String>, label: impl Into<String>, operation: Operation, inputs: Vec<Self>) -> Self {
        let value = value(&operation, &inputs, &[]);
        Self {
            key: key.into(),
            label: plain(&label.into()),
            operation,
            value,
            of_run: None,
            weight: None,
            weight_chain: None,
            inputs,
            cells: Vec::new(),
            note: None,
        }
    }

    /// A step of an operation on cells.
    #[must_use]
    pub fn of_cells(key: impl Into<String>, label: impl Into<String>, operation: Operation, cells: Vec<Cell>) -> Self {
        let value = value(&operation, &[], &cells);
        Self { value, cells, ..Self::new(key, label, operation, Vec::new()) }
    }

    /// The sum of cells.
    #[must_use]
    pub fn sum_of(key: impl Into<String>, label: impl Into<String>, cells: Vec<Cell>) -> Self {
        Self::of_cells(key, label, Operation::Cells { factor: 1.0 }, cells)
    }

    /// A number of the method.
    #[must_use]
    pub fn given(key: impl Into<String>, label: impl Into<String>, number: f64, file: &str, place: impl Into<String>) -> Self {
        let operation = Operation::Given { file: file.to_owned(), place: place.into() };
        Self { value: Some(number), ..Self::new(key, label, operation, Vec::new()) }
    }

    /// A number of the formula.
    #[must_use]
    pub fn constant(key: impl Into<String>, number: f64) -> Self {
        let key = key.into();
        Self { value: Some(number), ..Self::new(key.clone(), key, Operation::Constant, Vec::new()) }
    }

    /// A number that the run counts.
    #[must_use]
    pub fn counted(key: impl Into<String>, label: impl Into<String>, number: f64, over: impl Into<String>) -> Self {
        Self { value: Some(number), ..Self::new(key, label, Operation::Counted { over: over.into() }, Vec::new()) }
    }

    /// No number, with the reason.
    #[must_use]
    pub fn missing(key: impl Into<String>, label: impl Into<String>, reason: impl Into<String>) -> Self {
        Self::new(key, label, Operation::Missing { reason: reason.into() }, Vec::new())
    }

    /// What the run has for it.
    #[must_use]
    pub fn held_against(self, of_run: Option<f64>) -> Self {
        Self { of_run, ..self }
    }

    /// Its weight in the step above.
    #[must_use]
    pub fn weighing(self, weight: f64) -> Self {
        Self { weight: Some(weight), ..self }
    }

    /// A weight that is a step of its own.
    #[must_use]
    pub fn weighed_by(self, chain: Self) -> Self {
        Self { weight: chain.value, weight_chain: Some(Box::new(chain)), ..self }
    }

    /// What it was chosen by.
    #[must_use]
    pub fn by_cells(self, cells: Vec<Cell>) -> Self {
        Self { cells, ..self }
    }

    /// A remark.
    #[must_use]
    pub fn noted(self, note: impl Into<String>) -> Self {
        Self { note: Some(plain(&note.into())), ..self }
    }

    /// Another name.
    #[must_use]
    pub fn named(self, key: impl Into<String>, label: impl Into<String>) -> Self {
        Self { key: key.into(), label: plain(&label.into()), ..self }
    }

    /// This step and all that it is made of, with the path of keys that leads there.
    pub fn walk<'a>(&'a self, path: &str, each: &mut impl FnMut(&str, &'a Self)) {
        let path = if path.is_empty() { self.key.clone() } else { format!("{path} / {}", self.key) };
        each(&path, self);
        for step in self.weight_chain.iter().map(|step| &**step).chain(&self.inputs) {
            step.walk(&path, each);
        }
    }
}

/// How the chain was held against the run.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Check {
    /// Steps of the chain.
    pub steps: u64,
    /// Publishers' cells in it.
    pub cells: u64,
    /// Steps that the run has a number for.
    pub compared: u64,
    /// The largest difference between a step and the run, as a share of the run's number where that is above 1.
    pub largest_difference: f64,
    /// The difference from which the chain does not add up.
    pub tolerance: f64,
}

/// A step that is not what the run has.
#[derive(Clone, Debug, PartialEq)]
pub struct Gap {
    /// The keys that lead to it.
    pub path: String,
    /// The number that the chain gives.
    pub recomputed: Option<f64>,
    /// The number that the run has.
    pub of_run: f64,
}

/// Above this a chain does not add up.
pub const TOLERANCE: f64 = 1e-9;

/// Holds every step against what the run has for it.
///
/// # Errors
/// The deepest step that is not the run's.
pub fn check(chains: &[&Step]) -> Result<Check, Gap> {
    let mut found = Check { tolerance: TOLERANCE, ..Check::default() };
    let mut gap: Option<Gap> = None;
    // The deepest step that differs is where it began; those above differ because of it.
    let depth = |path: &str| path.matches(" / ").count();
    for chain in chains {
        chain.walk("", &mut |path, step| {
            found.steps += 1;
            found.cells += step.cells.len() as u64;
            let Some(of_run) = step.of_run else { return };
            found.compared += 1;
            let difference = step.value.map_or(f64::INFINITY, |value| (value - of_run).abs() / of_run.abs().max(1.0));
            if difference <= TOLERANCE {
                found.largest_difference = found.largest_difference.max(difference);
            } else if gap.as_ref().is_none_or(|other| depth(path) > depth(&other.path)) {
                gap = Some(Gap { path: path.to_owned(), recomputed: step.value, of_run });
            }
        });
    }
    match gap {
        Some(gap) => Err(gap),
        None => Ok(found),
    }
}
