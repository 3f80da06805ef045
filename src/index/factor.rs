//! The parts of a method that can be in doubt, each a factor of the uncertainty analysis.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::aggregate::Aggregation;
use super::error::IndexError;
use super::impute::Imputation;
use super::normalise::Normalisation;
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

/// The most draws of a factor: beyond that they only cost memory.
const MOST_DRAWS: usize = 1 << 16;

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
    pub(crate) fn table_part(&self) -> Option<usize> {
        match self {
            Self::DataError { .. } => Some(0),
            Self::Imputation { .. } => Some(1),
            Self::Treatment { .. } => Some(2),
            Self::Normalisation { .. } => Some(3),
            Self::Aggregation { .. } => Some(4),
            Self::Weights { .. } | Self::LeaveOut { .. } => None,
        }
    }

    pub(crate) fn alternatives(&self) -> usize {
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

/// Checks factors against an index.
pub(crate) fn check_factors(input: &IndexInput, tree: &Tree, factors: &[Factor]) -> Result<(), IndexError> {
    for (place, factor) in factors.iter().enumerate() {
        let number = place.to_string();
        let fault =
            |keys: &[&str], error: IndexError| Err(error.stated(&[&["uncertainty", "factors", number.as_str(), factor.name()], keys].concat()));
        if factors[..place].iter().any(|other| other.name() == factor.name()) {
            return fault(&[], refused(factor, "there twice".into(), "give each factor once, with all its alternatives"));
        }
        if factor.alternatives() == 0 {
            return fault(&[], refused(factor, "without alternatives".into(), "give at least one"));
        }
        if let Factor::Weights { draws, .. } | Factor::DataError { draws, .. } = factor
            && *draws > MOST_DRAWS
        {
            return fault(&["draws"], refused(factor, format!("with {draws} draws"), "at most 65536 draws"));
        }
        match factor {
            Factor::Weights { levels, spread, .. } => {
                let fits = match spread {
                    WeightSpread::Uniform { share } => (0.0..1.0).contains(share),
                    WeightSpread::Dirichlet { concentration } => concentration.is_finite() && *concentration > 0.0,
                };
                if !fits {
                    let hint = "a share from 0 to under 1, or a concentration above 0";
                    return fault(&["spread"], refused(factor, format!("{spread:?}"), hint));
                }
                if levels.is_empty() || levels.iter().any(|level| *level == 0 || *level > tree.top()) {
                    return fault(&["levels"], refused(factor, format!("at levels {levels:?}"), "levels count from 1 for the indicators"));
                }
            }
            Factor::LeaveOut { level, .. } if *level == 0 || *level >= tree.top() => {
                return fault(&["level"], refused(factor, format!("at level {level}"), "levels count from 1 for the indicators"));
            }
            Factor::DataError { variation, indicators, .. } => {
                let unknown = |code: &&String| !input.indicators.iter().any(|indicator| indicator.code == **code);
                if let Some(code) = indicators.keys().find(unknown) {
                    let error = IndexError::Unknown { from: "data_error".into(), what: "the indicator", code: code.clone(), known: Vec::new() };
                    return fault(&["indicators", code], error);
                }
                if indicators.values().chain([variation]).any(|value| !(value.is_finite() && *value >= 0.0)) {
                    return fault(&[], refused(factor, "below 0 or not finite".into(), "a coefficient of variation such as 0.1"));
                }
            }
            Factor::Aggregation { alternatives } => {
                let wanted = tree.top().saturating_sub(1);
                let wrong = |ways: &&Vec<Aggregation>| ways.is_empty() || (ways.len() > 1 && ways.len() != wanted);
                if let Some(found) = alternatives.iter().find(wrong).map(Vec::len) {
                    return fault(&["alternatives"], IndexError::PerLevel { what: "an alternative of `aggregation`", wanted, found });
                }
            }
            _ => {}
        }
    }
    Ok(())
}

fn refused(factor: &Factor, value: String, hint: &'static str) -> IndexError {
    IndexError::Parameter { what: format!("the factor `{}`", factor.name()), value, hint }
}
