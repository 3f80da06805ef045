//! The method of an index as one value: read from TOML, stored beside the results, and re-run by the uncertainty analysis with one part changed.
//!
//! ```toml
//! order = ["denominate", "impute", "screen", "treat"]    # the stages before normalisation, in this order
//!
//! [denominate]                                           # by the denominators that the metadata name
//! scale = { Flights = 1000.0 }
//!
//! [impute]                                               # or: impute = "mean", "median", "none"
//! group_mean = { group = "EurAsia_group" }
//!
//! [screen]
//! by = "missing"
//! availability = 0.9
//!
//! [treat.rule]
//! skew_limit = 2.0
//! kurt_limit = 3.5
//! first = { winsorise = { max = 5, count = "points" } }
//! then = "log_ct"
//!
//! [treat.indicators.gni]                                 # a natural logarithm, tested or not
//! first = { box_cox = { lambda = 0.0, make_positive = false } }
//! always = true
//!
//! [normalise]
//! all = { min_max = { range = [0.0, 100.0] } }           # or "rank", { z_score = { mean = 10.0, deviation = 2.0 } } …
//!
//! [normalise.indicators.life]
//! goalposts = { low = 20.0, high = 85.0, range = [0.0, 1.0], clip = true }
//!
//! [weights]
//! source = "given"                                       # or "equal", "pca", { optimised = { wanted = { Physical = 2.0 } } }
//! set = { Physical = 1.5 }
//!
//! [aggregate]
//! levels = ["arithmetic", "geometric"]                   # the lowest first, or one for all
//! data_threshold = [0.66]
//!
//! [uncertainty]
//! replicates = 4096
//!
//! [[uncertainty.factors]]
//! weights = { levels = [2, 3], spread = { uniform = { share = 0.25 } } }
//!
//! [[uncertainty.factors]]
//! aggregation = { alternatives = [["arithmetic"], ["geometric"]] }
//! ```

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::aggregate::Aggregation;
use super::factor::Factor;
use super::impute::Imputation;
use super::normalise::Normalisation;
use super::screen::Screening;
use super::sequence::DEFAULT_SEED;
use super::treat::TreatmentRule;
use super::weight::Weighting;

/// A stage of the chain whose order a method may choose.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// As given.
    Raw,
    /// Divided by denominators.
    Denominate,
    /// Units with too little data left out.
    Screen,
    /// Gaps filled.
    Impute,
    /// Outliers treated.
    Treat,
    /// On one scale, higher is better.
    Normalise,
    /// With the aggregates.
    Aggregate,
}

impl Stage {
    /// The stage's name as a participle, which is also the name of its table.
    pub fn table_name(self) -> &'static str {
        match self {
            Self::Raw => "raw",
            Self::Denominate => "denominated",
            Self::Screen => "screened",
            Self::Impute => "imputed",
            Self::Treat => "treated",
            Self::Normalise => "normalised",
            Self::Aggregate => "aggregated",
        }
    }
}

/// Denominators: which of the metadata's are used, and with what scale.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Denomination {
    /// Scale by indicator code: 1000 gives "per 1000". Absent: 1.
    pub scale: BTreeMap<String, f64>,
    /// Denominator by indicator code, over what the metadata say.
    pub by: BTreeMap<String, String>,
}

/// Treatment: a rule for all, and others for some.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Treatment {
    /// The rule for every indicator that isn't named below.
    pub rule: TreatmentRule,
    /// Rules by indicator code.
    pub indicators: BTreeMap<String, TreatmentRule>,
    /// Leaves alone the indicators that go onto a scale fixed by the method (goalposts, scaled, none), as method.md §4 has it; `COINr` treats them too.
    pub skip_fixed_scale: bool,
}

/// Normalisation: a way for all, and others for some.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Normalising {
    /// The way for every indicator that isn't named below.
    pub all: Normalisation,
    /// Ways by indicator code.
    pub indicators: BTreeMap<String, Normalisation>,
}

impl Normalising {
    /// The way for one indicator.
    pub fn of(&self, code: &str) -> &Normalisation {
        self.indicators.get(code).unwrap_or(&self.all)
    }
}

/// Aggregation: how at each level, and how much must be there.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Aggregating {
    /// One for all levels, or one for each aggregation level, the lowest first.
    pub levels: Vec<Aggregation>,
    /// The least share of an aggregate's children that must be present; one for all levels or one each; empty: no limit.
    pub data_threshold: Vec<f64>,
    /// Ways of single aggregates, by code, over what their level says.
    pub of: BTreeMap<String, Aggregation>,
}

impl Default for Aggregating {
    fn default() -> Self {
        Self { levels: vec![Aggregation::Arithmetic], data_threshold: Vec::new(), of: BTreeMap::new() }
    }
}

/// How uncertainty and sensitivity are assessed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Plan {
    /// The parts of the method that are in doubt.
    pub factors: Vec<Factor>,
    /// Runs for ranks, intervals and tiers; a power of two fills the space most evenly. 0: none.
    pub replicates: usize,
    /// Rows of the sensitivity analysis, each of which takes factors + 2 runs. 0: none.
    pub rows: usize,
    /// Bootstrap resamples of the rows.
    pub resamples: usize,
    /// Seed of everything that is drawn.
    pub seed: u32,
    /// Probability of being beaten by the first of a tier from which a new tier starts.
    pub certainty: f64,
    /// The k of P(top k).
    pub tops: Vec<usize>,
}

impl Default for Plan {
    fn default() -> Self {
        Self { factors: Vec::new(), replicates: 4096, rows: 1024, resamples: 200, seed: DEFAULT_SEED, certainty: 0.9, tops: vec![3, 5, 10] }
    }
}

/// A whole method. An absent part is not done (denominators, screening, imputation, treatment) or done in the default way (min–max 0…100, given weights,
/// arithmetic means).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Method {
    /// Order of the first stages; those whose part is absent are skipped.
    pub order: Vec<Stage>,
    /// Denominators.
    pub denominate: Option<Denomination>,
    /// Screening of units.
    pub screen: Option<Screening>,
    /// Imputation.
    pub impute: Option<Imputation>,
    /// Treatment of outliers.
    pub treat: Option<Treatment>,
    /// Normalisation.
    pub normalise: Normalising,
    /// Weights.
    pub weights: Weighting,
    /// Aggregation.
    pub aggregate: Aggregating,
    /// Uncertainty and sensitivity.
    pub uncertainty: Option<Plan>,
}

impl Default for Method {
    fn default() -> Self {
        Self {
            order: vec![Stage::Denominate, Stage::Screen, Stage::Impute, Stage::Treat],
            denominate: None,
            screen: None,
            impute: None,
            treat: None,
            normalise: Normalising::default(),
            weights: Weighting::default(),
            aggregate: Aggregating::default(),
            uncertainty: None,
        }
    }
}
